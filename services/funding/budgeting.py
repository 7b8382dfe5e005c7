"""What two people do to the budget: a line, its adjustment, its closing, and the ceilings above it.

One proposes, another approves or refuses; a line exists only from its approval on, so nothing can be promised on one
that nobody approved. Each act is its own unit of work with permission from the policy table and exactly one entry in
the audit log.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, NotFound, Refused
from services.funding import ceilings, commands
from services.funding.ceilings import WHOLE_YEAR, Counter, office_key
from services.funding.models import budget_lines, budget_proposals, fund_programs
from services.funding.rules import MAXIMUM_FEN
from services.funding.sources import SOURCES, refuse_purpose
from services.people.acts import Label, act, allowed, hold, note, told, unfit

STREAM = "budget"
REASON: Label = ("理由", "reason")
SOURCE: Label = ("资金来源", "source")
OFFICE: Label = ("预算单位", "office")
ADJUSTING = ("increase", "decrease")
CEILINGS = ("programme", "year", "office")


@dataclass(frozen=True, slots=True)
class NewBudgetLine:
    """Money of one source for one programme, as the budget's approval says; amount in fen."""

    program_id: str
    source: str
    office: str
    amount_fen: int
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """By how much an approved line is to be raised (`increase`) or lowered (`decrease`), and why."""

    budget_line_id: str
    direction: str
    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class NewCeiling:
    """The most that may be promised of a programme, in a year, or by an office of one source; None lifts it."""

    ceiling: str
    reason: str
    limit_fen: int | None
    program_id: str | None = None
    year: int | None = None
    source: str = ""
    office: str = ""


# The first person ---------------------------------------------------------------------------------


def propose_line(database: Database, actor: Actor, new: NewBudgetLine, *, now: datetime) -> str:
    """Propose a budget line; answers the proposal.

    Refuses an unknown programme (NotFound), a purpose that the source does not serve, and a second line, or a second
    proposal, of the same source, purpose and office.
    """
    checked = _checked_line(new)

    def unit(work: Work) -> str:
        allowed(work, actor, "budget:propose")
        return _propose(work, actor, "line", _fresh_line(work, checked), object=new.program_id)

    return act(database, actor, unit, now=now, action="budget:propose_line", stream=STREAM, object=new.program_id)


def _checked_line(new: NewBudgetLine) -> dict[str, Any]:
    office = told(OFFICE, new.office, longest=60)
    purpose = told(("用途", "purpose"), new.purpose, longest=20, needed=False)
    if new.source not in SOURCES:
        raise unfit("input.not_a_choice", SOURCE)
    _refuse_amount(new.amount_fen)
    return {**asdict(new), "office": office, "purpose": purpose}


def _fresh_line(work: Work, values: dict[str, Any]) -> dict[str, Any]:
    refuse_purpose(values["source"], values["purpose"])
    hold(work, STREAM)
    if work.connection.scalar(select(fund_programs.c.id).where(fund_programs.c.id == values["program_id"])) is None:
        raise NotFound("budget.program_not_found")
    same = {name: values[name] for name in ("program_id", "source", "purpose", "office")}
    if work.connection.execute(select(budget_lines.c.id).filter_by(**same)).first():
        raise Refused("budget.line_known")
    if work.connection.execute(select(budget_proposals.c.id).filter_by(**same, act="line", standing="waiting")).first():
        raise Refused("budget.proposal_waits")
    return values


def propose_adjustment(database: Database, actor: Actor, wanted: Adjustment, *, now: datetime) -> str:
    """Propose to raise or lower an approved line; answers the proposal.

    Refuses a closed line, a decrease below what is used, and a second proposal on the same line.
    """
    reason = told(REASON, wanted.reason, longest=400)
    if wanted.direction not in ADJUSTING:
        raise unfit("input.not_a_choice", ("调整方向", "direction"))
    _refuse_amount(wanted.amount_fen)

    def unit(work: Work) -> str:
        allowed(work, actor, "budget:propose")
        line = _open_line(work, wanted.budget_line_id)
        if wanted.direction == "decrease" and line.amount_fen - wanted.amount_fen < max(line.used_fen, 1):
            raise Refused("budget.below_used", used=ceilings.money(line.used_fen))
        values = {"budget_line_id": line.id, "amount_fen": wanted.amount_fen, "reason": reason}
        return _propose(work, actor, wanted.direction, values, object=line.id)

    action = f"budget:propose_{wanted.direction}"
    return act(database, actor, unit, now=now, action=action, stream=STREAM, object=wanted.budget_line_id)


