"""Writes html-entities.tsv from the table of html5lib, the wheel named in ../SOURCES.toml.

    python3 html-entities.py html5lib-1.1-py2.py3-none-any.whl > html-entities.tsv
"""

import sys

sys.path.insert(0, sys.argv[1])
from html5lib.constants import entities  # noqa: E402

names = {name[:-1]: text for name, text in entities.items() if name.endswith(";")}
for name in sorted(names, key=str.encode):
    points = " ".join(f"{ord(c):X}" for c in names[name])
    # The third field marks the names that the standard also reads without a semicolon.
    print(name, points, "bare" if name in entities else "", sep="\t")
