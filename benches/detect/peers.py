#!/usr/bin/env python3
"""Prints what other programs make of the snippets that detect_figures wrote, side by side.

    python3 benches/detect/peers.py SNIPPETS [--most 100] [--ced DIR]

scripts/detect-peers installs the programs and runs everything. SNIPPETS has a line a snippet: table,
encoding, size, what hanmend says, what chardetng says, encodings in
which it is the same text, the bytes in hexadecimal. --ced names the folder
in which npm installed `ced`, Google's compact_enc_det. What is not installed is left out.
faust-cchardet is uchardet.
"""
import argparse
import codecs
import collections
import json
import pathlib
import subprocess
import time

ALIKE = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "gb": "gb18030", "chinesegb": "gb18030",
    "hz": "hz-gb-2312", "big5hkscs": "big5", "big5-hkscs": "big5", "cp950": "big5", "big5-cp950": "big5",
    "chinesebig5": "big5", "utf-8-sig": "utf-8", "ascii": "utf-8", "ascii-7-bit": "utf-8",
    "utf_16_le": "utf-16le", "utf_16_be": "utf-16be", "utf_32_le": "utf-32le", "utf_32_be": "utf-32be",
    "utf-16-le": "utf-16le", "utf-16-be": "utf-16be", "utf-32-le": "utf-32le", "utf-32-be": "utf-32be",
    "utf8": "utf-8", "x-euc-tw": "euc-tw",
}
CHINESE = ("gb", "big5", "euc-tw", "hz", "iso-2022-cn", "utf-16", "utf-32")
CED = """
const detectEncoding = require("ced");
const all = require("fs").readFileSync(0, "ascii").split("\\n").map(l => Buffer.from(l, "hex"));
const start = process.hrtime.bigint();
const names = all.map(b => b.length ? detectEncoding(b) : "");
console.log(JSON.stringify({names, seconds: Number(process.hrtime.bigint() - start) / 1e9}));
"""


def name(label):
    label = (label or "none").lower()
    label = ALIKE.get(label, label)
    try:
        known = codecs.lookup(label).name
        return ALIKE.get(known, known)
    except LookupError:
        return label


def timed(detect):
    def all_of(snippets):
        start = time.perf_counter()
        names = [detect(b) for b in snippets]
        return names, time.perf_counter() - start
    return all_of


def detectors(ced):
    """Name and function: what it says of each snippet, and the seconds it took."""
    found = {}
    if ced and (ced / "node_modules/ced").is_dir():
        def run(snippets):
            lines = "\n".join(b.hex() for b in snippets)
            done = subprocess.run(["node", "-e", CED], input=lines, capture_output=True, text=True, cwd=ced, check=True)
            said = json.loads(done.stdout)
            return said["names"], said["seconds"]
        version = json.loads((ced / "node_modules/ced/package.json").read_text())["version"]
        found[f"CED (npm ced {version})"] = run
    try:
        import chardet
        found[f"chardet {chardet.__version__}"] = timed(lambda b: chardet.detect(b)["encoding"])
    except ImportError:
        pass
    try:
        import charset_normalizer

        def normalizer(b):
            best = charset_normalizer.from_bytes(b).best()
            return best.encoding if best else None
        found[f"charset-normalizer {charset_normalizer.__version__}"] = timed(normalizer)
    except ImportError:
        pass
    try:
        import cchardet
        found[f"uchardet (faust-cchardet {cchardet.__version__})"] = timed(lambda b: cchardet.detect(b)["encoding"])
    except ImportError:
        pass
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("snippets")
    options.add_argument("--most", type=int, default=100, help="snippets of a kind")
    options.add_argument("--ced", type=pathlib.Path)
    options = options.parse_args()
    cells = collections.defaultdict(list)
    for line in open(options.snippets, encoding="ascii"):
        what, label, size, ours, chardetng, alike, data = line.rstrip("\n").split("\t")
        cell = cells[what, label, int(size)]
        if len(cell) < options.most:
            cell.append((bytes.fromhex(data), ours, chardetng, {name(label), *map(name, filter(None, alike.split(",")))}))
    peers = detectors(options.ced)
    columns = ["hanmend", "chardetng", *peers]
    tables = collections.defaultdict(lambda: collections.defaultdict(dict))
    speed = collections.defaultdict(dict)
    for (what, label, size), cell in cells.items():
        snippets = [s[0] for s in cell]
        said = {"hanmend": [s[1] for s in cell], "chardetng": [s[2] for s in cell]}
        for peer, detect in peers.items():
            said[peer], seconds = detect(snippets)
            if what == "aligned snippets" and size == 4096 and label in ("gbk", "big5"):
                speed[label][peer] = sum(map(len, snippets)) / seconds / 1e6
        row = tables[what][label]
        for column in columns:
            names = [name(n) for n in said[column][: len(snippets)]]
            if what == "other":
                hits = sum(n.startswith(CHINESE) for n in names)
            else:
                hits = sum(n in right for n, (*_, right) in zip(names, cell))
            row.setdefault(column, {})[size] = 100 * hits / len(snippets)
    for what, rows in tables.items():
        sizes = sorted({size for row in rows.values() for column in row.values() for size in column})
        wanted = "% called Chinese" if what == "other" else "% right"
        print(f"\n## {what}: {wanted}, {' / '.join(map(str, sizes))} bytes\n")
        print("| |" + "".join(f" {c} |" for c in columns) + "\n|---|" + "---|" * len(columns))
        for label, row in rows.items():
            shown = (" / ".join(f"{row[c][s]:.0f}" if s in row[c] else "-" for s in sizes) for c in columns)
            print(f"| {label} |" + "".join(f" {s} |" for s in shown))
    print("\n## speed on 4096 bytes, MB/s (hanmend and chardetng: see the table that detect_figures prints)\n")
    print("| |" + "".join(f" {p} |" for p in peers) + "\n|---|" + "---|" * len(peers))
    for label, row in speed.items():
        print(f"| {label} |" + "".join(f" {row[p]:.1f} |" for p in peers))


main()
