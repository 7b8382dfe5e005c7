"""Score sheets that came in on paper: entered from the scan by one person, counted once another countersigned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.assessments.commands import points_of
from services.assessments.form_files import from_json
from services.assessments.models import assessments, paper_sheets, seats
from services.assessments.queries import SheetToScore
from services.assessments.rules import check_sheet
from services.database.base import new_id
from services.database.work import Work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.people.models import persons
from services.people.queries import names_of


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed off a paper sheet, and its scan."""

    items: Mapping[str, Any]
    comments: Mapping[str, str]
    veto: Sequence[str]
    scan_sha256: str
    scan_extension: str


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """One sheet that came in on paper; standing: waiting (for the countersignature), counted or refused."""

    id: str
    assessment_id: str
    case_id: str
    evaluator_id: str
    evaluator_username: str
    evaluator: str
    form_copy: dict[str, Any]
    items: dict[str, str]
    comments: dict[str, str]
    veto: tuple[str, ...]
    scan_sha256: str
    scan_extension: str
    entered_by_id: str
    entered_by: str
    entered_at: datetime
    standing: str
    decided_by: str
    decided_at: datetime | None
    reason: str


def enter(work: Work, actor: Actor, sheet: SheetToScore, entry: Entry) -> str:
    """Keep what a paper sheet says until somebody countersigns it; answers its id.

    Refused while the round is not open, without the evaluator's declaration, once the sheet is locked, and while
    another paper sheet of that seat waits. Invalid with everything that would keep the sheet from being locked.
    """
    if sheet.locked_at is not None:
        raise Refused("assessment.sheet_locked")
    if sheet.interest != "none":
        raise Refused("assessment.interests_undeclared")
    if not sheet.open:
        raise Refused("assessment.not_open")
    waiting = (paper_sheets.c.seat_id == sheet.seat_id, paper_sheets.c.standing == "waiting")
    if work.connection.execute(select(paper_sheets.c.id).where(*waiting)).first():
        raise Refused("assessment.paper_waits")
    points = points_of(entry.items)
    if faults := check_sheet(from_json(sheet.form_copy), points, entry.comments):
        raise Invalid(*faults)
    identity = new_id()
    work.connection.execute(
        insert(paper_sheets).values(
            id=identity, assessment_id=sheet.assessment_id, seat_id=sheet.seat_id,
            items={key: format(value, "f") for key, value in points.items()},
            comments={key: text.strip()[:1000] for key, text in entry.comments.items() if text.strip()},
            veto=list(entry.veto), scan_sha256=entry.scan_sha256, scan_extension=entry.scan_extension,
            entered_by=actor.id, entered_at=work.now, standing="waiting", reason="",
        )
    )  # fmt: skip
    return identity


def decide(work: Work, actor: Actor, paper: PaperSheet, *, agrees: bool, reason: str) -> None:
    """Note that somebody countersigned what was typed, or sent it back with a reason.

    Refused once it is decided; Forbidden for the person who typed it; Invalid when it is sent back without a reason.
    """
    if paper.standing != "waiting":
        raise Refused("assessment.paper_decided")
    if paper.entered_by_id == actor.id:
        raise Forbidden("assessment.paper_two_people")
    if not agrees and not reason.strip():
        raise Invalid("assessment.paper_reason_missing")
    work.connection.execute(
        update(paper_sheets)
        .where(paper_sheets.c.id == paper.id)
        .values(
            standing="counted" if agrees else "refused", decided_by=actor.id, decided_at=work.now,
            reason=reason.strip()[:400],
        )
    )  # fmt: skip


def papers_of(work: Work, assessment_id: str) -> tuple[PaperSheet, ...]:
    """Every sheet of the round that came in on paper, the oldest first."""
    return _papers(work, paper_sheets.c.assessment_id == assessment_id)


def paper_by_id(work: Work, paper_id: str) -> PaperSheet:
    """One paper sheet; NotFound when there is none."""
    found = _papers(work, paper_sheets.c.id == paper_id)
    if not found:
        raise NotFound("assessment.not_found")
    return found[0]


def _papers(work: Work, which: Any) -> tuple[PaperSheet, ...]:
    rows = work.connection.execute(
        select(paper_sheets, seats.c.person_id, persons.c.username, persons.c.name, assessments.c.case_id,
               assessments.c.form_copy)
        .join(seats, seats.c.id == paper_sheets.c.seat_id)
        .join(persons, persons.c.id == seats.c.person_id)
        .join(assessments, assessments.c.id == paper_sheets.c.assessment_id)
        .where(which)
        .order_by(paper_sheets.c.id)
    ).mappings().all()  # fmt: skip
    names = names_of(work, {one for row in rows for one in (row["entered_by"], row["decided_by"]) if one})
    return tuple(
        PaperSheet(
            row["id"], row["assessment_id"], row["case_id"], row["person_id"], row["username"], row["name"],
            row["form_copy"], row["items"], row["comments"], tuple(row["veto"]), row["scan_sha256"],
            row["scan_extension"], row["entered_by"], names[row["entered_by"]], row["entered_at"], row["standing"],
            names.get(row["decided_by"], ""), row["decided_at"], row["reason"],
        )
        for row in rows
    )  # fmt: skip
