"""Draws papers again from what is stored of them and compares the bytes with those that were issued."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flows.errands import HOPELESS, draw
from flows.renderer import renderer
from services.database.engine import Database
from services.database.work import reading
from services.issuance.queries import document_line, document_to_draw, drawn_documents, engine_of
from services.issuance.signatures import unsigned_hash


@dataclass(frozen=True, slots=True)
class Reproduced:
    """One paper drawn again. `same`: its bytes before any signature are those that were issued.

    engine: what drew it then; present: what drew it now; reason: why it could not be drawn, or empty.
    """

    number: str
    same: bool
    engine: str
    present: str
    reason: str = ""

    @property
    def other_engine(self) -> bool:
        """Whether engine, libraries or fonts are others than those that drew it first."""
        return self.engine != self.present


def reproduce(database: Database, *, now: datetime, numbers: tuple[str, ...] = ()) -> Iterator[Reproduced]:
    """Draw each of these papers (all that were drawn, for none) again, one at a time, and compare. Changes nothing."""
    with reading(database, now) as work:
        ids = drawn_documents(work, numbers=numbers)
    for identity in ids:
        yield _again(database, identity, now)


def _again(database: Database, document_id: str, now: datetime) -> Reproduced:
    with reading(database, now) as work:
        paper, line = document_to_draw(work, document_id), document_line(work, document_id)
        engine, expected = engine_of(work, document_id), unsigned_hash(work, document_id)
    try:
        drawn = draw(paper, engine)
    except HOPELESS as failure:
        present = renderer().start()
        return Reproduced(line.number, same=False, engine=engine, present=present, reason=str(failure)[:300])
    return Reproduced(line.number, same=drawn.sha256 == expected, engine=engine, present=drawn.engine)
