"""Budget execution as a reading page with its drill-down and exports, and the yearly notice of lottery money."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.errors import NotFound, Refused
from services.funding import acts
from services.people.acts import note
from services.reports.budget import BY, FIGURES, Execution, detail, execution, lottery_notice, whole, years
from web.exporting import Cell, Column, Sheet, download
from web.forms.posted import Posted, posted
from web.rendering import go, moment, refusal, show
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter()
YEAR = ("年度", "year")


def _called(one: Execution, by: str, lang: str) -> str:
    return say(f"source.{one.key}", lang) if by == "source" else one.key


@router.get("/budget/execution")
def page(
    request: Request, year: int | None = None, by: str = "source", visitor: Visitor = Depends(visiting)
) -> Response:
    """What became of a year's budget, by source, office or programme."""
    by = by if by in BY else "source"
    with visitor.reading() as work:
        known = years(work)
        chosen = year if year in known else next(iter(known), work.today.year)
        groups = execution(work, year=chosen, by=by)
    rows = [(one, _called(one, by, visitor.lang)) for one in groups]
    return show(
        request, visitor, "budget/execution.html", years=known, year=chosen, by=by, readings=tuple(BY), rows=rows,
        total=whole(groups), figures=tuple(FIGURES),
    )  # fmt: skip


@router.get("/budget/execution/detail")
def one_figure(
    request: Request, year: int, figure: str, by: str = "source", key: str = "", visitor: Visitor = Depends(visiting)
) -> Response:
    """The awards and the vouchers that one figure is made of."""
    if by not in BY or figure not in FIGURES:
        raise NotFound("access.not_found")
    with visitor.reading() as work:
        found = detail(work, year=year, by=by, key=key[:80], figure=figure)
    called = (say(f"source.{key}", visitor.lang) if by == "source" else key) if key else ""
    return show(
        request, visitor, "budget/detail.html", found=found, year=year, by=by, key=key, figure=figure, called=called
    )


@router.get("/budget/execution.xlsx")
def xlsx(year: int, by: str = "source", visitor: Visitor = Depends(visiting)) -> Response:
    """Execution as an Excel file, in yuan."""
    return _file(visitor, year, by, "xlsx")


@router.get("/budget/execution.csv")
def csv(year: int, by: str = "source", visitor: Visitor = Depends(visiting)) -> Response:
    """Execution as a CSV file, in yuan."""
    return _file(visitor, year, by, "csv")


def _file(visitor: Visitor, year: int, by: str, kind: str) -> Response:
    by, lang = by if by in BY else "source", visitor.lang

    def taken(work: Any) -> tuple[Execution, ...]:
        found = execution(work, year=year, by=by)
        details = {"year": year, "by": by, "count": len(found)}
        note(work, visitor.person, "budget:export", stream="budget", object=str(year), details=details)
        return found

    groups = visitor.write(taken)
    rows: list[tuple[Cell, ...]] = [
        (_called(one, by, lang), *(f"{getattr(one, name) / 100:.2f}" for name in FIGURES),
         f"{one.rate_hundredths / 100:.2f}%")
        for one in groups
    ]  # fmt: skip
    headings = ((f"execution.by_{by}", 34), *((f"execution.{one}", 16) for one in FIGURES), ("execution.rate", 10))
    columns = [Column(say(key, lang), width) for key, width in headings]
    said = say("list.taken", lang, name=visitor.person.name, moment=moment(visitor.now, lang), count=len(rows))
    return download(Sheet(say("nav.execution", lang), columns, rows, said), kind=kind, name=f"budget-{year}")


# The yearly notice --------------------------------------------------------------------------------


@router.get("/budget/lottery-notice")
def notice(request: Request, year: int | None = None, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The notice of a year's lottery money as it prints; and the form for who publishes it."""
    return _notice(request, visitor, year, done=done)


def _notice(
    request: Request, visitor: Visitor, year: int | None, *, done: str = "", error: Refused | None = None,
    form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        known = years(work)
        chosen = year if year in known else next((one for one in known if one < work.today.year), work.today.year)
        found = lottery_notice(work, year=chosen)
    may = bool(scopes(visitor.person, "budget:publish_notice")) and chosen < visitor.today.year
    return show(
        request, visitor, "budget/lottery_notice.html", status=error.http_status if error else 200, notice=found,
        years=known, year=chosen, publishes=may and found.published_on is None, done=done, form=form or Posted({}),
        problems=refusal(error, visitor) if error else (),
    )  # fmt: skip


@router.post("/budget/lottery-notice")
def publish(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Record where and when the notice was published."""
    try:
        year = form.whole("year", YEAR)
        acts.publish_notice(
            visitor.database, visitor.person, year=year, place=form.text("place"),
            on=form.day("on", ("公告日期", "day of publication")), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        typed = form.text("year")
        return _notice(
            request, visitor, int(typed) if typed.isascii() and typed.isdigit() else None, error=error, form=form
        )
    return go(f"/budget/lottery-notice?year={year}", note="notice_published")
