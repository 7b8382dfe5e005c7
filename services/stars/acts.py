"""What civil affairs does about the yearly rounds of star rating: announcing one."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select

from services.actors import Actor
from services.calendar.queries import load_calendar
from services.calendar.rules import Limit, start
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.organizations.models import centres, divisions
from services.people.acts import act, allowed_in, hold, note, told
from services.rulesets.commands import rule_set_on
from services.stars.models import star_rounds

ANNOUNCE = "star_round:announce"


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round as it is announced; without a last day the window of the rule set is counted from the first."""

    division_code: str
    centre_id: str
    year: int
    title: str
    rules_text: str
    opens_on: date
    closes_on: date | None = None


def announce_round(database: Database, actor: Actor, new: NewRound, *, now: datetime) -> str:
    """Announce the round of a county and year; answers its id.

    Forbidden outside the own county. Invalid for a year that is not the one it opens in or a window that ends before
    it begins, is shorter than the rules ask, or has ended already; NotFound for an unknown county or centre; Refused
    (star_round.year_taken) when the county has announced that year already.
    """
    title = told(("轮次名称", "title"), new.title, longest=80)
    rules_text = told(("评定办法", "rules"), new.rules_text.replace("\r\n", " ").replace("\n", " "), longest=2000)

    def unit(work: Work) -> str:
        allowed_in(work, actor, ANNOUNCE, division=new.division_code)
        hold(work, f"star-rounds:{new.division_code}")
        _check_place(work, new)
        closes_on = _window(work, new)
        taken = select(star_rounds.c.id).where(
            star_rounds.c.division_code == new.division_code, star_rounds.c.year == new.year
        )
        if work.connection.execute(taken).first() is not None:
            raise Refused("star_round.year_taken", year=new.year)
        identity = new_id()
        work.connection.execute(
            insert(star_rounds).values(
                id=identity, division_code=new.division_code, centre_id=new.centre_id, year=new.year, title=title,
                rules_text=rules_text, opens_on=new.opens_on, closes_on=closes_on, announced_by=actor.id,
                announced_at=work.now,
            )
        )  # fmt: skip
        details = {"year": new.year, "opens_on": str(new.opens_on), "closes_on": str(closes_on)}
        note(work, actor, ANNOUNCE, stream=f"star_round:{identity}", object=title, details=details)
        return identity

    return act(database, actor, unit, now=now, action=ANNOUNCE, stream="star_rounds", object=title)


def _check_place(work: Work, new: NewRound) -> None:
    county = work.connection.execute(
        select(divisions.c.code).where(divisions.c.code == new.division_code, divisions.c.level == "county")
    ).first()
    if county is None:
        raise NotFound("division.not_found", division=new.division_code)
    if work.connection.execute(select(centres.c.id).where(centres.c.id == new.centre_id)).first() is None:
        raise NotFound("organization.not_found")


def _window(work: Work, new: NewRound) -> date:
    """The last day of the window: what was said, never less than the rules ask."""
    length, unit = rule_set_on(work, work.today).limit("star_window")
    clock = start(load_calendar(work), "star_window", limit=Limit(length, unit), today=new.opens_on)  # type: ignore[arg-type]
    least = clock.due_on or new.opens_on
    closes_on = new.closes_on or least
    if new.year != new.opens_on.year:
        raise Invalid("star_round.year_wrong", year=new.year, opens_on=new.opens_on)
    if closes_on < least:
        raise Invalid("star_round.window_too_short", least=least)
    if closes_on < work.today:
        raise Invalid("star_round.window_past")
    return closes_on
