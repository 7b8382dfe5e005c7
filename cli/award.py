"""`chuke award`: opens applications for public money; every further step is a move of the case."""

from cyclopts import App

from cli.asking import Asking, acting, fen_given, instant, opened
from cli.case import identity_in
from cli.printing import show_json

app = App(name="award", help="资助 · awards of public money")


@app.command(name="open")
def open_(
    incubation: str,
    /,
    *,
    line: str,
    yuan: str,
    project: str,
    account: str = "",
    purpose: str = "",
    asking: Asking = Asking(),
) -> int:
    """申请资助 · Open a draft award beside an incubation case.

    Parameters
    ----------
    incubation:
        孵化案号 number of the incubation case.
    line:
        预算编号 id of the budget line (see `chuke ledger balance --json`).
    yuan:
        申请金额 the amount asked for, in yuan.
    project:
        项目名称 the project's name.
    account:
        收款账户编号 id of the payee account; the organization's only one when not named.
    purpose:
        彩票公益金用途 purpose of lottery money.
    asking:
        通用选项 common options.
    """
    from services.cases.commands import open_award
    from services.cases.opening import NewAward
    from services.cases.turn import load_subject
    from services.database.work import reading

    now, requested_fen = instant(asking), fen_given(yuan)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            subject = load_subject(work, number=incubation)
            owner = subject.case.organization_id
            new = NewAward(
                organization_id=owner,
                centre_id=subject.case.centre_id,
                program_id=identity_in(work, "budget_lines", line, give="program_id", code="award.not_found"),
                budget_line_id=line,
                project=project,
                requested_fen=requested_fen,
                account_id=identity_in(
                    work,
                    "payee_accounts",
                    account,
                    where=("organization_id", owner),
                    code="organization.account_not_found",
                ),
                incubation_case_id=subject.case.id,
                purpose=purpose,
            )
        found = open_award(database, actor, new, now=now)
    if asking.json:
        show_json(found)
    else:
        print(found.number)
    return 0
