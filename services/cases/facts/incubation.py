"""Gathers what the guards of an incubation case ask, from its history and the tables beside it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from services.applications.queries import is_begun, is_signed_off, open_sections
from services.applications.rules import OPEN_STATES
from services.assessments.concluding import decisive_mean
from services.assessments.queries import Round, latest_round
from services.calendar.rules import WorkingCalendar, months_later
from services.cases.corrections import rounds_so_far
from services.cases.models import case_materials, cases, incubations
from services.cases.review_orders import orders_of
from services.cases.rulings import rulings_of
from services.cases.turn import Subject
from services.cases.waiting import WAITING, ahead_of
from services.database.work import Work
from services.delivery.queries import last_served, unserved
from services.funding.queries import unsettled_fen
from services.rulesets.rules import Rules
from statemachines.incubation.facts import IncubationFacts
from statemachines.registry import CURRENT

FORM_OF_STATE = {
    "PRELIM_REVIEW": "admission",
    "ADMISSION_REVIEW": "admission",
    "MIDTERM_REVIEW": "midterm",
    "GRADUATION_APPLIED": "graduation",
    "GRADUATION_REVIEW": "graduation",
}
GATES = 11
PRIOR_NOTICE = "D19"


_PROVIDED = select(case_materials.c.name).where(case_materials.c.case_id == bindparam("wanted"))


def gather(
    work: Work, subject: Subject, *, details: dict[str, Any], rules: Rules, calendar: WorkingCalendar
) -> IncubationFacts:
    """The facts of the case today, with what is being said right now (`details`) already counted in."""
    today, state = work.today, subject.case.state
    facts = IncubationFacts(
        today=today,
        overdue=subject.overdue(today),
        second_approval_needed=rules.flag("decision.needs_civil_affairs"),
        on_serious_list=subject.organization.list_standing == "serious",
    )
    if state in ("DRAFT", "SUBMITTED", "CORRECTION", "GRADUATION_APPLIED", "GRADUATION_CORRECTION"):
        facts = _entering(work, subject, facts, details=details, rules=rules)
    if state in ("ACCEPTED", "PRELIM_REVIEW"):
        facts = _preliminary(subject, facts, details)
    if state in FORM_OF_STATE:
        facts = _assessed(work, subject, facts, rules=rules)
    if state in ("ADMISSION_REVIEW", "WAITLISTED"):
        facts = replace(facts, places_free=free_places(work, subject), waits_behind=waits_behind(work, subject))
    if state in ("ADMISSION_PUBLICITY", "GRADUATION_PUBLICITY"):
        facts = _published(work, subject, facts)
    facts = _from_stay(subject, facts, details)
    if "review" in details:
        orders = orders_of(work, subject, str(details["review"]))
        live = _other_live(work, subject)
        facts = replace(facts, review_orders=orders, other_live_case=live, places_free=free_places(work, subject))
    if subject.incubation is not None and subject.incubation.starts_on is not None:
        facts = _in_term(work, subject, facts, rules=rules, calendar=calendar)
    return facts


def _entering(
    work: Work, subject: Subject, facts: IncubationFacts, *, details: dict[str, Any], rules: Rules
) -> IncubationFacts:
    asked = subject.last("request_correction", "request_graduation_correction")
    items = details.get("items") or (asked.details.get("items", []) if asked else [])
    answers = details.get("answers", [])
    facts = replace(
        facts,
        materials_missing=len(materials_missing(work, subject.case.id, rules)),
        privacy_notice_accepted=bool(details.get("privacy_notice_accepted")),
        commitments_accepted=bool(details.get("commitments_accepted")),
        signed_on_paper=bool(details.get("signed_on_paper")),
        correction_items=len(items),
        correction_items_unanswered=max(len(items) - len(answers), 0),
        correction_rounds=len(rounds_so_far(subject, _correction_of(subject.case.state))),
        correction_rounds_allowed=rules.number("correction.max_rounds"),
    )
    if subject.case.state in OPEN_STATES:
        facts = _written(work, subject.case.id, facts)
    if subject.case.state != "DRAFT":
        return facts
    return replace(
        facts,
        other_live_case=_other_live(work, subject),
        may_apply_from=may_apply_from(work, subject, rules),
    )


def _other_live(work: Work, subject: Subject) -> bool:
    live = work.connection.execute(
        select(cases.c.id)
        .where(
            cases.c.organization_id == subject.case.organization_id,
            cases.c.kind == "incubation",
            cases.c.live.is_(True),
            cases.c.id != subject.case.id,
        )
        .limit(1)
    ).first()
    return live is not None


def _written(work: Work, case_id: str, facts: IncubationFacts) -> IncubationFacts:
    """An application begun in the form is complete and signed there; one handed in on paper was signed on paper."""
    if not is_begun(work, case_id):
        return facts
    return replace(facts, sections_open=len(open_sections(work, case_id)), signed_off=is_signed_off(work, case_id))


def _correction_of(state: str) -> str:
    return "request_graduation_correction" if state.startswith("GRADUATION") else "request_correction"


def materials_missing(work: Work, case_id: str, rules: Rules) -> tuple[str, ...]:
    """Names of required materials the case does not have yet."""
    return still_to_provide(rules, work.connection.execute(_PROVIDED, {"wanted": case_id}).scalars())


def still_to_provide(rules: Rules, provided: Iterable[str]) -> tuple[str, ...]:
    """Names of required materials that are not among those provided."""
    there = set(provided)
    return tuple(name for name in rules.value("materials.application") if name not in there)


def may_apply_from(work: Work, subject: Subject, rules: Rules) -> date | None:
    """The day from which the organization may apply again after its last ended case; None when at once."""
    last = work.connection.execute(
        select(cases.c.state, cases.c.moved_at, incubations.c.barred_to)
        .join(incubations, incubations.c.case_id == cases.c.id)
        .where(
            cases.c.organization_id == subject.case.organization_id,
            cases.c.kind == "incubation",
            cases.c.id != subject.case.id,
            cases.c.live.is_(False),
        )
        .order_by(cases.c.moved_at.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.state == "DRAFT":
        return None
    if last.barred_to is not None:
        return last.barred_to  # type: ignore[no-any-return]
    return months_later(Work(work.connection, last.moved_at).today, rules.number(f"reentry_months.{last.state}"))


def _preliminary(subject: Subject, facts: IncubationFacts, details: dict[str, Any]) -> IncubationFacts:
    said = subject.last("begin_preliminary_review")
    told = dict(said.details) if said else {}
    if "lists_checked" in details:
        told.update(details)
    eligible = bool(told.get("eligible", False)) if told else None
    return replace(
        facts, lists_checked=bool(told.get("lists_checked")), visitors=int(told.get("visitors", 0)), eligible=eligible
    )


def _assessed(work: Work, subject: Subject, facts: IncubationFacts, *, rules: Rules) -> IncubationFacts:
    form = FORM_OF_STATE[subject.case.state]
    present = latest_round(work, subject.case.id, form)
    facts = replace(
        facts,
        panel_minimum=rules.number("panel.minimum"),
        pass_mark=rules.mark(f"score.{form}_pass"),
        floor_mark=rules.mark(f"score.{form}_floor"),
        self_report_given=_self_report_given(subject),
    )
    if present is None or not _of_this_stay(subject, present):
        return facts
    outcome = present.outcome or {}
    return replace(
        facts,
        panel_size=len(present.sitting),
        interests_undeclared=sum(seat.interest != "none" for seat in present.sitting),
        sheets_expected=len(present.sitting),
        sheets_locked=sum(seat.locked_at is not None for seat in present.sitting),
        result=decisive_mean(present, rules),
        veto_confirmed=bool(outcome.get("vetoed")),
        arbitration_open=present.arbitration_open,
        gates_missing=gates_missing(work, subject, rules=rules) if form == "graduation" else 0,
    )


def _of_this_stay(subject: Subject, present: Round) -> bool:
    """A round concluded before the case came back into this state (an objection was upheld) does not count again."""
    entered = subject.entered
    return present.concluded_at is None or entered is None or present.concluded_at >= entered.at


def _self_report_given(subject: Subject) -> bool:
    if subject.case.state != "MIDTERM_REVIEW" or subject.incubation is None:
        return True
    given, due = subject.incubation.midterm_report_on, subject.incubation.midterm_on
    return given is not None and (due is None or given <= due)


def gates_missing(work: Work, subject: Subject, *, rules: Rules) -> int:
    """How many of the eleven graduation gates are not passed; G1, G3 and G5 are computed, not believed."""
    recorded = subject.in_stay("record_gates")
    passed = {one["gate"] for one in (recorded.details["gates"] if recorded else []) if one.get("passed")}
    incubation = subject.incubation
    computed = {"G1": False, "G3": False, "G5": unsettled_fen(work, subject.case.id) == 0}
    if incubation is not None and incubation.starts_on is not None:
        computed["G1"] = months_later(incubation.starts_on, rules.number("incubation.minimum_months")) <= work.today
        computed["G3"] = incubation.midterm_passed_on is not None
    for gate, holds in computed.items():
        if not holds:
            passed.discard(gate)
    return GATES - len(passed & {f"G{number}" for number in range(1, GATES + 1)})


def waits_behind(work: Work, subject: Subject) -> str:
    """The number of the case that a place is to be offered first, where that is another one than this."""
    if subject.case.state != WAITING:
        return ""
    ahead = ahead_of(work, centre_id=subject.case.centre_id, number=subject.case.number)
    return ahead[0] if ahead else ""


def free_places(work: Work, subject: Subject) -> int:
    """Places of the centre less the live cases whose state occupies one."""
    occupying = [state.name for state in CURRENT["incubation"].states if "occupy_place" in state.permits]
    taken = work.connection.execute(
        select(func.count())
        .select_from(cases)
        .where(cases.c.kind == "incubation", cases.c.centre_id == subject.case.centre_id, cases.c.state.in_(occupying))
    ).scalar_one()
    return int(subject.centre.places) - int(taken)


def _published(work: Work, subject: Subject, facts: IncubationFacts) -> IncubationFacts:
    rulings = rulings_of(work, subject)
    return replace(
        facts,
        publicity_over="publicity" in facts.overdue,
        objections_open=rulings.count(None),
        objection_upheld="upheld" in rulings,
    )


def _from_stay(subject: Subject, facts: IncubationFacts, details: dict[str, Any]) -> IncubationFacts:
    recheck = subject.in_stay("report_recheck")
    return replace(
        facts,
        non_acceptance_proposed=subject.in_stay("propose_not_accepting") is not None,
        second_approval_given=subject.in_stay("agree_admission", "agree_graduation") is not None,
        signed_by_applicant=subject.in_stay("sign_agreement") is not None,
        plan_recorded=subject.in_stay("record_plan") is not None,
        rectification_extended=subject.in_stay("extend_rectification") is not None,
        recheck_passed=None if recheck is None else all(one["closed"] for one in recheck.details["rechecks"]),
        graduation_file_checked=subject.in_stay("check_graduation_file") is not None,
        expulsion_proposed=subject.in_stay("propose_expulsion") is not None,
        first_approval_given=subject.in_stay("approve_expulsion", "approve_revocation") is not None,
        came_from=_came_from(subject),
        hearing_over="hearing" in facts.overdue,
        assets_returned=bool(details.get("assets_returned")),
    )


def _came_from(subject: Subject) -> str:
    """Where an expulsion was begun; a review that brings the case back to the hearing did not begin it."""
    if subject.case.state != "EXPULSION_PENDING":
        return ""
    begun = (one for one in reversed(subject.moves) if one.source != one.dest == "EXPULSION_PENDING")
    return next((one.source for one in begun if one.trigger not in subject.process.by_review), "")


def _in_term(
    work: Work, subject: Subject, facts: IncubationFacts, *, rules: Rules, calendar: WorkingCalendar
) -> IncubationFacts:
    row, today = subject.incubation, facts.today
    assert row is not None
    months = 0
    while months_later(row.starts_on, months + 1) <= today:
        months += 1
    graduated_months = 0
    while row.graduated_on is not None and months_later(row.graduated_on, graduated_months + 1) <= today:
        graduated_months += 1
    hearing_days = rules.limit("hearing")[0]
    approved = subject.in_stay("approve_revocation")
    told = approved.on_date if approved is not None else today
    if approved is not None and subject.case.state == "GRADUATED":
        told = max(told, last_served(work, case_id=subject.case.id, code=PRIOR_NOTICE) or told)
        told = today if unserved(work, case_id=subject.case.id, code=PRIOR_NOTICE) else told
    heard = approved is not None and calendar.add_working_days(told, hearing_days) < today
    return replace(
        facts,
        months_incubated=months,
        months_required=rules.number("incubation.minimum_months"),
        days_to_end=(row.ends_on - today).days,
        days_notice_required=rules.number("incubation.notice_days"),
        midterm_due=row.midterm_on is not None and row.midterm_on <= today,
        midterm_passed=row.midterm_passed_on is not None,
        extension_used=bool(row.extended),
        suspended_days=int(row.suspended_days),
        suspended_days_allowed=rules.number("incubation.suspension_days"),
        graduated_months_ago=graduated_months,
        revocation_months_allowed=rules.number("incubation.revocation_months"),
        unsettled_fen=unsettled_fen(work, subject.case.id)
        if subject.case.state in ("WITHDRAWAL_REQUESTED", "SUSPENDED")
        else 0,
        hearing_over=heard if subject.case.state == "GRADUATED" else facts.hearing_over,
    )
