"""Marks of the book: what it said at one moment, so small that it can be printed and kept elsewhere.

The vouchers of a year are only ever added to. A mark is the year, how many vouchers it had, and a digest of all of
them; whoever kept one can prove later that none of them was altered, put between or taken away since, whatever rights
the person had who could have done it.
"""

import hashlib
import json
import re

from sqlalchemy import select

from services.database.work import Work
from services.errors import Invalid
from services.ledger.models import ledger_entries, ledger_postings

_WRITTEN = re.compile(r"(\d{4})-(\d+)-([0-9a-f]{64})")
_ENTRY = ("voucher", "key", "kind", "posted_on", "at", "memo", "case_id", "actor_id")
_POSTING = ("line_number", "account", "budget_line_id", "award_id", "amount_fen")


def marks(work: Work) -> tuple[str, ...]:
    """One mark for each year that has vouchers, as 2026-120-<64 hex digits>, oldest year first."""
    made = []
    for year, vouchers in _by_year(work).items():
        digest = hashlib.sha256()
        for one in vouchers:
            digest.update(one)
        made.append(f"{year}-{len(vouchers)}-{digest.hexdigest()}")
    return tuple(made)


def kept(work: Work, mark: str) -> bool:
    """Whether the first vouchers of the year still are what they were at the mark. Invalid for what is no mark."""
    written = _WRITTEN.fullmatch(mark.strip())
    if written is None:
        raise Invalid("ledger.no_mark", mark=mark)
    year, count, digest = written.groups()
    vouchers = _by_year(work).get(int(year), ())[: int(count)]
    return len(vouchers) == int(count) and hashlib.sha256(b"".join(vouchers)).hexdigest() == digest


def _by_year(work: Work) -> dict[int, list[bytes]]:
    """Each year's vouchers in the order of their numbers, every one with its lines, as bytes."""
    years: dict[int, list[tuple[int, bytes]]] = {}
    lines = _postings(work)
    for row in work.connection.execute(select(ledger_entries)):
        _, year, number = row.voucher.split("-")
        told = [str(getattr(row, name)) for name in _ENTRY]
        said = json.dumps([told, lines.get(row.id, [])], ensure_ascii=False, separators=(",", ":"))
        years.setdefault(int(year), []).append((int(number), f"{said}\n".encode()))
    return {year: [said for _, said in sorted(years[year])] for year in sorted(years)}


def _postings(work: Work) -> dict[str, list[list[str]]]:
    of: dict[str, list[list[str]]] = {}
    ordered = select(ledger_postings).order_by(ledger_postings.c.entry_id, ledger_postings.c.line_number)
    for row in work.connection.execute(ordered):
        of.setdefault(row.entry_id, []).append([str(getattr(row, name)) for name in _POSTING])
    return of
