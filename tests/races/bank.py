"""Many payments at a bank that fails in every way, with the bank's own book as the only judge of what was paid."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select, update

from flows.bank_simulator import Fate, Fates, Simulator
from flows.paying import listen, send_batch
from services.cases.banking import SEND
from services.cases.models import cases
from services.database.base import new_id
from services.database.work import Work, reading, run, unit_of_work
from services.funding.models import funding_ceilings, instalments
from services.outbox.commands import claim_errands, leave_errand
from services.payments.models import bank_instructions
from services.payments.rules import Bank, reference
from tests.database.office import Office


@dataclass(frozen=True, slots=True)
class Judged:
    """What the bank's own book says against ours, each counted in payments.

    `twice`: paid more than once by the bank. `states`: where ours stand. `claimed`: paid by us and not by the bank, or
    by another amount. `missed`: paid by the bank and neither paid nor held for reconciliation by us. `calls`: how often
    the bank was asked.
    """

    twice: int
    states: dict[str, int]
    claimed: int
    missed: int
    calls: int


def chance(seed: int, **shares: float) -> Fates:
    """Each call meets a fate drawn by chance: the same for the same seed, reference and call."""

    def fate(name: str, call: int) -> Fate:
        drawn = random.Random(f"{seed}:{name}:{call}").random()
        for one, share in shares.items():
            if drawn < share:
                return one  # type: ignore[return-value]
            drawn -= share
        return "ok"

    return fate


def many_sent(office: Office, instalment: str, count: int) -> str:
    """As many copies of a sent instalment as are wanted, in its batch; answers the batch's id."""
    with unit_of_work(office.database, office.now) as work:
        case_id = office.subject(instalment).case.id
        case = _row(work, select(cases).where(cases.c.id == case_id))
        part = _row(work, select(instalments).where(instalments.c.case_id == case_id))
        told = _row(work, select(bank_instructions).where(bank_instructions.c.case_id == case_id))
        made: tuple[list[dict[str, object]], ...] = ([], [], [])
        for number in range(1, count + 1):
            identity = new_id()
            made[0].append(case | {"id": identity, "number": f"{instalment}-{number}"})
            made[1].append(part | {"case_id": identity, "number": part["number"] + number + 10})  # type: ignore[operator]
            named = {"id": new_id(), "case_id": identity, "reference": reference(2026, 100_000 + number)}
            made[2].append(told | named)
        for table, rows in zip((cases, instalments, bank_instructions), made, strict=True):
            work.connection.execute(insert(table), rows)
        _widen(work, str(part["award_id"]), count * int(part["amount_fen"]))  # type: ignore[call-overload]
    return str(told["batch_id"])


def _widen(work: Work, award_id: str, fen: int) -> None:
    """What the copies ask for is counted on their award too, so that what comes back can be taken off again."""
    award = (funding_ceilings.c.kind == "award") & (funding_ceilings.c.key == award_id)
    more = {"limit_fen": funding_ceilings.c.limit_fen + fen, "used_fen": funding_ceilings.c.used_fen + fen}
    work.connection.execute(update(funding_ceilings).where(award).values(**more))


def _row(work: Work, statement: object) -> dict[str, object]:
    return dict(work.connection.execute(statement).mappings().one())  # type: ignore[call-overload]


def send(office: Office, batch_id: str, bank: Bank, *, look: int) -> None:
    """One run of the flow's body over the batch, as the relay would do it."""
    later = office.now + timedelta(days=1, minutes=look)
    run(office.database, later, lambda work: _leave(work, batch_id, look))
    for errand in run(office.database, later, lambda work: claim_errands(work, worker="bank", limit=1_000_000)):
        if errand.effect == SEND and errand.payload["looked"] == look:
            send_batch(office.database, errand, bank, now=later)


def _leave(work: Work, batch_id: str, look: int) -> None:
    leave_errand(
        work, key=f"test:{batch_id}:{look}", effect=SEND, case_id=None, case_number="FK", move_sequence=None,
        payload={"batch_id": batch_id, "looked": look},
    )  # fmt: skip


def settle(office: Office, batch_id: str, bank: Bank) -> None:
    """Run it three times, so that whatever software alone would repeat is repeated, and hear what comes late."""
    for look in (8, 9, 10):
        send(office, batch_id, bank, look=look)
    listen(office.database, bank, now=office.now + timedelta(days=2))


def judged(office: Office, bank: Simulator) -> Judged:
    """Compare the bank's book with ours; a reference made longer by a bug still counts as the payment it is for."""
    book = bank.booked()
    times = Counter(one.reference[:13] for one in book)
    amounts = {one.reference[:13]: one.amount_fen for one in book}
    with reading(office.database, office.now) as work:
        ours = work.connection.execute(
            select(bank_instructions.c.reference, bank_instructions.c.amount_fen, bank_instructions.c.outcome)
        ).all()
    claimed = [one for one in ours if one.outcome == "paid" and amounts.get(one.reference) != one.amount_fen]
    missed = [one for one in ours if one.reference in times and one.outcome not in ("paid", "unknown")]
    return Judged(
        sum(1 for count in times.values() if count > 1), dict(Counter(one.outcome for one in ours)), len(claimed),
        len(missed), bank.calls(),
    )  # fmt: skip
