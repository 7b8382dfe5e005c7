"""What each move of an instalment writes beside the state: instruction day, bank serial, receipt."""

from collections.abc import Callable
from datetime import date

from services.cases.turn import Turn
from services.errors import Invalid
from services.funding.commands import amend_instalment
from services.funding.payees import keep_payee
from services.payments.commands import begin_attempt, end_attempt, note_approval


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


def paid(turn: Turn) -> None:
    """Bank serial and value date; a value date in the future is refused."""
    value_date = date.fromisoformat(turn.details["value_date"])
    if value_date > turn.work.today:
        raise Invalid("input.out_of_range", field="value_date", label="到账日期", label_en="value date")
    serial = turn.details["bank_serial"]
    amend_instalment(turn.work, turn.case.id, bank_serial=serial, value_date=value_date)
    end_attempt(
        turn.work, actor=turn.actor, case_id=turn.case.id, outcome="paid", bank_serial=serial, value_date=value_date
    )


def returned(turn: Turn) -> None:
    """The bank refused: the attempt is over, and the next one gets a reference of its own."""
    end_attempt(
        turn.work, actor=turn.actor, case_id=turn.case.id, outcome="refused", reason=str(turn.details["reason"])
    )


def received(turn: Turn) -> None:
    """The day the payee confirms to have received the money."""
    received_on = date.fromisoformat(turn.details["received_on"])
    if received_on > turn.work.today:
        raise Invalid("input.out_of_range", field="received_on", label="收款日期", label_en="received on")
    amend_instalment(turn.work, turn.case.id, received_on=received_on)


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "approve_payment": approved,
    "check_payment": made_out,
    "confirm_receipt": received,
    "instruct_payment": instructed,
    "recheck_payment": made_out,
    "record_bank_return": returned,
    "record_payment": paid,
}
