"""公示与异议: what is published now, objections lodged by anyone or entered from a letter, and their rulings."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases.objections import (
    Objection,
    enter_objection,
    lodge_objection,
    open_objections,
    publicity_of,
    rule_on_objection,
    running_publicities,
)
from services.cases.queries import case_page
from services.errors import Invalid, Refused
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, own_path, visiting

router = APIRouter()


@router.get("/publicity")
def publicities(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Everything that is published today, for anybody."""
    with visitor.reading() as work:
        found = running_publicities(work)
    return show(request, visitor, "objections/publicities.html", found=found)


@router.get("/publicity/{number}")
def publicity(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """What is published, and the form to object; a case that is not published is not known here."""
    return _published(request, visitor, number)


def _published(request: Request, visitor: Visitor, number: str, *, status: int = 200, **shown: Any) -> Response:
    with visitor.reading() as work:
        one = publicity_of(work, number)
    context = {"problems": (), "form": Posted({}), "lodged": False} | shown
    return show(request, visitor, "objections/publicity.html", status=status, one=one, **context)


@router.post("/publicity/{number}")
def lodge(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Lodge an objection with name and contact; refused: the form again with what was typed."""
    try:
        lodge_objection(
            visitor.database, number=number, objection=_objection(form), address=visitor.origin.address,
            now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        problems = refusal(refused, visitor)
        return _published(request, visitor, number, status=refused.http_status, problems=problems, form=form)
    return _published(request, visitor, number, lodged=True)


@router.get("/cases/{number}/objections/new")
def new(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The form for an objection that came as a letter or by word of mouth."""
    return _letter(request, visitor, number, Posted({}))


def _letter(
    request: Request, visitor: Visitor, number: str, form: Posted, *, status: int = 200, problems: tuple[str, ...] = ()
) -> Response:
    with visitor.reading() as work:
        line = case_page(work, visitor.person, number).line
    return show(
        request, visitor, "objections/letter.html", status=status, line=line, problems=problems, form=form,
        received_on=form.text("received_on") or visitor.today.isoformat(),
    )  # fmt: skip


@router.post("/cases/{number}/objections")
def enter(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Enter it, with the day it came."""
    try:
        enter_objection(
            visitor.database, visitor.person, number=number, objection=_objection(form), received_on=_day(form),
            now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        return _letter(request, visitor, number, form, status=refused.http_status, problems=refusal(refused, visitor))
    return go(f"/cases/{number}", note="objection_entered")


def _objection(form: Posted) -> Objection:
    return Objection(form.text("by_name"), form.text("contact"), form.text("text"))


def _day(form: Posted) -> date:
    return form.day("received_on", ("收到日期", "day it came"))


@router.get("/objections")
def waiting(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Every objection nobody has ruled on, the nearest limit first."""
    with visitor.reading() as work:
        found = open_objections(work, visitor.person)
    return show(request, visitor, "objections/list.html", found=found)


@router.post("/objections/{objection_id}/ruling")
def rule(objection_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Rule on an objection: upheld or dismissed, with the reason."""
    if form.text("ruling") not in ("upheld", "dismissed"):
        raise Invalid("input.not_a_choice", field="ruling", label="处理结果", label_en="ruling")
    upheld = form.text("ruling") == "upheld"
    rule_on_objection(
        visitor.database, visitor.person, objection_id=objection_id, upheld=upheld, reason=form.text("reason"),
        now=visitor.now,
    )  # fmt: skip
    return go(own_path(form.text("back", "/")), note="ruled_upheld" if upheld else "ruled")
