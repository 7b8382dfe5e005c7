"""Rule sets: every version with what it changed, proposing a new one, and its approval by a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.errors import NotFound, Refused
from services.rulesets import acts
from services.rulesets.queries import proposals, versions
from services.rulesets.rules import Field, Rules, as_typed, fields, unit_words, worded
from web.forms.posted import Posted, posted
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/rule-sets")


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a version: its field, its value, as a person would type it, and the unit beside the input."""

    field: Field
    value: Any
    typed: str
    unit: str


@router.get("")
def rule_sets(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Every version, what differs from the one before, and the proposals."""
    return page(request, visitor, done=done)


def page(request: Request, visitor: Visitor, *, error: Refused | None = None, form: Posted | None = None,
         done: str = "") -> Response:  # fmt: skip
    """The page with what was refused on top."""
    with visitor.reading() as work:
        found, proposed = versions(work), proposals(work)
    return show(
        request, visitor, "rule_sets/page.html", status=error.http_status if error else 200, versions=found,
        waiting=[one for one in proposed if one.standing == "waiting"],
        decided=[one for one in proposed if one.standing in ("refused", "withdrawn")],
        problems=refusal(error, visitor) if error else (), form=form or Posted({}), done=done,
    )  # fmt: skip


@router.get("/new")
def new(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """The form for a new version, filled with the latest one."""
    return _form(request, visitor)


def _form(request: Request, visitor: Visitor, *, error: Refused | None = None, form: Posted | None = None) -> Response:
    with visitor.reading() as work:
        found = versions(work)
    if not found:
        raise Refused("rule_set.none_yet")
    return show(
        request, visitor, "rule_sets/new.html", status=error.http_status if error else 200,
        sections=_sections(found[0].numbers, visitor.lang), problems=refusal(error, visitor) if error else (),
        form=form or Posted({}),
    )  # fmt: skip


def _sections(numbers: Mapping[str, Any], lang: str) -> list[tuple[str, list[Entry]]]:
    rules, found = Rules("shown", numbers), dict[str, list[Entry]]()
    for field in fields():
        value = rules.value(field.key)
        entry = Entry(field, value, as_typed(field, value), unit_words(field, value, lang))
        found.setdefault(field.section, []).append(entry)
    return list(found.items())


@router.post("")
def propose(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Propose a version; what was typed is shown again when it does not fit."""
    given = {field.key: form.text(field.key) for field in fields() if field.key in form.values}
    try:
        acts.propose_rule_set(
            visitor.database, visitor.person, given=given, valid_from=form.day("valid_from", _DAY),
            source=form.text("source"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _form(request, visitor, error=error, form=form)
    return go("/rule-sets", note="rules_proposed")


_DAY = ("生效日期", "effective day")


@router.get("/{rule_set_id}")
def version(request: Request, rule_set_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Every number of one version."""
    with visitor.reading() as work:
        found = next((one for one in versions(work) if one.id == rule_set_id), None)
    if found is None:
        raise NotFound("access.not_found")
    sections = _sections(found.numbers, visitor.lang)
    return show(request, visitor, "rule_sets/version.html", version=found, sections=sections, worded=worded)


@router.post("/proposals/{proposal_id}/approve")
def approve(request: Request, proposal_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Approve a proposal of somebody else."""
    try:
        acts.approve_rule_set(visitor.database, visitor.person, proposal_id=proposal_id, now=visitor.now)
    except Refused as error:
        return page(request, visitor, error=error)
    return go("/rule-sets", note="rules_approved")


@router.post("/proposals/{proposal_id}/refuse")
def refuse(
    request: Request, proposal_id: str, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)
) -> Response:
    """Turn a proposal of somebody else down, with the reason."""
    try:
        acts.refuse_rule_set(
            visitor.database, visitor.person, proposal_id=proposal_id, reason=form.text("reason"), now=visitor.now
        )
    except Refused as error:
        return page(request, visitor, error=error, form=form)
    return go("/rule-sets", note="rules_refused")


@router.post("/proposals/{proposal_id}/withdraw")
def withdraw(request: Request, proposal_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Take the own proposal back."""
    try:
        acts.withdraw_rule_set(visitor.database, visitor.person, proposal_id=proposal_id, now=visitor.now)
    except Refused as error:
        return page(request, visitor, error=error)
    return go("/rule-sets", note="rules_withdrawn")
