#!/usr/bin/env python3
"""Measures other detectors on the snippets that detect_figures wrote.

    cargo run --release --example detect_figures -- target/detect-texts --dump target/snippets.tsv
    python3 -m pip install chardet==7.7.0 charset-normalizer==3.5.0 faust-cchardet==2.1.19
    python3 benches/detect/peers.py target/snippets.tsv [--most 100]

What is not installed is left out. faust-cchardet is uchardet.
"""
import argparse
import codecs
import collections

ALIKE = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "hz": "hz-gb-2312", "big5hkscs": "big5",
    "big5-hkscs": "big5", "cp950": "big5", "big5-uao": "big5", "utf-8-sig": "utf-8", "ascii": "utf-8",
    "utf_16_le": "utf-16le", "utf_16_be": "utf-16be", "utf_32_le": "utf-32le", "utf_32_be": "utf-32be",
}


def name(label):
    label = (label or "none").lower()
    label = ALIKE.get(label, label)
    try:
        return ALIKE.get(codecs.lookup(label).name, codecs.lookup(label).name)
    except LookupError:
        return label


def detectors():
    found = {}
    try:
        import chardet
        found[f"chardet {chardet.__version__}"] = lambda b: chardet.detect(b)["encoding"]
    except ImportError:
        pass
    try:
        import charset_normalizer

        def normalizer(b):
            best = charset_normalizer.from_bytes(b).best()
            return best.encoding if best else None
        found[f"charset-normalizer {charset_normalizer.__version__}"] = normalizer
    except ImportError:
        pass
    try:
        import cchardet
        found[f"uchardet (faust-cchardet {cchardet.__version__})"] = lambda b: cchardet.detect(b)["encoding"]
    except ImportError:
        pass
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("snippets")
    options.add_argument("--most", type=int, default=100, help="snippets of a kind")
    options = options.parse_args()
    cells = collections.defaultdict(list)
    for line in open(options.snippets, encoding="ascii"):
        what, label, size, data = line.rstrip("\n").split("\t")
        if len(cells[what, label, int(size)]) < options.most:
            cells[what, label, int(size)].append(bytes.fromhex(data))
    for peer, detect in detectors().items():
        print(f"\n## {peer}\n\n| what | encoding | size | % right |\n|---|---|---|---|")
        for (what, label, size), snippets in cells.items():
            if what == "other":
                chinese = ("gb", "big5", "euc-tw", "hz", "utf-16", "utf-32")
                hits = sum(name(detect(b)).startswith(chinese) for b in snippets)
                what = "other, % called Chinese"
            else:
                hits = sum(name(detect(b)) == name(label) for b in snippets)
            print(f"| {what} | {label} | {size} | {100 * hits / len(snippets):.0f} |")


main()
