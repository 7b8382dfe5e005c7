"""People and roles: the register, and what one administrator proposes and another confirms."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from services.notices.mail import set_address
from services.people import administration
from services.people.administration import NewGrant, NewPerson
from services.people.new_passwords import LINK_LASTS, make_link
from services.people.queries import grants_of, pending_grants, pending_people
from services.people.register import PersonEntry, register, registered
from services.settings import settings
from statemachines.roles import Role
from web.interface.portions import MOST_LINES, Cursor, Limit, link_next, portion
from web.interface.repeats import SHOWN_ONCE, RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identity, Reply, Username
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/people", tags=["people"], route_class=RepeatableRoute)
Reason = Annotated[str, Field(min_length=1, max_length=400), Clean]
RoleName = Literal[tuple(sorted(one.value for one in Role if one is not Role.SYSTEM))]  # type: ignore[valid-type]


class Person(Reply):
    """A person with the roles of the day."""

    id: str
    username: str
    name: str
    language: str
    disabled: bool
    roles: list[str]
    created_at: datetime


class People(Reply):
    """A portion of the register."""

    people: list[Person]
    next: str | None


class PersonRole(Reply):
    """A role that is held, was held or will be; `running` says whether it is in force today."""

    id: str
    role: str
    office: str
    organization_id: str | None
    division_code: str | None
    valid_from: date
    valid_to: date | None
    ended_at: datetime | None
    running: bool


class PersonWithRoles(Person):
    """A person with every role, the latest first."""

    grants: list[PersonRole]


class WaitingPerson(Reply):
    """An account that waits for a second administrator."""

    id: str
    username: str
    name: str
    language: str
    reason: str
    proposed_by: str
    proposed_at: datetime


class WaitingRole(Reply):
    """A role that waits for a second administrator."""

    id: str
    person_id: str
    person: str
    role: str
    office: str
    organization_id: str | None
    division_code: str | None
    valid_from: date
    valid_to: date | None
    reason: str
    proposed_by: str
    proposed_at: datetime


class Proposals(Reply):
    """What waits, the oldest first; `proposed_by` are names."""

    accounts: list[WaitingPerson]
    roles: list[WaitingRole]


class ProposedPerson(Body):
    """Who is to have an account, and why."""

    username: Username
    name: Annotated[str, Field(min_length=1, max_length=60), Clean]
    reason: Reason
    language: Literal["zh", "en"] = "zh"


class ProposedRole(Body):
    """Which role is to be held, for which office, organization or territory, between which days, and why."""

    role: RoleName
    reason: Reason
    valid_from: Day
    valid_to: Day | None = None
    office: Annotated[str, Field(max_length=60), Clean] = ""
    organization_id: Identity | None = None
    division_code: Annotated[str, Field(pattern=r"^[0-9]{2,12}$")] | None = None


class WithReason(Body):
    """Why it is done."""

    reason: Reason


class MailAddress(Body):
    """An address, or nothing to forget the one that was kept."""

    address: Annotated[str, Field(max_length=200), Clean]


class Proposed(Reply):
    """The proposal; `made` is the id of what it made at once (in the founding days), else null."""

    id: str | None
    made: str | None


class OneTimeLink(Reply):
    """The address, shown this once, and until when it works."""

    address: str
    until: datetime


class Made(Reply):
    """The id of the person or the grant."""

    id: str


@router.get("", summary="The register of people")
def people(
    request: Request, response: Response, visitor: Visitor = Depends(visiting),
    find: Annotated[str, Query(max_length=60)] = "", role: Annotated[str, Query(max_length=40)] = "",
    standing: Literal["", "able", "disabled"] = "", limit: Limit = 50, cursor: Cursor = "",
) -> People:  # fmt: skip
    """By username, up to the first thousand."""
    with visitor.reading() as work:
        lines = register(work, find=find, role=role, standing=standing, limit=10 * MOST_LINES)
    shown, more = portion(lines, cursor, limit)
    link_next(request, response, more)
    return People(
        people=[Person(**_person(one)) for one in shown],
        next=more,
    )


def _person(one: PersonEntry) -> dict[str, Any]:
    return {
        "id": one.id, "username": one.username, "name": one.name, "language": one.language, "disabled": one.disabled,
        "roles": [role.value for role in one.roles], "created_at": one.created_at,
    }  # fmt: skip


@router.get("/proposals", summary="Accounts and roles that wait")
def proposals(visitor: Visitor = Depends(visiting)) -> Proposals:
    """For a second administrator to confirm or refuse."""
    with visitor.reading() as work:
        accounts, grants = pending_people(work), pending_grants(work)
    return Proposals(
        accounts=[
            WaitingPerson(id=one.id, username=one.username, name=one.name, language=one.language, reason=one.reason,
                          proposed_by=one.proposer, proposed_at=one.proposed_at)
            for one in accounts
        ],
        roles=[
            WaitingRole(
                id=one.id, person_id=one.person_id, person=one.person, role=one.role, office=one.office,
                organization_id=one.organization_id, division_code=one.division_code, valid_from=one.valid_from,
                valid_to=one.valid_to, reason=one.reason, proposed_by=one.proposer, proposed_at=one.proposed_at,
            )
            for one in grants
        ],
    )  # fmt: skip


@router.get("/{person_id}", summary="One person")
def person(person_id: Identity, visitor: Visitor = Depends(visiting)) -> PersonWithRoles:
    """With every role, the latest first."""
    with visitor.reading() as work:
        one, grants = registered(work, person_id), grants_of(work, person_id)
    return PersonWithRoles(
        **_person(one),
        grants=[
            PersonRole(id=each.id, role=each.role, office=each.office, organization_id=each.organization_id,
                  division_code=each.division_code, valid_from=each.valid_from, valid_to=each.valid_to,
                  ended_at=each.ended_at, running=each.running)
            for each in grants
        ],
    )  # fmt: skip


@router.post("", status_code=201, summary="Propose an account", dependencies=[repeatable])
def propose_person(body: ProposedPerson, visitor: Visitor = Depends(visiting)) -> Proposed:
    """A second administrator confirms it."""
    new = NewPerson(body.username, body.name, body.reason, body.language)
    found = administration.propose_person(visitor.database, visitor.person, new, now=visitor.now)
    return Proposed(id=found.id, made=found.made)


@router.post("/accounts/{proposal_id}/confirm", summary="Make a proposed account")
def confirm_person(proposal_id: Identity, visitor: Visitor = Depends(visiting)) -> Made:
    """Never the own proposal."""
    return Made(id=administration.confirm_person(visitor.database, visitor.person, proposal_id, now=visitor.now))


@router.post("/accounts/{proposal_id}/refuse", status_code=204, summary="Turn a proposed account down")
def refuse_person(proposal_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Or take the own proposal back."""
    administration.refuse_person(visitor.database, visitor.person, proposal_id, now=visitor.now)


