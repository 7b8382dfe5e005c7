"""`chuke payment`: what waits for the bank, batches, their files, and what the bank's page said."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from cli.asking import Asking, acting_on, instant, looking, opened
from cli.printing import show_json, show_table
from documents.format import in_yuan

if TYPE_CHECKING:
    from services.cases.paying import Recorded
    from services.cases.payment_lists import PaymentLine

app = App(name="payment", help="付款 · payments: batches, files, outcomes")


@app.command(name="list")
def list_(*, unknown: bool = False, asking: Asking = Asking()) -> int:
    """列出待编批的付款 · List what waits for a batch, or (--unknown) what nobody knows the outcome of."""
    from services.cases import payment_lists
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        person = looking(work, asking)
        found = payment_lists.unknown(work, person) if unknown else payment_lists.waiting(work, person)
    return _told(found, asking)


@app.command
def batches(*, asking: Asking = Asking()) -> int:
    """列出付款批次 · List the batches, the latest first."""
    from services.cases.paying import batch_list
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        found = batch_list(work, looking(work, asking))
    if asking.json:
        show_json([one for one, _, _ in found])
        return 0
    columns = (
        "批次 batch",
        "进度 state",
        "方式 channel",
        "笔数 count",
        "合计 total",
        "编批 made by",
        "放行 released by",
    )
    show_table(
        columns,
        [
            (one.number, one.state, one.channel, one.count, in_yuan(one.total_fen), by, to or "—")
            for one, by, to in found
        ],
    )
    return 0


@app.command
def make(*references: str, asking: Asking = Asking()) -> int:
    """编制付款批次 · Put these payments into one batch; prints its number."""
    from services.cases.paying import make_batch

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        number = make_batch(database, actor, references, now=now)
    if asking.json:
        show_json({"number": number})
    else:
        print(number)
    return 0


@app.command
def release(batch: str, /, *, asking: Asking = Asking()) -> int:
    """放行付款批次 · Let a batch go to the bank; whoever made it cannot."""
    from services.cases.paying import release_batch

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        count = release_batch(database, actor, batch, now=now)
    if asking.json:
        show_json({"released": count})
    else:
        print(count)
    return 0


@app.command
def drop(batch: str, /, *, asking: Asking = Asking()) -> int:
    """撤销付款批次 · Take a batch apart that was not released."""
    from services.cases.paying import drop_batch

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        drop_batch(database, actor, batch, now=now)
    return 0


@app.command
def file(batch: str, /, *, to: Path, reason: str = "", asking: Asking = Asking()) -> int:
    """下载银行文件 · Write the file of a released batch; again, or once settled, only with a reason."""
    from services.cases.paying import fetch_file

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        found = fetch_file(database, actor, batch, reason=reason, now=now)
    to.write_bytes(found.content)
    to.chmod(0o600)
    print(to)
    return 0


@app.command
def result(
    reference: str,
    /,
    *,
    paid: str = "",
    on: date | None = None,
    refused: str = "",
    unknown: str = "",
    asking: Asking = Asking(),
) -> int:
    """登记付款结果 · Record what the bank's page says of one payment.

    Parameters
    ----------
    reference:
        付款编号 the reference of the payment.
    paid:
        银行流水号 the bank's serial number, when it was paid.
    on:
        到账日期 its value date, today when left out.
    refused:
        退回原因 why the bank sent it back.
    unknown:
        不明的情况 why nobody can say.
    asking:
        通用选项 common options.
    """
    from services.cases.paying import Result, record_results
    from services.database.work import OFFICE_TIME
    from services.errors import Invalid

    now = instant(asking)
    told = [("paid", paid), ("refused", refused), ("unknown", unknown)]
    given = [(name, value) for name, value in told if value]
    if len(given) != 1:
        raise Invalid("input.missing", label="结果", label_en="outcome")
    outcome, value = given[0]
    day = on or now.astimezone(OFFICE_TIME).date()
    one = Result(reference, outcome, paid, day if paid else None, "" if paid else value)
    with acting_on(asking) as (database, actor):
        (found,) = record_results(database, actor, (one,), now=now)
    return _recorded(found, asking)


def _recorded(found: "Recorded", asking: Asking) -> int:
    if found.refused is not None:
        raise found.refused
    if asking.json:
        show_json({"reference": found.reference, "state": found.state})
    else:
        print(found.state)
    return 0


def _told(found: "tuple[PaymentLine, ...]", asking: Asking) -> int:
    if asking.json:
        show_json(found)
        return 0
    columns = ("编号 reference", "案号 case", "组织 organization", "期 part", "金额 amount", "收款 payee", "尾号 tail")
    rows = [
        (one.reference, one.case_number, one.organization, f"{one.number}/{one.of}", in_yuan(one.amount_fen),
         one.holder_name, one.account_tail)
        for one in found
    ]  # fmt: skip
    show_table(columns, rows)
    return 0
