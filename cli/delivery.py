"""`chuke delivery`: papers that must be served, receipt by the addressee, setting out to serve, and what came of it."""

from datetime import date
from pathlib import Path
from typing import Literal

from cyclopts import App

from cli.asking import Asking, acting, acting_on, file_given, instant, looking, opened
from cli.printing import show_json, show_table

app = App(name="delivery", help="送达 · delivery: what must be served, receipts, proofs of service")


@app.command(name="list")
def list_(
    *, standing: Literal["waiting", "over", "returned", "under_way", "served"] = "waiting", mine: bool = False,
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """列出须送达的文书 · List the papers that must be served.

    Parameters
    ----------
    standing:
        送达情况 which of them.
    mine:
        只列由我送达的 only those that are mine to serve.
    asking:
        通用选项 common options.
    """
    from services.cases.served import to_serve
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        found = to_serve(work, looking(work, asking), standing=standing, mine=mine)
    if asking.json:
        show_json(found)
        return 0
    columns = ("编号 id", "文号 number", "受送达人 addressee", "送达情况 standing", "应于 by", "送达日期 served on")
    rows = [(one.paper.id, one.paper.number, one.organization, one.standing, one.due_on, one.served_on or "")
            for one in found.lines]  # fmt: skip
    show_table(columns, rows)
    print(f"待送达 to serve: {found.total}  逾期 late: {found.over}")
    return 0


@app.command
def show(document: str, /, *, asking: Asking = Asking()) -> int:
    """查看一件文书的送达 · Show how a paper (id from `document list`) was served, try by try."""
    from services.cases.served import delivery_for
    from services.database.work import reading
    from services.errors import NotFound

    with opened() as database, reading(database, instant(asking)) as work:
        found = delivery_for(work, looking(work, asking), document)
    if found is None:
        raise NotFound("document.not_found")
    if asking.json:
        show_json(found)
        return 0
    print(f"{found.paper.number}  {found.organization}  {found.standing}  {found.served_on or ''} {found.mode}")
    print(f"救济期限 remedy until: {found.remedy_until or '—'}")
    columns = ("编号 id", "方式 mode", "开始 begun", "结果 outcome", "邮件号 tracking", "送达回证 proof")
    show_table(columns, [(one.id, one.mode, one.begun_on, one.outcome or "…", one.tracking, one.proof_number)
                         for one in found.tries])  # fmt: skip
    return 0


@app.command
def confirm(document: str, /, *, asking: Asking = Asking()) -> int:
    """确认收到 · Confirm the receipt of a paper for the organization one acts for."""
    from services.cases.delivering import confirm_receipt

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        found = confirm_receipt(database, actor, document, now=now)
    if asking.json:
        show_json(found)
    else:
        print(f"✓ {found.paper.number}  {found.served_on}  {found.remedy_until or ''}")
    return 0


@app.command
def begin(
    document: str, mode: Literal["direct", "post", "publication"], /, *, place: str = "", tracking: str = "",
    reason: str = "", begun: date | None = None, asking: Asking = Asking(),
) -> int:  # fmt: skip
    """开始送达 · Set out to serve a paper: in person (issues a 送达回证), by post, or by publication.

    Parameters
    ----------
    document:
        文书编号 id of the paper.
    mode:
        送达方式 the way.
    place:
        送达地点 the place or address.
    tracking:
        邮件号码 number of the letter.
    reason:
        理由 why no other way could serve.
    begun:
        开始日期 the day, when it is not today.
    asking:
        通用选项 common options.
    """
    from services.cases.delivering import begin_delivery
    from services.delivery.rules import Way

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        identity = begin_delivery(database, actor, document, Way(mode, place, tracking, reason, begun), now=now)
    if asking.json:
        show_json({"id": identity})
    else:
        print(f"✓ {identity}")
    return 0


@app.command
def result(
    delivery: str, outcome: Literal["served", "left", "returned"], /, *, at: str = "", receiver: str = "",
    relation: Literal["", "leader", "agent", "staff", "family"] = "", refusal: str = "",
    witness: tuple[str, ...] = (), scan: Path | None = None, asking: Asking = Asking(),
) -> int:  # fmt: skip
    """登记送达结果 · Record what came of a delivery (id from `delivery show`), with the scan of what was signed.

    Parameters
    ----------
    delivery:
        送达编号 id of the try.
    outcome:
        送达结果 served, left before witnesses, or returned.
    at:
        签收时间 when (2026-11-09T10:20 by the office's clock); now when left out.
    receiver:
        签收人 who took it.
    relation:
        签收人身份 as what.
    refusal:
        拒收或者退回的情况 how it was refused or returned.
    witness:
        见证人 a witness; twice.
    scan:
        扫描件 the signed proof, a PDF or a photo.
    asking:
        通用选项 common options.
    """
    from datetime import datetime

    from cli.asking import WronglyAsked
    from services.applications.inspection import Upload
    from services.applications.scanning import scanner_at
    from services.cases.delivering import record_result
    from services.database.work import OFFICE_TIME
    from services.delivery.rules import Result
    from services.settings import settings

    now = instant(asking)
    try:
        told = datetime.fromisoformat(at).replace(tzinfo=OFFICE_TIME) if at else now
    except ValueError:
        raise WronglyAsked(f"--at {at}: 2026-11-09T10:20") from None
    upload = Upload(scan.name, file_given(scan)) if scan is not None else None
    with acting_on(asking) as (database, actor):
        came = Result(outcome, told, receiver, relation, refusal, tuple(witness))
        record_result(database, actor, delivery, came, scan=upload, scanner=scanner_at(settings().clamd), now=now)
    print(f"✓ {outcome}")
    return 0


@app.command
def scan(delivery: str, file: Path, /, *, asking: Asking = Asking()) -> int:
    """把送达回证扫描件存成文件 · Save the scan of a signed proof to a file."""
    from services.cases.delivering import scan_of
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        content, extension = scan_of(work, acting(work, asking), delivery)
    file.write_bytes(content)
    print(f"{file} ({extension}, {len(content)})")
    return 0
