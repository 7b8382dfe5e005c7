"""Writes of assessments: appointing a panel, declaring interests, opening, scoring, locking, concluding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.assessments import form_files
from services.assessments.commitments import Sheet, committed
from services.assessments.concluding import conclude
from services.assessments.models import assessments, score_sheets, seats
from services.assessments.queries import Round, latest_round, round_by_id, sheet_to_score
from services.assessments.rules import check_sheet, declaration_faults, sheet_total
from services.database.base import new_id
from services.database.work import Work
from services.errors import Invalid, Refused
from services.evaluators.conflicts import refuse_conflicts
from services.evaluators.petitions import open_petitions
from services.rulesets.rules import Rules


@dataclass(frozen=True, slots=True)
class PanelMember:
    """One evaluator to be seated; part is lead, member or extra."""

    person_id: str
    part: str = "member"


def appoint_panel(
    work: Work,
    *,
    case_id: str,
    organization_id: str,
    form: str,
    members: Sequence[PanelMember],
    excluded: frozenset[str],
    category: str = "",
) -> str:
    """Appoint the panel of a new round (a new one when the latest is concluded); answers the assessment's id.

    Refuses people with any conflict of interest found today (assessment.evaluator_has_conflict), and people of
    `excluded` (who manage, decide or applied on this case).
    """
    latest = latest_round(work, case_id, form)
    if latest is not None and latest.concluded_at is None:
        raise Refused("assessment.panel_already_appointed")
    copy = form_files.to_json(form_files.load_form(form, category=category))
    identity = new_id()
    work.connection.execute(
        insert(assessments).values(
            id=identity, case_id=case_id, form=form, round=(latest.number if latest else 0) + 1, form_copy=copy,
            appointed_at=work.now, arbitration_open=False,
        )
    )  # fmt: skip
    for member in members:
        _seat(work, identity, member, organization_id=organization_id, excluded=excluded)
    return identity


def _seat(
    work: Work, assessment_id: str, member: PanelMember, *, organization_id: str, excluded: frozenset[str],
    replaces: str | None = None,
) -> str:  # fmt: skip
    if member.person_id in excluded:
        raise Refused("case.duties_must_be_separate")
    refuse_conflicts(work, person_id=member.person_id, organization_id=organization_id)
    identity = new_id()
    work.connection.execute(
        insert(seats).values(
            id=identity, assessment_id=assessment_id, person_id=member.person_id, part=member.part,
            interest="undeclared", replaces_id=replaces,
        )
    )  # fmt: skip
    return identity


def declare_interest(
    work: Work, *, actor: Actor, assessment_id: str, conflict: bool, situations: Sequence[str] = (), note: str = ""
) -> None:
    """The evaluator declares whether an interest exists and in which situations; a conflict vacates the seat at once.

    Invalid with the codes of `declaration_faults`; Refused (assessment.sheet_locked) once the own sheet is locked,
    since what follows then is for the office to rule on.
    """
    sheet = sheet_to_score(work, person_id=actor.id, assessment_id=assessment_id)
    if sheet.locked_at is not None:
        raise Refused("assessment.sheet_locked")
    if faults := declaration_faults(conflict=conflict, situations=situations, note=note):
        raise Invalid(*faults)
    work.connection.execute(
        update(seats)
        .where(seats.c.id == sheet.seat_id)
        .values(
            interest="conflict" if conflict else "none",
            interest_note=note.strip()[:400],
            situations=list(situations),
            declared_at=work.now,
            vacated_at=work.now if conflict else None,
        )
    )


def replace_evaluator(
    work: Work, *, assessment_id: str, leaving_id: str, coming_id: str, organization_id: str, excluded: frozenset[str]
) -> None:
    """Seat another evaluator in place of one who is recused, or whose seat is empty already.

    Refused when the one who leaves has locked a sheet, and for one who has or had a seat in this round.
    """
    present = round_by_id(work, assessment_id)
    seat = next((line for line in present.seats if line.person_id == leaving_id), None)
    if seat is None:
        raise Refused("assessment.not_seated")
    if seat.locked_at is not None and not seat.vacated:
        raise Refused("assessment.sheet_locked")
    if any(line.person_id == coming_id for line in present.seats):
        raise Refused("assessment.already_seated")
    replaced = select(seats.c.id).where(seats.c.replaces_id == seat.seat_id)
    if work.connection.execute(replaced).first() is not None:
        raise Refused("assessment.already_replaced")
    vacate(work, seat.seat_id)
    member = PanelMember(coming_id, seat.part)
    _seat(work, assessment_id, member, organization_id=organization_id, excluded=excluded, replaces=seat.seat_id)


def vacate(work: Work, seat_id: str) -> None:
    """Empty a seat, once; its sheet is kept and counts no more."""
    work.connection.execute(
        update(seats).where(seats.c.id == seat_id, seats.c.vacated_at.is_(None)).values(vacated_at=work.now)
    )


def reopen(work: Work, assessment_id: str) -> None:
    """Take the conclusion back, so that the round concludes anew once every sheet of those who sit is locked."""
    work.connection.execute(
        update(assessments)
        .where(assessments.c.id == assessment_id)
        .values(concluded_at=None, outcome=None, mean_hundredths=None, arbitration_open=False)
    )


def open_round(work: Work, *, case_id: str, form: str) -> str | None:
    """Open the latest round of that form for scoring; opening it again changes nothing. None while no panel sits."""
    present = latest_round(work, case_id, form)
    if present is None:
        return None
    if present.opened_at is None:
        work.connection.execute(update(assessments).where(assessments.c.id == present.id).values(opened_at=work.now))
    return present.id


def points_of(values: Mapping[str, Any]) -> dict[str, Decimal]:
    """The scores as numbers, the empty ones left out. Invalid for what is no number."""
    try:
        return {key: Decimal(str(value)) for key, value in values.items() if str(value).strip() != ""}
    except InvalidOperation:
        raise Invalid("assessment.item_not_a_number") from None


def save_sheet(
    work: Work, *, actor: Actor, assessment_id: str, items: Mapping[str, Any], comments: Mapping[str, str],
    veto: Sequence[str] = (),
) -> None:  # fmt: skip
    """Keep the evaluator's draft; nothing is checked but that the sheet is open. Refused when it is locked, and while
    no interest was declared.
    """
    sheet = sheet_to_score(work, person_id=actor.id, assessment_id=assessment_id)
    if sheet.locked_at is not None:
        raise Refused("assessment.sheet_locked")
    if sheet.interest != "none":
        raise Refused("assessment.interest_not_declared")
    if not sheet.open:
        raise Refused("assessment.not_open")
    values = {
        "items": {key: format(value, "f") for key, value in points_of(items).items()},
        "comments": {key: text.strip()[:1000] for key, text in comments.items() if text.strip()},
        "veto": list(veto),
        "saved_at": work.now,
    }
    known = work.connection.execute(select(score_sheets.c.id).where(score_sheets.c.seat_id == sheet.seat_id)).scalar()
    if known:
        work.connection.execute(update(score_sheets).where(score_sheets.c.id == known).values(**values))
    else:
        work.connection.execute(
            insert(score_sheets).values(id=new_id(), assessment_id=assessment_id, seat_id=sheet.seat_id, **values)
        )


def lock_sheet(work: Work, *, actor: Actor, assessment_id: str, rules: Rules) -> Round:
    """Lock the sheet for good, with a commitment hash; the last lock concludes the round.

    Invalid with the codes of what is wrong (an item missing, out of range, off the half-point steps, a comment
    missing); Refused without a declaration of interest, or when it is locked already.
    """
    sheet = sheet_to_score(work, person_id=actor.id, assessment_id=assessment_id)
    if sheet.locked_at is not None:
        raise Refused("assessment.sheet_locked")
    if sheet.interest != "none":
        raise Refused("assessment.interest_not_declared")
    if sheet.seat_id in {one.seat_id for one in open_petitions(work, assessment_id)}:
        raise Refused("recusal.petition_open")
    form = form_files.from_json(sheet.form_copy)
    items = points_of(sheet.items)
    if faults := check_sheet(form, items, sheet.comments):
        raise Invalid(*faults)
    total = int(sheet_total(items) * 100)
    content = Sheet(assessment_id, sheet.seat_id, sheet.items, sheet.comments, tuple(sheet.veto), total)
    work.connection.execute(
        update(score_sheets)
        .where(score_sheets.c.seat_id == sheet.seat_id, score_sheets.c.locked_at.is_(None))
        .values(
            locked_at=work.now,
            total_hundredths=total,
            commitment=committed(content),
        )
    )
    return conclude(work, round_by_id(work, assessment_id), rules)


def add_extra_evaluator(
    work: Work, *, assessment_id: str, person_id: str, organization_id: str, excluded: frozenset[str], minutes: str
) -> None:
    """Arbitration: after the panel's recorded discussion one evaluator from outside the panel scores too.

    Refused when no arbitration is open, when one extra evaluator sits already (then the committee votes), or without
    minutes.
    """
    present = round_by_id(work, assessment_id)
    if not present.arbitration_open:
        raise Refused("assessment.no_arbitration_open")
    if any(seat.part == "extra" for seat in present.sitting):
        raise Refused("assessment.extra_seated_already")
    if not minutes.strip():
        raise Invalid("assessment.minutes_missing")
    if any(seat.person_id == person_id for seat in present.seats):
        raise Refused("assessment.already_seated")
    _seat(work, assessment_id, PanelMember(person_id, "extra"), organization_id=organization_id, excluded=excluded)
    kept = dict(present.outcome or {}) | {"minutes": minutes.strip()[:2000]}
    work.connection.execute(update(assessments).where(assessments.c.id == assessment_id).values(outcome=kept))