def propose_closing(database: Database, actor: Actor, *, budget_line_id: str, reason: str, now: datetime) -> str:
    """Propose to close a line; answers the proposal. Refuses one whose year is not over, and a closed one."""
    ground = told(REASON, reason, longest=400)

    def unit(work: Work) -> str:
        allowed(work, actor, "budget:propose")
        line = _open_line(work, budget_line_id)
        _refuse_running_year(work, line)
        return _propose(work, actor, "close", {"budget_line_id": line.id, "reason": ground}, object=line.id)

    return act(database, actor, unit, now=now, action="budget:propose_close", stream=STREAM, object=budget_line_id)


def propose_ceiling(database: Database, actor: Actor, new: NewCeiling, *, now: datetime) -> str:
    """Propose the ceiling of a programme, a year, or an office and source; answers the proposal."""
    values = _checked_ceiling(new)

    def unit(work: Work) -> str:
        allowed(work, actor, "budget:propose")
        hold(work, STREAM)
        _counter(work, values)
        return _propose(work, actor, "ceiling", values, object=new.ceiling)

    return act(database, actor, unit, now=now, action="budget:propose_ceiling", stream=STREAM, object=new.ceiling)


def _checked_ceiling(new: NewCeiling) -> dict[str, Any]:
    values: dict[str, Any] = {"ceiling": new.ceiling, "reason": told(REASON, new.reason, longest=400)}
    if new.ceiling not in CEILINGS:
        raise unfit("input.not_a_choice", ("上限种类", "ceiling"))
    if new.limit_fen is not None:
        _refuse_amount(new.limit_fen)
    if new.ceiling == "programme":
        return {**values, "program_id": new.program_id, "amount_fen": new.limit_fen}
    if new.year is None or not 2000 <= new.year <= 2099:
        raise unfit("input.out_of_range", ("年度", "year"))
    if new.ceiling == "office":
        if new.source not in SOURCES:
            raise unfit("input.not_a_choice", SOURCE)
        values |= {"source": new.source, "office": told(OFFICE, new.office, longest=60)}
    return {**values, "year": new.year, "amount_fen": new.limit_fen}


def _counter(work: Work, of: Mapping[str, Any]) -> Counter:
    if of["ceiling"] == "programme":
        year = work.connection.scalar(select(fund_programs.c.year).where(fund_programs.c.id == of["program_id"]))
        if year is None:
            raise NotFound("budget.program_not_found")
        return Counter("programme", str(of["program_id"]), year)
    key = WHOLE_YEAR if of["ceiling"] == "year" else office_key(of["source"], of["office"])
    return Counter(str(of["ceiling"]), key, int(of["year"]))


def _open_line(work: Work, budget_line_id: str) -> Row[Any]:
    """The line, which nobody else changes meanwhile, when it is open and nothing about it waits."""
    hold(work, STREAM)
    found = work.connection.execute(
        select(budget_lines, fund_programs.c.year)
        .join(fund_programs, fund_programs.c.id == budget_lines.c.program_id)
        .where(budget_lines.c.id == budget_line_id)
    ).one_or_none()
    if found is None:
        raise NotFound("budget.line_not_found")
    if found.closed_on is not None:
        raise Refused("budget.line_closed", on=found.closed_on)
    waiting = select(budget_proposals.c.id).filter_by(budget_line_id=budget_line_id, standing="waiting")
    if work.connection.execute(waiting).first():
        raise Refused("budget.proposal_waits")
    return found


def _refuse_running_year(work: Work, line: Any) -> None:
    if work.today.year <= line.year:
        raise Refused("budget.year_not_over", year=line.year)


def _refuse_amount(amount_fen: int) -> None:
    if not 0 < amount_fen <= MAXIMUM_FEN:
        raise unfit("input.out_of_range", ("金额", "amount"))


def _propose(work: Work, actor: Actor, kind: str, values: Mapping[str, Any], *, object: str) -> str:  # noqa: A002
    identity = new_id()
    work.connection.execute(
        insert(budget_proposals).values(
            id=identity, act=kind, proposed_by=actor.id, proposed_at=work.now, standing="waiting", **values
        )
    )
    details = {name: value for name, value in values.items() if value} | {"proposal": identity}
    note(work, actor, f"budget:propose_{kind}", stream=STREAM, object=object, details=details)
    return identity


# The second person --------------------------------------------------------------------------------


