"""`chuke assessment`: a panel is appointed, declares its interests, scores and locks; results for those who may see."""

import json
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from cli.asking import Asking, WronglyAsked, acting, acting_on, file_given, instant, looking, opened
from cli.printing import show_json, show_table

app = App(name="assessment", help="评审 · assessments")


@app.command
def appoint(
    number: str, form: str, /, *evaluators: str, lead: str = "", by_hand: str = "", asking: Asking = Asking()
) -> int:
    """人工指定评审组 · Name the panel of a round: case number, form (admission, midterm, graduation), usernames.

    While there is a pool to draw from, --by-hand says why nobody was drawn.
    """
    from services.cases.commands import appoint_panel

    if not evaluators:
        raise WronglyAsked("请列出专家用户名 · name the evaluators")
    now = instant(asking)
    with acting_on(asking) as (database, actor):
        identity = appoint_panel(database, actor, number=number, form=form, usernames=evaluators, lead=lead,
                                 by_hand=by_hand, now=now)  # fmt: skip
    if asking.json:
        show_json({"assessment": identity})
    else:
        print(identity)
    return 0


@app.command
def draw(
    number: str,
    form: str = "",
    /,
    *,
    check: Annotated[bool, Parameter(name="--check", negative="")] = False,
    asking: Asking = Asking(),
) -> int:
    """抽取评审组 · Draw the panel of a round from the pool, or with --check derive every draw of the case again.

    Parameters
    ----------
    number:
        案号 case number.
    form:
        评审表 form, as admission, midterm or graduation.
    check:
        按种子和候选名单重新推算，不符时退出码为1 derive again from seed and candidates; exit status 1 when one differs.
    asking:
        通用选项 common options.
    """
    from services.cases.commands import appoint_panel
    from services.cases.panels import draws_of
    from services.database.work import reading

    if not (form or check):
        raise WronglyAsked("请写明评审表，或者用 --check · name the form, or use --check")
    now = instant(asking)
    with opened() as database:
        if not check:
            with reading(database, now) as work:
                actor = acting(work, asking)
            appoint_panel(database, actor, number=number, form=form, now=now)
        with reading(database, now) as work:
            found = draws_of(work, looking(work, asking), number)
    if asking.json:
        show_json(found)
    else:
        for one in found if check else found[-1:]:
            print(f"{one.purpose}  {one.seed or one.by_hand or '-'}  {one.digest}  {'✓' if one.holds else '✗'}")
            columns = ("专家 evaluator", "席 seat", "在办 load", "签号 lot", "未列入 left out")
            rows = [(c.name, c.place, f"{c.load}/{c.most}", c.lot, " ".join(c.left_out)) for c in one.candidates]
            show_table(columns, rows or [(name, None, "", "", "") for name in one.panel])
    return 0 if all(one.holds for one in found) else 1


@app.command
def declare(
    assessment: str,
    /,
    *,
    conflict: Annotated[bool, Parameter(name="--conflict", negative="")] = False,
    situation: tuple[str, ...] = (),
    note: str = "",
    asking: Asking = Asking(),
) -> int:
    """声明有无利害关系 · Declare that there is no conflict of interest, or with --conflict that there is one."""
    from services.cases.commands import declare_interest

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        declare_interest(
            database, actor, assessment_id=assessment, conflict=conflict, situations=situation, note=note, now=now
        )
    return 0


@app.command
def score(assessment: str, file: Path, /, *, asking: Asking = Asking()) -> int:
    """保存评分草稿 · Keep a draft sheet from a JSON file: {"items": {"A1": 16.5, …}, "comments": {…}, "veto": […]}."""
    from services.cases.commands import save_sheet

    try:
        told = json.loads(file_given(file))
        items, comments, veto = dict(told["items"]), dict(told.get("comments", {})), list(told.get("veto", ()))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise WronglyAsked(f'{file}: {{"items": {{…}}, "comments": {{…}}, "veto": […]}}') from None
    now = instant(asking)
    with acting_on(asking) as (database, actor):
        save_sheet(database, actor, assessment_id=assessment, items=items, comments=comments, veto=veto, now=now)
    return 0


