"""Reads of payments: what an instalment pays to whom, how its attempt stands, and the batches with their lines."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, RowMapping, func, select

from services.database.work import Work
from services.errors import NotFound, Refused
from services.funding.models import awards, instalments
from services.organizations.models import payee_accounts
from services.organizations.queries import account_number_of
from services.payments.models import bank_answers, bank_instructions, payment_batches
from services.payments.rules import Order, Payee, fingerprint


@dataclass(frozen=True, slots=True)
class Payment:
    """What an instalment pays today: the amount in fen and the account of its award."""

    case_id: str
    amount_fen: int
    payee: Payee

    @property
    def digest(self) -> str:
        """Its fingerprint."""
        return fingerprint(self.case_id, self.amount_fen, self.payee)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the latest attempt to pay an instalment stands in its batch."""

    in_batch: bool
    batch_released: bool


@dataclass(frozen=True, slots=True)
class Instruction:
    """One attempt to pay; the account masked to its last four digits."""

    id: str
    case_id: str
    attempt: int
    reference: str
    amount_fen: int
    holder_name: str
    bank: str
    account_tail: str
    made_by: str
    channel: str | None
    batch_id: str | None
    sent_at: datetime | None
    tried_at: datetime | None
    outcome: str
    bank_serial: str | None
    value_date: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Instructions that go to the bank together; `state` is made, released, done (every outcome known) or dropped."""

    id: str
    number: str
    channel: str
    format: str
    made_by: str
    made_at: datetime
    released_by: str | None
    released_at: datetime | None
    count: int
    total_fen: int
    file_hash: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Something learned about an attempt: from whom, when, and in which words."""

    source: str
    said: str
    amount_fen: int | None
    bank_serial: str | None
    covers_to: date | None
    words: str
    at: datetime


def payment_of(work: Work, case_id: str) -> Payment:
    """What the instalment pays, and to whom. Refused("award.payee_not_fit") while its award names no account."""
    amount = select(instalments.c.amount_fen, awards.c.account_id).join(
        awards, awards.c.case_id == instalments.c.award_id
    )
    found = work.connection.execute(amount.where(instalments.c.case_id == case_id)).one()
    account = work.connection.execute(
        select(payee_accounts).where(payee_accounts.c.id == found.account_id)
    ).one_or_none()
    if account is None:
        raise Refused("award.payee_not_fit")
    payee = Payee(account.id, account.holder_name, account.bank, account_number_of(account)[-4:])
    return Payment(case_id, found.amount_fen, payee)


