"""Which action of the policy each route asks for, read from one table and demanded before any handler runs."""

import csv
from functools import lru_cache
from importlib.resources import files

from fastapi import Depends, Request

from services.authority.rules import ANYONE as EVERYBODY
from services.authority.rules import OWN, demand, demand_token, policy
from services.errors import Broken, NotFound
from services.people.factors import demand_fresh_factor
from services.people.rules import FRESH_FACTOR, FRESH_FACTOR_MOVES
from web.guards import SAFE_METHODS
from web.requests import known_id
from web.visitor import Visitor, visiting

ANYONE, SIGNED_IN = "anyone", "signed_in"


@lru_cache(maxsize=1)
def table() -> dict[tuple[str, str], str]:
    """(method, path as declared) to an action of the policy table, or anyone, or signed_in."""
    text = files("web").joinpath("routes.csv").read_text(encoding="utf-8")
    return {(row["method"], row["path"]): row["action"] for row in csv.DictReader(text.splitlines())}


def admit(request: Request, visitor: Visitor = Depends(visiting)) -> None:
    """Let the visitor in or refuse: Broken for a route the table forgot, NotSignedIn, Forbidden, NotFound.

    Ids are UUIDs and a zero character belongs to no address of ours; one database would choke on others.
    """
    for name, value in request.path_params.items():
        if name.endswith("_id"):
            known_id(str(value))
    values = [*request.path_params.values(), *request.query_params.values()]
    if any("\x00" in str(value) for value in values):
        raise NotFound("access.not_found")
    route = request.scope["route"]
    action = table().get((request.method, route.path))
    if action is None:
        raise Broken(f"{request.method} {route.path} is missing from web/routes.csv")
    if action == ANYONE:
        return
    if action == SIGNED_IN or visitor.actor is not None:
        actor = visitor.person
        if action != SIGNED_IN:
            demand(actor, action)
        if request.method not in SAFE_METHODS:
            _demand_more(visitor, action, str(request.path_params.get("trigger", "")))
        return
    if not is_open_to_all(action):
        raise visitor.not_signed_in()


def _demand_more(visitor: Visitor, action: str, trigger: str) -> None:
    """A token needs the scope for what concerns its person; some acts need a second factor proved lately."""
    if action == SIGNED_IN:
        demand_token(visitor.person, OWN)
    fresh = action in FRESH_FACTOR or trigger in FRESH_FACTOR_MOVES
    if fresh and visitor.live is not None and not visitor.live.scoped:
        with visitor.reading() as work:
            demand_fresh_factor(work, visitor.person, visitor.live.factor_at)


@lru_cache(maxsize=64)
def is_open_to_all(action: str) -> bool:
    """Whether the policy lets people in who have not signed in."""
    return (action, EVERYBODY) in policy()
