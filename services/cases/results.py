"""The result of a round as whoever may read scores sees it: how it was reckoned, its vetoes, the committee's vote."""

from dataclasses import dataclass

from services.actors import Actor
from services.assessments.committee import Meeting, meeting_of
from services.assessments.concluding import choices_of, explanation, veto_labels
from services.assessments.queries import Round, latest_round, round_by_id
from services.assessments.vetoes import Finding, findings_of
from services.authority.rules import scopes
from services.cases.lists import may_see
from services.cases.queries import case_number_of
from services.cases.turn import load_subject
from services.database.work import Work
from services.errors import NotFound


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One round with what came of it. The explanation is empty until it is concluded; `version` is that of the
    function that reckoned the outcome, 0 without one.
    """

    round: Round
    case_number: str
    explanation_zh: tuple[str, ...]
    explanation_en: tuple[str, ...]
    version: int
    findings: tuple[Finding, ...]
    veto_labels: dict[str, tuple[str, str]]
    meeting: Meeting | None

    @property
    def choices(self) -> frozenset[str]:
        """What the committee may vote for."""
        return choices_of(self.round.form)

    @property
    def awaits(self) -> str:
        """What the arbitration waits for: veto, extra, sheet (of the extra evaluator), vote; nothing when it is over.

        The panel discusses and one extra evaluator scores before the committee may vote; a claimed veto comes first.
        """
        if not self.round.arbitration_open:
            return ""
        if any(one.standing == "claimed" for one in self.findings):
            return "veto"
        extra = [seat for seat in self.round.sitting if seat.part == "extra"]
        if not extra:
            return "extra"
        return "vote" if all(seat.locked_at is not None for seat in self.round.sitting) else "sheet"


def result_of(work: Work, actor: Actor, assessment_id: str) -> RoundResult:
    """The result of that round; NotFound for whoever may not read scores or not see the case."""
    return _result(work, actor, round_by_id(work, assessment_id))


def round_result(work: Work, actor: Actor, *, number: str, form: str) -> RoundResult:
    """The result of the latest round of that form on the case; NotFound as above, and when there is none."""
    found = latest_round(work, load_subject(work, number=number).case.id, form)
    if found is None:
        raise NotFound("assessment.not_found")
    return _result(work, actor, found)


def _result(work: Work, actor: Actor, present: Round) -> RoundResult:
    number = case_number_of(work, present.case_id)
    if not (actor.is_system or scopes(actor, "assessment:read_scores")) or not may_see(work, actor, number):
        raise NotFound("assessment.not_found")
    stored = present.outcome or {}
    return RoundResult(
        present, number, explanation(present, "zh"), explanation(present, "en"),
        stored.get("version", 1) if stored else 0, findings_of(work, present.id), veto_labels(present.form_copy),
        meeting_of(work, present.id),
    )  # fmt: skip
