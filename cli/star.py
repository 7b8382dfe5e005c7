"""`chuke star`: rounds of star rating, applications in them, and what they came to."""

from datetime import date

from cyclopts import App

from cli.asking import Asking, acting, instant, looking, opened
from cli.case import identity_in
from cli.printing import show_json, show_table

app = App(name="star", help="星级评定 · star rating: rounds, applications, results")


@app.command
def announce(
    title: str, /, *, county: str, centre: str, year: int, opens: date, rules: str, closes: date | None = None,
    asking: Asking = Asking(),
) -> int:  # fmt: skip
    """公布评定轮次 · Announce the round of a county and year; without --closes its window is counted by the rules.

    Parameters
    ----------
    title:
        轮次名称 what the round is called.
    county:
        区划代码 code of the county, six digits.
    centre:
        承办中心 name or id of the centre.
    year:
        评定年度 the year.
    opens:
        开始日期 first day to apply.
    rules:
        评定办法 the rules, in a few sentences.
    closes:
        截止日期 last day to apply.
    asking:
        通用选项 common options.
    """
    from services.database.work import reading
    from services.stars.acts import NewRound, announce_round

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            identity = identity_in(work, "centres", centre, code="organization.not_found")
        new = NewRound(county, identity, year, title, rules, opens, closes)
        found = announce_round(database, actor, new, now=now)
    if asking.json:
        show_json({"id": found})
    else:
        print(found)
    return 0


@app.command
def rounds(*, asking: Asking = Asking()) -> int:
    """列出轮次 · List the rounds, the latest first."""
    from services.database.work import reading
    from services.stars.queries import rounds as announced

    with opened() as database, reading(database, instant(asking)) as work:
        looking(work, asking)
        found, today = announced(work), work.today
    if asking.json:
        show_json([{"id": one.id, "title": one.title, "opens_on": one.opens_on, "closes_on": one.closes_on,
                    "standing": one.standing(today)} for one in found])  # fmt: skip
        return 0
    zh = asking.lang == "zh"
    columns = ("轮次", "开始", "截止", "状态", "编号") if zh else ("round", "opens", "closes", "standing", "id")
    show_table(columns, [(one.title, one.opens_on, one.closes_on, one.standing(today), one.id) for one in found])
    return 0


@app.command(name="list")
def list_(round_id: str, /, *, asking: Asking = Asking()) -> int:
    """列出申报 · List the applications of a round with what they came to, as far as you may know."""
    from services.cases.starring import entries_of
    from services.database.work import reading

    with opened() as database, reading(database, instant(asking)) as work:
        found = entries_of(work, looking(work, asking), round_id)
    zh = asking.lang == "zh"
    rows = [(one.organization, one.number, one.state.zh if zh else one.state.en, one.self_total, one.total, one.stars,
             one.valid_to) for one in found]  # fmt: skip
    names = ("organization", "case", "state", "self_total", "total", "stars", "valid_to")
    if asking.json:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
        return 0
    columns = ("组织", "案号", "状态", "自评", "得分", "星级", "有效期至") if zh else names
    show_table(columns, [tuple("—" if cell is None else str(cell) for cell in row) for row in rows])
    return 0


@app.command(name="apply")
def apply_(round_id: str, organization: str, /, *scores: str, statement: str = "", asking: Asking = Asking()) -> int:
    """申报星级 · Apply with every material; own scores as P1=9 P2=8.5 …, one for each item.

    Parameters
    ----------
    round_id:
        轮次编号 id of the round (see `chuke star rounds`).
    organization:
        组织名称或编号 name or id of the organization.
    scores:
        自评分 own scores, as P1=9.
    statement:
        自评说明 a statement.
    asking:
        通用选项 common options.
    """
    from services.cases.starring import StarApplication, apply_for_star, materials_wanted
    from services.database.work import reading

    now = instant(asking)
    with opened() as database:
        with reading(database, now) as work:
            actor = acting(work, asking)
            identity = identity_in(work, "organizations", organization, code="organization.not_found")
            materials = materials_wanted(work)
        given = {key: value for key, _, value in (one.partition("=") for one in scores)}
        wish = StarApplication(round_id, identity, given, {}, materials, statement, commitments_accepted=True)
        found = apply_for_star(database, actor, wish, now=now)
    if asking.json:
        show_json({"number": found.case_number, "state": found.state})
    else:
        print(found.case_number)
    return 0
