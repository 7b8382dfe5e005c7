"""Star rating beside the single moves: applying in a round, what the residents' survey gives, the table of a round."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import insert, select

from services.actors import Actor
from services.assessments.form_files import Form, load_form
from services.authority.rules import demand, scopes
from services.cases.advance import AdvanceCase, Advanced, advance
from services.cases.facts.star import FORM
from services.cases.lists import visible
from services.cases.models import case_materials, cases
from services.cases.opening import open_star
from services.cases.turn import Subject
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Invalid
from services.organizations.models import organizations
from services.organizations.queries import organization_row
from services.people.acts import act
from services.rulesets.commands import rule_set_on
from services.stars.models import star_ratings
from services.stars.queries import RoundLine, rating_of, ratings_of, round_line
from services.stars.rules import SURVEY_ITEM
from statemachines.registry import process_of
from statemachines.roles import Role
from statemachines.table import State

APPLY, READ = "star:apply", "star_round:read"
PUBLIC_STATES = frozenset({
    "CONFIRMED", "CERTIFIED", "CHECK_DUE", "DOWNGRADED", "NOT_RATED", "EXPIRED", "CANCELLED",
})  # fmt: skip
"""Where the result was told to the organization, so that it may be shown to it."""


@dataclass(frozen=True, slots=True)
class StarApplication:
    """What an organization says when it applies: own scores and their grounds by criterion, and its materials."""

    round_id: str
    organization_id: str
    self_scores: Mapping[str, str]
    evidence: Mapping[str, str] = field(default_factory=dict)
    materials: tuple[str, ...] = ()
    statement: str = ""
    commitments_accepted: bool = False
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """One application in the table of a round; total and stars only for those who may know them by now."""

    number: str
    organization_id: str
    organization: str
    category: str
    legal_status: str
    state: State
    due_on: date | None
    self_total: Decimal
    survey_points: Decimal | None
    total: Decimal | None
    stars: int | None
    caps: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


def own_organizations(work: Work, actor: Actor) -> tuple[tuple[str, str, str], ...]:
    """(id, name, category) of the organizations the actor may apply for."""
    ids = {grant.organization_id for grant in actor.grants if grant.role is Role.APPLICANT and grant.organization_id}
    rows = work.connection.execute(
        select(organizations.c.id, organizations.c.name, organizations.c.category)
        .where(organizations.c.id.in_(ids))
        .order_by(organizations.c.name)
    )
    return tuple((row.id, row.name, row.category) for row in rows)


def form_for(category: str) -> Form:
    """The form of the rating with what it asks of organizations of that category."""
    return load_form(FORM, category=category)


def materials_wanted(work: Work) -> tuple[str, ...]:
    """What has to be handed in, by the rule set of the day."""
    return tuple(rule_set_on(work, work.today).value("materials.star"))


def apply_for_star(database: Database, actor: Actor, new: StarApplication, *, now: datetime) -> Advanced:
    """Apply in a round: the case is opened and handed in at once, or not at all; answers how it stands.

    Forbidden for who does not act for the organization; Invalid for an own score that is none or off the form's
    steps; Refused by the guards of the first move (window, bar, another application, materials).
    """

    def unit(work: Work) -> Advanced:
        demand(actor, APPLY)
        if all(one[0] != new.organization_id for one in own_organizations(work, actor)):
            raise Forbidden("access.forbidden", action=APPLY)
        present = round_line(work, new.round_id)
        organization = organization_row(work, new.organization_id)
        scores = _own_scores(form_for(organization.category), new.self_scores)
        opened = open_star(work, actor=actor, present=present, organization=organization, self_scores=scores)
        _keep_materials(work, opened.id, new.materials)
        said = [
            {"criterion": key, "score": value, **({"evidence": told} if (told := new.evidence.get(key, "")) else {})}
            for key, value in scores.items()
        ]
        details: dict[str, Any] = {"self_scores": said, "commitments_accepted": new.commitments_accepted}
        if new.statement:
            details["statement"] = new.statement
        if not new.commitments_accepted:
            raise Invalid("star.commitments_not_accepted")
        return advance(work, actor, AdvanceCase(opened.number, "apply_star", 0, details, new.request_id))

    return act(
        database, actor, unit, now=now, action=APPLY, stream=f"star_round:{new.round_id}", object=new.organization_id
    )


def _own_scores(form: Form, given: Mapping[str, str]) -> dict[str, str]:
    """One own score for each criterion, within what it allows and on the steps of the form."""
    found = {}
    for one in form.criteria:
        text = given.get(one.id, "").strip()
        try:
            value = Decimal(text)
        except InvalidOperation:
            code = "input.not_a_number" if text else "input.missing"
            raise Invalid(code, field=one.id, label=one.label_zh, label_en=one.label_en) from None
        if not value.is_finite() or not 0 <= value <= one.maximum or value % form.step:
            raise Invalid(
                "star.self_score_wrong", field=one.id, label=one.label_zh, label_en=one.label_en,
                most=format(one.maximum, "f"),
            )  # fmt: skip
        found[one.id] = format(value, "f")
    return found


def _keep_materials(work: Work, case_id: str, names: tuple[str, ...]) -> None:
    wanted = materials_wanted(work)
    rows = [
        {"id": new_id(), "case_id": case_id, "name": name, "provided_on": work.today, "copies": 1, "original": False}
        for name in wanted
        if name in names
    ]
    if rows:
        work.connection.execute(insert(case_materials), rows)


def points_given(work: Work, subject: Subject) -> dict[str, str]:
    """The points that are the same on every sheet of a case because others gave them: the residents' of a star."""
    if subject.case.kind != "star":
        return {}
    points = rating_of(work, subject.case.id).survey_points
    return {} if points is None else {SURVEY_ITEM: format(points.normalize(), "f")}


