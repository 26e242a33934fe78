#!/usr/bin/env python3
"""Makes data/compiled/euc-tw.bin and data/compiled/big5-uao.bin.

    python3 data/tables/make_taiwan.py --cns DIR --uao DIR [--check]

DIR of --cns is npm's @lazy-cjk/cns-11643 1.0.34 unpacked, DIR of --uao PyPI's uao 0.2.0 unpacked;
data/SOURCES.toml has their SHA-256. CNS 11643 planes 1 to 7 and 15. Where the published table and
the implementations in use (GNU libc 2.36) differ, the implementations are followed: they made the
files that exist. FOLLOWED lists all differences.

euc-tw.bin: for each plane 94 × 94 u16, little endian, the lower half of the code point or 0; then
for each plane 94 × 94 bits, least significant first: 1 where the upper half is 2.
big5-uao.bin: lead bytes 81 to FE, for each the trail bytes 40 to 7E and A1 to FE as u16.
"""
import argparse
import ast
import json
import pathlib
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent
COMPILED = HERE.parent / "compiled"
PLANES = [1, 2, 3, 4, 5, 6, 7, 15]
FOLLOWED = json.loads((HERE / "euc-tw-differences.json").read_text(encoding="utf-8"))


def euc_tw(folder):
    table = {}
    for part in ("bmp", "2", "15"):
        table.update(json.loads((folder / f"lib/cns/unicode/cns2uni.{part}.json").read_text()))
    table.update({key: int(value, 16) if value else 0 for key, value in FOLLOWED.items()})
    low, high = b"", b""
    for plane in PLANES:
        bits = 0
        for i in range(94 * 94):
            code = table.get(f"{plane}-{i // 94 + 0x21:02X}{i % 94 + 0x21:02X}", 0)
            low += struct.pack("<H", code & 0xFFFF)
            if code >> 16 not in (0, 2):
                sys.exit(f"plane {plane}, {i}: U+{code:X} cannot be stored")
            bits |= (code >> 17) << i
        high += bits.to_bytes((94 * 94 + 7) // 8, "little")
    return low + high


def uao(folder):
    source = (folder / "uao/b2u.py").read_text(encoding="utf-8")
    table = ast.literal_eval(source[source.index("{"):source.rindex("}") + 1])
    out = b""
    for lead in range(0x81, 0xFF):
        for trail in list(range(0x40, 0x7F)) + list(range(0xA1, 0xFF)):
            code = ord(table.get(lead << 8 | trail, "\0"))
            # What is in the private-use area has no character yet.
            out += struct.pack("<H", 0 if 0xE000 <= code < 0xF900 else code)
    return out


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cns", type=pathlib.Path, required=True)
    options.add_argument("--uao", type=pathlib.Path, required=True)
    options.add_argument("--check", action="store_true")
    options = options.parse_args()
    for name, data in (("euc-tw", euc_tw(options.cns)), ("big5-uao", uao(options.uao))):
        path = COMPILED / f"{name}.bin"
        if options.check:
            if path.read_bytes() != data:
                sys.exit(f"{path} is not what the packages make: run {sys.argv[0]} to write it anew")
        else:
            path.write_bytes(data)
            print(f"{path}: {len(data)} bytes")


main()
