"""A tree of damaged files, and what a run over it takes. `scripts/batch` calls it.

    batch.py tree DIR FILES        makes the tree; the same one for the same number
    batch.py hash DIR              one SHA-256 for all paths and bytes below DIR
    batch.py watch COMMAND...      runs COMMAND; time, processors, memory at each tenth of its way
    batch.py peer DIR OUT FILES    chardet, ftfy and OpenCC over the first FILES files of DIR
    batch.py sample DIR OUT FILES  copies these files
"""

import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
import time
from multiprocessing import Pool

# Sentences of our own, in Traditional characters that GBK and Big5 both have.
SENTENCES = """春天來了,河邊的柳樹發了新芽。
他們說的都是真話,誰也不必再問。
山上的雪還沒有化完,路上已經有人走了。
圖書館裡很安靜,只聽見翻書的聲音。
母親在廚房裡做飯,父親在門口等我回家。
這條街從前很熱鬧,現在只剩下幾家老店。
會議開了三個小時,大家都覺得時間不夠。
火車晚點了四十分鐘,站台上的人越來越多。
醫生說他需要休息,不要再熬夜工作。
老師把題目寫在黑板上,讓學生自己想辦法。
雨下了一整夜,院子裡的花都落了。
經濟發展很快,但是環境問題也不能忽視。
他把信看了兩遍,然後放進抽屜裡。
我們沿著河走,一直走到橋的那一邊。
報紙上說明天會更冷,記得多穿衣服。
孩子們在操場上踢球,笑聲傳得很遠。""".split("\n")
READINGS = {"的": "de", "來": "lái", "新": "xīn", "家": "jiā", "人": "rén", "書": "shū", "時": "shí", "大": "dà"}


def text(rng):
    size = int(2 ** rng.uniform(2, 8))
    return "".join(rng.choice(SENTENCES) + ("\n" if rng.random() < 0.3 else "") for _ in range(size))


def reference(rng, text):
    return "".join(f"&#x{ord(c):X};" if c > "一" and rng.random() < 0.05 else c for c in text)


def gloss(rng, text):
    return "".join(f"{c}({READINGS[c]})" if c in READINGS else c for c in text)


# What a file is, how its name ends, how often.
KINDS = {
    "utf-8": (30, ".txt", lambda r, t: t.encode()),
    "gb18030": (14, ".txt", lambda r, t: t.encode("gb18030")),
    "big5": (12, ".txt", lambda r, t: t.encode("big5", "replace")),
    "utf-16": (3, ".txt", lambda r, t: t.encode("utf-16")),
    "hz": (2, ".txt", lambda r, t: t.encode("hz", "replace")),
    "reference": (10, ".html", lambda r, t: reference(r, t).encode()),
    "mojibake": (8, ".txt", lambda r, t: t.encode().decode("latin-1").encode()),
    "as gbk": (5, ".txt", lambda r, t: t.encode().decode("gb18030", "replace").encode()),
    "gloss": (5, ".txt", lambda r, t: gloss(r, t).encode()),
    "packed": (3, ".txt.gz", lambda r, t: gzip.compress(reference(r, t).encode(), mtime=0)),
    "jsonl": (4, ".jsonl", lambda r, t: b"".join(
        json.dumps({"text": reference(r, line)}, ensure_ascii=False).encode() + b"\n" for line in t.splitlines())),
    "binary": (3, ".png", lambda r, t: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0" + r.randbytes(len(t))),
    "empty": (1, "", lambda r, t: b""),
}
# One in so many is large.
LARGE = 20_000


def make(job):
    root, first, last = job
    names, weights = list(KINDS), [k[0] for k in KINDS.values()]
    for n in range(first, last):
        rng = random.Random(n)
        _, end, write = KINDS[rng.choices(names, weights)[0]]
        folder = f"{root}/{n // 10_000:02}/{n // 100 % 100:02}"
        os.makedirs(folder, exist_ok=True)
        body = text(rng) if n % LARGE else "".join(text(rng) for _ in range(4000))
        with open(f"{folder}/{n:06}{end}", "wb") as file:
            file.write(write(rng, body))


def tree(root, files):
    jobs = [(root, n, min(n + 1000, files)) for n in range(0, files, 1000)]
    with Pool() as pool:
        pool.map(make, jobs, 1)


def paths(root):
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            yield os.path.join(folder, name)


def tree_hash(root):
    total = hashlib.sha256()
    for path in paths(root):
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        total.update(os.fsencode(os.path.relpath(path, root)) + b"\0" + digest)
    return total.hexdigest()


def resident(pid):
    try:
        with open(f"/proc/{pid}/status") as file:
            rows = dict(line.split(":", 1) for line in file)
        return int(rows["VmRSS"].split()[0]) / 1024
    except (OSError, KeyError):
        return None


def watch(command):
    begun, before, seen = time.monotonic(), os.times(), []
    child = subprocess.Popen(command)
    while child.poll() is None:
        seen.append(resident(child.pid))
        time.sleep(0.2)
    took, now = time.monotonic() - begun, os.times()
    cpu = now.children_user + now.children_system - before.children_user - before.children_system
    seen = [mb for mb in seen if mb]
    tenths = [f"{max(seen[len(seen) * i // 10 : len(seen) * (i + 1) // 10] or [0]):.0f}" for i in range(10)]
    print(f"status {child.returncode}, {took:.1f} s, {cpu:.1f} s of processors ({cpu / took:.2f} busy), "
          f"MB resident at each tenth: {' '.join(tenths)}", flush=True)
    return child.returncode


def sample(root, out, files):
    for _, path in zip(range(files), paths(root)):
        place = os.path.join(out, os.path.relpath(path, root))
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(path, "rb") as old, open(place, "wb") as new:
            new.write(old.read())


def peer(root, out, files):
    import chardet
    import ftfy
    import opencc
    converter = opencc.OpenCC("t2s")
    begun, size, failed = time.monotonic(), 0, 0
    found = list(paths(root))[:files]
    files = len(found)
    for path in found:
        with open(path, "rb") as file:
            data = file.read()
        size += len(data)
        if path.endswith(".gz"):
            data = gzip.decompress(data)
        try:
            mended = converter.convert(ftfy.fix_text(data.decode(chardet.detect(data)["encoding"] or "utf-8"))).encode()
        except (UnicodeError, LookupError):
            mended, failed = data, failed + 1
        if path.endswith(".gz"):
            mended = gzip.compress(mended)
        place = os.path.join(out, os.path.relpath(path, root))
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(mended)
    took = time.monotonic() - begun
    print(f"{files} files, {size / 1e6:.1f} MB in {took:.1f} s: {files / took:.0f} files/s, {size / took / 1e6:.2f} MB/s; "
          f"{failed} it could not decode")


def main(what, *words):
    if what == "watch":
        sys.exit(watch(words))
    numbers = [int(w) if w.isdigit() else w for w in words]
    result = {"tree": tree, "hash": tree_hash, "peer": peer, "sample": sample}[what](*numbers)
    if result:
        print(result)


main(*sys.argv[1:])
