"""Gathers what the guards of a star case ask, from its history, its rating and the panel's sheets."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from services.assessments.form_files import from_json
from services.assessments.models import score_sheets
from services.assessments.queries import Round, latest_round
from services.assessments.rules import capped
from services.calendar.rules import WorkingCalendar
from services.cases.models import case_materials, cases
from services.cases.rulings import rulings_of
from services.cases.turn import Subject
from services.database.work import Work
from services.rulesets.rules import Rules
from services.stars.queries import barred_until, rating_of, round_line
from services.stars.rules import Rated, months_between, rate
from statemachines.star.facts import StarFacts

FORM = "star"
PANEL_STATES = ("ELIGIBLE", "SURVEYED")


def gather(
    work: Work, subject: Subject, *, details: dict[str, Any], rules: Rules, calendar: WorkingCalendar
) -> StarFacts:
    """The facts of the application today, with what is being said right now already counted in."""
    facts = StarFacts(today=work.today, overdue=subject.overdue(work.today))
    state = subject.case.state
    if state in ("ROUND_ANNOUNCED", "APPLIED", "CORRECTION"):
        facts = _applying(work, subject, facts, details=details, rules=rules)
    if state in PANEL_STATES:
        facts = _assessed(work, subject, facts, rules=rules)
    if state == "SITE_REVIEWED":
        facts = _surveyed(facts, details, rules)
    if state == "PROPOSED":
        facts = replace(facts, stars=rating_of(work, subject.case.id).stars or 0)
    if state == "PUBLICITY":
        facts = _published(work, subject, facts)
    if state in ("CERTIFIED", "CHECK_DUE", "DOWNGRADED"):
        facts = _holding(work, subject, facts, details=details, rules=rules, calendar=calendar)
    return facts


def _applying(work: Work, subject: Subject, facts: StarFacts, *, details: dict[str, Any], rules: Rules) -> StarFacts:
    rating, organization = rating_of(work, subject.case.id), subject.organization
    asked = subject.last("request_star_correction")
    items = details.get("items") or (asked.details.get("items", []) if asked else [])
    recognized_on = details.get("recognized_on")
    since = date.fromisoformat(recognized_on) if recognized_on else None
    wanted = rules.number("star.recognized_months")
    provided = set(
        work.connection.execute(
            select(case_materials.c.name).where(case_materials.c.case_id == subject.case.id)
        ).scalars()
    )
    return replace(
        facts,
        window_open=round_line(work, rating.round_id).standing(work.today) == "open",
        recognized=organization.legal_status in ("FILED", "REGISTERED"),
        other_application_live=_other_live(work, subject),
        barred_until=barred_until(work, subject.case.organization_id),
        materials_missing=sum(name not in provided for name in rules.value("materials.star")),
        self_scores_missing=sum(not value for value in rating.self_scores.values()) if rating.self_scores else 1,
        correction_items=len(items),
        correction_items_unanswered=max(len(items) - len(details.get("answers", [])), 0),
        correction_rounds=sum(move.trigger == "request_star_correction" for move in subject.moves),
        correction_rounds_allowed=rules.number("correction.max_rounds"),
        months_recognized=wanted if since is None else months_between(since, work.today),
        months_required=wanted,
        report_accepted=bool(details.get("report_accepted", True)),
        penalized=not details.get("no_penalty", True),
        listed=organization.list_standing != "normal",
    )


def _other_live(work: Work, subject: Subject) -> bool:
    """Whether the organization has another application that is not decided yet, in whatever round."""
    found = work.connection.execute(
        select(cases.c.id)
        .where(
            cases.c.organization_id == subject.case.organization_id, cases.c.kind == "star", cases.c.live.is_(True),
            cases.c.id != subject.case.id, cases.c.stage.in_(("申报", "评定", "公示")),
        )
        .limit(1)
    ).first()  # fmt: skip
    return found is not None


def _assessed(work: Work, subject: Subject, facts: StarFacts, *, rules: Rules) -> StarFacts:
    facts = replace(
        facts,
        panel_size=0,
        panel_wanted=rules.number("panel.size"),
        sheets_expected=0,
        sheets_locked=0,
        visitors=len({move.actor_id for move in subject.stay if move.trigger == "record_site_visit"}),
        visitors_wanted=rules.number("star.visitors"),
    )
    present = present_round(work, subject)
    if present is None:
        return facts
    return replace(
        facts,
        panel_size=len(present.sitting),
        interests_undeclared=sum(seat.interest != "none" for seat in present.sitting),
        sheets_expected=len(present.sitting),
        sheets_locked=sum(seat.locked_at is not None for seat in present.sitting),
        arbitration_open=present.arbitration_open,
    )


def present_round(work: Work, subject: Subject) -> Round | None:
    """The panel's round that counts now; one concluded before an objection was upheld does not count again."""
    present = latest_round(work, subject.case.id, FORM)
    returned = subject.last("return_star")
    if present is None or present.concluded_at is None or returned is None or present.concluded_at >= returned.at:
        return present
    return None