def standing_of(work: Work, case_id: str) -> Standing:
    """How the latest attempt stands; nothing to say before there is one."""
    row = work.connection.execute(
        select(bank_instructions, payment_batches.c.state)
        .outerjoin(payment_batches, payment_batches.c.id == bank_instructions.c.batch_id)
        .where(bank_instructions.c.case_id == case_id)
        .order_by(bank_instructions.c.attempt.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return Standing(in_batch=False, batch_released=False)
    return Standing(in_batch=row.batch_id is not None, batch_released=row.state == "released")


def instruction_of(work: Work, reference: str) -> Instruction:
    """The attempt that was given that reference; NotFound for any other text."""
    row = work.connection.execute(
        select(bank_instructions).where(bank_instructions.c.reference == reference)
    ).one_or_none()
    if row is None:
        raise NotFound("payment.reference_unknown")
    return _instruction(row)


def instructions_of(
    work: Work, *, batch_id: str | None = None, outcomes: Sequence[str] = (), unbatched: bool = False
) -> tuple[Instruction, ...]:
    """The attempts of a batch, every one; or, the first 1,000, those of certain outcomes or that wait for a batch.

    They come by reference.
    """
    statement = select(bank_instructions).order_by(bank_instructions.c.reference)
    if batch_id is not None:
        statement = statement.where(bank_instructions.c.batch_id == batch_id)
    if outcomes:
        statement = statement.where(bank_instructions.c.outcome.in_(tuple(outcomes)))
    if unbatched:
        statement = statement.where(bank_instructions.c.batch_id.is_(None), bank_instructions.c.outcome == "open")
    # A list on a page may be cut; what is sent to the bank may not.
    statement = statement if batch_id is not None else statement.limit(1_000)
    return tuple(_instruction(row) for row in work.connection.execute(statement))


def _instruction(row: Row[Any]) -> Instruction:
    return Instruction(
        row.id, row.case_id, row.attempt, row.reference, row.amount_fen, row.holder_name, row.bank, row.account_tail,
        row.made_by, row.channel, row.batch_id, row.sent_at, row.tried_at, row.outcome, row.bank_serial,
        row.value_date, row.reason,
    )  # fmt: skip


def batch_named(work: Work, number: str, *, lock: bool = False) -> Batch:
    """The batch of that number; NotFound when there is none. With `lock` its row stays locked."""
    statement = select(payment_batches).where(payment_batches.c.number == number)
    row = work.connection.execute(statement.with_for_update() if lock else statement).mappings().one_or_none()
    if row is None:
        raise NotFound("payment.batch_not_found")
    return _batch(row)


def batches(work: Work, *, limit: int = 100) -> tuple[Batch, ...]:
    """The batches, the latest first."""
    statement = select(payment_batches).order_by(payment_batches.c.made_at.desc(), payment_batches.c.number.desc())
    return tuple(_batch(row) for row in work.connection.execute(statement.limit(limit)).mappings())


def _batch(row: RowMapping) -> Batch:
    return Batch(**{one.name: row[one.name] for one in fields(Batch)})


def orders_of(work: Work, batch_id: str) -> tuple[Order, ...]:
    """What the bank is told for each attempt of a batch, account numbers in full, by reference.

    Refused("instalment.account_changed") when an account is not the one the attempts were made for.
    """
    rows = work.connection.execute(
        select(bank_instructions)
        .where(bank_instructions.c.batch_id == batch_id)
        .order_by(bank_instructions.c.reference)
    ).all()
    wanted = select(payee_accounts).where(payee_accounts.c.id.in_({row.account_id for row in rows}))
    accounts = {row.id: row for row in work.connection.execute(wanted)}
    return tuple(_order(row, accounts[row.account_id]) for row in rows)


def _order(row: Row[Any], account: Row[Any]) -> Order:
    number = account_number_of(account)
    if number[-4:] != row.account_tail or account.holder_name != row.holder_name or account.bank != row.bank:
        raise Refused("instalment.account_changed")
    return Order(row.reference, row.amount_fen, row.holder_name, number, row.bank)


def heard_of(work: Work, instruction_id: str) -> tuple[Heard, ...]:
    """Everything learned about an attempt, in the order it came."""
    rows = work.connection.execute(
        select(bank_answers)
        .where(bank_answers.c.instruction_id == instruction_id)
        .order_by(bank_answers.c.at, bank_answers.c.id)
    )
    return tuple(
        Heard(row.source, row.said, row.amount_fen, row.bank_serial, row.covers_to, row.words, row.at) for row in rows
    )


def contradicted(work: Work) -> tuple[Instruction, ...]:
    """Attempts of which the bank said that they are paid, though they stand as something else: a person must look."""
    says_paid = select(bank_answers.c.instruction_id).where(bank_answers.c.said == "paid")
    rows = work.connection.execute(
        select(bank_instructions)
        .where(
            bank_instructions.c.id.in_(says_paid), bank_instructions.c.outcome.in_(("refused", "absent", "recalled"))
        )
        .order_by(bank_instructions.c.reference)
    )
    return tuple(_instruction(row) for row in rows)


def without_outcome(work: Work, batch_id: str) -> int:
    """How many attempts of a batch have no known outcome yet."""
    one = bank_instructions.c
    return int(
        work.connection.execute(
            select(func.count())
            .select_from(bank_instructions)
            .where(one.batch_id == batch_id, one.outcome.in_(("open", "unknown")))
        ).scalar_one()
    )
