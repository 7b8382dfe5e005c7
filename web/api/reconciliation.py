"""Reconciliation: statements taken over and matched, payments recorded off them, what is open, months signed off."""

import base64
import binascii
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from services.cases import reconciling
from services.errors import Invalid
from services.reconciliation.months import months as month_lines
from services.reconciliation.queries import Item, lines_of, open_items, statements
from web.interface.repeats import RepeatableRoute, repeatable
from web.interface.shapes import Body, Clean, Identity, Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1/reconciliation", tags=["money"], route_class=RepeatableRoute)


class StatementFile(Body):
    """A statement file (base64) with its name; tried out first unless `dry_run` is false."""

    content: Annotated[str, Field(min_length=1, max_length=11_000_000)]
    file_name: Annotated[str, Field(max_length=120), Clean] = ""
    dry_run: bool = True


class Taken(Reply):
    """What taking it over came to: `open` holds the kind of each item that does not agree."""

    statement_id: str | None
    lines: int
    new: int
    known: int
    matched: int
    open: list[str]
    encoding: str
    kept: bool


class Statement(Reply):
    """A statement that was taken over; amounts in fen."""

    id: str
    account_tail: str
    layout: str
    encoding: str
    from_on: date
    to_on: date
    opening_fen: int
    closing_fen: int
    lines: int
    known: int
    matched: int
    imported_by: str
    imported_at: datetime


class Statements(Reply):
    """The statements, the latest days first."""

    statements: list[Statement]


class StatementLine(Reply):
    """A line of a statement; `matched_by` says by what it was known, `reference` which payment it is."""

    id: str
    row: int
    booked_on: date
    amount_fen: int
    serial: str
    payee: str
    memo: str
    matched_by: str
    reference: str


class Lines(Reply):
    """The lines of a statement in the bank's order."""

    lines: list[StatementLine]


class OpenItem(Reply):
    """Something that does not agree; `facts` fill the sentence of its kind."""

    id: str
    kind: str
    day: date
    facts: dict[str, str | int]
    owner: str
    reference: str
    amount_fen: int
    lines: list[str]


class OpenItems(Reply):
    """What is open, the oldest first."""

    items: list[OpenItem]


class Settled(Body):
    """Whether it is taken for the payment after all, and why; otherwise the reason says what it is."""

    accept: bool
    reason: Annotated[str, Field(min_length=1, max_length=400), Clean]


class Recorded(Reply):
    """Instalments recorded as paid; those that could not be, with the reason codes."""

    done: list[str]
    refused: dict[str, list[str]]


class WhichMonth(Body):
    """A month of an own account."""

    account_id: Identity
    month: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]


class Month(Reply):
    """Whether a month can be signed off (`faults` are reason codes), and by whom it was."""

    account_id: str
    account_tail: str
    month: str
    out_fen: int
    in_fen: int
    lines: int
    matched: int
    recorded_fen: int
    faults: list[str]
    prepared_by: str
    approved_by: str


class Months(Reply):
    """The months that statements reach into, the latest first."""

    months: list[Month]


@router.post("/import", summary="Take a statement over", dependencies=[repeatable])
def take(body: StatementFile, visitor: Visitor = Depends(visiting)) -> Taken:
    """The whole file or nothing; what is wrong points at its row."""
    try:
        content = base64.b64decode(body.content, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("reconciliation.not_readable") from None
    found = reconciling.import_statement(
        visitor.database, visitor.person, content=content, file_name=body.file_name, now=visitor.now,
        dry_run=body.dry_run,
    )  # fmt: skip
    return Taken(
        statement_id=None if body.dry_run else found.statement_id, lines=len(found.statement.lines), new=found.new,
        known=found.known, matched=found.matched, open=list(found.open), encoding=found.statement.encoding,
        kept=not body.dry_run,
    )  # fmt: skip


@router.get("/statements", summary="The statements")
def listing(visitor: Visitor = Depends(visiting)) -> Statements:
    """The last hundred."""
    with visitor.reading() as work:
        found = statements(work)
    return Statements(
        statements=[
            Statement(
                id=one.id, account_tail=one.tail, layout=one.layout, encoding=one.encoding, from_on=one.from_on,
                to_on=one.to_on, opening_fen=one.opening_fen, closing_fen=one.closing_fen, lines=one.count,
                known=one.known, matched=one.matched, imported_by=one.imported_by, imported_at=one.imported_at,
            )
            for one in found
        ]
    )  # fmt: skip


@router.get("/statements/{statement_id}/lines", summary="The lines of a statement")
def lines(statement_id: Identity, visitor: Visitor = Depends(visiting)) -> Lines:
    """Those that were new in it."""
    with visitor.reading() as work:
        found = lines_of(work, statement_id)
    return Lines(
        lines=[
            StatementLine(
                id=one.id, row=one.row, booked_on=one.booked_on, amount_fen=one.amount_fen, serial=one.serial,
                payee=one.payee, memo=one.memo, matched_by=one.by, reference=one.reference,
            )
            for one in found
        ]
    )  # fmt: skip


@router.get("/items", summary="What does not agree")
def items(visitor: Visitor = Depends(visiting)) -> OpenItems:
    """Each with its owner."""
    with visitor.reading() as work:
        found = open_items(work)
    return OpenItems(items=[_item(one) for one in found])


def _item(one: Item) -> OpenItem:
    return OpenItem(
        id=one.id, kind=one.kind, day=one.day, facts=dict(one.facts), owner=one.owner, reference=one.reference,
        amount_fen=one.amount_fen, lines=[line.id for line in one.lines],
    )  # fmt: skip


@router.post("/items/{item_id}", status_code=204, summary="Settle an item")
def settle(item_id: Identity, body: Settled, visitor: Visitor = Depends(visiting)) -> None:
    """What cannot be accepted, since the sum differs, is refused; so is what no words can close."""
    reconciling.close_item(
        visitor.database, visitor.person, item_id=item_id, accept=body.accept, reason=body.reason, now=visitor.now
    )


@router.post("/payments", summary="Record what statements show as paid")
def record(visitor: Visitor = Depends(visiting)) -> Recorded:
    """Each a move of its instalment by this person."""
    found = reconciling.record_payments(visitor.database, visitor.person, now=visitor.now)
    return Recorded(done=list(found.done), refused={number: list(codes) for number, codes in found.refused})


@router.get("/months", summary="The months")
def months(visitor: Visitor = Depends(visiting)) -> Months:
    """With what still keeps each from being signed off."""
    with visitor.reading() as work:
        found = month_lines(work)
    return Months(
        months=[
            Month(
                account_id=one.account_id, account_tail=one.tail, month=one.month, faults=list(one.faults),
                prepared_by=one.prepared_by, approved_by=one.approved_by, **one.figures,
            )
            for one in found
        ]
    )  # fmt: skip


@router.post("/months/preparation", status_code=204, summary="Put a month forward")
def prepare(body: WhichMonth, visitor: Visitor = Depends(visiting)) -> None:
    """Every day covered, nothing open, every payment recorded."""
    reconciling.prepare_month(
        visitor.database, visitor.person, account_id=body.account_id, month=body.month, now=visitor.now
    )


@router.post("/months/approval", status_code=204, summary="Sign a month off")
def approve(body: WhichMonth, visitor: Visitor = Depends(visiting)) -> None:
    """By somebody else than who put it forward."""
    reconciling.approve_month(
        visitor.database, visitor.person, account_id=body.account_id, month=body.month, now=visitor.now
    )
