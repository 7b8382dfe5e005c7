"""People and roles: the register, a person's roles with territory and dates, and what a second person confirms."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.database.work import Work
from services.errors import Invalid, Refused
from services.notices.mail import address_of, set_address
from services.organizations.queries import division_lines, organization_names
from services.people import administration
from services.people.administration import NewGrant, NewPerson
from services.people.factors import factors_of
from services.people.new_passwords import LINK_LASTS, make_link
from services.people.queries import grants_of, pending_grants, pending_people
from services.people.register import register, registered
from services.settings import settings
from statemachines.roles import ROLES, Role
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/people")
MOST = 200
GRANTABLE = tuple(role for role in ROLES if role is not Role.SYSTEM)
_FIRST, _LAST = ("起始日期", "first day"), ("终止日期", "last day")


@router.get("")
def people(
    request: Request, find: str = "", role: str = "", standing: str = "", done: str = "",
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """The register, and what waits for a second administrator."""
    return _page(request, visitor, find=find.strip()[:60], role=role[:40], standing=standing, done=done)


def _page(
    request: Request, visitor: Visitor, *, find: str = "", role: str = "", standing: str = "", done: str = "",
    error: Refused | None = None, form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        entries = register(work, find=find, role=role, standing=standing, limit=MOST)
        grants, accounts = pending_grants(work), pending_people(work)
        places = _places(work, grants)
    return show(
        request, visitor, "people/page.html", status=error.http_status if error else 200, people=entries, most=MOST,
        find=find, role=role, standing=standing, done=done, grants=grants, accounts=accounts, places=places,
        roles=ROLES, grantable=GRANTABLE, problems=refusal(error, visitor) if error else (), form=form or Posted({}),
    )  # fmt: skip


def _places(work: Work, grants: tuple[Any, ...]) -> dict[str | None, str]:
    """Organization id or division code to name, of what these roles are held for."""
    ids = {one.organization_id for one in grants if one.organization_id}
    codes = {one.division_code for one in grants if one.division_code}
    found: dict[str | None, str] = dict(organization_names(work, *ids)) if ids else {}
    return found | ({one.code: one.name for one in division_lines(work) if one.code in codes} if codes else {})


@router.post("")
def propose_person(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Propose an account, which a second administrator confirms."""
    new = NewPerson(form.text("username"), form.text("name"), form.text("reason"), form.text("language", "zh"))
    try:
        administration.propose_person(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return _page(request, visitor, error=error, form=form)
    return go("/people", note="person_proposed")


@router.post("/accounts/{proposal_id}/confirm")
def confirm_person(request: Request, proposal_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Make an account that another administrator proposed."""
    return _decided(request, visitor, administration.confirm_person, proposal_id, note="person_confirmed")


@router.post("/accounts/{proposal_id}/refuse")
def refuse_person(request: Request, proposal_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Turn a proposed account down."""
    return _decided(request, visitor, administration.refuse_person, proposal_id, note="person_refused")


@router.post("/roles/{proposal_id}/confirm")
def confirm_grant(request: Request, proposal_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Put a role in force that another administrator proposed."""
    return _decided(request, visitor, administration.confirm_grant, proposal_id, note="role_confirmed")


@router.post("/roles/{proposal_id}/refuse")
def refuse_grant(request: Request, proposal_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Turn a proposed role down."""
    return _decided(request, visitor, administration.refuse_grant, proposal_id, note="role_refused")


def _decided(
    request: Request, visitor: Visitor, decide: Callable[..., object], proposal_id: str, *, note: str
) -> Response:
    try:
        decide(visitor.database, visitor.person, proposal_id, now=visitor.now)
    except Refused as error:
        return _page(request, visitor, error=error)
    return go("/people", note=note)


@router.get("/{person_id}")
def person(request: Request, person_id: str, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """A person with every role held, past and to come, and what may be done about them."""
    return _person(request, visitor, person_id, done=done)


def _person(
    request: Request, visitor: Visitor, person_id: str, *, done: str = "", error: Refused | None = None,
    form: Posted | None = None,
) -> Response:  # fmt: skip
    with visitor.reading() as work:
        entry, grants = registered(work, person_id), grants_of(work, person_id)
        pending = tuple(one for one in pending_grants(work) if one.person_id == person_id)
        context: dict[str, Any] = {
            "places": _places(work, (*grants, *pending)), "divisions": division_lines(work),
            "organizations": organization_names(work),
            "address": address_of(work, person_id) if scopes(visitor.person, "person:mail") else "",
            "has": factors_of(work, person_id),
        }  # fmt: skip
    return show(
        request, visitor, "people/person.html", status=error.http_status if error else 200, person=entry,
        grants=grants, pending=pending, roles=ROLES, grantable=GRANTABLE, done=done,
        problems=refusal(error, visitor) if error else (), form=form or Posted({}), **context,
    )  # fmt: skip


@router.post("/{person_id}/roles")
def propose_grant(
    request: Request, person_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Propose a role, which a second administrator confirms."""
    try:
        new = _grant(person_id, form)
        administration.propose_grant(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return _person(request, visitor, person_id, error=error, form=form)
    return go(f"/people/{person_id}", note="role_proposed")


def _grant(person_id: str, form: Posted) -> NewGrant:
    if form.text("role") not in GRANTABLE:
        raise Invalid("input.not_a_choice", field="role", label="角色", label_en="role")
    organization = form.text("organization_id")
    return NewGrant(
        person_id, Role(form.text("role")), form.text("reason"), form.day("valid_from", _FIRST),
        form.optional_day("valid_to", _LAST), form.text("office"), known_id(organization) if organization else None,
        form.text("division_code") or None,
    )  # fmt: skip


@router.post("/{person_id}/roles/{grant_id}/end")
def end_grant(
    request: Request, person_id: str, grant_id: str, form: Posted = Depends(posted),
    visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """End a role at once, with the reason."""
    return _done(request, visitor, person_id, administration.end_grant, grant_id, form=form, note="role_ended")


@router.post("/{person_id}/disable")
def disable(
    request: Request, person_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Disable the account: every sign-in of the person ends."""
    return _done(request, visitor, person_id, administration.disable_person, person_id, form=form, note="disabled")


@router.post("/{person_id}/enable")
def enable(
    request: Request, person_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Enable a disabled account again."""
    return _done(request, visitor, person_id, administration.enable_person, person_id, form=form, note="enabled")


@router.post("/{person_id}/reset-factor")
def reset_factor(
    request: Request, person_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Take a lost second factor away: the next sign-in leads to setting one up."""
    return _done(request, visitor, person_id, administration.reset_factor, person_id, form=form, note="factor_reset")


@router.post("/{person_id}/link")
def link(
    request: Request, person_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Make a one-time link to a new password and show it this once; or the page again with the reason."""
    try:
        token = make_link(visitor.database, visitor.person, person_id, reason=form.text("reason"), now=visitor.now)
    except Refused as error:
        return _person(request, visitor, person_id, error=error, form=form)
    with visitor.reading() as work:
        entry = registered(work, person_id)
    address = f"{settings().site.rstrip('/')}/sign-in/links/{token}"
    return show(request, visitor, "people/link.html", person=entry, address=address, until=visitor.now + LINK_LASTS)


@router.post("/{person_id}/mail-address")
def mail_address(
    request: Request, person_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Keep or forget the address under which the person is mailed."""
    try:
        set_address(visitor.database, visitor.person, person_id, form.text("address"), now=visitor.now)
    except Refused as error:
        return _person(request, visitor, person_id, error=error, form=form)
    return go(f"/people/{person_id}", note="mail_saved")


def _done(
    request: Request, visitor: Visitor, person_id: str, act: Callable[..., object], about: str, *, form: Posted,
    note: str,
) -> Response:  # fmt: skip
    try:
        act(visitor.database, visitor.person, about, reason=form.text("reason"), now=visitor.now)
    except Refused as error:
        return _person(request, visitor, person_id, error=error, form=form)
    return go(f"/people/{person_id}", note=note)
