"""What each move of an instalment writes beside the state: the attempt to pay and what became of it, the receipt."""

from collections.abc import Callable
from datetime import date

from services.cases.turn import Turn
from services.errors import Invalid
from services.funding.commands import amend_instalment
from services.funding.payees import keep_payee
from services.payments.commands import (
    Outcome,
    begin_attempt,
    end_attempt,
    mark_sent,
    note_approval,
    reopen_attempt,
)


def approved(turn: Turn) -> None:
    """What was approved, so that a payment changed afterwards is seen."""
    note_approval(turn.work, actor=turn.actor, case_id=turn.case.id, sequence=turn.sequence)


def made_out(turn: Turn) -> None:
    """The account as the maker saw it; approved and instructed is only what is still exactly that."""
    keep_payee(turn.work, turn.case.id)


def instructed(turn: Turn) -> None:
    """The day the bank was instructed, and the attempt with the reference the bank is to print."""
    amend_instalment(turn.work, turn.case.id, instructed_on=turn.work.today)
    begin_attempt(turn.work, actor=turn.actor, case_id=turn.case.id)


def recalled(turn: Turn) -> None:
    """The instruction is taken back before it went anywhere."""
    _end(turn, Outcome("recalled", reason=turn.details["reason"]))
    amend_instalment(turn.work, turn.case.id, instructed_on=None)


def sent(turn: Turn) -> None:
    """The attempt leaves with its batch."""
    mark_sent(turn.work, case_id=turn.case.id)


def paid(turn: Turn) -> None:
    """Bank serial and value date; a value date in the future is refused."""
    value_date = date.fromisoformat(turn.details["value_date"])
    if value_date > turn.work.today:
        raise Invalid("input.out_of_range", field="value_date", label="到账日期", label_en="value date")
    serial = turn.details["bank_serial"]
    amend_instalment(turn.work, turn.case.id, bank_serial=serial, value_date=value_date)
    _end(turn, Outcome("paid", serial, value_date, str(turn.details.get("evidence", ""))))


def returned(turn: Turn) -> None:
    """The bank refused: the attempt is over, and the next one gets a reference of its own."""
    _end(turn, Outcome("refused", reason=turn.details["reason"]))


def unknown(turn: Turn) -> None:
    """Nobody can say whether it was paid: nothing is sent again until that is known."""
    _end(turn, Outcome("unknown", reason=turn.details["reason"]))


def sent_again(turn: Turn) -> None:
    """Two people and a statement say that it was not paid: a new attempt under a new reference."""
    _end(turn, Outcome("absent", reason=str(turn.details.get("opinion", ""))))
    begin_attempt(turn.work, actor=turn.actor, case_id=turn.case.id)


def reversed_(turn: Turn) -> None:
    """What was wrongly recorded as paid is with the bank again, and its serial number free."""
    reason = str(turn.details.get("opinion", ""))
    reopen_attempt(turn.work, actor=turn.actor, case_id=turn.case.id, sequence=turn.sequence, reason=reason)
    amend_instalment(turn.work, turn.case.id, bank_serial=None, value_date=None)


def _end(turn: Turn, outcome: Outcome) -> None:
    end_attempt(turn.work, outcome, actor=turn.actor, case_id=turn.case.id)


def received(turn: Turn) -> None:
    """The day the payee confirms to have received the money."""
    received_on = date.fromisoformat(turn.details["received_on"])
    if received_on > turn.work.today:
        raise Invalid("input.out_of_range", field="received_on", label="收款日期", label_en="received on")
    amend_instalment(turn.work, turn.case.id, received_on=received_on)


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "agree_resend": sent_again,
    "agree_reversal": reversed_,
    "approve_payment": approved,
    "check_payment": made_out,
    "confirm_receipt": received,
    "instruct_payment": instructed,
    "mark_unknown": unknown,
    "recall_instruction": recalled,
    "recheck_payment": made_out,
    "record_bank_return": returned,
    "record_payment": paid,
    "send_payment": sent,
    "settle_payment": paid,
}
