"""Papers of the incubation itself: agreement, plan, midterm report, rectification and recheck."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Literal

from documents.kind import Kind
from documents.kinds.cultivation_plan import CultivationPlan, Goal, Need
from documents.kinds.incubation_agreement import IncubationAgreement
from documents.kinds.midterm_report import Finding, MidtermReport
from documents.kinds.recheck_opinion import RecheckedFinding, RecheckOpinion
from documents.kinds.rectification_notice import RectificationFinding, RectificationNotice
from documents.parts.blocks import Panel
from services.assessments.concluding import decisive_mean
from services.assessments.queries import latest_round
from services.calendar.rules import months_later
from services.cases.papers import parts
from services.cases.papers.panel import panel_of
from services.cases.turn import Turn
from services.funding.queries import InstalmentLine, awards_of
from services.issuance.commands import Numbered

CATEGORIES = {
    "SERVICE": "社区服务类",
    "CULTURE_SPORT": "文体活动类",
    "CHARITY": "公益慈善类",
    "SUPPORT_HUB": "支持型、枢纽型",
}


def _term(turn: Turn) -> tuple[date, date]:
    """The term as this very move sets it (the row is read before the move was written)."""
    starts_on = date.fromisoformat(turn.details["starts_on"])
    months = turn.rules.number("incubation.term_months")
    return starts_on, months_later(starts_on, months) - timedelta(days=1)


def incubation_agreement(turn: Turn, kind: Kind, number: Numbered) -> IncubationAgreement:
    """D10: both parties, term, room, the five services of the policy."""
    incubation = turn.subject.incubation
    assert incubation is not None
    starts_on, ends_on = _term(turn)
    first, second = parts.both_parties(turn)
    return IncubationAgreement(
        head=parts.head(turn, kind, number, title="社区社会组织孵化协议"),
        centre=first,
        organization=second,
        mode=incubation.mode,
        term_from=starts_on,
        term_to=ends_on,
        months=turn.rules.number("incubation.term_months"),
        room=incubation.room,
        basis=(parts.POLICY,),
        handover_working_days=turn.rules.limit("handover")[0],
    )


def cultivation_plan(turn: Turn, kind: Kind, number: Numbered) -> CultivationPlan:
    """D11: needs, goals, services, mentor as the case manager recorded them."""
    recorded = turn.subject.last("record_plan")
    assert recorded is not None
    said, (starts_on, ends_on) = recorded.details, _term(turn)
    return CultivationPlan(
        head=parts.head(turn, kind, number),
        assessed_on=recorded.on_date,
        needs=tuple(Need(area=one["area"], level=one["level"]) for one in said["needs"]),
        goals=tuple(
            Goal(metric=one["metric"], base=one["base"], target=one["target"], due_on=date.fromisoformat(one["due_on"]))
            for one in said["goals"]
        ),
        service_plan=said["service_plan"],
        mentor=said["mentor"],
        category=CATEGORIES[turn.subject.organization.category],
        leader=turn.subject.organization.leader_name,
        term_from=starts_on,
        term_to=ends_on,
    )


def _second_instalment(turn: Turn) -> InstalmentLine | None:
    for award in awards_of(turn.work, turn.case.id):
        for one in award.instalments:
            if one.number == 2:
                return one
    return None


def midterm_report(turn: Turn, kind: Kind, number: Numbered) -> MidtermReport:
    """D12: what was reported, what the panel found, what it means for the second instalment."""
    incubation = turn.subject.incubation
    assert incubation is not None
    # Without the organization's own report nothing needs to be scored, so there may be no round at all.
    present = latest_round(turn.work, turn.case.id, "midterm")
    told = incubation.midterm_report or {}
    passed = turn.dest == "INCUBATING"
    floor = turn.rules.mark("score.midterm_floor")
    points = decisive_mean(present, turn.rules) if present is not None else None
    second = _second_instalment(turn)
    result: Literal["pass", "rectify", "rectify_with_warning", "no_report"] = "pass" if passed else "rectify"
    if not passed and incubation.midterm_report_on is None:
        result = "no_report"
    elif not passed and (points or floor) < floor:
        result = "rectify_with_warning"
    due_on = turn.calendar.add_calendar_days(turn.work.today, turn.rules.limit("rectification")[0])
    effect: Literal["release", "hold", "none"] = "none"
    if second is not None:
        effect = "release" if passed else "hold"
    return MidtermReport(
        head=parts.head(turn, kind, number),
        period_from=incubation.starts_on,
        period_to=min(turn.work.today, incubation.midterm_on - timedelta(days=1)),
        activities=told.get("activities"),
        beneficiaries=told.get("beneficiaries"),
        spend_fen=told.get("spend_fen"),
        panel=panel_of(turn, present, form="midterm")
        if present
        else Panel(pass_mark=turn.rules.mark("score.midterm_pass")),
        result=result,
        instalment_effect=effect,
        instalment_number=second.number if second else None,
        instalment_fen=second.amount_fen if second else None,
        findings=tuple(
            Finding(fact=one["fact"], rule=one["rule"], measure=one["measure"])
            for one in turn.details.get("findings", ())
        ),
        summary=told.get("summary", ""),
        satisfaction=told.get("satisfaction", ""),
        opinion=turn.details.get("opinion", ""),
        rectify_by=None if passed else due_on,
        remedy=None if passed else parts.internal_remedy(turn),
    )


def rectification_notice(turn: Turn, kind: Kind, number: Numbered) -> RectificationNotice:
    """D13: findings with rule and measure, the due day, the money that waits."""
    second = _second_instalment(turn)
    return RectificationNotice(
        head=parts.head(turn, kind, number),
        findings=tuple(
            RectificationFinding(fact=one["fact"], rule=one["rule"], measure=one["measure"])
            for one in turn.details["findings"]
        ),
        due_on=turn.calendar.add_calendar_days(turn.work.today, turn.rules.limit("rectification")[0]),
        held_fen=second.amount_fen if second is not None and second.value_date is None else 0,
    )


def recheck_opinion(turn: Turn, kind: Kind, number: Numbered) -> RecheckOpinion:
    """D14: each finding closed or not, with its evidence, and the money that goes on."""
    reported = turn.subject.in_stay("report_recheck")
    assert reported is not None
    second = _second_instalment(turn)
    return RecheckOpinion(
        head=parts.head(turn, kind, number),
        rechecked_on=reported.on_date,
        findings=tuple(
            RecheckedFinding(finding=one["finding"], closed=one["closed"], evidence=one["evidence"])
            for one in reported.details["rechecks"]
        ),
        result="passed",
        released_fen=second.amount_fen if second is not None and second.value_date is None else 0,
    )


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "cultivation_plan": cultivation_plan,
    "incubation_agreement": incubation_agreement,
    "midterm_report": midterm_report,
    "recheck_opinion": recheck_opinion,
    "rectification_notice": rectification_notice,
}
