#!/usr/bin/env python3
"""For each line on standard input runs MODULE (ftfy, plsfix) over the lines of FILE, and prints the seconds of
processor time that it took: peers.py MODULE FILE. examples/performance runs it."""
import importlib
import pathlib
import sys
import time


def main():
    fix = importlib.import_module(sys.argv[1]).fix_text
    lines = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").split("\n")
    for _ in sys.stdin:
        start = time.process_time()
        for line in lines:
            fix(line)
        print(time.process_time() - start, flush=True)


main()
