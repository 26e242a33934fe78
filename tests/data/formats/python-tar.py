"""Makes python-gnu.tar and python-pax.tar with Python 3.11."""
import io
import tarfile

TEXT = "春天来了,河边的柳树发了新芽。他们说的都是实话,谁也不必再问。\n"
MEMBERS = [
    ("plain.txt", TEXT.encode()),
    ("gbk.txt", TEXT.encode("gbk")),
    ("页面/" + "很长的名字" * 12 + ".html", f"<p title=\"{TEXT.strip()}\">实话</p>\n".encode()),
    ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\0"),
    ("empty", b""),
]

for name, form in [("python-gnu.tar", tarfile.GNU_FORMAT), ("python-pax.tar", tarfile.PAX_FORMAT)]:
    with tarfile.open(name, "w", format=form) as archive:
        for path, content in MEMBERS:
            info = tarfile.TarInfo(path)
            info.size, info.mtime = len(content), 1700000000
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "plain.txt"
        archive.addfile(link)
