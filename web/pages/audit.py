"""The audit log, read only: searched by case, person, act and day, checked as a whole, exported with a note."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.audit.queries import AuditEntry, AuditReport, verify
from services.audit.search import Wanted, newest_seal, search
from services.database.work import Work
from services.exports.rules import MOST_EVER, MOST_ROWS
from services.protection.rules import mask_search
from statemachines.roles import ROLES
from web.acts import act_name, families
from web.exporting import Cell, Column, Sheet
from web.forms.posted import Posted, posted
from web.leaving import Going, ask, leave, taken
from web.rendering import moment, show
from web.requests import day_asked, known_id
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/audit")
PAGE = 50
_COLUMNS = ("at", "person", "role", "action", "what", "result", "reasons", "details", "stream", "sequence", "hash")


@router.get("")
def audit(
    request: Request, object: str = "", person: str = "", action: str = "", result: str = "", first: str = "",  # noqa: A002
    last: str = "", before: str = "", visitor: Visitor = Depends(visiting),
) -> Response:  # fmt: skip
    """Entries that fit, newest first, a page at a time."""
    wanted = _wanted({
        "object": object, "person": person, "action": action, "result": result, "first": first, "last": last,
    })  # fmt: skip
    return _page(request, visitor, wanted, before=known_id(before) if before else "")


def _wanted(asked: dict[str, str]) -> Wanted:
    """What the filters say; what is no day or no result asks for nothing."""
    result = asked["result"] if asked["result"] in ("done", "refused") else ""
    return Wanted(
        asked["object"].strip()[:80], asked["person"].strip()[:60], asked["action"].strip()[:80], result,
        day_asked(asked["first"]), day_asked(asked["last"]),
    )  # fmt: skip


def _page(
    request: Request, visitor: Visitor, wanted: Wanted, *, before: str = "", report: AuditReport | None = None
) -> Response:
    with visitor.reading() as work:
        entries = search(work, wanted, before=before, limit=PAGE + 1)
        seal = newest_seal(work)
    filters = _filters(wanted)
    older = f"/audit?{urlencode({**filters, 'before': entries[PAGE - 1].id})}" if len(entries) > PAGE else ""
    newest = f"/audit?{urlencode(filters)}" if before else ""
    return show(
        request, visitor, "audit/page.html", entries=entries[:PAGE], wanted=wanted, seal=seal, report=report,
        older=older, roles=ROLES, newest=newest, filters=filters, act_name=act_name,
        families=families(visitor.lang), most=MOST_ROWS,
    )  # fmt: skip


def _filters(wanted: Wanted) -> dict[str, str]:
    pairs: dict[str, Any] = {
        "object": wanted.object, "person": wanted.person, "action": wanted.action, "result": wanted.result,
        "first": wanted.first, "last": wanted.last,
    }  # fmt: skip
    return {key: str(value) for key, value in pairs.items() if value}


@router.post("/verification")
def verification(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Compute the whole log anew and say whether it holds."""
    with visitor.reading() as work:
        report = verify(work)
    return _page(request, visitor, Wanted(), report=report)


@router.post("/export")
def export(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """The entries that fit as CSV; why they were taken out is itself an entry. Without a reason it is asked for."""
    asked = {key: form.text(key) for key in ("object", "person", "action", "result", "first", "last")}
    wanted = _wanted(asked)
    typed = {"object": mask_search(wanted.object), "person": mask_search(wanted.person)}
    with visitor.reading() as work:
        count = len(search(work, wanted, limit=MOST_EVER + 1))
    filters = {key: value for key, value in {**_filters(wanted), **typed}.items() if value}
    going = Going(
        "audit", count, "/audit/export", f"audit-{visitor.today.isoformat()}", "/audit", filters,
        hidden=_filters(wanted),
    )  # fmt: skip
    if "reason" not in form.values:
        return ask(request, visitor, going)

    def build(work: Work, _unmasked: bool) -> Sheet:
        rows = [_cells(one, visitor.lang) for one in search(work, wanted, limit=MOST_EVER)]
        columns = [Column(one, 20) for one in _COLUMNS]
        return Sheet("audit", columns, rows, taken(visitor, len(rows)))

    return leave(request, visitor, going, form, build, kind="csv")


def _cells(one: AuditEntry, lang: str) -> tuple[Cell, ...]:
    return (
        moment(one.at, lang), one.actor_name, one.role, one.action, one.object, one.result, " ".join(one.reasons),
        " ".join(f"{key}={value}" for key, value in one.details.items()), one.stream, str(one.sequence), one.hash,
    )  # fmt: skip
