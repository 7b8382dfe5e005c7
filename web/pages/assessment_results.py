"""The result of a round explained, and what settles a divided one: vetoes with their proof, the committee's vote."""

import secrets
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.applications.inspection import ACCEPTED
from services.applications.scanning import scanner_at
from services.assessments.committee import FEWEST_MEMBERS
from services.cases import arbitrating
from services.cases.results import result_of
from services.errors import Invalid, Refused, Unavailable
from services.settings import settings
from web.forms.posted import Posted, posted
from web.forms.votes import votes_of
from web.rendering import go, refusal, show
from web.sheets_view import Retry, sheet_context
from web.visitor import Visitor, visiting

router = APIRouter()
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@router.get("/assessments/{assessment_id}/result")
def result(request: Request, assessment_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """How the result came about, line by line; claimed vetoes; what an arbitration waits for."""
    return _page(request, visitor, assessment_id, done=done)


def _page(
    request: Request, visitor: Visitor, assessment_id: str, *, status: int = 200, problems: tuple[str, ...] = (),
    form: Posted | None = None, done: str = "",
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        found = result_of(work, visitor.person, assessment_id)
    context: dict[str, Any] = {
        "result": found,
        "lines": found.explanation_zh if visitor.lang == "zh" else found.explanation_en,
        "choices": [one for one in ("pass", "conditional", "fail", "absent") if one in found.choices],
        "rows": max(FEWEST_MEMBERS + 4, len(form.all("member")) if form else 0),
        "form": form or Posted({}),
        "accepted": ",".join(ACCEPTED),
    }
    return show(
        request, visitor, "assessments/result.html", status=status, problems=problems, done=done, **context
    )  # fmt: skip


@router.post("/assessments/{assessment_id}/veto-evidence")
def prove(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep the file that proves a claimed veto."""
    try:
        given = form.needed_upload()
        arbitrating.prove_veto(
            visitor.database, visitor.person, assessment_id=assessment_id, veto=form.text("veto"),
            upload=given, note=form.text("note"), scanner=scanner_at(settings().clamd),
            now=visitor.now,
        )  # fmt: skip
    except (Refused, Unavailable) as refused:
        problems = refusal(refused, visitor)
        return _page(request, visitor, assessment_id, status=refused.http_status, problems=problems, form=form)
    return go(f"/assessments/{assessment_id}/result", note="file_kept")


@router.post("/assessments/{assessment_id}/veto-ruling")
def rule(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """The manager confirms a claimed veto last, or strikes it with a reason."""
    try:
        if form.text("ruling") not in ("yes", "no"):
            raise Invalid("input.not_a_choice", field="ruling", label="认定", label_en="ruling")
        arbitrating.rule_on_veto(
            visitor.database, visitor.person, assessment_id=assessment_id, veto=form.text("veto"),
            upheld=form.text("ruling") == "yes", reason=form.text("reason"), now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        problems = refusal(refused, visitor)
        return _page(request, visitor, assessment_id, status=refused.http_status, problems=problems, form=form)
    return go(f"/assessments/{assessment_id}/result", note="veto_ruled")


@router.post("/assessments/{assessment_id}/committee")
def vote(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep the committee's meeting with each member's vote and reason."""
    try:
        arbitrating.record_committee_vote(
            visitor.database, visitor.person, assessment_id=assessment_id, votes=votes_of(form),
            held_on=form.day("held_on", ("会议日期", "day of the meeting")), minutes=form.text("minutes"),
            now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        problems = refusal(refused, visitor)
        return _page(request, visitor, assessment_id, status=refused.http_status, problems=problems, form=form)
    return go(f"/assessments/{assessment_id}/result", note="vote_recorded")


@router.post("/assessments/{assessment_id}/veto-confirmation")
def confirm(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """An evaluator of the round confirms a veto that was claimed and proved."""
    try:
        arbitrating.confirm_veto(
            visitor.database, visitor.person, assessment_id=assessment_id, veto=form.text("veto"), now=visitor.now
        )
    except Refused as refused:
        return _sheet(request, visitor, assessment_id, refused)
    return go(f"/assessments/{assessment_id}", note="veto_confirmed")


@router.post("/assessments/{assessment_id}/veto-refutation")
def refute(
    request: Request, assessment_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """The lead of the panel strikes a claimed veto, with a reason."""
    try:
        arbitrating.refute_veto(
            visitor.database, visitor.person, assessment_id=assessment_id, veto=form.text("veto"),
            reason=form.text("reason"), now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        return _sheet(request, visitor, assessment_id, refused)
    return go(f"/assessments/{assessment_id}", note="veto_struck")


def _sheet(request: Request, visitor: Visitor, assessment_id: str, refused: Refused) -> Response:
    """The evaluator's own sheet again, with what was refused on top."""
    context = sheet_context(visitor, assessment_id, Retry(problems=refusal(refused, visitor)))
    return show(request, visitor, "assessments/page.html", status=refused.http_status, done="", **context)


@router.get("/veto-evidence/{finding_id}")
def evidence(finding_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The proof of a veto, to be saved and never shown by the browser."""
    with visitor.reading() as work:
        content, extension = arbitrating.evidence(work, visitor.person, finding_id)
    return as_file(content, extension)


def as_file(content: bytes, extension: str) -> Response:
    """A handed-in file; its name tells nothing about anybody."""
    name = f"{secrets.token_hex(8)}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=TYPES.get(extension, "application/octet-stream"), headers=headers)
