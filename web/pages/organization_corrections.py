"""Correcting what the register holds about an organization: the form with what stands, the reason, before and after."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.errors import Refused
from services.organizations.correcting import CATEGORIES, CORRECTED, correct_organization, standing_data
from services.organizations.queries import organization_page
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/organizations/{organization_id}/correction")
LONGEST = 500


@router.get("")
def correction(request: Request, organization_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The form, filled with what stands; the telephone stays empty and, left so, as it is."""
    return _page(request, visitor, organization_id)


def _page(
    request: Request,
    visitor: Visitor,
    organization_id: str,
    *,
    form: Posted | None = None,
    error: Refused | None = None,
) -> Response:
    with visitor.reading() as work:
        page = organization_page(work, visitor.person, organization_id)
        standing, seen = standing_data(work, visitor.person, organization_id)
    return show(
        request, visitor, "organizations/correction.html", status=error.http_status if error else 200, one=page,
        standing=standing, seen=form.text("seen") if form else seen, categories=CATEGORIES, form=form or Posted({}),
        problems=refusal(error, visitor) if error else (),
    )  # fmt: skip


@router.post("")
def correct(
    request: Request, organization_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Correct what was changed; refused: the form again with what was typed."""
    given = {name: form.text(name)[:LONGEST] for name in CORRECTED if name in form.values}
    if not given.get("leader_phone"):
        given.pop("leader_phone", None)
    try:
        correct_organization(
            visitor.database, visitor.person, organization_id=organization_id, given=given, reason=form.text("reason"),
            seen=form.text("seen"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _page(request, visitor, organization_id, form=form, error=error)
    return go(f"/organizations/{organization_id}", note="organization_corrected")
