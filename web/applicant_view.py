"""What an applicant lands on: the own case with where it stands and what to do next, messages, papers, ratings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from services.actors import Actor
from services.cases.lists import CaseLine, case_list
from services.cases.queries import waiting_for
from services.cases.rating import to_rate
from services.cases.turn import Subject, load_subject
from services.database.work import Work
from services.issuance.queries import DocumentLine, papers_in_drawer
from services.notices.queries import notices_for
from statemachines.diagram import stepper_svg
from statemachines.roles import Role
from statemachines.table import State
from web.visitor import Visitor

FEW = 3
MOST_CASES = 20


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One incubation of the own organization: where it stands, what comes next and where that is done."""

    line: CaseLine
    state: State
    stepper: Markup
    step: str
    path: str
    due_on: date | None
    over: bool


def is_applicant(actor: Actor) -> bool:
    """Whether the person acts for an organization and for nobody else."""
    return actor.roles == {Role.APPLICANT}


def home(visitor: Visitor) -> dict[str, Any]:
    """What the start page of an applicant shows."""
    actor = visitor.person
    with visitor.reading() as work:
        lines = case_list(work, actor, kind="incubation", limit=MOST_CASES)
        subjects = [load_subject(work, case_id=line.id) for line in lines[:FEW]]
        owned = [_own(line, subject, visitor) for line, subject in zip(lines, subjects, strict=False)]
        waits = [one for one in waiting_for(work, actor, limit=MOST_CASES) if one.kind != "incubation"]
        return {
            "owned": owned,
            "opens": all(one.over for one in owned),
            "waits": waits,
            "messages": notices_for(work, actor.id, limit=FEW),
            "papers": _latest(work, actor),
            "ratings": [(subject.case.number, topic) for subject in subjects for topic in to_rate(work, subject)],
        }


def _latest(work: Work, actor: Actor) -> tuple[DocumentLine, ...]:
    return papers_in_drawer(work, actor.id)[:FEW]


def _own(line: CaseLine, subject: Subject, visitor: Visitor) -> OwnCase:
    process, state = subject.process, subject.process.state(line.state)
    path = tuple(move.dest for move in subject.moves if move.source != move.dest)
    over = state.final or state.goal
    step, where = _next_step(line, state, over=over)
    stepper = Markup(stepper_svg(process, current=line.state, path=path, lang=visitor.lang))
    return OwnCase(line, state, stepper, step, where, line.due_on, over)


def _next_step(line: CaseLine, state: State, *, over: bool) -> tuple[str, str]:
    """The name of what comes next, and the page it is done on (none when the office is at work)."""
    if line.state == "DRAFT":
        return "write", f"/applications/{line.number}"
    if line.state == "CORRECTION":
        return "correct", f"/applications/{line.number}/corrections"
    if Role.APPLICANT in state.waits_for:
        return "act", f"/cases/{line.number}"
    return ("over", "") if over else ("wait", "")
