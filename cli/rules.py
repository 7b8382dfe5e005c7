"""`chuke rules`: the versions of the rules, and how one comes about or is taken back, by two people."""

from datetime import date
from typing import Annotated

from cyclopts import App, Parameter

from cli.asking import Asking, WronglyAsked, acting, acting_on, instant, looking, opened
from cli.printing import show_json, show_table

app = App(name="rules", help="规则 · the numbers of the rules")


@app.command(name="list")
def list_(*, asking: Asking = Asking()) -> int:
    """列出规则各版和提议 · List the versions and what waits for a decision."""
    from services.authority.rules import demand
    from services.database.work import reading
    from services.rulesets.queries import proposals, versions

    with opened() as database, reading(database, instant(asking)) as work:
        demand(looking(work, asking), "rules:read")
        found, waiting = versions(work), [one for one in proposals(work) if one.standing == "waiting"]
    if asking.json:
        show_json({"versions": found, "proposals": waiting})
        return 0
    columns = ("编号 id", "生效日期 from", "状态 standing", "改动 changes", "办理 by", "依据 source")
    rows = [
        (one.id, one.valid_from, one.standing, len(one.changes), f"{one.proposed_by} {one.approved_by}", one.source)
        for one in found
    ]
    rows += [(one.id, one.valid_from, "waiting", len(one.changes), one.proposed_by, one.source) for one in waiting]
    show_table(columns, rows)
    return 0


@app.command
def propose(
    valid_from: date,
    /,
    *,
    source: str,
    set_: Annotated[list[str], Parameter(name="--set")],
    dry_run: Annotated[bool, Parameter(name="--dry-run", negative="")] = False,
    asking: Asking = Asking(),
) -> int:
    """提出新版本 · Propose a version that counts from a day; somebody else approves it.

    Parameters
    ----------
    valid_from:
        生效日期 the day it counts from.
    set_:
        改动，可写多次，例如 --set limit.publicity=7 what changes, as it would be typed on the page.
    source:
        依据文件 the document it rests on.
    dry_run:
        只核对，不写入 try it, but write nothing.
    asking:
        通用选项 common options.
    """
    from services.rulesets.acts import propose_rule_set

    given = dict[str, str]()
    for one in set_:
        key, equals, text = one.partition("=")
        if not equals:
            raise WronglyAsked(f"--set {one}: limit.publicity=7")
        given[key] = text
    with acting_on(asking) as (database, actor):
        identity = propose_rule_set(
            database, actor, given=given, valid_from=valid_from, source=source, now=instant(asking), dry_run=dry_run
        )
    _say(asking, identity, "已核对 fits" if dry_run else "已提出 proposed")
    return 0


@app.command
def approve(proposal: str, /, *, asking: Asking = Asking()) -> int:
    """批准提议 · Approve a proposal of somebody else."""
    from services.rulesets.acts import approve_rule_set

    with acting_on(asking) as (database, actor):
        identity = approve_rule_set(database, actor, proposal_id=proposal, now=instant(asking))
    _say(asking, identity, "已批准 approved")
    return 0


@app.command
def withdraw(
    which: str,
    /,
    *,
    reason: str = "",
    confirm: Annotated[bool, Parameter(name="--confirm", negative="")] = False,
    asking: Asking = Asking(),
) -> int:
    """撤回 · Take the own proposal back, or ask that an approved version be taken back before its day.

    Parameters
    ----------
    which:
        提议或者版本的编号 the id of a proposal or of a version.
    reason:
        撤回已批准版本的理由 why an approved version is to be taken back.
    confirm:
        确认另一人提出的撤回 confirm what somebody else asked for.
    asking:
        通用选项 common options.
    """
    from services.database.work import reading
    from services.rulesets import withdrawing
    from services.rulesets.acts import withdraw_rule_set
    from services.rulesets.queries import versions

    with opened() as database:
        now = instant(asking)
        with reading(database, now) as work:
            actor, known = acting(work, asking), {one.id for one in versions(work)}
        if confirm:
            withdrawing.confirm_withdrawal(database, actor, rule_set_id=which, now=now)
        elif which in known:
            withdrawing.ask_withdrawal(database, actor, rule_set_id=which, reason=reason, now=now)
        else:
            withdraw_rule_set(database, actor, proposal_id=which, now=now)
    _say(asking, which, "已提出撤回，等待另一人确认 asked" if which in known and not confirm else "已撤回 withdrawn")
    return 0


def _say(asking: Asking, identity: str, told: str) -> None:
    if asking.json:
        show_json({"id": identity})
    else:
        print(f"{told}: {identity}")
