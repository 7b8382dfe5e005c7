"""办事指南: for applicants, generated from the process and the rule set, so that it never says anything else."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from services.rulesets.commands import rule_set_on
from statemachines.diagram import stages, svg
from statemachines.registry import CURRENT
from web.rendering import show
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/guide")
def guide(request: Request, visitor: Visitor = Depends(visiting)) -> Response:
    """Who may apply, with what, how long each step takes at most, what comes out, and what to do about a refusal."""
    process = CURRENT["incubation"]
    with visitor.reading() as work:
        rules = rule_set_on(work, visitor.today)
    steps = [
        (stage, [(state, [rules.limit(one.key) for one in state.limits if not one.dated]) for state in process.states
                 if state.stage == stage])
        for stage in stages(process)
    ]  # fmt: skip
    return show(
        request, visitor, "guide/page.html", process=process, steps=steps, rules=rules,
        drawing=Markup(svg(process, lang=visitor.lang)),
    )  # fmt: skip
