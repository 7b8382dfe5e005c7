"""What people do with calls: open one, in its own unit of work, with permission and one entry in the audit log."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from services.actors import Actor
from services.awards import commands
from services.awards.commands import NewCall
from services.database.engine import Database
from services.database.work import Work
from services.errors import NotFound
from services.funding.models import fund_programs
from services.funding.rules import MAXIMUM_FEN
from services.people.acts import act, allowed, note, told, unfit

CATEGORIES = ("SERVICE", "CULTURE_SPORT", "CHARITY", "SUPPORT_HUB")


def open_call(database: Database, actor: Actor, new: NewCall, *, now: datetime) -> str:
    """Open a call of a programme; answers its id.

    Refuses an unknown programme (NotFound), a window that ends before it begins or lies behind, and a ceiling that is
    none.
    """
    title = told(("申报通知标题", "title of the call"), new.title, longest=80)
    asked_for = told(("支持内容", "what for"), new.asked_for, longest=1000)
    if not 0 < new.ceiling_fen <= MAXIMUM_FEN:
        raise unfit("input.out_of_range", ("单项资助上限", "ceiling of an award"))
    if not set(new.categories) <= set(CATEGORIES):
        raise unfit("input.not_a_choice", ("组织类别", "kinds of organization"))
    if new.closes_on < new.opens_on:
        raise unfit("input.out_of_range", ("截止日期", "closing day"))

    def unit(work: Work) -> str:
        allowed(work, actor, "call:manage")
        if new.closes_on < work.today:
            raise unfit("input.out_of_range", ("截止日期", "closing day"))
        known = select(fund_programs.c.id).where(fund_programs.c.id == new.program_id)
        if work.connection.execute(known).first() is None:
            raise NotFound("budget.program_not_found")
        fresh = replace(new, title=title, asked_for=asked_for, categories=tuple(sorted(set(new.categories))))
        identity = commands.open_call(work, fresh, opened_by=actor.id)
        details = {
            "program": new.program_id, "opens_on": new.opens_on.isoformat(), "closes_on": new.closes_on.isoformat(),
            "ceiling_fen": new.ceiling_fen, "rolling": new.rolling,
        }  # fmt: skip
        note(work, actor, "call:open", stream=f"call:{identity}", object=title, details=details)
        return identity

    return act(database, actor, unit, now=now, action="call:open", stream="calls", object=title)
