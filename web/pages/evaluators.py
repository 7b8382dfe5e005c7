"""专家库: terms of evaluators, and what conflicts of interest are found by."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.assessments.queries import seats_held
from services.authority.rules import scopes
from services.cases.appointing import appoint, dismiss
from services.database.work import Work
from services.errors import NotFound, Refused
from services.evaluators import acts
from services.evaluators.acts import FIELDS, KEEP, RECORDED, NewTerm, NewTie
from services.evaluators.queries import pool_lines, tie_lines
from services.evaluators.rules import CONTACT_KINDS
from services.organizations.queries import centre_lines
from services.people.queries import people_holding
from statemachines.roles import Role
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/evaluators")
FROM, TO = ("聘期开始", "term from"), ("聘期结束", "term to")
ENDED = ("结束日期", "ended on")


@router.get("")
def pool(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The pool with how many seats each holds, recorded ties, and the forms to keep it."""
    return _page(request, visitor, done=done)


def _page(
    request: Request, visitor: Visitor, *, done: str = "", form: Posted | None = None, at: str = "",
    error: Refused | NotFound | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        context = _context(work, visitor)
    return show(
        request, visitor, "evaluators/pool.html", status=error.http_status if error else 200, done=done, tried=at,
        refused=refusal(error, visitor) if error else (), typed=form or Posted({}), **context,
    )  # fmt: skip


def _context(work: Work, visitor: Visitor) -> dict[str, Any]:
    lines = pool_lines(work, visitor.person)
    return {
        "lines": lines,
        "loads": seats_held(work),
        "ties": tie_lines(work, visitor.person),
        "keeps": bool(scopes(visitor.person, KEEP)),
        "evaluators": people_holding(work, Role.EVALUATOR),
        "fields": FIELDS,
        "centres": centre_lines(work),
        "contact_kinds": CONTACT_KINDS,
        "tie_kinds": RECORDED,
    }


@router.post("")
def add(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Add a term, and issue its letter."""
    try:
        new = NewTerm(
            form.text("username"), form.all("fields"), form.day("term_from", FROM), form.day("term_to", TO),
            form.whole("most_seats", ("同时在办席位", "seats at once")), form.text("body"), form.text("appointment"),
        )  # fmt: skip
        appoint(visitor.database, visitor.person, new, now=visitor.now, centre=form.text("centre"))
    except (Refused, NotFound) as error:
        return _page(request, visitor, form=form, at="term", error=error)
    return go("/evaluators", note="pool_added")


@router.post("/{term_id}/end")
def end(
    request: Request, term_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """End a term today, and revoke its letter."""
    identity = known_id(term_id)
    try:
        dismiss(visitor.database, visitor.person, term_id=identity, reason=form.text("reason"), now=visitor.now)
    except Refused as error:
        return _page(request, visitor, form=form, error=error)
    return go("/evaluators", note="pool_ended")


@router.post("/contacts")
def contact(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Keep a contact sealed, to be compared and never shown."""
    try:
        acts.note_contact(
            visitor.database, visitor.person, username=form.text("username"), organization=form.text("organization"),
            kind=form.text("kind"), value=form.text("value"), held_to=_ended(form), now=visitor.now,
        )  # fmt: skip
    except (Refused, NotFound) as error:
        return _page(request, visitor, form=form, at="contact", error=error)
    return go("/evaluators", note="contact_kept")


@router.post("/ties")
def tie(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Record a tie between people and organizations."""
    try:
        new = NewTie(
            form.text("kind"), form.text("source"), form.text("username"), form.text("body"), form.text("relative"),
            form.text("organization"), _ended(form),
        )  # fmt: skip
        acts.record_tie(visitor.database, visitor.person, new, now=visitor.now)
    except (Refused, NotFound) as error:
        return _page(request, visitor, form=form, at="tie", error=error)
    return go("/evaluators", note="tie_recorded")


@router.post("/ties/{tie_id}/end")
def end_tie(
    request: Request, tie_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Note when a tie ended."""
    identity = known_id(tie_id)
    try:
        acts.end_tie(
            visitor.database, visitor.person, tie_id=identity, held_to=form.day("held_to", ENDED), now=visitor.now
        )
    except Refused as error:
        return _page(request, visitor, form=form, error=error)
    return go("/evaluators", note="tie_ended")


def _ended(form: Posted) -> date | None:
    return form.optional_day("held_to", ENDED)
