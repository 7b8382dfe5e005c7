"""A person's own settings of the list: kept filters, the one it opens with, the keys; nobody else's concern."""

from datetime import datetime

from services.actors import Actor
from services.authority.rules import demand
from services.database.engine import Database
from services.database.work import Work, run
from services.desk import commands as desk
from services.desk.queries import filters_of
from services.desk.rules import LONGEST_NAME
from services.errors import Invalid, NotFound
from services.people.acts import told


def keep_filter(database: Database, actor: Actor, *, name: str, query: str, role: str = "", now: datetime) -> str:
    """Keep a filter under a name, in place of the own one of that name; answers its id.

    With `role` everybody of that role sees it: Invalid("desk.role_not_held") unless the actor holds it.
    """
    kept = told(("名称", "name"), name, longest=LONGEST_NAME)
    if role and role not in {one.value for one in actor.roles}:
        raise Invalid("desk.role_not_held")

    def unit(work: Work) -> str:
        demand(actor, "case:list")
        return desk.save_filter(work, owner_id=actor.id, name=kept, query=query[:400], role=role or None)

    return run(database, now, unit)


def forget_filter(database: Database, actor: Actor, *, filter_id: str, now: datetime) -> None:
    """Forget an own filter; somebody else's, or an unknown one, stays as it is."""
    run(database, now, lambda work: desk.drop_filter(work, owner_id=actor.id, filter_id=filter_id))


def choose_filter(database: Database, actor: Actor, *, filter_id: str | None, now: datetime) -> None:
    """Open the list with this filter from now on; NotFound for one the actor may not choose."""

    def unit(work: Work) -> None:
        known = {one.id for one in filters_of(work, actor.id, {role.value for role in actor.roles})}
        if filter_id is not None and filter_id not in known:
            raise NotFound("desk.filter_not_found")
        desk.set_default_filter(work, person_id=actor.id, filter_id=filter_id)

    run(database, now, unit)


def switch_keys(database: Database, actor: Actor, *, on: bool, now: datetime) -> None:
    """Switch the single keys on or off for the actor."""
    run(database, now, lambda work: desk.set_keys(work, person_id=actor.id, on=on))