@app.command
def lock(assessment: str, /, *, asking: Asking = Asking()) -> int:
    """锁定评分表 · Lock your own sheet for good."""
    from services.cases.commands import lock_sheet

    now = instant(asking)
    with acting_on(asking) as (database, actor):
        lock_sheet(database, actor, assessment_id=assessment, now=now)
    return 0


@app.command
def check(*, asking: Asking = Asking()) -> int:
    """核对锁定的评分表 · Recompute every commitment; exit status 1 and the sheets that were changed."""
    from services.assessments.commitments import changed_sheets
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        found = list(changed_sheets(work))
    if asking.json:
        show_json(found)
        return 1 if found else 0
    if not found:
        print("全部一致 · every locked sheet is what it was ✓")
    for one in found:
        print(f"✗ {one.sheet_id} ({one.assessment_id})")
    return 1 if found else 0


@app.command
def explain(number: str, form: str = "admission", /, *, asking: Asking = Asking()) -> int:
    """说明评审结果是怎样得出的 · How the result of the latest round of that form came about, line by line."""
    from services.cases.results import round_result
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        found = round_result(work, looking(work, asking), number=number, form=form)
    lines = {"zh": found.explanation_zh, "en": found.explanation_en}[asking.lang]
    if asking.json:
        show_json({"assessment": found.round.id, "version": found.version, "lines": lines})
        return 0
    for place, line in enumerate(lines, start=1):
        print(f"{place}. {line}")
    return 0


@app.command
def statistics(form: str = "", /, *, asking: Asking = Asking()) -> int:
    """评审专家统计（仅评审秘书） · Severity, drift and agreement of evaluators; for the assessment secretary alone."""
    from services.cases.evaluator_statistics import statistics as statistics_of
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        found = statistics_of(work, acting(work, asking), form=form)
    if asking.json:
        show_json(found)
        return 0
    print(f"{found.form}  α = {'—' if found.alpha is None else found.alpha}  ({found.rounds} / {found.sheets})")
    columns = ("专家 evaluator", "评分表 sheets", "平均偏离 deviation", "变化 drift")
    show_table(columns, [(one.name, one.sheets, one.deviation, one.drift) for one in found.evaluators])
    columns = ("名次 place", "个案 case", "均分 mean", "去掉宽严 without severity", "名次 place")
    rows = [(one.place, one.case_number, one.mean, one.adjusted_mean, one.adjusted_place) for one in found.ranks]
    show_table(columns, rows)
    return 0


@app.command
def show(number: str, /, *, asking: Asking = Asking()) -> int:
    """查看评审进展 · The rounds of a case: seats and, for those who may read scores, totals and result."""
    from services.cases.queries import case_page
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        page = case_page(work, looking(work, asking), number)
    rounds = [_round(one, scores=page.may_read_scores) for one in page.rounds]
    if asking.json:
        show_json(rounds)
        return 0
    for one in rounds:
        print(f"{one['form']} {one['number']}  {one['id']}  {one.get('mean') or ''}")
        columns = ("专家 evaluator", "回避声明 interest", "锁定 locked", "总分 total")
        show_table(columns, [(s["name"], s["interest"], s["locked"], s.get("total")) for s in one["seats"]])
    return 0


def _round(one: Any, *, scores: bool) -> dict[str, Any]:
    concluded = one.concluded_at is not None
    told: dict[str, Any] = {"id": one.id, "form": one.form, "number": one.number, "opened_at": one.opened_at}
    told["seats"] = [
        {"name": seat.name, "part": seat.part, "interest": seat.interest, "locked": seat.locked_at is not None}
        | ({"total": seat.total} if scores and concluded else {})
        for seat in one.sitting
    ]
    if scores and concluded:
        told |= {"mean": one.mean, "arbitration_open": one.arbitration_open, "outcome": one.outcome}
    return told
