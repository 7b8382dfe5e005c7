"""Papers of the way out: graduation report and certificate."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal, cast

from documents.kind import Kind
from documents.kinds.graduation_certificate import GraduationCertificate
from documents.kinds.graduation_report import Gate, GraduationReport
from services.assessments.concluding import decisive_mean
from services.cases.papers import parts
from services.cases.papers.panel import panel_of
from services.cases.turn import Turn
from services.issuance.commands import Numbered

Grade = Literal["excellent", "good", "pass"]


def graduation_certificate(turn: Turn, kind: Kind, number: Numbered) -> GraduationCertificate:
    """D18: term, result and kind of graduation."""
    incubation, present = turn.subject.incubation, parts.round_of(turn, "graduation")
    identity, identity_number = parts.identity_of(turn)
    assert incubation is not None
    assert present.mean is not None
    grade = cast(Grade, _grade(turn, decisive_mean(present, turn.rules) or present.mean))
    return GraduationCertificate(
        head=parts.head(turn, kind, number),
        identity=identity,
        identity_number=identity_number,
        term_from=incubation.starts_on,
        term_to=min(incubation.ends_on, turn.work.today),
        score=present.mean,
        grade=grade,
        graduation_type="registered" if identity == "uscc" else "filed",
    )


ADVICE = {
    "GRADUATION_PUBLICITY": "门槛全部达到，成绩合格，建议准予出壳。",
    "INCUBATING": "未达到出壳条件，建议继续孵化并补足差距。",
    "EXPULSION_PENDING": "评估不合格，建议按程序处理。",
}


def graduation_report(turn: Turn, kind: Kind, number: Numbered) -> GraduationReport:
    """D17: gates with evidence, totals, arbitration, grade and advice."""
    incubation, present = turn.subject.incubation, parts.round_of(turn, "graduation")
    recorded = turn.subject.in_stay("record_gates")
    assert incubation is not None
    assert present.mean is not None
    identity, _ = parts.identity_of(turn)
    passed = turn.dest == "GRADUATION_PUBLICITY"
    registered: Literal["registered", "filed"] = "registered" if identity == "uscc" else "filed"
    return GraduationReport(
        head=parts.head(turn, kind, number),
        term_from=incubation.starts_on,
        term_to=incubation.ends_on,
        gates=tuple(
            Gate(code=one["gate"], passed=one["passed"], evidence=one["evidence"])
            for one in (recorded.details["gates"] if recorded else ())
        ),
        panel=panel_of(turn, present, form="graduation"),
        grade=_grade(turn, decisive_mean(present, turn.rules) or present.mean),
        graduation_type=registered if passed else "none",
        advice=turn.details.get("opinion") or turn.details.get("reason") or ADVICE[turn.dest],
        remedy=None if passed else parts.internal_remedy(turn),
    )


def _grade(turn: Turn, mean: Decimal) -> Literal["excellent", "good", "pass", "back", "fail"]:
    marks = turn.rules.mark
    if mean >= marks("score.graduation_excellent"):
        return "excellent"
    if mean >= marks("score.graduation_good"):
        return "good"
    if mean >= marks("score.graduation_pass"):
        return "pass"
    return "back" if mean >= marks("score.graduation_floor") else "fail"


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "graduation_certificate": graduation_certificate,
    "graduation_report": graduation_report,
}
