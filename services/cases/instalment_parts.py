"""The instalments beside a case as they stand: which of them a hold stops, which can be cancelled, and their sums."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from services.cases.models import cases
from services.database.work import Work
from services.funding.queries import AwardLine

HOLDABLE = ("PLANNED", "RELEASED", "REQUESTED", "MILESTONE_CONFIRMED", "CHECKED", "APPROVED")
CANCELLABLE = (*HOLDABLE, "RETURNED", "HELD")


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment of an award, as it stands now; its amount in fen."""

    case_id: str
    number: str
    place: int
    state: str
    earned: bool
    amount_fen: int


def parts_of(work: Work, awards: Iterable[AwardLine]) -> Iterator[tuple[Part, ...]]:
    """The instalments of each award, in order."""
    for award in awards:
        yield tuple(
            Part(row.id, row.number, one.number, row.state, one.earned_on is not None, one.amount_fen)
            for one in award.instalments
            for row in work.connection.execute(
                select(cases.c.id, cases.c.number, cases.c.state).where(cases.c.id == one.case_id)
            )
        )


def to_hold(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """What a hold stops of one award: all that is on its way to the bank, and the next part still to be earned."""
    waiting = tuple(part for part in parts if part.state in HOLDABLE)
    return tuple(part for part in waiting if part.state != "PLANNED" or part is waiting[0])
