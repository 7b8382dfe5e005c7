"""Panels by lot: candidates as they stand, the recorded draw, and how anyone derives the same panel from the record."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from services.actors import Actor
from services.assessments.models import assessments, seats
from services.assessments.queries import Round, seats_held
from services.authority.rules import demand
from services.cases.facts.incubation import FORM_OF_STATE
from services.cases.models import cases
from services.cases.turn import Subject
from services.database.base import new_id
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.evaluators.conflicts import conflicts_of
from services.evaluators.drawing import (
    FEWEST,
    Asked,
    Candidate,
    Drawn,
    TooFewCandidates,
    candidates_in,
    digest,
    draw,
    holds,
    lot,
    panel_size,
    record,
)
from services.evaluators.models import panel_draws
from services.evaluators.queries import running_terms
from services.people.acts import hold
from services.people.models import persons
from services.people.queries import names_of, people_holding
from statemachines.engine import counted_for
from statemachines.roles import Role

READ_DRAWS = "assessment:read_draws"


@dataclass(frozen=True, slots=True)
class Lots:
    """What came out of a draw, and what is kept of it."""

    drawn: Drawn
    kept: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One candidate of a draw as a page tells it; `lot` is what the seed made of the person."""

    name: str
    fields: tuple[str, ...]
    load: int
    most: int
    lot: str
    place: int | None
    lead: bool
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawPage:
    """One draw, or one panel named by hand (`by_hand` says why, and nothing was drawn)."""

    id: str
    case_number: str
    form: str
    assessment_id: str
    purpose: str
    drawn_at: datetime
    drawn_by: str
    by_hand: str
    seed: str
    seats: int
    field: str
    digest: str
    holds: bool
    candidates: tuple[CandidateLine, ...]
    panel: tuple[str, ...]


def acted_on(subject: Subject) -> frozenset[str]:
    """Who holds a duty on the case that may not be joined with scoring."""
    apart = {other for pair in subject.process.conflicts if "score" in pair for other in pair} - {"score"}
    return frozenset(
        person for move in subject.moves if move.duty in apart for person in counted_for(move.actor_id, move.for_id)
    )


def former_panel(work: Work, subject: Subject) -> frozenset[str]:
    """After a remand: whoever had a seat on a concluded round of the assessment that is done anew; else nobody."""
    entered, form = subject.entered, FORM_OF_STATE.get(subject.case.state)
    if entered is None or form is None or entered.trigger not in subject.process.by_review:
        return frozenset()
    rows = work.connection.execute(
        select(seats.c.person_id)
        .join(assessments, assessments.c.id == seats.c.assessment_id)
        .where(
            assessments.c.case_id == subject.case.id, assessments.c.form == form,
            assessments.c.concluded_at <= entered.at,
        )
    )  # fmt: skip
    return frozenset(rows.scalars())


def refuse_former(work: Work, subject: Subject, people: Collection[str]) -> None:
    """A fresh panel assesses after a remand: Refused for anybody who sat on the former one."""
    if former_panel(work, subject).intersection(people):
        raise Refused("assessment.sat_before_review", case_number=subject.case.number)


def named_person(work: Work, username: str) -> str:
    """The id behind a username; NotFound when there is none."""
    found = work.connection.execute(select(persons.c.id).where(persons.c.username == username)).scalar()
    if found is None:
        raise NotFound("person.not_found", username=username)
    return str(found)


def draw_lots(
    work: Work, subject: Subject, *, barred: Collection[str], seated: Collection[str] = (), wanted: int = 1,
    minimum: int = 1, lead: bool = False, seed: str = "",
) -> Lots:  # fmt: skip
    """Draw from the pool as it stands now; with `minimum` above one a whole panel of an odd number of seats.

    Nobody with a duty on the case, a conflict of interest, a seat in the round or as many seats as agreed is drawn.
    The seed is made here unless given; no page, command or interface gives one, else a panel could be chosen by it.
    Refused("evaluator.too_few_to_draw") when fewer may sit than are needed.
    """
    hold(work, "pool")
    found = _candidates(work, subject, barred=barred, seated=seated)
    free = sum(not one.left_out for one in found)
    try:
        size = panel_size(wanted, eligible=free, minimum=minimum) if minimum > 1 else wanted
        asked = Asked(seed or secrets.token_hex(16), size, subject.organization.category, work.today, lead)
        drawn = draw(found, asked)
    except TooFewCandidates as too_few:
        needed = wanted if minimum == 1 else max(minimum, FEWEST)
        raise Refused("evaluator.too_few_to_draw", eligible=str(too_few.eligible), needed=needed) from None
    return Lots(drawn, record(found, asked, drawn))


def _candidates(
    work: Work, subject: Subject, *, barred: Collection[str], seated: Collection[str]
) -> tuple[Candidate, ...]:
    terms = running_terms(work)
    loads = seats_held(work)
    able = {one.id for one in people_holding(work, Role.EVALUATOR)}
    conflicts = conflicts_of(work, people=tuple(terms), organization_id=subject.case.organization_id)
    former = former_panel(work, subject)
    found = []
    for person, term in terms.items():
        load = loads.get(person, 0)
        reasons = {one.kind for one in conflicts[person]}
        reasons |= {"duty"} if person in barred or person in former else set()
        reasons |= {"seated"} if person in seated else set()
        reasons |= {"full"} if load >= term.most_seats else set()
        reasons |= {"no_account"} if person not in able else set()
        found.append(Candidate(person, term.fields, load, term.most_seats, tuple(sorted(reasons))))
    return tuple(found)


