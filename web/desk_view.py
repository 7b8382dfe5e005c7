"""Prepares what people see of the desk: who holds a case, what colleagues ask, the moves grouped by their verbs."""

from collections.abc import Sequence
from typing import Any, Protocol

from services.authority.rules import scopes
from services.cases.desk import colleagues
from services.cases.queries import CasePage, TimelineLine
from services.desk.queries import DeskLine
from web.visitor import Visitor
from web.wording import say

VERBS = ("agree", "act", "return", "refuse", "withdraw")
"""The order in which a person looks for what to do."""


class Offer(Protocol):
    """A move that is offered, with the verb people know it by."""

    @property
    def verb(self) -> str: ...
    @property
    def open(self) -> bool: ...


def desk_context(visitor: Visitor, page: CasePage, offers: Sequence[Offer]) -> dict[str, Any]:
    """What the parts about the desk show on the page of a case and in the panel of the list."""
    actor = visitor.person
    works = bool(scopes(actor, "desk:work"))
    busy = works and bool(page.state.waits_for) and bool(offers)
    with visitor.reading() as work:
        others = colleagues(work, actor) if works else ()
    return {
        "works": works,
        "busy": busy,
        "holds": page.holding.claim is not None and page.holding.claim.person_id == actor.id,
        "may_release": page.holding.claim is not None and bool(scopes(actor, "desk:release")),
        "asked_me": [one for one in page.requests if one.to_id == actor.id],
        "asked_others": [one for one in page.requests if one.to_id != actor.id],
        "colleagues": others,
        "verbs": [
            (verb, found) for verb in VERBS if (found := [one for one in offers if one.open and one.verb == verb])
        ],
    }


def desk_lines(page: CasePage) -> list[TimelineLine]:
    """What was done at the desk, as lines of the timeline."""
    return [
        TimelineLine(0, "desk", _told(one, "zh"), _told(one, "en"), "", "", "", "", one.by_name, "", "", one.at, {})
        for one in page.desk
    ]


def _told(one: DeskLine, lang: str) -> str:
    act = say(f"desk.act_{one.act}", lang)  # "desk.act_" ~ the act
    whom = f" → {one.to_name}" if one.to_name else ""
    colon = "：" if lang == "zh" else ": "
    return f"{act}{whom}{colon}{one.text}" if one.text else f"{act}{whom}"
