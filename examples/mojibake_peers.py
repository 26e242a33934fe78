#!/usr/bin/env python3
"""Runs ftfy and plsfix over what measure_mojibake dumped: a row a pair.

    cargo run --release --example measure_mojibake -- --dump /tmp/pairs FILE...
    pip install ftfy==6.3.1 plsfix==0.1.8
    python3 examples/mojibake_peers.py /tmp/pairs

ftfy is asked for encodings only. plsfix cannot be: it changes full-width punctuation, too, so
texts are compared after the same change to what is right.
"""

import importlib
import pathlib
import sys


def peers():
    for name in ("ftfy", "plsfix"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
            continue
        # plsfix has no function for encodings alone.
        fix = getattr(module, "fix_encoding", None) or module.fix_text
        yield name, fix


def main():
    found = list(peers())
    print("| written > read | sentences |", " | ".join(f"{name}, exact" for name, _ in found), "|")
    print("|---|---|" + "---|" * len(found))
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.tsv")):
        rows = [line.split("\t", 1) for line in path.read_text(encoding="utf-8").split("\n") if "\t" in line]
        cells = []
        for _, fix in found:
            right = sum(fix(bad) in (good, fix(good)) for good, bad in rows)
            cells.append(f"{100 * right / max(1, len(rows)):.1f}")
        print(f"| {path.stem} | {len(rows)} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
