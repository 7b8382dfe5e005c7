"""Writes of reconciliation: a statement with its lines, what they match, what stays open, and months signed off."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.work import Work
from services.errors import Refused
from services.funding.models import refunds
from services.issuance.files import store_file
from services.protection.sealing import blind_index, blind_indexes, seal
from services.reconciliation.matching import Open, Outcome, match
from services.reconciliation.models import (
    bank_statements,
    own_accounts,
    reconciled_months,
    statement_items,
    statement_lines,
    statement_matches,
)
from services.reconciliation.queries import covered_days, entered_lines, expected_things, settled_things
from services.reconciliation.rules import Line, Statement, line_keys, out_of_order


@dataclass(frozen=True, slots=True)
class Taken:
    """A statement that was taken over: so many lines are new, so many were known from an earlier one."""

    statement_id: str
    new: int
    known: int


def keep_statement(work: Work, actor: Actor, statement: Statement, *, content: bytes, file_name: str) -> Taken:
    """Keep the statement, its file and its lines; a line of an earlier statement is recognized and not kept twice.

    Refused("reconciliation.same_file") for a file that was taken over before, ("reconciliation.month_signed") for new
    lines in a month that two people have signed off.
    """
    digest = hashlib.sha256(content).hexdigest()
    if work.connection.execute(select(bank_statements.c.id).where(bank_statements.c.file_sha256 == digest)).first():
        raise Refused("reconciliation.same_file")
    account_id = _own_account(work, statement.account)
    known = _known(work, account_id, statement)
    fresh = [(line, key) for line, key in line_keys(statement.lines).items() if key not in known]
    _refuse_signed(work, account_id, [line for line, _ in fresh])
    store_file(work, content, media_type="application/octet-stream")
    identity = new_id()
    work.connection.execute(
        insert(bank_statements).values(
            id=identity, account_id=account_id, layout=statement.bank, encoding=statement.encoding,
            from_on=statement.from_on, to_on=statement.to_on, opening_fen=statement.opening_fen,
            closing_fen=statement.closing_fen, count=len(statement.lines), known=len(statement.lines) - len(fresh),
            reordered=out_of_order(statement), file_name=file_name[:120], file_sha256=digest, imported_by=actor.id,
            imported_at=work.now,
        )
    )  # fmt: skip
    rows = [_row(account_id, identity, line, key) for line, key in fresh]
    if rows:
        work.connection.execute(insert(statement_lines), rows)
    return Taken(identity, len(fresh), len(statement.lines) - len(fresh))


def _own_account(work: Work, number: str) -> str:
    own = own_accounts.c
    found = work.connection.scalar(
        select(own.id).where(own.account_number_index.in_(blind_indexes("own_accounts", "account_number", number)))
    )
    if found is not None:
        return str(found)
    identity = new_id()
    work.connection.execute(
        insert(own_accounts).values(
            id=identity, tail=number[-4:], created_at=work.now,
            account_number_sealed=seal("own_accounts", identity, "account_number", number),
            account_number_index=blind_index("own_accounts", "account_number", number),
        )
    )  # fmt: skip
    return identity


def _known(work: Work, account_id: str, statement: Statement) -> set[str]:
    rows = work.connection.scalars(
        select(statement_lines.c.key).where(
            statement_lines.c.account_id == account_id,
            statement_lines.c.booked_on.between(statement.from_on, statement.to_on),
        )
    )
    return set(rows)


def _refuse_signed(work: Work, account_id: str, lines: Sequence[Line]) -> None:
    signed = set(
        work.connection.scalars(
            select(reconciled_months.c.month).where(
                reconciled_months.c.account_id == account_id, reconciled_months.c.approved_at.is_not(None)
            )
        )
    )
    late = sorted({f"{line.on:%Y-%m}" for line in lines} & signed)
    if late:
        raise Refused("reconciliation.month_signed", month=late[0])


def _row(account_id: str, statement_id: str, line: Line, key: str) -> dict[str, Any]:
    return {
        "id": new_id(), "account_id": account_id, "statement_id": statement_id, "row": line.row, "booked_on": line.on,
        "amount_fen": line.amount_fen, "serial": line.serial[:60], "payee": line.payee[:120], "tail": line.tail,
        "memo": line.memo[:400], "balance_fen": line.balance_fen, "key": key,
    }  # fmt: skip


# Matching -----------------------------------------------------------------------------------------


def match_all(work: Work, *, owner_id: str) -> Outcome:
    """Match whatever is not matched yet, over every statement: keep what was found, open what differs, and close by
    itself what agrees by now. What a person accepted or explained stays as it is.
    """
    _forget_reversed(work)
    outcome = match(expected_things(work), entered_lines(work), covered_days(work), settled_things(work))
    for one in outcome.matches:
        for line in one.lines:
            work.connection.execute(
                insert(statement_matches).values(line_id=line, by=one.by, matched_at=work.now, **_of(one.expected))
            )
    _open(work, outcome.open, owner_id)
    return outcome


def _forget_reversed(work: Work) -> None:
    """A line stays free when what it was matched with was reversed on the books."""
    gone = statement_matches.c.refund_id.is_not(None) & statement_matches.c.refund_id.not_in(select(refunds.c.id))
    work.connection.execute(delete(statement_matches).where(gone))


def _of(expected: str | None) -> dict[str, str | None]:
    kind, _, identity = (expected or "").partition(":")
    return {
        "instruction_id": identity if kind == "instruction" else None,
        "refund_id": identity if kind == "refund" else None,
    }


def _open(work: Work, found: Sequence[Open], owner_id: str) -> None:
    wanted = {_key(one): one for one in found}
    items = statement_items.c
    rows = work.connection.execute(select(items.key, items.id, items.resolution, items.closed_at)).all()
    present = {row.key: row for row in rows}
    gone = [row.id for row in rows if row.closed_at is None and row.key not in wanted]
    if gone:
        close = update(statement_items).where(items.id.in_(gone))
        work.connection.execute(close.values(closed_at=work.now, resolution="settled"))
    for key, one in wanted.items():
        row = present.get(key)
        if row is None:
            work.connection.execute(insert(statement_items).values(_item(work, key, one, owner_id)))
        elif row.resolution == "settled":
            again = update(statement_items).where(items.id == row.id)
            work.connection.execute(again.values(closed_at=None, resolution="", owner_id=owner_id))


def _key(one: Open) -> str:
    return hashlib.sha256("\x1f".join((one.kind, one.expected or "", *sorted(one.lines))).encode()).hexdigest()


def _item(work: Work, key: str, one: Open, owner_id: str) -> dict[str, Any]:
    days = list(
        work.connection.scalars(
            select(statement_lines.c.booked_on).where(statement_lines.c.id.in_(one.lines)).order_by("booked_on")
        )
    )
    day = days[0] if days else date.fromisoformat(str(one.facts.get("until", work.today)))
    return {
        "id": new_id(), "kind": one.kind, "key": key, "lines": list(one.lines), "facts": dict(one.facts), "day": day,
        "owner_id": owner_id, "opened_at": work.now, **_of(one.expected),
    }  # fmt: skip


# What a person says -------------------------------------------------------------------------------

ACCEPTABLE = ("date", "payee", "split", "several")
"""What a person may take for the payment after all; the sum is right in each of them."""

ENDS_BY_ITSELF = ("missing",)
"""What no words can close: the payment is found, or taken for not made by two people."""


def close_item(work: Work, actor: Actor, *, item_id: str, accept: bool, reason: str) -> None:
    """A person takes an open item for the payment (its lines are matched by hand) or says what it is.

    Refused for what is closed already, what cannot be accepted since the sum differs, and what no words can close.
    """
    items = statement_items.c
    row = work.connection.execute(select(statement_items).where(items.id == item_id).with_for_update()).one_or_none()
    if row is None or row.closed_at is not None:
        raise Refused("reconciliation.item_closed")
    if row.kind in ENDS_BY_ITSELF:
        raise Refused("reconciliation.item_ends_by_itself")
    if accept:
        if row.kind not in ACCEPTABLE:
            raise Refused("reconciliation.item_not_acceptable")
        for line in row.lines:
            work.connection.execute(
                insert(statement_matches).values(
                    line_id=line, instruction_id=row.instruction_id, refund_id=row.refund_id, by="hand",
                    by_id=actor.id, matched_at=work.now,
                )
            )  # fmt: skip
    resolution = "accepted" if accept else "explained"
    work.connection.execute(
        update(statement_items)
        .where(items.id == item_id)
        .values(closed_at=work.now, closed_by=actor.id, resolution=resolution, reason=reason)
    )
