"""Papers of the way in: from the receipt slip to the admission notice or the refusal."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from documents.kind import Kind
from documents.kinds.admission_notice import AdmissionNotice
from documents.kinds.assessment_form import AssessmentForm, Criterion, Sheet
from documents.kinds.refusal_decision import RefusalDecision
from services.assessments.concluding import confirmed_vetoes, decisive_mean, explanation
from services.calendar.rules import months_later
from services.cases.papers import parts
from services.cases.papers.panel import votes_of
from services.cases.turn import Turn
from services.issuance.commands import Numbered

MODES = {"resident": "实体入驻", "virtual": "虚拟入驻"}
DUTIES = (
    "按季度报送活动和财务情况，按时参加培训、中期评估和出壳评估",
    "爱护场地和设备，不得转借、转租",
    "资助款专款专用，单独记账，接受监督检查",
)


def admission_notice(turn: Turn, kind: Kind, number: Numbered) -> AdmissionNotice:
    """D08: where, how long, and by when the agreement must be signed."""
    incubation = turn.subject.incubation
    assert incubation is not None
    today = turn.work.today
    sign_before = turn.calendar.add_working_days(today, turn.rules.limit("signing")[0])
    first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    last = months_later(first, turn.rules.number("incubation.term_months"))
    return AdmissionNotice(
        head=parts.head(turn, kind, number),
        applied_on=parts.applied_on(turn),
        mode=MODES[incubation.mode],
        room=incubation.room or turn.subject.centre.name,
        term_from=first,
        term_to=date.fromordinal(last.toordinal() - 1),
        sign_before=sign_before,
        duties=DUTIES,
        funding_hint="可在签订协议后申报培育扶持资金",
    )


def assessment_form(turn: Turn, kind: Kind, number: Numbered) -> AssessmentForm:
    """D06: every sheet of the round, what was dropped, the mean, the advice."""
    present = parts.round_of(turn, "admission")
    outcome = present.outcome or {}
    kept = parts.kept_marks(present.sitting, tuple(outcome.get("dropped", ())))
    rows = parts.sheets_by_seat(turn, present)
    codes = parts.criteria_codes(present)
    pass_mark, floor = turn.rules.mark("score.admission_pass"), turn.rules.mark("score.admission_floor")

    def advice(points: Decimal) -> str:
        if points >= pass_mark:
            return "同意入驻"
        return "有条件入驻" if points >= floor else "不同意入驻"

    sheets = tuple(
        Sheet(
            evaluator=seat.name,
            marks=tuple(Decimal(rows[seat.seat_id].items[code]) for code in codes),
            total=seat.total or Decimal(0),
            kept=kept[seat.seat_id],
            advice=advice(seat.total or Decimal(0)),
            comment="；".join(rows[seat.seat_id].comments.values()),
        )
        for seat in present.sitting
        if seat.seat_id in rows
    )
    meeting = turn.subject.last("open_admission_review")
    told = meeting.details if meeting else {}
    lead = next((seat.name for seat in present.sitting if seat.part == "lead"), present.sitting[0].name)
    return AssessmentForm(
        head=parts.head(turn, kind, number, title="入驻评审意见表（汇总）"),
        assessed_on=date.fromisoformat(told.get("meets_on", turn.work.today.isoformat())),
        place=told.get("place", turn.subject.centre.name),
        criteria=tuple(
            Criterion(code=one["id"], label=one["label_zh"], maximum=int(Decimal(str(one["maximum"]))))
            for one in present.form_copy["criteria"]
        ),
        sheets=sheets,
        mean=present.mean or Decimal(0),
        spread=Decimal(str(outcome.get("range", "0"))),
        pass_mark=pass_mark,
        vetoes=confirmed_vetoes(present),
        advice="不同意入驻" if outcome.get("vetoed") else advice(decisive_mean(present, turn.rules) or Decimal(0)),
        panel_lead=lead,
        explanation=explanation(present, "zh"),
        votes=votes_of(turn, present),
    )


def refusal_decision(turn: Turn, kind: Kind, number: Numbered) -> RefusalDecision:
    """D09: why, on what basis, and how to have it reviewed."""
    score = None
    failed: tuple[str, ...] = ()
    if turn.source == "ADMISSION_REVIEW":
        present = parts.round_of(turn, "admission")
        score = present.mean
        failed = _weak_criteria(turn)
    months = turn.rules.number("reentry_months.REJECTED")
    return RefusalDecision(
        head=parts.head(turn, kind, number),
        applied_on=parts.applied_on(turn),
        score=score,
        pass_mark=turn.rules.mark("score.admission_floor"),
        failed_items=failed,
        reason=turn.details["reason"],
        basis=(parts.POLICY,),
        remedy=parts.internal_remedy(turn),
        reapply_from=months_later(turn.work.today, months),
        reapply_months=months,
    )


def _weak_criteria(turn: Turn) -> tuple[str, ...]:
    """Criteria whose mean mark lies under 60 % of their maximum."""
    present = parts.round_of(turn, "admission")
    rows = parts.sheets_by_seat(turn, present)
    weak = []
    for one in present.form_copy["criteria"]:
        marks = [Decimal(row.items[one["id"]]) for row in rows.values()]
        if marks and sum(marks) / len(marks) < Decimal(str(one["maximum"])) * Decimal("0.6"):
            weak.append(str(one["label_zh"]))
    return tuple(weak)


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "admission_notice": admission_notice,
    "assessment_form": assessment_form,
    "refusal_decision": refusal_decision,
}