@router.post("/{person_id}/roles", status_code=201, summary="Propose a role", dependencies=[repeatable])
def propose_grant(person_id: Identity, body: ProposedRole, visitor: Visitor = Depends(visiting)) -> Proposed:
    """A second administrator confirms it; never for oneself."""
    new = NewGrant(
        person_id, Role(body.role), body.reason, body.valid_from, body.valid_to, body.office, body.organization_id,
        body.division_code,
    )  # fmt: skip
    found = administration.propose_grant(visitor.database, visitor.person, new, now=visitor.now)
    return Proposed(id=found.id, made=found.made)


@router.post("/roles/{proposal_id}/confirm", summary="Put a proposed role in force")
def confirm_grant(proposal_id: Identity, visitor: Visitor = Depends(visiting)) -> Made:
    """Never the own proposal."""
    return Made(id=administration.confirm_grant(visitor.database, visitor.person, proposal_id, now=visitor.now))


@router.post("/roles/{proposal_id}/refuse", status_code=204, summary="Turn a proposed role down")
def refuse_grant(proposal_id: Identity, visitor: Visitor = Depends(visiting)) -> None:
    """Or take the own proposal back."""
    administration.refuse_grant(visitor.database, visitor.person, proposal_id, now=visitor.now)


@router.post("/{person_id}/roles/{grant_id}/end", status_code=204, summary="End a role at once")
def end_grant(
    person_id: Identity, grant_id: Identity, body: WithReason, visitor: Visitor = Depends(visiting)  # noqa: ARG001
) -> None:  # fmt: skip
    """With the reason."""
    administration.end_grant(visitor.database, visitor.person, grant_id, reason=body.reason, now=visitor.now)


@router.post("/{person_id}/disable", status_code=204, summary="Disable an account")
def disable(person_id: Identity, body: WithReason, visitor: Visitor = Depends(visiting)) -> None:
    """Every sign-in of the person ends."""
    administration.disable_person(visitor.database, visitor.person, person_id, reason=body.reason, now=visitor.now)


@router.post("/{person_id}/enable", status_code=204, summary="Enable an account again")
def enable(person_id: Identity, body: WithReason, visitor: Visitor = Depends(visiting)) -> None:
    """Its roles are those of the day."""
    administration.enable_person(visitor.database, visitor.person, person_id, reason=body.reason, now=visitor.now)


@router.post("/{person_id}/reset-factor", status_code=204, summary="Take a lost second factor away")
def reset_factor(person_id: Identity, body: WithReason, visitor: Visitor = Depends(visiting)) -> None:
    """The next sign-in leads to setting one up."""
    administration.reset_factor(visitor.database, visitor.person, person_id, reason=body.reason, now=visitor.now)


@router.post(
    "/{person_id}/link", status_code=201, summary="Make a link to a new password", dependencies=[repeatable],
    openapi_extra={SHOWN_ONCE: ["address"]},
)  # fmt: skip
def link(person_id: Identity, body: WithReason, visitor: Visitor = Depends(visiting)) -> OneTimeLink:
    """Works once, for a day; earlier ones are worth nothing any more. Never for the own account."""
    token = make_link(visitor.database, visitor.person, person_id, reason=body.reason, now=visitor.now)
    address = f"{settings().site.rstrip('/')}/sign-in/links/{token}"
    return OneTimeLink(address=address, until=visitor.now + LINK_LASTS)


@router.post("/{person_id}/mail-address", status_code=204, summary="Keep a mail address")
def mail_address(person_id: Identity, body: MailAddress, visitor: Visitor = Depends(visiting)) -> None:
    """The address under which the person is mailed; empty forgets it."""
    set_address(visitor.database, visitor.person, person_id, body.address, now=visitor.now)
