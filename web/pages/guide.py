"""办事指南: for applicants, generated from the process and the rule set, so that it never says anything else."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from services.applications.rules import samples
from services.errors import NotFound
from services.rulesets.commands import rule_set_on
from services.rulesets.rules import Rules
from statemachines.diagram import stages, svg
from statemachines.registry import CURRENT
from statemachines.roles import Role
from statemachines.table import Issue, Move, Process
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()
KINDS = ("incubation", *sorted(CURRENT.keys() - {"incubation"}))


@router.get("/guide")
def guide(request: Request, kind: str = "incubation", visitor: Visitor = Depends(visiting)) -> Response:
    """Who may apply, with what, how it goes on, how long each step takes at most, what comes out, and the remedies."""
    if kind not in CURRENT:
        raise NotFound("access.not_found")
    process = CURRENT[kind]
    with visitor.reading() as work:
        rules = rule_set_on(work, visitor.today)
    own = [move for move in process.moves if Role.APPLICANT in move.by]
    return show(
        request, visitor, "guide/page.html", process=process, kinds=KINDS, steps=_steps(process, rules), rules=rules,
        own=_once(own), papers=_papers(process), drawing=Markup(svg(process, lang=visitor.lang)),
        samples={one.name: one.key for one in samples()} if kind == "incubation" else {},
    )  # fmt: skip


def _steps(process: Process[Any], rules: Rules) -> list[tuple[str, list[tuple[Any, list[tuple[int, str]]]]]]:
    """Stage by stage, each state with the lengths of its limits."""
    return [
        (stage, [(state, [rules.limit(one.key) for one in state.limits if not one.dated]) for state in process.states
                 if state.stage == stage])
        for stage in stages(process)
    ]  # fmt: skip


def _once(moves: list[Move[Any]]) -> list[Move[Any]]:
    """Each thing once, though several rows of the table may lead to it."""
    return list({move.trigger: move for move in reversed(moves)}.values())[::-1]


def _papers(process: Process[Any]) -> list[str]:
    """The papers an applicant is given, in the order of the table."""
    issued = [one for move in process.moves for one in move.then if isinstance(one, Issue)]
    return list(dict.fromkeys(one.document for one in issued if Role.APPLICANT in one.to))


@router.get("/guide/samples/{key}")
def sample(request: Request, key: str, visitor: Visitor = Depends(visiting)) -> Response:
    """The specimen of one material, to be printed or copied; NotFound for one that has none."""
    found = next((one for one in samples() if one.key == key), None)
    if found is None:
        raise NotFound("access.not_found")
    return show(request, visitor, "guide/sample.html", sample=found)
