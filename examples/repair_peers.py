#!/usr/bin/env python3
"""Runs ftfy and plsfix over what measure_mojibake or repair_figures dumped: a row a kind of damage.

    cargo run --release --example measure_mojibake -- --dump /tmp/pairs FILE...
    cargo run --release --example repair_figures -- --dump /tmp/pairs FILE...
    pip install ftfy==6.3.1 plsfix==0.1.8
    python3 examples/repair_peers.py [--whole] /tmp/pairs

ftfy is asked for encodings only, or, with --whole, for all that it does. plsfix always does all. Where all is
done full-width punctuation is changed, too, so texts are compared after the same change to what is right.
"""

import importlib
import pathlib
import sys


def peers(whole):
    for name in ("ftfy", "plsfix"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
            continue
        # plsfix has no function for encodings alone.
        encodings = None if whole else getattr(module, "fix_encoding", None)
        yield name, encodings or module.fix_text


def main():
    arguments = [a for a in sys.argv[1:] if a != "--whole"]
    found = list(peers("--whole" in sys.argv))
    print("| damage | lines |", " | ".join(f"{name}, exact" for name, _ in found), "|")
    print("|---|---|" + "---|" * len(found))
    for path in sorted(pathlib.Path(arguments[0]).glob("*.tsv")):
        rows = [line.split("\t", 1) for line in path.read_text(encoding="utf-8").split("\n") if "\t" in line]
        cells = []
        for _, fix in found:
            right = sum(fix(bad) in (good, fix(good)) for good, bad in rows)
            cells.append(f"{100 * right / max(1, len(rows)):.1f}")
        print(f"| {path.stem} | {len(rows)} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
