"""Papers that move the term of an incubation: suspension, resumption, extension."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from documents.kind import Kind
from documents.kinds.extension_decision import ExtensionDecision
from documents.kinds.resumption_notice import ResumptionNotice
from documents.kinds.suspension_notice import SuspensionNotice
from services.cases.instalment_parts import parts_of, to_hold
from services.cases.models import incubations
from services.cases.papers import parts
from services.cases.papers.money import number_of
from services.cases.turn import Turn
from services.funding.queries import awards_of
from services.issuance.commands import Numbered


def row_now(turn: Turn) -> Any:
    """The incubation as this very move has left it; `turn.subject.incubation` is how it was before."""
    return turn.work.connection.execute(select(incubations).where(incubations.c.case_id == turn.case.id)).one()


def held_fen(turn: Turn) -> int:
    """What waits beside the case before this move's own effects, in fen."""
    awards = parts_of(turn.work, awards_of(turn.work, turn.case.id))
    return sum(part.amount_fen for award in awards for part in award if part.state == "HELD")


def about_to_hold_fen(turn: Turn) -> int:
    """What this move's hold stops, in fen."""
    awards = parts_of(turn.work, awards_of(turn.work, turn.case.id))
    return sum(part.amount_fen for award in awards for part in to_hold(award))


def suspension_notice(turn: Turn, kind: Kind, number: Numbered) -> SuspensionNotice:
    """D15: why, from when, until when at most, and which money waits."""
    row = row_now(turn)
    return SuspensionNotice(
        head=parts.head(turn, kind, number),
        cause=turn.details["cause"],
        suspended_from=row.suspended_on,
        expected_to=row.suspended_to,
        ends_on=row.ends_on,
        longest_months=turn.rules.number("incubation.suspension_months"),
        held_fen=about_to_hold_fen(turn),
        agreement_number=number_of(turn, turn.case.id, "incubation_agreement"),
    )


def resumption_notice(turn: Turn, kind: Kind, number: Numbered) -> ResumptionNotice:
    """D15a: how long it stood still, and until when the term now lasts."""
    before, row = turn.subject.incubation, row_now(turn)
    assert before is not None
    return ResumptionNotice(
        head=parts.head(turn, kind, number),
        suspended_from=before.suspended_on,
        resumed_on=turn.work.today,
        days_suspended=row.suspended_days - before.suspended_days,
        cause_gone=turn.details["cause_gone"],
        old_end_date=before.ends_on,
        new_end_date=row.ends_on,
        midterm_on=None if row.midterm_passed_on is not None else row.midterm_on,
        released_fen=held_fen(turn),
        suspension_number=number_of(turn, turn.case.id, "suspension_notice"),
    )


def extension_decision(turn: Turn, kind: Kind, number: Numbered) -> ExtensionDecision:
    """D16: granted with its conditions and the new end, or refused with the reason and the remedy."""
    before, row = turn.subject.incubation, row_now(turn)
    granted = turn.move.trigger == "grant_extension"
    assert before is not None
    said = turn.details
    return ExtensionDecision(
        head=parts.head(turn, kind, number, title=None if granted else "不予延期决定书"),
        granted=granted,
        applied_on=_asked_on(turn),
        old_end=before.ends_on,
        new_end=row.ends_on,
        notice_days=turn.rules.number("incubation.notice_days"),
        months=said["months"] if granted else 0,
        conditions=said.get("conditions", ""),
        reason=said.get("opinion", "") if granted else said["reason"],
        remedy=None if granted else parts.internal_remedy(turn),
    )


def _asked_on(turn: Turn) -> date | None:
    """The day the organization asked; None where the centre itself took the extension up after the term."""
    entered, asked = turn.subject.entered, turn.subject.last("request_extension")
    if asked is None or (entered is not None and entered.trigger == "review_late_extension"):
        return None
    return asked.on_date


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "extension_decision": extension_decision,
    "resumption_notice": resumption_notice,
    "suspension_notice": suspension_notice,
}
