"""Errands: what moves still owe the world, what is parked and why, and sending it off again."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.audit.commands import record
from services.database.work import Work
from services.errors import NotFound
from services.outbox.commands import retry_errand
from services.outbox.queries import Standing, count_waiting
from services.outbox.queries import errands as errand_lines
from web.rendering import go, show
from web.visitor import Visitor, visiting

router = APIRouter()
STANDINGS: tuple[Standing, ...] = ("parked", "waiting", "done")


@router.get("/errands")
def errands(
    request: Request, standing: str = "parked", done: str = "", visitor: Visitor = Depends(visiting)
) -> Response:
    """Errands of one standing; the parked ones first, because a person is needed."""
    wanted = next((one for one in STANDINGS if one == standing), None)
    if wanted is None:
        raise NotFound("access.not_found")
    with visitor.reading() as work:
        lines = errand_lines(work, standing=wanted)
        waiting = count_waiting(work)
        parked = len(lines) if wanted == "parked" else len(errand_lines(work, standing="parked"))
    return show(
        request, visitor, "errands/page.html", errands=lines, standing=wanted, standings=STANDINGS, waiting=waiting,
        parked=parked, done=done,
    )  # fmt: skip


@router.post("/errands/{errand_id}/retry")
def retry(errand_id: str, visitor: Visitor = Depends(visiting)) -> Response:
    """Send a parked errand off again; the audit log keeps who did."""
    actor = visitor.person

    def unit(work: Work) -> None:
        errand = retry_errand(work, actor=actor, errand_id=errand_id)
        role = min(one.value for one in actor.roles)
        record(work, stream="errands", actor=actor, role=role, action="errand:retry", object=errand.key)

    visitor.write(unit)
    return go("/errands", note="retried")
