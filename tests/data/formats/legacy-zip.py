"""Makes windows.zip and hostile.zip: names as Windows' own zip folders write them, bytes of the code
page and no flag that says so. Python 3.11."""
import zipfile


class Legacy(zipfile.ZipInfo):
    code_page = "gbk"

    def _encodeFilenameFlags(self):
        return self.filename.encode(self.code_page), self.flag_bits


def make(name, members, code_page="gbk"):
    Legacy.code_page = code_page
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in members:
            info = Legacy(path, (2020, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)


make("windows.zip", [
    ("年度报告.txt", "春天来了。\n"),
    ("照片/", ""),
    ("照片/河边的柳树.txt", "柳树\n"),
    ("资料\\第一章\\说明.txt", "说明\n"),
    ("readme.txt", "plain\n"),
])
make("hostile.zip", [
    ("../outside.txt", "x"),
    ("/absolute.txt", "x"),
    ("C:\\drive.txt", "x"),
    ("好/../../outside.txt", "x"),
    ("..\\outside.txt", "x"),
    ("好.txt", "good\n"),
    ("好.txt", "twice\n"),
])
