"""Writes the finished PDF/A-3u: the objects of the laid-out page, then texts, typefaces, code and data of one paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import md5
from html import escape

from documents.stamping.faces import Face, Subset, deflated
from documents.stamping.source import Original


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the file says about itself."""

    title: str
    author: str
    subject: str
    creator: str
    producer: str
    day: date


@dataclass(frozen=True, slots=True)
class Attached:
    """A file carried along."""

    name: str
    description: str
    content: bytes


class Writer:
    """Appends objects to what is kept of the laid-out page; `finished` closes the file and gives its bytes."""

    def __init__(self, original: Original) -> None:
        self._original = original
        self._bytes = bytearray(original.start)
        self._offsets = dict(original.offsets)
        self._next = original.next_number

    def add(self, content: bytes) -> int:
        """A new object; answers its number."""
        number = self._next
        self._next += 1
        self.put(number, content)
        return number

    def put(self, number: int, content: bytes) -> None:
        """An object under a number that is kept for it."""
        self._offsets[number] = len(self._bytes)
        self._bytes += b"%d 0 obj\n" % number + content + b"\nendobj\n"

    def stream(self, content: bytes, entries: bytes = b"") -> int:
        """A new compressed stream."""
        return self._packed(deflated(content), entries)

    def _packed(self, packed: bytes, entries: bytes) -> int:
        head = b"<<" + entries + b"/Filter/FlateDecode/Length %d>>" % len(packed)
        return self.add(head + b"\nstream\n" + packed + b"\nendstream")

    def font(self, face: Face, subset: Subset, texts: dict[int, str]) -> int:
        """A typeface with the glyphs of `texts` alone; these say which character each glyph stands for."""
        name = f"/{subset.tag}+{face.name}".encode()
        file = self._packed(subset.packed, b"/Length1 %d" % subset.size)
        descriptor = self.add(
            b"<</Type/FontDescriptor/FontName%s/Flags 4/FontBBox[0 %d 1000 %d]/ItalicAngle 0/Ascent %d/Descent %d"
            b"/CapHeight %d/StemV 80/FontFile2 %d 0 R>>"
            % (name, face.descent, face.ascent, face.ascent, face.descent, face.ascent, file)
        )
        pairs = sorted((subset.new[old], old) for old in texts)
        widths = b" ".join(b"%d" % face.natural(old) for _, old in pairs)
        descendant = self.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/CIDToGIDMap/Identity/FontDescriptor %d 0 R/W[%d[%s]]>>"
            % (name, descriptor, pairs[0][0], widths)
        )
        unicode = self.stream(_to_unicode([(new, texts[old]) for new, old in pairs]))
        return self.add(
            b"<</Type/Font/Subtype/Type0/BaseFont%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (name, descendant, unicode)
        )

    def finished(
        self, *, fonts: dict[str, int], drawing: bytes, said: Said, attached: Iterable[Attached], identifier: bytes
    ) -> bytes:
        """The whole file. `drawing` comes over what the page draws itself and under the seals pressed on it."""
        kept = self._original
        first, *rest = kept.contents if len(kept.contents) > 1 else (self.add(_raw(b"q")), *kept.contents)
        content, *after = rest
        after = after or [self.add(_raw(b"Q"))]
        mine = self.stream(b"Q\n" + drawing + b"\nq")
        parts = b" ".join(b"%d 0 R" % number for number in (first, content, mine, *after))
        self.put(kept.page_number, b"<<" + kept.page + b"/Contents[" + parts + b"]>>")
        named = b"".join(b"/%s %d 0 R" % (name.encode(), number) for name, number in fonts.items())
        self.put(kept.resources_number, b"<<" + kept.resources + b"/Font<<" + named + b">>>>")
        files = [(one.name, self._file(one, said.day)) for one in attached]
        names = b"".join(b"(%s)%d 0 R" % (name.encode(), number) for name, number in sorted(files))
        listed = b" ".join(b"%d 0 R" % number for _, number in files)
        xmp = _xmp(said)
        metadata = self.add(b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n" % len(xmp) + xmp + b"\nendstream")
        self.put(
            kept.catalog_number,
            b"<<%s/Metadata %d 0 R/AF[%s]/Names<</EmbeddedFiles<</Names[%s]>>>>>>"
            % (kept.catalog, metadata, listed, names),
        )
        info = self.add(_info(said))
        return self._closed(kept.catalog_number, info, identifier)

    def _file(self, one: Attached, day: date) -> int:
        day_text = f"D:{day:%Y%m%d}000000Z".encode()
        digest = md5(one.content, usedforsecurity=False).hexdigest().encode()
        embedded = self.stream(
            one.content,
            b"/Type/EmbeddedFile/Subtype/%s/Params<</CreationDate(%s)/ModDate(%s)/Size %d/CheckSum<%s>>>"
            % (
                b"application#2Fjson" if one.name.endswith(".json") else b"text#2Fplain", day_text, day_text,
                len(one.content), digest,
            ),
        )  # fmt: skip
        return self.add(
            b"<</Type/Filespec/F(%s)/UF(%s)/Desc(%s)/AFRelationship/Data/EF<</F %d 0 R/UF %d 0 R>>>>"
            % (one.name.encode(), one.name.encode(), one.description.encode(), embedded, embedded)
        )

    def _closed(self, catalog: int, info: int, identifier: bytes) -> bytes:
        start = len(self._bytes)
        lines = [b"xref\n0 %d\n0000000000 65535 f \n" % self._next]
        for number in range(1, self._next):
            offset = self._offsets.get(number)
            lines.append(b"0000000000 65535 f \n" if offset is None else b"%010d 00000 n \n" % offset)
        name = identifier.hex().encode()
        lines.append(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (self._next, catalog, info, name, name, start)
        )
        return bytes(self._bytes) + b"".join(lines)


def _raw(content: bytes) -> bytes:
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)


def _to_unicode(pairs: list[tuple[int, str]]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def",
        "/CMapName/Adobe-Identity-UCS def/CMapType 2 def",
        "1 begincodespacerange<0000><ffff>endcodespacerange",
    ]
    for start in range(0, len(pairs), 100):
        some = pairs[start : start + 100]
        lines.append(f"{len(some)} beginbfchar")
        lines += [f"<{glyph:04x}><{text.encode('utf-16-be').hex()}>" for glyph, text in some]
        lines.append("endbfchar")
    return "\n".join([*lines, "endcmap CMapName currentdict/CMap defineresource pop end end"]).encode()


def _info(said: Said) -> bytes:
    pairs = {
        "Title": said.title, "Author": said.author, "Subject": said.subject, "Creator": said.creator,
        "Producer": said.producer,
    }  # fmt: skip
    texts = "".join(f"/{name}<feff{text.encode('utf-16-be').hex()}>" for name, text in pairs.items())
    return f"<<{texts}/CreationDate(D:{said.day:%Y%m%d})/ModDate(D:{said.day:%Y%m%d})>>".encode()


def _xmp(said: Said) -> bytes:
    day = said.day.isoformat()
    return f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance><pdf:Producer>{escape(said.producer)}</pdf:Producer>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(said.title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(said.author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(said.subject)}</rdf:li></rdf:Alt></dc:description>
<xmp:CreatorTool>{escape(said.creator)}</xmp:CreatorTool><xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()  # noqa: E501
