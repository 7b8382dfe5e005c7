"""Posts entries to the book: balanced, numbered without gaps, once per business key; nothing is ever edited."""

from sqlalchemy import insert, select

from services.actors import Actor
from services.database.base import new_id
from services.database.counters import next_number
from services.database.work import Work
from services.errors import Broken
from services.ledger.models import ledger_entries, ledger_postings
from services.ledger.rules import Line, balanced


def post(
    work: Work, *, actor: Actor, key: str, kind: str, memo: str, lines: tuple[Line, ...], case_id: str | None = None
) -> str:
    """Post one entry and answer its voucher number (记-2026-0001); Broken when it does not sum to zero.

    The same key posts once: a second call answers the first voucher and writes nothing.
    """
    known = work.connection.execute(select(ledger_entries.c.voucher).where(ledger_entries.c.key == key)).scalar()
    if known:
        return str(known)
    if not balanced(lines):
        raise Broken(f"unbalanced entry {key}")
    year = work.today.year
    voucher = f"记-{year}-{next_number(work, f'voucher-{year}'):04d}"
    identity = new_id()
    work.connection.execute(
        insert(ledger_entries).values(
            id=identity,
            voucher=voucher,
            key=key,
            kind=kind,
            posted_on=work.today,
            at=work.now,
            memo=memo,
            case_id=case_id,
            actor_id=actor.id,
        )
    )
    work.connection.execute(
        insert(ledger_postings),
        [
            {
                "id": new_id(),
                "entry_id": identity,
                "line_number": number,
                "account": line.account,
                "budget_line_id": line.budget_line_id,
                "award_id": line.award_id,
                "amount_fen": line.amount_fen,
            }
            for number, line in enumerate(lines, start=1)
        ],
    )
    return voucher
