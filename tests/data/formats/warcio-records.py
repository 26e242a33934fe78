"""Makes warcio.warc, warcio.warc.gz and warcio.wet.gz with warcio 1.8 from PyPI."""
from io import BytesIO
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HTML = "<html><head><meta charset=gb2312><title>说实话</title></head><body><p>春天来了,河边的柳树发了新芽。" \
    "他们说的都是实话,谁也不必再问。</p></body></html>\n"
DATE = {"WARC-Date": "2024-01-02T03:04:05Z"}


def number(n):
    return {**DATE, "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{n:012d}>"}


def http(mime):
    return StatusAndHeaders("200 OK", [("Content-Type", mime), ("X-Other", "kept")], protocol="HTTP/1.1")


def pages(path, gzip):
    with open(path, "wb") as file:
        writer = WARCWriter(file, gzip=gzip)
        record = lambda n, kind, body, **more: writer.write_record(writer.create_warc_record(
            f"http://example.org/{n}", kind, payload=BytesIO(body), warc_headers_dict=number(n), **more))
        record(1, "request", b"", http_headers=StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.org")]))
        record(2, "response", HTML.encode("gbk"), http_headers=http("text/html; charset=gb2312"))
        record(3, "response", HTML.replace("gb2312", "utf-8").encode(), http_headers=http("text/html; charset=utf-8"))
        record(4, "response", b"\x89PNG\r\n\x1a\n\0\0", http_headers=http("image/png"))
        record(5, "resource", "实话\n".encode(), warc_content_type="text/plain")


pages("warcio.warc", False)
pages("warcio.warc.gz", True)
with open("warcio.wet.gz", "wb") as file:
    writer = WARCWriter(file, gzip=True)
    for n in (1, 2):
        writer.write_record(writer.create_warc_record(
            f"http://example.org/{n}", "conversion", payload=BytesIO("他们说的都是实话。\n".encode()),
            warc_content_type="text/plain", warc_headers_dict=number(n)))