def _surveyed(facts: StarFacts, details: dict[str, Any], rules: Rules) -> StarFacts:
    wanted = rules.number("star.survey_answers")
    return replace(
        facts,
        answers=int(details.get("answered", wanted)),
        answers_wanted=wanted,
        answers_satisfied=int(details.get("satisfied", 0)),
        held_as_meeting=details.get("method") == "meeting",
    )


def _published(work: Work, subject: Subject, facts: StarFacts) -> StarFacts:
    rulings = rulings_of(work, subject)
    return replace(
        facts,
        publicity_over="star_publicity" in facts.overdue,
        objections_open=rulings.count(None),
        objection_upheld="upheld" in rulings,
    )


def _holding(
    work: Work, subject: Subject, facts: StarFacts, *, details: dict[str, Any], rules: Rules, calendar: WorkingCalendar
) -> StarFacts:
    rating, proposed = rating_of(work, subject.case.id), subject.in_stay("propose_star_measure", "drop_star_measure")
    measure = proposed.details["measure"] if proposed and proposed.trigger == "propose_star_measure" else ""
    heard = False
    if proposed is not None and measure:
        heard = calendar.add_working_days(proposed.on_date, rules.limit("hearing")[0]) < work.today
    before = rating.stars or 0
    return replace(
        facts,
        downgrade_proposed=measure == "downgrade",
        cancelling_proposed=measure == "cancel",
        hearing_over=heard,
        stars_before=before,
        stars_after=int(details.get("stars", 1 if before > 1 else before)),
        check_due="star_check" in facts.overdue,
        validity_over=rating.valid_to is not None and rating.valid_to < work.today,
    )


@dataclass(frozen=True, slots=True)
class ItemMean:
    """What the panel gave for one criterion on average, and the most there was to give."""

    id: str
    label_zh: str
    label_en: str
    mean: Decimal
    maximum: Decimal


def item_means(work: Work, present: Round) -> tuple[ItemMean, ...]:
    """The mean of each criterion over every locked sheet of the round, not rounded."""
    seats = [seat.seat_id for seat in present.sitting if seat.locked_at is not None]
    sheets = work.connection.execute(
        select(score_sheets.c["items"]).where(
            score_sheets.c.seat_id.in_(seats), score_sheets.c.locked_at.is_not(None)
        )
    ).scalars().all()  # fmt: skip
    return tuple(
        ItemMean(
            one.id, one.label_zh, one.label_en,
            sum((Decimal(sheet[one.id]) for sheet in sheets), Decimal(0)) / max(len(sheets), 1), one.maximum,
        )
        for one in from_json(present.form_copy).criteria
    )  # fmt: skip


def rated(work: Work, subject: Subject, *, present: Round, rules: Rules, recognized_on: date | None) -> Rated:
    """What the concluded round comes to in stars: its band (a committee's, where it voted) by the caps of the form."""
    organization, means = subject.organization, item_means(work, present)
    since = organization.founded_on or recognized_on or work.today
    outcome = present.outcome or {}
    band, caps = capped(
        outcome["band"],
        from_json(present.form_copy).caps,
        item_means={one.id: one.mean for one in means},
        maxima={one.id: one.maximum for one in means},
        life_years=months_between(since, work.today) // 12,
    )
    return rate(
        band, caps, registered=organization.legal_status == "REGISTERED", filed_cap=rules.number("star.filed_cap"),
        vetoed=bool(outcome.get("vetoed")),
    )  # fmt: skip
