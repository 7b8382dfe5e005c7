"""Founding an office in the browser: its centres and the divisions of its territory."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.database.work import Work
from services.errors import Invalid, Refused
from services.organizations.acts import NewCentre, add_centre, import_divisions
from services.organizations.operators import name_operator, operators
from services.organizations.queries import centre_lines, division_lines, organization_names
from services.organizations.rules import Division
from web.forms.plain import Input, Listing, Row, Sheet
from web.forms.posted import Posted, posted
from web.forms.tables import rows_under, table_of
from web.rendering import go, refusal, show
from web.requests import known_id
from web.visitor import Visitor, visiting
from web.wording import said, say

router = APIRouter()
Parts = tuple[tuple[Listing, ...], tuple[Sheet, ...]]
COLUMNS = ("code", "name", "level", "kind", "parent_code")
SHOWN_DIVISIONS = 500
FROM = ("开始日期", "first day")


def plain_page(
    request: Request, visitor: Visitor, title: str, parts: Callable[[Work], Parts], *, done: str = "", told: str = "",
    error: Refused | None = None, form: Posted | None = None, faults: tuple[str, ...] = (),
) -> Response:  # fmt: skip
    """A plain page of the office: its tables and its forms, the one that was refused with what was typed."""
    with visitor.reading() as work:
        listings, sheets = parts(work)
    context: dict[str, Any] = {"listings": listings, "sheets": sheets, "tried": request.url.path if form else ""}
    return show(
        request, visitor, "set_up/page.html", status=error.http_status if error else 200, title=title, done=done,
        told=told, problems=(*refusal(error, visitor), *faults) if error else (), form=form or Posted({}),
        blank=Posted({}), **context,
    )  # fmt: skip


def row_faults(error: Refused, lang: str) -> tuple[str, ...]:
    """What is wrong with the lines of a file, the first twenty of them."""
    return tuple(f"{one.line}: {said(one.code, lang, **one.facts)}" for one in error.facts.get("faults", ())[:20])


# Centres ------------------------------------------------------------------------------------------


@router.get("/centres")
def centres(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The centres, and the form for one more."""
    return plain_page(request, visitor, "nav.centres", _centres, done=done)


def _centres(work: Work) -> Parts:
    names = {one.code: one.name for one in division_lines(work)}
    rows = tuple(
        Row((one.name, names.get(one.division_code, ""), str(one.places), one.number_prefix, one.bureau_prefix,
             one.case_prefix))
        for one in centre_lines(work)
    )  # fmt: skip
    columns = ("centre", "division", "places", "number_prefix", "bureau_prefix", "case_prefix")
    places = [(code, f"{called} {code}") for code, called in names.items()]
    inputs = (
        Input("centre", longest=80), Input("division", options=places), Input("places", "number", longest=5),
        Input("number_prefix", longest=20), Input("bureau_prefix", longest=20), Input("case_prefix", longest=12),
        Input("contact", longest=60), Input("phone", longest=30),
    )  # fmt: skip
    found = operators(work)
    told = tuple(
        Row((one.centre, one.organization, one.operates_from.isoformat(), str(one.operates_to or ""))) for one in found
    )
    operating = Listing("operators", ("centre", "operator", "opens_on", "closes_on"), told)
    named = (
        Input("centre_id", options=[(one.id, one.name) for one in centre_lines(work)]),
        Input("operator", options=organization_names(work)), Input("opens_on", "date"),
    )  # fmt: skip
    sheets = (Sheet("add_centre", "/centres", inputs), Sheet("name_operator", "/centres/operator", named))
    return (Listing("", columns, rows), *((operating,) if told else ())), sheets


@router.post("/centres")
def enter_centre(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Add a centre; the first one puts the shipped rules in force."""
    try:
        new = NewCentre(
            form.text("centre"), form.text("number_prefix"), form.text("bureau_prefix"), form.text("case_prefix"),
            form.text("division"), form.whole("places", ("入驻名额", "places")), form.text("contact"),
            form.text("phone"),
        )  # fmt: skip
        add_centre(visitor.database, visitor.person, new, now=visitor.now)
    except Refused as error:
        return plain_page(request, visitor, "nav.centres", _centres, error=error, form=form)
    return go("/centres", note="centre_added")


@router.post("/centres/operator")
def enter_operator(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Enter which organization operates a centre; it can be awarded nothing by it."""
    try:
        name_operator(
            visitor.database, visitor.person, centre_id=known_id(form.text("centre_id")),
            organization_id=known_id(form.text("operator")), operates_from=form.day("opens_on", FROM),
            now=visitor.now,
        )  # fmt: skip
    except Refused as error:
        return plain_page(request, visitor, "nav.centres", _centres, error=error, form=form)
    return go("/centres", note="operator_named")


# Divisions ----------------------------------------------------------------------------------------


@router.get("/divisions")
def divisions(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The tree of divisions, and the import of a file."""
    return plain_page(request, visitor, "nav.divisions", _divisions(visitor.lang), done=done)


def _divisions(lang: str) -> Callable[[Work], Parts]:
    def parts(work: Work) -> Parts:
        found = division_lines(work)
        names = {one.code: one.name for one in found}
        rows = tuple(
            Row((one.name, one.code, say(f"level.{one.level}", lang), names.get(one.parent_code or "", "")))
            for one in found[:SHOWN_DIVISIONS]
        )
        sheet = Sheet(
            "import_divisions", "/divisions", (Input("file", "file"),), submit="import", trial="try_out", upload=True
        )
        return (Listing("", ("division", "code", "level", "above"), rows),), (sheet,)

    return parts


@router.post("/divisions")
def take_divisions(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Take a file of divisions over, or only try it out."""
    parts, trial = _divisions(visitor.lang), form.text("trial") == "yes"
    try:
        rows = [
            (line, Division(row["code"], row["name"], row["level"], row["kind"], row["parent_code"] or None))
            for line, row in rows_under(table_of(form.file), COLUMNS)
        ]
        done = import_divisions(visitor.database, visitor.person, rows, now=visitor.now, dry_run=trial)
    except Refused as error:
        faults = row_faults(error, visitor.lang) if isinstance(error, Invalid) else ()
        return plain_page(request, visitor, "nav.divisions", parts, error=error, form=form, faults=faults)
    if not trial:
        return go("/divisions", note="divisions_imported")
    facts = {"added": len(done.added), "changed": len(done.changed), "unchanged": done.unchanged}
    return plain_page(
        request, visitor, "nav.divisions", parts, form=form, told=say("set_up.tried", visitor.lang, **facts)
    )
