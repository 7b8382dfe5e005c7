"""Sends the payments of a batch to a bank, one after the other, and books each answer before the next is asked."""

from datetime import datetime

from flows.bank_simulator import Simulator
from flows.log import log
from services.cases.banking import hear, hold_for_reconciliation, look_again_at, orders_to_send
from services.database.engine import Database
from services.database.points import reach
from services.database.work import OFFICE_TIME, Work, reading, run
from services.errors import Broken, NotFound, Refused
from services.messages import sentence
from services.outbox.commands import finish_errand, leave_errand
from services.outbox.rules import Errand
from services.payments.commands import begin_try
from services.payments.queries import without_outcome
from services.payments.rules import Answer, Bank, Order
from services.settings import Settings

TRIES = 5
"""How often a bank that knows references is asked about one attempt within one run; any other bank is asked once."""

CUT_OFF = Answer("nothing", words="发送过程中断，银行是否收到不明")


def bank_of(settings: Settings, *, now: datetime) -> Bank:
    """The bank the settings name; Broken for a channel on which no program speaks to a bank."""
    if settings.bank_channel != "simulator":
        raise Broken(f"no program speaks to the bank through {settings.bank_channel}")
    today = now.astimezone(OFFICE_TIME).date()
    return Simulator(settings.home / "bank.sqlite", knows_references=settings.bank_knows_references, today=today)


def send_batch(database: Database, errand: Errand, bank: Bank, *, now: datetime) -> None:
    """Send what is open in the batch, listen to what the bank says by itself, and finish the errand.

    That a payment is about to be asked for is committed before it is asked. Cut off in between, it is asked again only
    of a bank that knows references; else its outcome is unknown and people find out. While something is without an
    outcome the bank is looked at again later; nothing is sent again by that.
    """
    batch_id, looked = errand.payload["batch_id"], int(errand.payload["looked"])
    with reading(database, now) as work:
        orders = orders_to_send(work, batch_id)
    for instruction_id, order in orders:
        _send(database, bank, order, instruction_id=instruction_id, now=now)
    listen(database, bank, now=now)
    run(database, now, lambda work: _finish(work, errand, batch_id=batch_id, looked=looked))


def _finish(work: Work, errand: Errand, *, batch_id: str, looked: int) -> None:
    later = look_again_at(work.now, looked)
    if later is not None and without_outcome(work, batch_id):
        leave_errand(
            work, key=f"payments:{batch_id}:{looked + 1}", effect=errand.effect, case_id=None,
            case_number=errand.case_number, move_sequence=None, due_at=later,
            payload={"batch_id": batch_id, "looked": looked + 1},
        )  # fmt: skip
    finish_errand(work, errand.id, fence=errand.fence)


def _send(database: Database, bank: Bank, order: Order, *, instruction_id: str, now: datetime) -> None:
    begun = run(database, now, lambda work: begin_try(work, instruction_id))
    if begun == "settled":
        return
    if begun == "first" or bank.knows_references:
        reach("bank:before")
        answer = _asked(bank, order)
        reach("bank:after")
    else:
        answer = CUT_OFF
    key = f"{'cut' if answer is CUT_OFF else 'answer'}:{order.reference}"
    _heard(database, answer, reference=order.reference, key=key, source="bank", now=now)


def _asked(bank: Bank, order: Order) -> Answer:
    """The bank's answer; where a reference makes that safe, an answer that did not come is asked for again."""
    answer = bank.pay(order)
    for _ in range(TRIES - 1 if bank.knows_references else 0):
        if answer.said != "nothing":
            break
        answer = bank.pay(order)
    return answer


def listen(database: Database, bank: Bank, *, now: datetime) -> int:
    """Book what the bank said by itself, each message once however often it comes; answers how many came."""
    messages = bank.news()
    for one in messages:
        try:
            _heard(database, one.answer, reference=one.reference, key=f"callback:{one.id}", source="callback", now=now)
        except NotFound:
            _log.warning("bank_message_of_nobody", message=one.id)
    bank.acknowledge(messages)
    return len(messages)


def _heard(database: Database, answer: Answer, *, reference: str, key: str, source: str, now: datetime) -> None:
    """Book an answer; what the rules refuse to book is held for people, and stops no other payment."""
    try:
        run(database, now, lambda work: hear(work, answer, reference=reference, key=key, source=source))
    except Refused as refused:
        reason = "；".join(sentence(code, "zh", **refused.facts) for code in refused.codes)
        run(
            database, now,
            lambda work: hold_for_reconciliation(work, reference=reference, key=f"held:{key}", reason=reason),
        )  # fmt: skip


_log = log(__name__)
