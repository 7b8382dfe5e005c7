"""Makes the files that must never be taken, more than sixty; run as a module, tries them in a bare process."""

import json
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from services.applications.inspection import Upload, inspect
from services.errors import Invalid
from tests.web.writing import pdf, png

TYPES = '<?xml version="1.0"?><Types xmlns="x"><Override ContentType="application/vnd.main+xml"/></Types>'
RELS = '<?xml version="1.0"?><Relationships xmlns="x"/>'
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "OFD.xml"}
MEGABYTE = 1024 * 1024
Hostile = tuple[str, str, Callable[[], bytes]]


def office(kind: str = "docx", *, more: dict[str, bytes] | None = None, store: bool = False) -> bytes:
    """A small honest file of that kind, with `more` entries."""
    entries = {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": RELS.encode(),
        MAIN[kind]: b"<?xml version='1.0'?><x/>",
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**entries, **(more or {})}.items():
            archive.writestr(name, content)
    return out.getvalue()


def renamed(kind: str, name: str) -> bytes:
    """An entry whose name the library would not write by itself."""
    harmless = "a" * len(name)
    return office(kind, more={harmless: b"x"}).replace(harmless.encode(), name.encode())


def claiming(size: int) -> bytes:
    """A file whose directory says that an entry is much smaller than it is."""
    content = office(more={"word/big.xml": b"<x>" + b"a" * (4 * MEGABYTE)})
    big = struct.pack("<I", 4 * MEGABYTE + 3)
    return content.replace(big, struct.pack("<I", size))


def overlapping() -> bytes:
    """Many entries that share the same packed bytes."""
    content = bytearray(office(more={f"word/m{number:03}.xml": b"a" * 60_000 for number in range(300)}))
    first = content.find(b"PK\x01\x02")
    at = content.find(b"PK\x01\x02", first + 4)
    shared = content[first + 42 : first + 46]
    while at >= 0:
        content[at + 42 : at + 46] = shared
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def many(count: int) -> bytes:
    """That many tiny entries."""
    return office(more={f"word/{number}.xml": b"" for number in range(count)})


def rels(body: str) -> dict[str, bytes]:
    """The relations of a document."""
    return {"word/_rels/document.xml.rels": f'<Relationships xmlns="x">{body}</Relationships>'.encode()}


def outside(kind: str) -> str:
    """A relation of that kind to somewhere else."""
    return f'<Relationship Id="r1" Type="http://x/{kind}" Target="http://evil.example/x" TargetMode="External"/>'


def packed_pdf(inner: bytes) -> bytes:
    """A PDF whose packed object stream holds `inner`."""
    body = zlib.compress(inner)
    return _with(
        b"3 0 obj<</Type/ObjStm/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n" % (len(body), body)
    )


def _with(objects: bytes, *, end: bytes = b"") -> bytes:
    whole = pdf()
    at = whole.index(b"xref")
    return whole[:at] + objects + whole[at:] + end


def huge_png(width: int, height: int) -> bytes:
    """A picture whose head promises that many pixels and whose body packs them into nearly nothing."""
    plain = png(1, 1)
    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return plain[:8] + struct.pack("!I", 13) + chunk + struct.pack("!I", zlib.crc32(chunk)) + plain[33:]


def picture(kind: str, **more: object) -> bytes:
    """A small honest picture of that format."""
    out = BytesIO()
    Image.new("RGB", (24, 16), (40, 90, 60)).save(out, kind, **more)
    return out.getvalue()


def moving(kind: str) -> bytes:
    """A picture of several."""
    frames = [Image.new("RGB", (16, 16), (shade, 0, 0)) for shade in (0, 80, 160)]
    out = BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def wide_text(body: str) -> bytes:
    """XML in two bytes a character."""
    return body.encode("utf-16")


ENTITY = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"
LAUGHS = "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><l>&b;</l>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
EXE = b"MZ\x90\x00" + b"\0" * 400


def hostile() -> Iterator[Hostile]:
    """(what it is, what it is called, how it is made) of every file that must be refused."""
    for kind in (_named, _pdfs, _pictures, _archives, _contents):
        yield from kind()


