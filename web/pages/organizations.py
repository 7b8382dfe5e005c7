"""The register of organizations: found, looked at with their cases, and entered many at once from a file."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.cases.lists import CaseFilter, filtered
from services.grades.queries import grades_of
from services.organizations.correcting import corrections, former_names
from services.organizations.queries import account_lines, count_organizations, organization_lines, organization_page
from services.stars.queries import history_of
from services.stars.rules import GLYPH
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/organizations")
MOST_LINES = 100
LONGEST = 60


@router.get("")
def register(request: Request, text: str = "", page: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The organizations I may know of, by the sound of their names, or as a text finds them."""
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1
    start, wanted = (max(number, 1) - 1) * MOST_LINES, text[:LONGEST]
    with visitor.reading() as work:
        lines = organization_lines(work, visitor.person, find=wanted, limit=MOST_LINES + 1, offset=start)
        total = count_organizations(work, visitor.person, find=wanted)
    return show(
        request, visitor, "organizations/list.html", found={"organizations": lines[:MOST_LINES]}, text=wanted,
        total=total, number=number, more=len(lines) > MOST_LINES, first=start + 1, shown=min(len(lines), MOST_LINES),
    )  # fmt: skip


@router.get("/{organization_id}")
def organization(
    request: Request, organization_id: str, done: str = "", visitor: Visitor = Depends(visiting)
) -> Response:
    """One organization with its stars, its grades, its accounts, what was corrected and the cases I may see of it."""
    knows_accounts = bool(scopes(visitor.person, "account:list"))
    with visitor.reading() as work:
        shown = organization_page(work, visitor.person, organization_id)
        cases = filtered(work, visitor.person, CaseFilter(organization=organization_id))
        stars, grades = history_of(work, organization_id), grades_of(work, organization_id)
        accounts = account_lines(work, visitor.person, organization_id=organization_id) if knows_accounts else ()
        corrected, former = corrections(work, visitor.person, organization_id), former_names(work, organization_id)
    return show(
        request, visitor, "organizations/page.html", one=shown, cases=cases, stars=stars, grades=grades, glyph=GLYPH,
        corrected=corrected, former=former, done=done, accounts=accounts,
    )  # fmt: skip
