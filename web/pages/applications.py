"""Opening an application: for the own organization, or by the intake clerk on behalf of one."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.actors import Actor
from services.authority.rules import scopes
from services.cases import applying, commands
from services.database.work import Work
from services.errors import Refused
from services.organizations.queries import centre_lines, organization_lines
from statemachines.roles import Role
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/applications")
MOST_FOUND = 200
LONGEST_PLAN = 4000


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its id and its name."""

    id: str
    name: str


@router.get("/new")
def new(request: Request, text: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The form; an intake clerk first finds the organization."""
    return _page(request, visitor, text=text[:60])


def _page(
    request: Request, visitor: Visitor, *, text: str = "", status: int = 200, problems: tuple[str, ...] = (),
    form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        organizations = _organizations(work, visitor.person, text)
        centres = tuple(Choice(one.id, one.name) for one in centre_lines(work))
    return show(
        request, visitor, "applications/new.html", status=status, text=text, problems=problems, form=form or Posted({}),
        organizations=organizations, centres=centres, searches="centre" in scopes(visitor.person, "case:open"),
    )  # fmt: skip


def _organizations(work: Work, actor: Actor, text: str) -> tuple[Choice, ...]:
    """The own organizations under the name the role was granted for; whom the centre lets find others finds them."""
    own = [grant for grant in actor.grants if grant.role is Role.APPLICANT and grant.organization_id]
    found = {str(grant.organization_id): Choice(str(grant.organization_id), grant.office or "—") for grant in own}
    if "centre" in scopes(actor, "case:open"):
        lines = organization_lines(work, actor, find=text)[:MOST_FOUND]
        found |= {line.id: Choice(line.id, line.name) for line in lines}
    return tuple(found.values())


@router.post("")
def open_application(
    request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Open the draft; refused for an organization this person does not act for."""
    try:
        opened = commands.open_incubation(
            visitor.database, visitor.person, organization_id=known_id(form.text("organization_id")),
            centre_id=known_id(form.text("centre_id")), plan=form.text("plan")[:LONGEST_PLAN], now=visitor.now,
        )  # fmt: skip
    except Refused as refused:
        problems = refusal(refused, visitor)
        return _page(request, visitor, status=refused.http_status, problems=problems, form=form)
    if Role.APPLICANT in visitor.person.roles:
        applying.begin_form(visitor.database, visitor.person, number=opened.number, now=visitor.now)
        return go(f"/applications/{opened.number}", note="opened")
    return go(f"/cases/{opened.number}", note="opened")