def entries_of(work: Work, actor: Actor, round_id: str) -> tuple[RoundEntry, ...]:
    """The applications of a round the actor may see, by number; NotFound for an unknown round.

    Totals and stars stand only where the actor reads scores, or where the result was already told.
    """
    demand(actor, READ)
    round_line(work, round_id)
    rows = work.connection.execute(
        select(cases, organizations.c.name, organizations.c.category, organizations.c.legal_status)
        .join(organizations, organizations.c.id == cases.c.organization_id)
        .join(star_ratings, star_ratings.c.case_id == cases.c.id)
        .where(star_ratings.c.round_id == round_id, visible(actor))
        .order_by(cases.c.number)
    ).all()
    ratings = ratings_of(work, [row.id for row in rows])
    reads = bool(scopes(actor, "assessment:read_scores"))
    found = []
    for row in rows:
        rating = ratings[row.id]
        told = reads or row.state in PUBLIC_STATES
        found.append(
            RoundEntry(
                row.number, row.organization_id, row.name, row.category, row.legal_status,
                process_of(row.kind, row.edition).state(row.state), row.due_on, rating.self_total,
                rating.survey_points if told else None, rating.total if told else None,
                rating.stars if told else None, rating.capped_by if told else (), rating.valid_from, rating.valid_to,
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Shown:
    """A rating as the page of its case shows it: the own scores always, the result for whom it is meant."""

    self_total: Decimal
    survey_points: Decimal | None
    total: Decimal | None
    stars: int | None
    caps: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    ended_as: str | None
    barred_to: date | None
    round_id: str
    round_title: str


def shown_on(work: Work, actor: Actor, *, case_id: str, state: str) -> Shown:
    """The rating of that case for this person; the case itself was already found to be visible."""
    rating = rating_of(work, case_id)
    told = state in PUBLIC_STATES or bool(scopes(actor, "assessment:read_scores"))
    return Shown(
        rating.self_total, rating.survey_points if told else None, rating.total if told else None,
        rating.stars if told else None, rating.capped_by if told else (), rating.valid_from, rating.valid_to,
        rating.ended_as, rating.barred_to, rating.round_id, round_line(work, rating.round_id).title,
    )  # fmt: skip


def may_apply_in(present: RoundLine, today: date, own: tuple[tuple[str, str, str], ...]) -> bool:
    """Whether the page of a round leads on to an application."""
    return present.standing(today) == "open" and bool(own)
