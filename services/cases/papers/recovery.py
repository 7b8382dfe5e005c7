"""The paper of a recovery: the notice that it is intended, and the decision."""

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from sqlalchemy import select

from documents.kind import Kind
from documents.kinds.recovery_notice import RecoveryNotice
from services.cases.papers import parts
from services.cases.turn import Turn
from services.funding.queries import award, recovery_of
from services.funding.sources import sources
from services.issuance.commands import Numbered
from services.issuance.models import issued_documents

TITLES = {"serve_notice": "资金追回通知书", "decide_recovery": "资金追回决定书"}


def recovery_notice(turn: Turn, kind: Kind, number: Numbered) -> RecoveryNotice:
    """D34: what was paid, spent as agreed and is asked back; with the decision also the last day and the remedy."""
    recovery = recovery_of(turn.work, turn.case.id)
    line = award(turn.work, recovery.award_id)
    decided = turn.move.trigger == "decide_recovery"
    told = turn.details if not decided else _said(turn, "serve_notice")
    proposal = _said(turn, "propose_recovery") if decided else {}
    return RecoveryNotice(
        head=parts.head(turn, kind, number, title=TITLES[turn.move.trigger]),
        variant="decision" if decided else "notice",
        project=line.project,
        source=sources()[line.source].printed,
        award_number=_number(turn, recovery.award_id, "award_notice"),
        paid_fen=recovery.kept_fen or 0,
        compliant_fen=recovery.compliant_fen or 0,
        amount_fen=(recovery.decided_fen if decided else recovery.asked_fen) or 0,
        cause=cast(Any, recovery.cause),
        facts=proposal.get("reason") or told["facts"],
        evidence=told["evidence"],
        basis=(parts.POLICY,),
        account=told["account"],
        reply_working_days=turn.rules.limit("recovery_reply")[0],
        reply=proposal.get("reply_considered", ""),
        noticed_on=_noticed_on(turn) if decided else None,
        due_on=recovery.due_on if decided else None,
        days=turn.rules.limit("recovery_repayment")[0] if decided else 0,
        remedy=parts.internal_remedy(turn) if decided else None,
    )


def _said(turn: Turn, trigger: str) -> dict[str, Any]:
    last = turn.subject.last(trigger)
    return last.details if last is not None else {}


def _noticed_on(turn: Turn) -> date | None:
    last = turn.subject.last("serve_notice")
    return last.on_date if last is not None else None


def _number(turn: Turn, case_id: str, kind: str) -> str:
    """The number of the last paper of that kind on a case; empty when there is none."""
    found = turn.work.connection.execute(
        select(issued_documents.c.number)
        .where(issued_documents.c.case_id == case_id, issued_documents.c.kind == kind)
        .order_by(issued_documents.c.decided_at.desc(), issued_documents.c.id.desc())
        .limit(1)
    ).scalar()
    return str(found or "")


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {"recovery_notice": recovery_notice}
