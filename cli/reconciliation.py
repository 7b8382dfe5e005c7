"""`chuke reconciliation`: statements of the bank taken over and matched, payments recorded off them, what is open."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from cli.asking import Asking, acting_on, instant, looking, opened
from cli.printing import show_json, show_table
from documents.format import in_yuan

app = App(name="reconciliation", help="对账 · bank statements")


@app.command(name="import")
def take(file: Path, /, *, try_out: Annotated[bool, Parameter(name="--try")] = False, asking: Asking = Asking()) -> int:
    """导入对账单 · Take a statement file over (CSV, XLSX, camt.053), whole or not at all; with --try nothing is kept.

    Parameters
    ----------
    file:
        对账单文件 the file as the bank wrote it.
    try_out:
        只核对，不写入 only try it out.
    asking:
        通用选项 common options.
    """
    from services.cases.reconciling import import_statement

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        found = import_statement(
            database, actor, content=file.read_bytes(), file_name=file.name, now=now, dry_run=try_out
        )
    counts = len(found.statement.lines), found.new, found.known, found.matched, len(found.open)
    if asking.json:
        show_json(
            {
                "lines": counts[0], "new": found.new, "known": found.known, "matched": found.matched,
                "open": list(found.open), "encoding": found.statement.encoding, "kept": not try_out,
                "statement_id": None if try_out else found.statement_id,
            }
        )  # fmt: skip
    elif asking.lang == "zh":
        print("{}行：新{}行，已有{}行；相符{}笔，待查{}项".format(*counts))
    else:
        print("{} lines: {} new, {} known; {} matched, {} open".format(*counts))
    return 0


@app.command(name="list")
def listing(*, asking: Asking = Asking()) -> int:
    """列出待查事项 · List what does not agree between statements and the book, with its owner."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.reconciliation.queries import open_items

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "reconciliation:read")
        found = open_items(work)
    if asking.json:
        show_json(found)
        return 0
    zh, en = ("日期", "类别", "流水", "金额", "责任人", "编号"), ("day", "kind", "serial", "amount", "owner", "id")
    rows = [
        (str(one.day), one.kind, one.reference or "、".join(line.serial for line in one.lines),
         in_yuan(one.amount_fen or sum(line.amount_fen for line in one.lines)), one.owner, one.id)
        for one in found
    ]  # fmt: skip
    show_table(zh if asking.lang == "zh" else en, rows)
    return 0


@app.command(name="statements")
def statement_list(*, asking: Asking = Asking()) -> int:
    """列出对账单 · List the statements that were taken over, the latest days first."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.reconciliation.queries import statements

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "reconciliation:read")
        found = statements(work)
    if asking.json:
        show_json(found)
        return 0
    zh, en = (
        ("起", "止", "账号尾号", "行数", "相符", "导入人"),
        ("from", "to", "account", "lines", "matched", "imported by"),
    )
    rows = [
        (str(one.from_on), str(one.to_on), one.tail, str(one.count), str(one.matched), one.imported_by) for one in found
    ]
    show_table(zh if asking.lang == "zh" else en, rows)
    return 0


@app.command
def confirm(*, asking: Asking = Asking()) -> int:
    """按对账单登记付款 · Record every payment that statements show, as the payer; exit status 1 when one is refused."""
    from services.cases.reconciling import record_payments
    from services.messages import sentence

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        found = record_payments(database, actor, now=now)
    if asking.json:
        show_json({"done": list(found.done), "refused": {number: list(codes) for number, codes in found.refused}})
    else:
        for number in found.done:
            print(number)
        for number, codes in found.refused:
            print(number, *(sentence(code, asking.lang) for code in codes))
    return 1 if found.refused else 0