def _named() -> Iterator[Hostile]:
    """What is no file of ours by its name or by what its first bytes say."""
    yield "nothing", "a.pdf", lambda: b""
    yield "too large", "a.pdf", lambda: pdf() + b" " * (20 * MEGABYTE)
    for name in ("a", "a.exe", "a.svg", "a.html", "a.zip", "a.docm", "a.doc", "a.gif", "a.pdf.exe", "a.php", ".pdf.js"):
        yield f"called {name}", name, pdf
    yield "program as pdf", "a.pdf", lambda: EXE
    yield "program as docx", "a.docx", lambda: EXE
    yield "program as png", "a.png", lambda: EXE
    yield "svg with a script as png", "a.png", lambda: SVG
    yield "svg as webp", "a.webp", lambda: SVG
    yield "page as jpg", "a.jpg", lambda: HTML
    yield "page as pdf", "a.pdf", lambda: HTML
    yield "pdf as jpg", "a.jpg", pdf
    yield "png as jpg", "a.jpg", png
    yield "plain archive as docx", "a.docx", lambda: _zip({"a.txt": b"x"})
    yield "docx as xlsx", "a.xlsx", office
    yield "xlsx as ofd", "a.ofd", lambda: office("xlsx")


def _pdfs() -> Iterator[Hostile]:
    """A PDF that is broken, hides something, or does something."""
    yield "pdf cut off", "a.pdf", lambda: pdf()[:-20]
    yield "pdf without its end", "a.pdf", lambda: pdf().replace(b"startxref", b"startxxxx")
    yield "pdf with a page behind", "a.pdf", lambda: pdf() + HTML
    yield "pdf with an archive behind", "a.pdf", lambda: pdf() + office()
    yield (
        "pdf with a page in front",
        "a.pdf",
        lambda: pdf().replace(b"%PDF-1.4\n", b"%PDF-1.4\n%<html><script>x</script>\n"),
    )
    yield "pdf with php in front", "a.pdf", lambda: pdf().replace(b"%PDF-1.4\n", b"%PDF-1.4\n%<?php system(1) ?>\n")
    for name in ("JavaScript", "JS", "Launch", "EmbeddedFile", "RichMedia", "XFA", "SubmitForm", "GoToR"):
        yield f"pdf with {name}", "a.pdf", lambda name=name: _with(f"3 0 obj<</S/{name} 4 0 R>>endobj\n".encode())
    yield "pdf with an escaped script", "a.pdf", lambda: _with(b"3 0 obj<</S/J#61v#61Script/J#53(x)>>endobj\n")
    yield "pdf with a packed script", "a.pdf", lambda: packed_pdf(b"3 0 <</S/JavaScript/JS(app.alert(1))>>")
    yield "pdf with a packed bomb", "a.pdf", lambda: _bombed_pdf()
    yield "pdf with a password", "a.pdf", lambda: _with(b"3 0 obj<</Encrypt 5 0 R>>endobj\n")


def _pictures() -> Iterator[Hostile]:
    """A picture that is broken, or far larger than it looks."""
    yield "picture cut off", "a.png", lambda: picture("PNG")[:-30]
    yield "photo cut off", "a.jpg", lambda: picture("JPEG")[:-300]
    yield "photo of rubbish", "a.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\0" * 400
    yield "webp of rubbish", "a.webp", lambda: b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\0" * 40
    for width, height in ((30_000, 30_000), (60_000, 60_000), (200_000, 2000), (9000, 9000)):
        yield f"picture {width} x {height}", "a.png", lambda width=width, height=height: huge_png(width, height)
    yield "moving png", "a.png", lambda: moving("PNG")
    yield "moving webp", "a.webp", lambda: moving("WEBP")


def _archives() -> Iterator[Hostile]:
    """A document whose archive is broken, bursts, or reaches outside."""
    zeros = b"\0" * (30 * MEGABYTE)
    yield "archive cut off", "a.docx", lambda: office()[:-40]
    yield "archive with a tail", "a.docx", lambda: office() + b"tail"
    yield "archive with a comment", "a.docx", lambda: _zip({**_honest()}, comment=HTML)
    yield "archive with a head", "a.docx", lambda: b"PK\x03\x04" + EXE + office()
    yield "bomb of 30 MB zeros", "a.docx", lambda: office(more={"word/a.xml": zeros})
    yield (
        "bomb over many entries",
        "a.xlsx",
        lambda: office("xlsx", more={f"xl/{n}.xml": b"a" * 9_000_000 for n in range(9)}),
    )
    yield "nested bomb", "a.docx", lambda: office(more={"word/media/a.zip": office(more={"word/b.xml": zeros})})
    yield "nested without a name", "a.docx", lambda: office(more={"word/media/a.png": office()}, store=True)
    yield "nested gzip", "a.docx", lambda: office(more={"word/media/a.png": b"\x1f\x8b" + b"\0" * 90})
    yield "nested document", "a.docx", lambda: office(more={"word/embeddings/a.xlsx": office("xlsx")})
    yield "overlapping entries", "a.docx", overlapping
    yield "size that lies", "a.docx", lambda: claiming(1000)
    yield "10,000 entries", "a.docx", lambda: many(10_000)
    yield "1,200 entries", "a.xlsx", lambda: office("xlsx", more={f"xl/{n}.xml": b"" for n in range(1200)})
    for name in (
        "../../../../etc/passwd",
        "/etc/cron.d/evil",
        "..\\..\\windows\\a.dll",
        "C:\\a.xml",
        "word/../../a.xml",
    ):
        yield f"entry {name}", "a.docx", lambda name=name: renamed("docx", name)


