"""Turns the effects of a decision into bookings inside the transaction and errands for the flows."""

from typing import Any

from documents.registry import kind_of
from services.awards.commands import earn_stage
from services.cases import papers
from services.cases.letters import leaves_at
from services.cases.opening import open_instalments
from services.cases.turn import Turn
from services.errors import Broken
from services.funding.ceilings import Payee
from services.funding.commands import (
    RECOVERY_ENTRIES,
    book_instalment,
    book_recovery,
    commit_award,
    reverse_payment,
)
from services.issuance.commands import Numbered, decide_document, revoke_documents
from services.outbox.commands import leave_errand
from statemachines.table import Book, Effect, Issue, PlanInstalments, Release, RevokePaper

BUREAU_KINDS = frozenset({"purchase", "star"})
"""Kinds of case whose papers the civil-affairs office issues under its own characters."""


def carry_out(turn: Turn, effects: tuple[Effect, ...]) -> list[dict[str, Any]]:
    """Book what must be booked now and leave an errand for everything else; answers the papers that were numbered.

    Every errand's key is `case:version:position`, so the same move can never leave it twice.
    """
    numbered: list[dict[str, Any]] = []
    for position, effect in enumerate(effects, start=1):
        payload: dict[str, Any] | None = dict(effect.parameters())
        if isinstance(effect, Issue):
            document = _issue(turn, effect)
            numbered.append(document)
            payload = {**(payload or {}), **document}
        elif isinstance(effect, Release):
            stamped = earn_stage(turn.work, earned_by=turn.case.id, sequence=turn.sequence, stage=effect.number)
            payload = {"instalments": list(stamped), "number": effect.number} if stamped else None
        elif isinstance(effect, Book):
            _book(turn, effect)
        elif isinstance(effect, PlanInstalments):
            open_instalments(turn)
        elif isinstance(effect, RevokePaper):
            reason = str(turn.details.get("reason", ""))
            revoke_documents(turn.work, case_id=turn.case.id, kind=effect.document, reason=reason)
        elif effect.inside:
            raise Broken(f"nobody books the effect {effect.name}")
        if not effect.inside and payload is not None:
            leave_errand(
                turn.work,
                key=f"{turn.case.id}:{turn.sequence}:{position}",
                effect=effect.name,
                case_id=turn.case.id,
                case_number=turn.case.number,
                move_sequence=turn.sequence,
                payload=payload,
                due_at=leaves_at(turn, effect),
            )
    return numbered


def _issue(turn: Turn, effect: Issue) -> dict[str, Any]:
    kind, centre = kind_of(effect.document), turn.subject.centre
    kept: list[Numbered] = []

    def build(number: Numbered) -> Any:
        kept.append(number)
        return papers.context_of(turn, kind, number)

    identity = decide_document(
        turn.work,
        kind=kind,
        prefix=centre.bureau_prefix if turn.case.kind in BUREAU_KINDS else centre.number_prefix,
        certificate_prefix=f"{centre.case_prefix}-{kind.number_key}",
        case_id=turn.case.id,
        move_sequence=turn.sequence,
        organization_id=turn.case.organization_id,
        build=build,
    )
    return {"document_id": identity, "document": kind.name, "number": kept[0].number}


def _book(turn: Turn, effect: Book) -> None:
    if effect.entry == "commit":
        payee = Payee(turn.case.organization_id, turn.rules.number("money.organization_year_fen"))
        commit_award(turn.work, actor=turn.actor, award_id=turn.case.id, payee=payee)
        return
    if effect.entry in RECOVERY_ENTRIES:
        serial = turn.details.get("bank_serial", "")
        book_recovery(turn.work, actor=turn.actor, case_id=turn.case.id, entry=effect.entry, bank_serial=serial)
        return
    if effect.entry == "reverse_payment":
        asked = turn.subject.in_stay("propose_reversal")
        if asked is None:
            raise Broken("nobody proposed to reverse the payment")
        reverse_payment(
            turn.work, actor=turn.actor, case_id=turn.case.id, proposed_by=asked.actor_id,
            reason=str(asked.details["reason"]),
        )  # fmt: skip
        return
    book_instalment(turn.work, actor=turn.actor, case_id=turn.case.id, entry=effect.entry, version=turn.sequence)
