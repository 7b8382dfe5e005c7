"""The file of a case as one archive: papers, applications, proofs and score sheets the reader may see, and an index.

The same state gives the same bytes: what is inside is listed in one look, in a fixed order, with fixed times, and who
takes it stands in the audit log and not in the archive.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from documents.registry import kind_of
from services.actors import Actor
from services.applications.queries import FileLine, files_of
from services.assessments.queries import locked_sheets
from services.authority.rules import scopes
from services.cases.case_file_names import file_name
from services.cases.case_file_pages import application_sheet, printable, score_sheet, table
from services.cases.queries import CasePage, case_page
from services.cases.version_page import versions_page
from services.database.work import OFFICE_TIME, Work
from services.delivery.queries import Delivery
from services.errors import NotFound
from services.issuance.second_signing import second_signed
from services.reviews.queries import reads_file_of

HEADINGS = ("序号", "类别", "文号或者名称", "题名", "日期", "页数", "SHA-256", "文件")
MODES = {
    "": "", "drawer": "存入文书夹", "click": "文书夹确认", "direct": "直接送达", "left": "留置送达", "post": "邮寄送达",
    "publication": "公告送达",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the archive and its line in the index; the bytes are those of that hash."""

    path: str
    part: str
    number: str
    title: str
    day: date
    pages: int | None
    sha256: str
    content: bytes | None = None
    """What was made for the archive; None for what is on file under that hash."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the archive of one case holds for one reader, before any of it is read."""

    number: str
    organization: str
    entries: tuple[Entry, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def file(self) -> str:
        """What the archive is called."""
        return file_name(f"案卷 {self.number} {self.organization}", "zip")


def case_file(work: Work, actor: Actor, number: str) -> CaseFile:
    """The archive's contents as the page of the case shows them to this person; NotFound as for that page."""
    page = case_page(work, actor, number)
    found = [
        *_papers(page), *_signed_by_both(work, page), *_applications(work, actor, number),
        *_materials(work, actor, page), *_scans(page), *_sheets(work, actor, page),
    ]  # fmt: skip
    entries = tuple(_placed(place, one) for place, one in enumerate(found, start=1))
    return CaseFile(number, page.line.organization, entries, tuple(page.served.values()))


def _placed(place: int, one: Entry) -> Entry:
    stem, _, extension = one.path.rpartition(".")
    name = file_name(f"{place:03d} {stem}", extension)
    return replace(one, path=f"{one.part}/{name}")


def _papers(page: CasePage) -> Iterator[Entry]:
    for one in page.documents:
        if one.file_sha256 is not None:
            title = kind_of(one.kind).title_zh
            yield Entry(f"{one.code} {title} {one.number}.pdf", "1 文书", one.number, title, one.decided_on, one.pages,
                        one.file_sha256)  # fmt: skip


def _signed_by_both(work: Work, page: CasePage) -> Iterator[Entry]:
    signatures = second_signed(work, [one.id for one in page.documents if one.second_signed_on])
    for one in page.documents:
        signed = signatures.get(one.id)
        if signed is not None:
            title = f"{kind_of(one.kind).title_zh}（双方签署）"
            yield Entry(f"{one.code} {title} {one.number}.{signed.extension}", "1 文书", one.number, title,
                        signed.signed_on, one.pages, signed.sha256)  # fmt: skip


def _applications(work: Work, actor: Actor, number: str) -> Iterator[Entry]:
    """Each version as it was handed in, of what the page of versions shows this reader."""
    try:
        page = versions_page(work, actor, number)
    except NotFound:
        return
    for handed in page.versions:
        title = f"入驻申请书（第{handed.number}次提交）"
        yield _made("2 申请材料", title, title, handed.at, application_sheet(page, handed))


def _sheets(work: Work, actor: Actor, page: CasePage) -> Iterator[Entry]:
    """The locked sheets of concluded rounds for whoever reads scores; an evaluator's own one for that evaluator."""
    for one in page.rounds:
        if one.concluded_at is None:
            continue
        sheets = locked_sheets(work, one.id)
        for place, seat in enumerate(one.sitting, start=1):
            if seat.seat_id in sheets and seat.locked_at and (page.may_read_scores or seat.person_id == actor.id):
                case = page.line.number, page.line.organization
                name = f"{one.form_copy['label_zh']} 第{one.number}轮 {place} {seat.name}"
                yield _made("4 评分表", name, f"评分表：{seat.name}", seat.locked_at,
                            score_sheet(one, seat, sheets[seat.seat_id], case=case))  # fmt: skip


def _made(part: str, name: str, title: str, at: datetime, content: bytes) -> Entry:
    day = at.astimezone(OFFICE_TIME).date()
    return Entry(f"{name}.html", part, name, title, day, None, hashlib.sha256(content).hexdigest(), content)


def _materials(work: Work, actor: Actor, page: CasePage) -> Iterator[Entry]:
    reach = scopes(actor, "material:read")
    if not reach or (reach == {"seated"} and not reads_file_of(work, actor.id, page.line.id)):
        return
    files: dict[str, FileLine] = files_of(work, page.line.id)
    for one in page.materials:
        line = files.get(one.name)
        if line is not None:
            yield Entry(f"{one.name}.{line.extension}", "2 申请材料", one.name, one.name, one.provided_on, None,
                        line.sha256)  # fmt: skip


def _scans(page: CasePage) -> Iterator[Entry]:
    for delivery in page.served.values():
        for one in delivery.tries:
            if one.scan_sha256 is not None and one.ended_on is not None:
                yield Entry(f"送达回证 {delivery.paper.number}.{one.scan_extension}", "3 送达证明",
                            one.proof_number or one.tracking, f"{delivery.paper.number}的送达证明", one.ended_on, None,
                            one.scan_sha256)  # fmt: skip


def stream(found: CaseFile, read: Callable[[str], bytes]) -> Iterator[bytes]:
    """The archive piece by piece; `read` answers the bytes of a hash, asked for one file at a time."""
    outlet = _Outlet()
    with ZipFile(outlet, "w", ZIP_STORED) as archive:
        for name, content in _front(found):
            archive.writestr(_info(name, date(2000, 1, 1)), content)
            yield outlet.taken()
        for one in found.entries:
            archive.writestr(_info(one.path, one.day), read(one.sha256) if one.content is None else one.content)
            yield outlet.taken()
    yield outlet.taken()


class _Outlet(io.RawIOBase):
    """Takes what the archive writes and hands it on; it cannot be wound back, so nothing is kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        kept = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(kept)
        return len(kept)

    def taken(self) -> bytes:
        """Everything written since the last time."""
        kept = b"".join(self._pieces)
        self._pieces.clear()
        return kept


def _info(name: str, day: date) -> ZipInfo:
    info = ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
    info.create_system, info.external_attr = 3, 0o100644 << 16
    return info


def _front(found: CaseFile) -> Iterator[tuple[str, bytes]]:
    rows = [
        (str(place), one.part[2:], one.number, one.title, one.day.isoformat(), str(one.pages or ""), one.sha256,
         one.path)
        for place, one in enumerate(found.entries, start=1)
    ]  # fmt: skip
    yield "0 目录.html", _page(found, rows)
    yield "0 目录.csv", _table(HEADINGS, rows)
    listed = [dict(zip(("place", "part", "number", "title", "day", "pages", "sha256", "file"), row, strict=True))
              for row in rows]  # fmt: skip
    told = {"case": found.number, "organization": found.organization, "files": listed}
    yield "0 目录.json", json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
    yield "3 送达证明/送达记录.csv", _table(
        ("文号", "受送达人", "存入文书夹", "送达日期", "送达方式", "确认或者签收人", "送达回证或者邮件号"),
        [
            (
                one.paper.number, one.organization, one.put_at.astimezone(OFFICE_TIME).strftime("%Y-%m-%d %H:%M"),
                one.served_on.isoformat() if one.served_on else "未送达" if one.waits else "", MODES[one.mode],
                one.confirmed_by or next((made.receiver for made in one.tries if made.receiver), ""),
                "；".join(said for made in one.tries if (said := made.proof_number or made.tracking)),
            )
            for one in found.deliveries
        ],
    )  # fmt: skip


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(headings)
    # A quote before what a spreadsheet would take for a formula.
    writer.writerows([[f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _page(found: CaseFile, rows: Sequence[Sequence[str]]) -> bytes:
    title = f"案卷目录　{found.number}　{found.organization}"
    return printable(
        title,
        table(HEADINGS, rows),
        landscape=True,
        extra="body{font-size:11px;max-width:none}td:nth-child(5){white-space:nowrap}",
    )
