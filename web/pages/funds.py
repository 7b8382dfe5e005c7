"""Public money outside of a case: applications for an award."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.awards.queries import calls
from services.cases.awarding import candidate, candidates, payee_choices
from services.cases.commands import open_award
from services.cases.opening import NewAward
from services.database.work import Work
from services.errors import NotFound, Refused
from services.funding.queries import open_lines, programs
from web.forms.awards import budget_typed, plan_typed
from web.forms.plain import Input, Sheet
from web.forms.posted import Posted, posted
from web.pages.set_up import Parts, plain_page
from web.rendering import go
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter()
AMOUNT = ("金额", "amount")
STARTS, ENDS = ("项目开始日期", "first day of the project"), ("项目结束日期", "last day of the project")
Asked = Callable[[Work], Parts]


# An application for an award ----------------------------------------------------------------------


@router.get("/awards/new")
def new_award(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The form for an award beside an incubation."""
    return plain_page(request, visitor, "nav.new_award", _award(visitor))


def _award(visitor: Visitor) -> Asked:
    def parts(work: Work) -> Parts:
        found = candidates(work, visitor.person)
        accounts = payee_choices(work, [one.organization_id for one in found])
        open_calls = [(one.id, one.title) for one in calls(work) if one.standing(work.today) == "open"]
        lines = [
            (one.id, f"{one.program} {one.year} {say(f'source.{one.source}', visitor.lang)} {one.purpose}".strip())
            for one in open_lines(work)
        ]
        inputs = (
            Input("incubation", options=[(one.case_id, f"{one.organization} {one.number}") for one in found]),
            Input("call", options=open_calls, needed=False), Input("budget_line", options=lines),
            Input("project", longest=80), Input("yuan", "number", longest=20),
            Input("payee", options=[(one.id, one.called) for one in accounts], needed=False),
            Input("purpose", needed=False, longest=20), Input("starts_on", "date", needed=False),
            Input("ends_on", "date", needed=False), Input("plan", needed=False, longest=30),
            Input("budget_table", "lines", needed=False, longest=3000),
        )  # fmt: skip
        return (), (Sheet("ask_award", "/awards", inputs, submit="open_draft"),) if found else ()

    return parts


@router.post("/awards")
def ask_award(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Open the draft of an award; every further step is a move of its case."""
    try:
        with visitor.reading() as work:
            new = _wanted(work, visitor, form)
        opened = open_award(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.new_award", _award(visitor), error=error, form=form)
    return go(f"/cases/{opened.number}", note="award_opened")


def _wanted(work: Work, visitor: Visitor, form: Posted) -> NewAward:
    """What is asked for; NotFound for a case, a line or an account that was not among the choices."""
    beside = candidate(work, visitor.person, known_id(form.text("incubation")))
    line = next((one for one in open_lines(work) if one.id == form.text("budget_line")), None)
    accounts = [one.id for one in payee_choices(work, [beside.organization_id])]
    account = form.text("payee") or (accounts[0] if len(accounts) == 1 else None)
    if line is None or (account is not None and account not in accounts):
        raise NotFound("access.not_found")
    program = next(one for one, name, year, _ in programs(work) if (name, year) == (line.program, line.year))
    return NewAward(
        organization_id=beside.organization_id, centre_id=beside.centre_id, program_id=program, budget_line_id=line.id,
        project=form.text("project")[:80], requested_fen=form.fen("yuan", AMOUNT), account_id=account,
        incubation_case_id=beside.case_id, purpose=form.text("purpose")[:20],
        call_id=known_id(form.text("call")) if form.text("call") else "", plan=plan_typed(form.text("plan")),
        budget=budget_typed(form.text("budget_table")), starts_on=form.optional_day("starts_on", STARTS),
        ends_on=form.optional_day("ends_on", ENDS),
    )  # fmt: skip
