"""What a program that speaks to the bank needs of the cases: which orders still go out, and what an answer changes.

Nothing here calls a bank. Each function is one unit of work, so that a program that is stopped between two of them can
go on from what is written down.
"""

from datetime import datetime, timedelta

from services.actors import SYSTEM
from services.cases.advance import AdvanceCase, advance
from services.cases.turn import load_subject
from services.database.work import Work
from services.payments.commands import keep_answer
from services.payments.queries import Instruction, heard_of, instruction_of, instructions_of, orders_of
from services.payments.rules import Answer, Order, yuan

SEND = "send_payments"
"""The effect of the errand by which a released batch is sent; its payload names the batch."""


def orders_to_send(work: Work, batch_id: str) -> tuple[tuple[str, Order], ...]:
    """The attempts of a released batch whose outcome is open, as (id, order)."""
    orders = {one.reference: one for one in orders_of(work, batch_id)}
    waiting = instructions_of(work, batch_id=batch_id, outcomes=("open",))
    return tuple((one.id, orders[one.reference]) for one in waiting if one.sent_at is not None)


def hear(work: Work, answer: Answer, *, reference: str, key: str, source: str) -> None:
    """Keep what the bank said of an attempt and move its instalment accordingly; the same message counts once.

    Paid as ordered: PAID. Refused: RETURNED. No answer, or another amount than ordered: UNKNOWN, held for
    reconciliation. An attempt that has an outcome already is not moved: what disagrees with it is shown to people.
    Refused as the move is (a serial number that belongs to another payment).
    """
    instruction = instruction_of(work, reference)
    subject = load_subject(work, case_id=instruction.case_id, lock=True)
    instruction = instruction_of(work, reference)
    earlier = heard_of(work, instruction.id)
    if not keep_answer(work, answer, actor=SYSTEM, instruction_id=instruction.id, key=key, source=source):
        return
    number = str(subject.case.number)
    if answer.said == "paid":
        _paid(work, answer, instruction, number=number, key=key)
    elif answer.said == "refused":
        if instruction.outcome in ("open", "unknown") and not any(one.said == "paid" for one in earlier):
            _pull(work, number, "record_bank_return", key=key, reason=answer.words or "银行拒绝付款")
    elif instruction.outcome == "open":
        _pull(work, number, "mark_unknown", key=key, reason=answer.words or "银行没有答复")


def _paid(work: Work, answer: Answer, instruction: Instruction, *, number: str, key: str) -> None:
    if answer.amount_fen is not None and answer.amount_fen != instruction.amount_fen:
        if instruction.outcome == "open":
            said, told = yuan(answer.amount_fen), yuan(instruction.amount_fen)
            _pull(work, number, "mark_unknown", key=key, reason=f"银行称付出{said}元，与指令{told}元不符")
    elif instruction.outcome in ("open", "unknown"):
        value_date = (answer.value_date or work.today).isoformat()
        evidence = f"银行答复，付款编号{instruction.reference}"
        _pull(work, number, "settle_payment", key=key, bank_serial=answer.bank_serial, value_date=value_date,
              evidence=evidence)  # fmt: skip


def hold_for_reconciliation(work: Work, *, reference: str, key: str, reason: str) -> None:
    """What could not be booked as the bank said it is held, so that a person looks; what has an outcome stays."""
    instruction = instruction_of(work, reference)
    subject = load_subject(work, case_id=instruction.case_id, lock=True)
    if instruction_of(work, reference).outcome == "open":
        _pull(work, str(subject.case.number), "mark_unknown", key=key, reason=reason)


def look_again_at(now: datetime, looked: int) -> datetime | None:
    """When the bank is looked at again for what it says late: after 10, 20, 40 … minutes, eight times in all."""
    return now + timedelta(minutes=10 * 2**looked) if looked < 8 else None


def _pull(work: Work, number: str, trigger: str, *, key: str, **details: object) -> None:
    advance(work, SYSTEM, AdvanceCase(number, trigger, None, dict(details), f"bank:{trigger}:{key}"))