def demand_reason(work: Work, by_hand: str) -> str:
    """Why people are named by hand; Invalid when it is not told although there is a pool to draw from."""
    told = by_hand.strip()[:400]
    if not told and running_terms(work):
        raise Invalid("assessment.by_hand_reason_missing")
    return told


@dataclass(frozen=True, slots=True)
class OneMore:
    """Who comes onto a panel, by which lots or (named by hand) for which reason."""

    person: str
    lots: Lots | None
    by_hand: str


def one_more(
    work: Work, actor: Actor, subject: Subject, present: Round, *, named: str, by_hand: str, seed: str = ""
) -> OneMore:
    """Find one more person for a round: whoever is named, with the reason why by hand, else by lot."""
    if named:
        return OneMore(named, None, demand_reason(work, by_hand))
    barred = acted_on(subject) | {actor.id}
    lots = draw_lots(work, subject, barred=barred, seated={seat.person_id for seat in present.seats}, seed=seed)
    return OneMore(lots.drawn.panel[0], lots, "")


def keep_one(
    work: Work, actor: Actor, subject: Subject, found: OneMore, *, assessment_id: str, purpose: str
) -> dict[str, Any]:
    """As `keep_draw`, for one more person."""
    return keep_draw(
        work, actor, subject, assessment_id=assessment_id, purpose=purpose, lots=found.lots, by_hand=found.by_hand,
        people=(found.person,),
    )  # fmt: skip


def keep_draw(
    work: Work, actor: Actor, subject: Subject, *, assessment_id: str, purpose: str, lots: Lots | None,
    by_hand: str = "", people: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Keep how the people of a panel were found; answers what the audit entry tells of it."""
    kept = lots.kept if lots else {"panel": list(people)}
    identity, sealed = new_id(), digest(kept)
    work.connection.execute(
        insert(panel_draws).values(
            id=identity, case_id=subject.case.id, assessment_id=assessment_id, purpose=purpose, record=kept,
            digest=sealed, drawn_by=actor.id, drawn_at=work.now, by_hand=by_hand,
        )
    )  # fmt: skip
    if lots is None:
        return {"draw": identity, "by_hand": by_hand}
    return {"draw": identity, "seed": kept["seed"], "digest": sealed}


def draws_of(work: Work, actor: Actor, number: str) -> tuple[DrawPage, ...]:
    """How the panels of a case were found, oldest first; Forbidden for who may not read draws."""
    demand(actor, READ_DRAWS)
    return _pages(work, work.connection.execute(_DRAWS.where(cases.c.number == number)).all())


def draw_page(work: Work, actor: Actor, draw_id: str) -> DrawPage:
    """One draw with its candidates, derived again; NotFound when there is none, Forbidden as for `draws_of`."""
    demand(actor, READ_DRAWS)
    found = _pages(work, work.connection.execute(_DRAWS.where(panel_draws.c.id == draw_id)).all())
    if not found:
        raise NotFound("evaluator.draw_not_found")
    return found[0]


_DRAWS = (
    select(panel_draws, cases.c.number, assessments.c.form)
    .join(cases, cases.c.id == panel_draws.c.case_id)
    .join(assessments, assessments.c.id == panel_draws.c.assessment_id)
    .order_by(panel_draws.c.id)
)


def _pages(work: Work, rows: Sequence[Any]) -> tuple[DrawPage, ...]:
    people = {row.drawn_by for row in rows}
    for row in rows:
        people |= {*row.record["panel"], *(one["person"] for one in row.record.get("candidates", ()))}
    names = names_of(work, people)
    return tuple(_page(row, names) for row in rows)


def _page(row: Any, names: dict[str, str]) -> DrawPage:
    kept = row.record
    lines: tuple[CandidateLine, ...] = ()
    if kept.get("seed"):
        lines = tuple(
            CandidateLine(
                names[one.person], one.fields, one.load, one.most, lot(kept["seed"], one.person)[:12],
                kept["panel"].index(one.person) + 1 if one.person in kept["panel"] else None,
                one.person == kept["led_by"], one.left_out,
            )
            for one in candidates_in(kept)
        )  # fmt: skip
    derives = holds(kept, kept_digest=row.digest) if lines else digest(kept) == row.digest
    return DrawPage(
        row.id, row.number, row.form, row.assessment_id, row.purpose, row.drawn_at, names[row.drawn_by], row.by_hand,
        kept.get("seed", ""), kept.get("seats", len(kept["panel"])), kept.get("field", ""), row.digest, derives,
        tuple(sorted(lines, key=lambda one: (one.place or len(lines) + 1, bool(one.left_out), one.load, one.lot))),
        tuple(names[one] for one in kept["panel"]),
    )  # fmt: skip
