"""What an applicant lands on: the own case with where it stands and what to do next, messages, papers, ratings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from services.actors import Actor
from services.cases.lists import CaseLine, case_list
from services.cases.offers import OfferLine, offers
from services.cases.queries import waiting_for
from services.cases.rating import to_rate
from services.cases.standing import standing_on
from services.cases.turn import Subject, load_subject
from services.database.work import Work
from services.delivery.queries import papers_in_drawer
from services.issuance.queries import DocumentLine
from services.notices.queries import notices_for
from statemachines.diagram import stepper_svg
from statemachines.roles import Role
from statemachines.table import State, Verb
from web.visitor import Visitor

FEW = 3
MOST_CASES = 20


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One incubation of the own organization: where it stands, what comes next and where, and its name."""

    line: CaseLine
    state: State
    stepper: Markup
    step: str
    path: str
    acts: tuple[OfferLine, ...]
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
        owned = [_own(work, line, subject, visitor) for line, subject in zip(lines, subjects, strict=False)]
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
    return papers_in_drawer(work, actor)[:FEW]


def _own(work: Work, line: CaseLine, subject: Subject, visitor: Visitor) -> OwnCase:
    process, state = subject.process, subject.process.state(line.state)
    path = tuple(move.dest for move in subject.moves if move.source != move.dest)
    over = state.final or state.goal
    acts = _acts(work, subject, state, visitor.person)
    step, where = _next_step(line, acts=acts, over=over)
    stepper = Markup(stepper_svg(process, current=line.state, path=path, lang=visitor.lang))
    return OwnCase(line, state, stepper, step, where, acts, line.due_on, over)


def _acts(work: Work, subject: Subject, state: State, actor: Actor) -> tuple[OfferLine, ...]:
    """What the organization is waited for and can do at once; leaving is no work that waits for anybody."""
    if Role.APPLICANT not in state.waits_for:
        return ()
    found = offers(work, actor, subject, standing=standing_on(work, actor, subject))
    return tuple(one for one in found if not one.reasons and one.verb is not Verb.WITHDRAW)


def _next_step(line: CaseLine, *, acts: tuple[OfferLine, ...], over: bool) -> tuple[str, str]:
    """The name of what comes next, and the page it is done on (none when the office is at work)."""
    if line.state == "DRAFT":
        return "write", f"/applications/{line.number}"
    if line.state == "CORRECTION":
        return "correct", f"/applications/{line.number}/corrections"
    if acts:
        return "act", f"/cases/{line.number}#moves"
    if line.state in ("RECTIFYING", "INCUBATING"):
        return line.state.lower(), ""
    return ("over", "") if over else ("wait", "")
