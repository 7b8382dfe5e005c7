"""Prepares the work list: its lines, the filters a person may choose, what may be done for many, the keys."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from services.actors import Actor
from services.assessments.queries import sheets_waiting_for
from services.authority.rules import scopes
from services.cases.bulk import bulk_moves
from services.cases.queries import case_number_of
from services.cases.served import overdue_to_serve
from services.cases.work_list import DUE, HOLDERS, TABS, Wanted, places, work_list
from services.database.work import Work
from services.desk.queries import filters_of, keys_on
from services.funding.queries import proposals
from services.reports.budget import notice_due
from statemachines.registry import CURRENT
from web.visitor import Visitor

KINDS = ("incubation", *sorted(CURRENT.keys() - {"incubation"}))
STAGES = tuple(dict.fromkeys(state.stage for kind in KINDS for state in CURRENT[kind].states))
KEPT = ("tab", "kind", "stage", "state", "due", "holder", "centre", "division", "text")
"""What of an address makes a filter; the place in the list does not."""


def address(wanted: Wanted, **changed: str) -> str:
    """The query that shows this list again, with something changed; never empty, so that no other list opens."""
    values = {name: str(value) for name, value in asdict(wanted).items()} | {"after": ""} | changed
    return urlencode({name: value for name, value in values.items() if value})


def opening(visitor: Visitor) -> str:
    """The query with which the person's list opens; empty for none."""
    roles = {role.value for role in visitor.person.roles}
    with visitor.reading() as work:
        return next((one.query for one in filters_of(work, visitor.person.id, roles) if one.default), "")


def work_context(visitor: Visitor, wanted: Wanted) -> dict[str, Any]:
    """Everything the template of the list needs, in a constant number of queries."""
    actor = visitor.person
    roles = {role.value for role in actor.roles}
    with visitor.reading() as work:
        found = work_list(work, actor, wanted)
        sheets = sheets_waiting_for(work, actor.id) if wanted.tab == "waiting" else ()
        return {
            "found": found,
            "wanted": wanted,
            "tabs": TABS,
            "kinds": KINDS,
            "stages": STAGES,
            "states": [state for state in CURRENT[wanted.kind].states if not state.final] if wanted.kind else [],
            "dues": DUE,
            "holders": HOLDERS,
            "places": places(work),
            "filtered": any(getattr(wanted, name) for name in KEPT if name != "tab"),
            "filters": filters_of(work, actor.id, roles),
            "roles": sorted(actor.roles),
            "here_again": address(wanted),
            "next_page": address(wanted, after=found.next) if found.next else "",
            "sheets": [(one, case_number_of(work, case_id)) for one, case_id in sheets],
            "opens": bool(scopes(actor, "case:open")),
            "notice_due": notice_due(work) if scopes(actor, "budget:publish_notice") else None,
            "unserved": overdue_to_serve(work, actor) if wanted.tab == "waiting" else 0,
            "proposals": _to_approve(work, actor) if scopes(actor, "budget:approve") else 0,
            "bulk": bulk_moves(actor.roles) if wanted.tab == "waiting" and scopes(actor, "desk:work") else (),
            "keys": keys_on(work, actor.id),
        }


def _to_approve(work: Work, actor: Actor) -> int:
    """How many proposals about the budget this person may decide on."""
    return sum(one.proposed_by_id != actor.id for one in proposals(work, waiting=True))
