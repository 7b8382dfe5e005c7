"""The shapes of cases: a line of a list, the whole case, a move of its history."""

from datetime import date, datetime
from typing import Any

from services.cases.lists import CaseLine
from services.cases.offers import OfferLine
from services.cases.queries import CasePage, TimelineLine
from services.issuance.queries import DocumentLine
from web.interface.shapes import Reply
from web.wording import label, said


class Line(Reply):
    """A case in a list."""

    id: str
    number: str
    kind: str
    state: str
    state_label: str
    stage: str
    organization: str
    version: int
    moved_at: datetime
    due_on: date | None
    waits_for: list[str]


class CaseLines(Reply):
    """A portion of a list of cases; `next` is the cursor of the following one, null on the last."""

    cases: list[Line]
    next: str | None


class Opened(Reply):
    """A fresh case."""

    id: str
    number: str
    kind: str
    state: str
    version: int


class Reason(Reply):
    """Why a move is closed: a stable code and the sentence for people."""

    code: str
    sentence: str


class FormField(Reply):
    """A field of a move's form; `columns` are those of a list."""

    name: str
    kind: str
    label: str
    required: bool
    choices: list[str]
    columns: list["FormField"]


class Offer(Reply):
    """A move out of the present state, open or closed."""

    trigger: str
    label: str
    open: bool
    reasons: list[Reason]
    fields: list[FormField]


class Paper(Reply):
    """A paper of a case; `file` is where its PDF is, once it is drawn. `signed_by_both_on`: of an agreement, the day on
    which the other side signed; the file then shows both signatures unless it was signed by hand.
    """

    id: str
    kind: str
    number: str
    standing: str
    decided_on: date
    drawn_at: datetime | None
    pages: int | None
    sha256: str | None
    file: str | None
    signed_by_both_on: date | None = None


class Clock(Reply):
    """A clock of the case; a provisional due day may change once the year's holidays are announced."""

    key: str
    standing: str
    due_on: date | None
    provisional: bool


class Material(Reply):
    """A material that was handed in."""

    name: str
    provided_on: date
    original: bool


class Move(Reply):
    """A move that was taken."""

    sequence: int
    label: str
    source: str
    state: str
    at: datetime
    by: str
    role: str


class Round(Reply):
    """An assessment round as far as it may be shown: the panel's totals are read where the policy allows."""

    id: str
    form: str
    number: int
    opened_at: datetime | None
    concluded_at: datetime | None
    seats: int
    locked: int
    mean: str | None


class Case(Line):
    """A case with what this person may do, its clocks, papers, materials and history."""

    edition: int
    parent: str | None
    transitions: list[Offer]
    clocks: list[Clock]
    documents: list[Paper]
    materials: list[Material]
    materials_missing: list[str]
    rounds: list[Round]
    moves: list[Move]
    assisted: bool


class Timeline(Reply):
    """A portion of a case's history."""

    moves: list[Move]
    next: str | None


class Moved(Reply):
    """What a move came to; `documents` are the papers it numbered."""

    case: str
    trigger: str
    source: str
    state: str
    version: int
    documents: list[dict[str, Any]]


def line_of(line: CaseLine, lang: str) -> Line:
    """The line of a list."""
    return Line(**_line(line, lang))


def _line(line: CaseLine, lang: str) -> dict[str, Any]:
    return {
        "id": line.id, "number": line.number, "kind": line.kind, "state": line.state,
        "state_label": line.state_zh if lang == "zh" else line.state_en, "stage": line.stage,
        "organization": line.organization, "version": line.version, "moved_at": line.moved_at, "due_on": line.due_on,
        "waits_for": [one.value for one in line.waits_for],
    }  # fmt: skip


def case_of(page: CasePage, lang: str) -> Case:
    """The whole case as this person may see it."""
    facts = {"case_number": page.line.number, "state": label(page.state, lang), "missing": page.materials_missing}
    return Case(
        **_line(page.line, lang),
        edition=page.edition,
        parent=page.parent_number,
        transitions=[_offer(one, lang, facts) for one in page.offers],
        clocks=[
            Clock(key=one.key, standing=one.standing, due_on=one.due_on, provisional=one.provisional)
            for one in page.clocks
        ],
        documents=[paper_of(one) for one in page.documents],
        materials=[
            Material(name=one.name, provided_on=one.provided_on, original=one.original) for one in page.materials
        ],
        materials_missing=list(page.materials_missing),
        assisted=page.assisted,
        rounds=_rounds(page),
        moves=[move_of(one, lang) for one in page.timeline],
    )


def _offer(one: OfferLine, lang: str, facts: dict[str, Any]) -> Offer:
    return Offer(
        trigger=one.trigger, label=label(one, lang), open=not one.reasons,
        reasons=[Reason(code=code, sentence=said(code, lang, **facts)) for code in one.reasons],
        fields=[_field(field, lang) for field in one.form],
    )  # fmt: skip


def _field(field: Any, lang: str) -> FormField:
    return FormField(
        name=field.name, kind=field.kind, label=label(field, lang), required=field.required,
        choices=[choice[0] for choice in field.choices], columns=[_field(one, lang) for one in field.columns],
    )  # fmt: skip


def _rounds(page: CasePage) -> list[Round]:
    return [
        Round(
            id=one.id, form=one.form, number=one.number, opened_at=one.opened_at, concluded_at=one.concluded_at,
            seats=len(one.sitting), locked=sum(seat.locked_at is not None for seat in one.sitting),
            mean=str(one.mean) if one.mean is not None and page.may_read_scores else None,
        )
        for one in page.rounds
    ]  # fmt: skip


def paper_of(one: DocumentLine) -> Paper:
    """A paper with the address of its file."""
    return Paper(
        id=one.id, kind=one.kind, number=one.number, standing=one.standing, decided_on=one.decided_on,
        drawn_at=one.drawn_at, pages=one.pages, sha256=one.file_sha256,
        file=f"/api/v1/documents/{one.id}/file" if one.drawn_at else None, signed_by_both_on=one.second_signed_on,
    )  # fmt: skip


def move_of(one: TimelineLine, lang: str) -> Move:
    """A taken move."""
    return Move(
        sequence=one.sequence, label=label(one, lang), source=one.source, state=one.dest, at=one.at, by=one.actor,
        role=one.role_zh if lang == "zh" else one.role_en,
    )  # fmt: skip
