"""The register: organizations, entering one, the centres and the divisions they belong to."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from services.organizations.acts import enter_organization
from services.organizations.commands import NewOrganization
from services.organizations.correcting import correct_organization
from services.organizations.importing import import_organizations
from services.organizations.queries import centre_lines, division_lines, organization_lines
from services.organizations.rules import legal_form_of, normalize_credit_code
from web.interface.portions import Cursor, Limit, link_next, portion
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Day, Identified, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["organizations"], route_class=RepeatableRoute)
Code = Annotated[str, Field(pattern=r"^[0-9]{6,12}$")]


class Organization(Reply):
    """An organization in a list."""

    id: str
    name: str
    legal_status: str
    incubation_stage: str
    category: str
    home_division: str
    leader_name: str
    filing_number: str | None
    credit_code: str | None


class Organizations(Reply):
    """A portion of the organizations."""

    organizations: list[Organization]
    next: str | None


class Entry(Body):
    """What is known of an organization when it is first entered; numbers say whether it is filed or registered."""

    name: Annotated[str, Field(min_length=1, max_length=120), Clean]
    category: Literal["SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB"]
    subtype: Annotated[str, Field(min_length=1, max_length=40), Clean]
    home_division: Code
    leader_name: Annotated[str, Field(min_length=1, max_length=60), Clean]
    leader_phone: Annotated[str, Field(max_length=30), Clean] = ""
    legal_form: Literal["association", "service_organization", "foundation", "none"] | None = None
    filing_number: Annotated[str, Field(max_length=40), Clean] = ""
    credit_code: Annotated[str, Field(max_length=40), Clean] = ""
    members: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    full_party_members: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    founded_on: Day | None = None
    scope_text: Annotated[str, Field(max_length=500), Clean] = ""


class CorrectionWish(Body):
    """The fields to correct as they would be typed on the page, and why."""

    given: Annotated[
        dict[Annotated[str, Field(max_length=40), Clean], Annotated[str, Field(max_length=500), Clean]],
        Field(min_length=1, max_length=12),
    ]
    reason: Annotated[str, Field(min_length=1, max_length=400), Clean]


class Corrected(Reply):
    """The names of the fields that changed."""

    changed: list[str]


class Import(Body):
    """Organizations to be entered together."""

    rows: Annotated[list[Entry], Field(min_length=1, max_length=500)]
    dry_run: bool = True


class Imported(Reply):
    """The names in the order of the rows, and whether they are entered now."""

    names: list[str]
    kept: bool


class Centre(Reply):
    """An incubation centre."""

    id: str
    name: str
    division_code: str
    places: int
    case_prefix: str


class Centres(Reply):
    """Every centre, by name."""

    centres: list[Centre]


class Division(Reply):
    """A division of the territory tree."""

    code: str
    name: str
    level: str
    kind: str
    parent_code: str | None


class Divisions(Reply):
    """Divisions in the order of their codes."""

    divisions: list[Division]


@router.get("/organizations", summary="Organizations this person may know of")
def organizations(
    request: Request, response: Response, visitor: Visitor = Depends(visiting),
    text: Annotated[str, Query(max_length=60)] = "", limit: Limit = 50, cursor: Cursor = "",
) -> Organizations:  # fmt: skip
    """By name; `text` is part of a name, its pinyin or initials, or a number."""
    with visitor.reading() as work:
        shown, more = portion(organization_lines(work, visitor.person, find=text), cursor, limit)
    link_next(request, response, more)
    return Organizations(
        organizations=[
            Organization(
                id=one.id, name=one.name, legal_status=one.legal_status, incubation_stage=one.incubation_stage,
                category=one.category, home_division=one.home_division, leader_name=one.leader_name,
                filing_number=one.filing_number, credit_code=one.credit_code,
            )
            for one in shown
        ],
        next=more,
    )  # fmt: skip


@router.post("/organizations", status_code=201, summary="Enter an organization", dependencies=[repeatable])
def enter(body: Entry, visitor: Visitor = Depends(visiting)) -> Identified:
    """Refused for a name or number that is known already or does not hold."""
    return Identified(id=enter_organization(visitor.database, visitor.person, _new(body), now=visitor.now))


def _new(body: Entry) -> NewOrganization:
    form = body.legal_form or legal_form_of(normalize_credit_code(body.credit_code)) or "none"
    status = "REGISTERED" if body.credit_code else "FILED" if body.filing_number else "UNFILED"
    return NewOrganization(
        legal_form=form, legal_status=status, filing_number=body.filing_number or None,
        credit_code=body.credit_code or None, **body.model_dump(exclude={"legal_form", "filing_number", "credit_code"}),
    )  # fmt: skip


@router.post("/organizations/import", summary="Enter many organizations", dependencies=[repeatable])
def enter_many(body: Import, visitor: Visitor = Depends(visiting)) -> Imported:
    """All or none; tried out first unless `dry_run` is false. What is wrong points at its row."""
    rows = [(place, _new(one)) for place, one in enumerate(body.rows)]
    names = import_organizations(visitor.database, visitor.person, rows, now=visitor.now, dry_run=body.dry_run)
    return Imported(names=list(names), kept=not body.dry_run)


@router.get("/centres", summary="The centres")
def centres(visitor: Visitor = Depends(visiting)) -> Centres:
    """With the characters their case numbers begin with."""
    with visitor.reading() as work:
        lines = centre_lines(work)
    return Centres(
        centres=[
            Centre(id=one.id, name=one.name, division_code=one.division_code, places=one.places,
                   case_prefix=one.case_prefix)
            for one in lines
        ]
    )  # fmt: skip


@router.get("/divisions", summary="The divisions")
def divisions(
    visitor: Visitor = Depends(visiting), under: Annotated[str, Query(max_length=12, pattern=r"^[0-9]*$")] = ""
) -> Divisions:
    """Those whose code begins with `under`."""
    with visitor.reading() as work:
        lines = division_lines(work, under=under)
    return Divisions(
        divisions=[
            Division(code=one.code, name=one.name, level=one.level, kind=one.kind, parent_code=one.parent_code)
            for one in lines
        ]
    )


@router.post("/organizations/{organization_id}/correction", summary="Correct an organization")
def correct(organization_id: Identity, body: CorrectionWish, visitor: Visitor = Depends(visiting)) -> Corrected:
    """With the reason; a former name is kept, and before and after stand in the audit log."""
    changed = correct_organization(
        visitor.database, visitor.person, organization_id=organization_id, given=body.given, reason=body.reason,
        now=visitor.now,
    )  # fmt: skip
    return Corrected(changed=list(changed))
