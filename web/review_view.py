"""Prepares what the page of a case says about reviews: what can be complained about, who sits, how they voted."""

from typing import Any

from services.authority.rules import scopes
from services.cases.queries import CasePage
from services.cases.reviewing import OpenDecision, ReviewPage, decisions_of, review_page
from services.cases.turn import load_subject
from services.database.work import Work
from statemachines.roles import Role
from web.visitor import Visitor

LATEST = 3
"""Decisions offered for a review on the page of a case; older ones are long past their days."""


def review_context(visitor: Visitor, work: Work, page: CasePage) -> dict[str, Any]:
    """The review itself on the page of one, and for an applicant the decisions that can be complained about."""
    review: ReviewPage | None = None
    decisions: tuple[OpenDecision, ...] = ()
    if page.line.kind == "review":
        review = review_page(work, visitor.person, page.line.number)
    elif Role.APPLICANT in page.roles and scopes(visitor.person, "review:lodge"):
        decisions = decisions_of(work, load_subject(work, number=page.line.number))[:LATEST]
    return {"review": review, "decisions": decisions, "ballot": None}
