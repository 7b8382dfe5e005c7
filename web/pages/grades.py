"""National grades: the register with what each plaque carries, recording one, and what became of it later."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.database.work import Work
from services.errors import Refused
from services.grades import acts
from services.grades.acts import RECORD, NewGrade
from services.grades.queries import LEVELS, Grade, grades
from services.organizations.queries import organization_lines
from web.exporting import Cell, Column, Sheet
from web.forms.plain import Input, Listing, Row
from web.forms.plain import Sheet as PlainSheet
from web.forms.posted import Posted, posted
from web.leaving import Going, ask, leave, taken
from web.pages.set_up import Parts, plain_page
from web.rendering import day, go
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import label, say

router = APIRouter(prefix="/grades")
ANNOUNCED, DONE_ON, TO = ("公布日期", "announced on"), ("处理日期", "day of the measure"), ("降为等级", "lowered to")
GRADE = ("等级", "grade")


@router.get("")
def register(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """Every grade within reach, the ones that end first before the others, and the forms of who may record."""
    return plain_page(request, visitor, "nav.grades", _parts(visitor), done=done)


def _parts(visitor: Visitor) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        found, lang = grades(work, visitor.person), visitor.lang
        lines = tuple(
            Row((one.organization, one.called, day(one.announced_on, lang), day(one.valid_from, lang),
                 day(one.valid_to, lang), say(f"grade.on_{one.on(visitor.today)}", lang), label(one.scheme, lang),
                 _reapply(one, lang), _return(one, lang)))
            for one in found
        )  # fmt: skip
        columns = ("organization", "grade", "announced_on", "valid_from", "valid_to", "standing", "scheme",
                   "reapply_from", "certificate_back")  # fmt: skip
        sheets = _sheets(work, visitor, found) if scopes(visitor.person, RECORD) else ()
        return (Listing("", columns, lines),), sheets

    return parts


def _reapply(one: Grade, lang: str) -> str:
    if one.reapply_to is None:
        return day(one.reapply_from, lang)
    return f"{day(one.reapply_from, lang)} – {day(one.reapply_to, lang)}"


def _return(one: Grade, lang: str) -> str:
    if one.returned_on is not None:
        return say("grade.returned", lang, on=day(one.returned_on, lang))
    return "" if one.return_by is None else say("grade.return_by", lang, on=day(one.return_by, lang))


def _sheets(work: Work, visitor: Visitor, found: tuple[Grade, ...]) -> tuple[PlainSheet, ...]:
    lang, today = visitor.lang, visitor.today.isoformat()
    registered = [
        (one.id, one.name) for one in organization_lines(work, visitor.person) if one.legal_status == "REGISTERED"
    ]
    held = [(one.id, _called(one, lang)) for one in found if one.on(visitor.today) in ("held", "coming")]
    waited = [(one.id, _called(one, lang)) for one in found if one.return_by is not None and one.returned_on is None]
    on, why = Input("on", "date", value=today), Input("ground", "lines", longest=1000)
    record = (
        Input("organization", options=registered),
        Input("grade", options=[(str(one), f"{one}A") for one in range(1, 6)]),
        Input("grading_level", options=[(one, say(f"grade_level.{one}", lang)) for one in LEVELS]),
        Input("announced_on", "date"), Input("assessor", longest=80), Input("announcement", longest=200),
    )  # fmt: skip
    lower = (
        Input("held_grade", options=held),
        Input("lowered_to", options=[(str(one), f"{one}A") for one in range(1, 5)]),
        on,
        why,
    )
    sheets = [PlainSheet("record_grade", "/grades", record)]
    if held:
        sheets.append(PlainSheet("lower_grade", "/grades/lowering", lower))
        sheets.append(PlainSheet("cancel_grade", "/grades/cancellation", (Input("held_grade", options=held), on, why)))
    if waited:
        sheets.append(PlainSheet("note_return", "/grades/return", (Input("ended_grade", options=waited), on)))
    return tuple(sheets)


def _called(one: Grade, lang: str) -> str:
    return f"{one.organization} {one.called} ({day(one.announced_on, lang)})"


def _again(request: Request, visitor: Visitor, error: Refused, form: Posted) -> Response:
    return plain_page(request, visitor, "nav.grades", _parts(visitor), error=error, form=form)


@router.post("")
def record(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Record an announced grade; how long it holds is computed."""
    try:
        new = NewGrade(
            known_id(form.text("organization")), form.whole("grade", GRADE), form.day("announced_on", ANNOUNCED),
            form.text("grading_level"), form.text("assessor"), form.text("announcement"),
        )  # fmt: skip
        acts.record_grade(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/grades", note="grade_recorded")


@router.post("/lowering")
def lower(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Record that a held grade was lowered."""
    try:
        acts.lower_grade(
            visitor.database, visitor.person, grade_id=known_id(form.text("held_grade")),
            to=form.whole("lowered_to", TO), on=form.day("on", DONE_ON), reason=form.text("ground"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/grades", note="grade_lowered")


@router.post("/cancellation")
def cancel(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Record that a held grade was cancelled."""
    try:
        acts.cancel_grade(
            visitor.database, visitor.person, grade_id=known_id(form.text("held_grade")), on=form.day("on", DONE_ON),
            reason=form.text("ground"), now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/grades", note="grade_cancelled")


@router.post("/return")
def returned(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Record that certificate and plaque came back."""
    try:
        acts.note_returned(
            visitor.database, visitor.person, grade_id=known_id(form.text("ended_grade")), on=form.day("on", DONE_ON),
            now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return _again(request, visitor, error, form)
    return go("/grades", note="grade_returned")


@router.get("/export.xlsx")
def why_xlsx(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Asks why the register is taken along as an Excel file."""
    return ask(request, visitor, _going(visitor, "xlsx"))


@router.get("/export.csv")
def why_csv(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Asks why the register is taken along as a CSV file."""
    return ask(request, visitor, _going(visitor, "csv"))


@router.post("/export.xlsx")
def xlsx(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """The register as an Excel file."""
    return leave(request, visitor, _going(visitor, "xlsx"), form, _sheet(visitor), kind="xlsx")


@router.post("/export.csv")
def csv(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """The register as a CSV file."""
    return leave(request, visitor, _going(visitor, "csv"), form, _sheet(visitor), kind="csv")


def _going(visitor: Visitor, kind: str) -> Going:
    with visitor.reading() as work:
        count = len(grades(work, visitor.person))
    return Going("grades", count, f"/grades/export.{kind}", "grades", "/grades")


def _sheet(visitor: Visitor) -> Callable[[Work, bool], Sheet]:
    def build(work: Work, _unmasked: bool) -> Sheet:
        found, lang = grades(work, visitor.person), visitor.lang
        widths = {"organization": 34, "grade": 8, "announced_on": 12, "valid_from": 12, "valid_to": 12, "standing": 12,
                  "scheme": 40, "assessor": 30, "announcement": 24, "plaque": 60}  # fmt: skip
        rows: list[tuple[Cell, ...]] = [
            (one.organization, one.called, one.announced_on, one.valid_from, one.valid_to,
             say(f"grade.on_{one.on(visitor.today)}", lang), label(one.scheme, lang), one.assessor, one.basis,
             " / ".join(one.plaque))
            for one in found
        ]  # fmt: skip
        columns = [Column(say(f"set_up.{key}", lang), width) for key, width in widths.items()]
        return Sheet(say("nav.grades", lang), columns, rows, taken(visitor, len(rows)))

    return build
