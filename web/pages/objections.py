"""Objections to a publicity: anyone lodges one on a public page, the centre manager rules on it."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.cases import commands
from services.cases.turn import load_subject
from services.errors import Invalid, NotFound
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, own_path, visiting

router = APIRouter()


@router.get("/publicity/{number}")
def publicity(request: Request, number: str, visitor: Visitor = Depends(visiting)) -> Response:
    """What is published, and the form to object; a case that is not published is not known here."""
    return _page(request, visitor, number)


def _page(
    request: Request, visitor: Visitor, number: str, *, status: int = 200, problems: tuple[str, ...] = (),
    form: Posted | None = None, lodged: bool = False,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        subject = load_subject(work, number=number)
        if "PUBLICITY" not in subject.case.state:
            raise NotFound("access.not_found")
        clock = subject.clocks.get("publicity")
    return show(
        request, visitor, "cases/publicity.html", status=status, number=number, problems=problems, lodged=lodged,
        organization=subject.organization.name, centre=subject.centre.name,
        state=subject.process.state(subject.case.state), ends_on=clock.due_on if clock else None,
        form=form or Posted({}),
    )  # fmt: skip


@router.post("/publicity/{number}")
def lodge(
    request: Request, number: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Lodge an objection with name and contact."""
    try:
        commands.lodge_objection(
            visitor.database, number=number, by_name=form.text("by_name"), contact=form.text("contact"),
            text=form.text("text"), now=visitor.now,
        )  # fmt: skip
    except Invalid as invalid:
        return _page(request, visitor, number, status=422, problems=refusal(invalid, visitor), form=form)
    return _page(request, visitor, number, lodged=True)


@router.post("/objections/{objection_id}/ruling")
def rule(objection_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Rule on an objection: upheld or dismissed, with the reason."""
    if form.text("ruling") not in ("upheld", "dismissed"):
        raise Invalid("input.not_a_choice", field="ruling", label="处理结果", label_en="ruling")
    if not form.text("reason"):
        raise Invalid("input.missing", field="reason", label="理由", label_en="reason")
    commands.rule_on_objection(
        visitor.database, visitor.person, objection_id=objection_id, upheld=form.text("ruling") == "upheld",
        reason=form.text("reason")[:4000], now=visitor.now,
    )  # fmt: skip
    return go(own_path(form.text("back", "/")), note="ruled")