def _contents() -> Iterator[Hostile]:
    """A document with something in it that runs, or that is fetched from elsewhere."""
    yield "macros", "a.docx", lambda: office(more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    yield (
        "macros declared",
        "a.docx",
        lambda: office(more={"word/x.xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}),
    )
    yield "macro sheets", "a.xlsx", lambda: office("xlsx", more={"xl/macrosheets/sheet1.xml": b"<x/>"})
    yield "active controls", "a.docx", lambda: office(more={"word/activeX/activeX1.xml": b"<x/>"})
    yield "a program inside", "a.ofd", lambda: office("ofd", more={"Doc_0/run.exe": EXE})
    yield "a program under a picture's name", "a.docx", lambda: office(more={"word/media/a.png": EXE})
    yield (
        "a command in a field",
        "a.docx",
        lambda: office(more={"word/x.xml": b'<w:instrText>DDEAUTO c:\\\\cmd "x"</w:instrText>'}),
    )
    for kind in ("docx", "xlsx", "ofd"):
        yield (
            f"outside entity in {kind}",
            f"a.{kind}",
            lambda kind=kind: office(kind, more={"x/a.xml": ENTITY.encode()}),
        )
    yield "laughing entities", "a.docx", lambda: office(more={"word/a.xml": LAUGHS.encode()})
    yield "entity in two bytes a character", "a.docx", lambda: office(more={"word/a.xml": wide_text(ENTITY)})
    yield "template from outside", "a.docx", lambda: office(more=rels(outside("attachedTemplate")))
    yield "object from outside", "a.xlsx", lambda: office("xlsx", more=rels(outside("externalLinkPath")))
    yield "picture from outside", "a.docx", lambda: office(more=rels(outside("image")))


def _honest() -> dict[str, bytes]:
    return {"[Content_Types].xml": TYPES.encode(), MAIN["docx"]: b"<x/>"}


def _zip(entries: dict[str, bytes], *, comment: bytes = b"") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        archive.comment = comment
    return out.getvalue()


def _bombed_pdf() -> bytes:
    part = zlib.compress(b"\0" * (900 * 1024))
    one = b"3 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n%s\nendstream endobj\n" % part
    return _with(one * 40)


def honest() -> Iterator[tuple[str, bytes]]:
    """Files that people really have."""
    yield "a.pdf", pdf()
    yield "A.PDF", pdf() + b"\n"
    yield "a.jpg", picture("JPEG")
    yield "a.JPEG", picture("JPEG", exif=_place())
    yield "a.png", picture("PNG")
    yield "a.webp", picture("WEBP")
    yield "a.docx", office(more=rels(outside("hyperlink")))
    yield (
        "a.xlsx",
        office(
            "xlsx",
            more={
                "xl/worksheets/sheet1.xml": "".join(f"<c><v>{n * 7919 % 10007}</v></c>" for n in range(20_000)).encode()
            },
        ),
    )
    yield "a.ofd", office("ofd")


def _place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Canary Camera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def peak() -> int:
    """The most memory this process ever had, in bytes; where the system tells, without what its parent had."""
    told = Path("/proc/self/status")
    if told.exists():
        line = next(one for one in told.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Try each file in turn; print, as JSON lines, the answer, the seconds and by how much the peak grew.

    The memory of making a file is not that of looking into it: all are made first, by another process.
    """
    before = peak()
    for line in sys.stdin:
        what, name, path = json.loads(line)
        content = Path(path).read_bytes()
        size, began = len(content), time.perf_counter()
        try:
            inspect(Upload(name, content))
            answer = "taken"
        except Invalid as refused:
            answer = refused.codes[0]
        print(json.dumps([what, answer, time.perf_counter() - began, max(0, peak() - before - size)]))


if __name__ == "__main__":
    main()