def approve(database: Database, actor: Actor, *, proposal_id: str, now: datetime) -> str:
    """Do what was proposed; answers the budget line it is about, or the proposal itself for a ceiling.

    Forbidden to who proposed it; Refused when it was decided, or may not be done any more.
    """

    def unit(work: Work) -> str:
        allowed(work, actor, "budget:approve")
        one = _decide(work, actor, proposal_id, standing="approved")
        done = _DONE[one.act](work, actor, one) or one.id
        details = {"proposal": one.id, "proposed_by": one.proposed_by, "amount_fen": one.amount_fen}
        note(work, actor, f"budget:approve_{one.act}", stream=STREAM, object=done, details=details)
        return done

    return act(database, actor, unit, now=now, action="budget:approve", stream=STREAM, object=proposal_id)


def refuse(database: Database, actor: Actor, *, proposal_id: str, reason: str, now: datetime) -> None:
    """Refuse what was proposed, with the reason; whoever proposed it may take it back so too. Nothing else changes."""
    because = told(REASON, reason, longest=400)

    def unit(work: Work) -> None:
        hold(work, STREAM)
        own = select(budget_proposals.c.proposed_by).where(budget_proposals.c.id == proposal_id)
        mine = work.connection.scalar(own) == actor.id
        allowed(work, actor, "budget:propose" if mine else "budget:approve")
        one = _decide(work, actor, proposal_id, standing="withdrawn" if mine else "refused", because=because)
        details = {"proposal": one.id, "reason": because}
        note(work, actor, f"budget:refuse_{one.act}", stream=STREAM, object=one.id, details=details)

    act(database, actor, unit, now=now, action="budget:refuse", stream=STREAM, object=proposal_id)


def _decide(work: Work, actor: Actor, proposal_id: str, *, standing: str, because: str = "") -> Row[Any]:
    hold(work, STREAM)
    found = work.connection.execute(select(budget_proposals).where(budget_proposals.c.id == proposal_id)).one_or_none()
    if found is None:
        raise NotFound("budget.proposal_not_found")
    if found.standing != "waiting":
        raise Refused("budget.proposal_decided")
    if found.proposed_by == actor.id and standing != "withdrawn":
        raise Forbidden("case.duties_must_be_separate")
    work.connection.execute(
        update(budget_proposals)
        .where(budget_proposals.c.id == proposal_id, budget_proposals.c.standing == "waiting")
        .values(standing=standing, decided_by=actor.id, decided_at=work.now, decided_because=because)
    )
    return found


def _do_line(work: Work, actor: Actor, one: Any) -> str:
    if work.connection.execute(
        select(budget_lines.c.id).filter_by(
            program_id=one.program_id, source=one.source, purpose=one.purpose, office=one.office
        )
    ).first():
        raise Refused("budget.line_known")
    line = commands.open_budget_line(
        work, actor=actor, program_id=one.program_id, source=one.source, office=one.office,
        amount_fen=one.amount_fen, purpose=one.purpose,
    )  # fmt: skip
    work.connection.execute(update(budget_proposals).where(budget_proposals.c.id == one.id).values(budget_line_id=line))
    return line


def _do_adjustment(work: Work, actor: Actor, one: Any) -> str:
    by_fen = one.amount_fen if one.act == "increase" else -one.amount_fen
    commands.adjust_budget_line(
        work, actor=actor, budget_line_id=one.budget_line_id, by_fen=by_fen, key=f"adjust:{one.id}", reason=one.reason
    )
    return str(one.budget_line_id)


def _do_close(work: Work, _actor: Actor, one: Any) -> str:
    work.connection.execute(
        update(budget_lines)
        .where(budget_lines.c.id == one.budget_line_id, budget_lines.c.closed_on.is_(None))
        .values(closed_on=work.today)
    )
    return str(one.budget_line_id)


def _do_ceiling(work: Work, _actor: Actor, one: Any) -> None:
    of = {name: getattr(one, name) for name in ("ceiling", "program_id", "year", "source", "office")}
    ceilings.set_limit(work, _counter(work, of), one.amount_fen)


_DONE: Mapping[str, Callable[[Work, Actor, Any], str | None]] = {
    "line": _do_line,
    "increase": _do_adjustment,
    "decrease": _do_adjustment,
    "close": _do_close,
    "ceiling": _do_ceiling,
}


def granted_line(work: Work, new: NewBudgetLine, *, proposer: Actor, approver: Actor) -> str:
    """A line that one person proposed and another approved, for a place that is founded at once; answers its id."""
    proposal = _propose(work, proposer, "line", _fresh_line(work, _checked_line(new)), object=new.program_id)
    line = _do_line(work, approver, _decide(work, approver, proposal, standing="approved"))
    details = {"proposal": proposal, "proposed_by": proposer.id, "amount_fen": new.amount_fen}
    note(work, approver, "budget:approve_line", stream=STREAM, object=line, details=details)
    return line
