"""统计简报: the bulletins issued so far, and the act that issues the one of a month."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.database.work import Work
from services.errors import Refused
from services.organizations.queries import centre_lines
from services.reports.bulletins import ISSUE, bulletins, issue_bulletin, months_open
from web.forms.plain import Act, Input, Listing, Row, Sheet
from web.forms.posted import Posted, posted
from web.pages.set_up import Parts, plain_page
from web.rendering import day, go
from web.visitor import Visitor, visiting
from web.wording import say

router = APIRouter(prefix="/bulletins")


@router.get("")
def listed(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The bulletins, the latest first, and the form of who may issue one."""
    return plain_page(request, visitor, "nav.bulletins", lambda work: _parts(work, visitor), done=done)


def _parts(work: Work, visitor: Visitor) -> Parts:
    rows = tuple(
        Row(
            (one.number, day(one.decided_on, visitor.lang), say(f"paper.standing_{one.standing}", visitor.lang)),
            link=Act(f"/papers/{one.id}", "paper.open") if one.file_sha256 else None,
        )
        for one in bulletins(work, visitor.person)
    )
    listing = Listing("", ("paper_number", "issued_on", "standing"), rows)
    return (listing,), _sheets(work, visitor) if scopes(visitor.person, ISSUE) else ()


def _sheets(work: Work, visitor: Visitor) -> tuple[Sheet, ...]:
    centres = centre_lines(work)
    inputs = [Input("bulletin_month", options=[(one.key, one.said) for one in months_open(visitor.today)])]
    if len(centres) > 1:
        inputs.append(Input("centre", options=[(one.id, one.name) for one in centres]))
    return (Sheet("issue_bulletin", "/bulletins", tuple(inputs), submit="issue"),)


@router.post("")
def issue(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Issue the bulletin of the month with the figures of this instant."""
    try:
        issue_bulletin(
            visitor.database, visitor.person, form.text("bulletin_month"), now=visitor.now, centre=form.text("centre")
        )
    except Refused as error:
        return plain_page(request, visitor, "nav.bulletins", lambda work: _parts(work, visitor), error=error, form=form)
    return go("/bulletins", note="bulletin_issued")
