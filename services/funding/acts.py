"""What people do with public money outside of a case: programmes, budget lines, refunds.

Each act is its own unit of work with permission from the policy table and exactly one entry in the audit log.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from services.actors import Actor
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, NotFound, Refused
from services.funding import commands
from services.funding.models import budget_lines, fund_programs
from services.funding.queries import payee_of
from services.funding.rules import MAXIMUM_FEN
from services.organizations.queries import holds_post
from services.people.acts import act, allowed, allowed_in, hold, note, told, unfit

FUNDING_TYPES = ("purchase", "project_grant", "activity_subsidy")
SOURCES = ("county_budget", "street_budget", "welfare_lottery", "donation", "self_raised", "higher_level_transfer")


@dataclass(frozen=True, slots=True)
class NewBudgetLine:
    """Money of one source for one programme, as the budget's approval says; amount in fen."""

    program_id: str
    source: str
    office: str
    amount_fen: int
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """Money that came back, as the bank's slip says; amount in fen."""

    amount_fen: int
    bank_serial: str
    received_on: date


# Programmes and budget lines ----------------------------------------------------------------------


def open_program(
    database: Database, actor: Actor, *, name: str, year: int, funding_type: str = "project_grant", now: datetime
) -> str:
    """Open a fund programme of one year; answers the id. Refuses a second of the same name and year."""
    called = told(("项目资金名称", "name of the programme"), name, longest=80)
    if funding_type not in FUNDING_TYPES:
        raise unfit("input.not_a_choice", ("资金类别", "kind of funding"))
    if not 2000 <= year <= 2099:
        raise unfit("input.out_of_range", ("年度", "year"))

    def unit(work: Work) -> str:
        allowed(work, actor, "budget:manage")
        hold(work, "programs")
        same = (fund_programs.c.name == called) & (fund_programs.c.year == year)
        if work.connection.execute(select(fund_programs.c.id).where(same)).first():
            raise Refused("budget.program_known", name=called, year=year)
        identity = commands.open_program(work, name=called, year=year, funding_type=funding_type)
        details = {"year": year, "funding_type": funding_type}
        note(work, actor, "budget:open_program", stream=f"program:{identity}", object=called, details=details)
        return identity

    return act(database, actor, unit, now=now, action="budget:open_program", stream="programs", object=called)


def open_budget_line(database: Database, actor: Actor, new: NewBudgetLine, *, now: datetime) -> str:
    """Put money of one source on a line of a programme and book the appropriation; answers the line's id.

    Refuses an unknown programme (NotFound) and a second line of the same source, purpose and office.
    """
    office = told(("预算单位", "office"), new.office, longest=60)
    purpose = told(("用途", "purpose"), new.purpose, longest=20, needed=False)
    if new.source not in SOURCES:
        raise unfit("input.not_a_choice", ("资金来源", "source"))
    _refuse_amount(new.amount_fen)

    def unit(work: Work) -> str:
        allowed(work, actor, "budget:manage")
        known = select(fund_programs.c.id).where(fund_programs.c.id == new.program_id).with_for_update()
        if work.connection.execute(known).first() is None:
            raise NotFound("budget.program_not_found")
        line = budget_lines.c
        same = (line.program_id == new.program_id) & (line.source == new.source)
        same &= (line.purpose == purpose) & (line.office == office)
        if work.connection.execute(select(line.id).where(same)).first():
            raise Refused("budget.line_known")
        identity = commands.open_budget_line(
            work, actor=actor, program_id=new.program_id, source=new.source, office=office, amount_fen=new.amount_fen,
            purpose=purpose,
        )  # fmt: skip
        details = {
            "program": new.program_id, "source": new.source, "office": office, "amount_fen": new.amount_fen,
            "purpose": purpose,
        }  # fmt: skip
        note(work, actor, "budget:open_line", stream=f"budget_line:{identity}", object=identity, details=details)
        return identity

    stream = f"program:{new.program_id}"
    return act(database, actor, unit, now=now, action="budget:open_line", stream=stream, object=new.program_id)


def _refuse_amount(amount_fen: int) -> None:
    if not 0 < amount_fen <= MAXIMUM_FEN:
        raise unfit("input.out_of_range", ("金额", "amount"))


# Money that comes back ----------------------------------------------------------------------------


def record_refund(database: Database, actor: Actor, back: MoneyBack, *, award_id: str, now: datetime) -> str:
    """Unspent money of an award came back into the same source; answers the voucher.

    Refuses more than was paid, a bank serial that was booked before, and a day still to come.
    """

    def unit(work: Work) -> str:
        _allowed_on(work, actor, "money:record_refund", award_id)
        serial = _checked(work, back)
        voucher = commands.record_refund(
            work, actor=actor, award_id=award_id, amount_fen=back.amount_fen, bank_serial=serial,
            received_on=back.received_on,
        )  # fmt: skip
        _note_money(work, actor, "money:record_refund", award_id, voucher, back)
        return voucher

    stream = f"money:{award_id}"
    return act(database, actor, unit, now=now, action="money:record_refund", stream=stream, object=award_id)


def _allowed_on(work: Work, actor: Actor, action: str, award_id: str) -> None:
    """Permission on the award of this organization; nobody handles the money of an organization of their own."""
    organization_id, home = payee_of(work, award_id)
    allowed_in(work, actor, action, division=home)
    if holds_post(work, actor.id, organization_id):
        raise Forbidden("case.duties_must_be_separate")


def _checked(work: Work, back: MoneyBack) -> str:
    """The bank's serial number, which nobody else can book meanwhile."""
    serial = told(("银行流水号", "bank serial"), back.bank_serial, longest=60)
    _refuse_amount(back.amount_fen)
    if back.received_on > work.today:
        raise unfit("input.out_of_range", ("到账日期", "day received"))
    commands.demand_new_serial(work, serial)
    return serial


def _note_money(work: Work, actor: Actor, action: str, award_id: str, voucher: str, back: MoneyBack) -> None:
    details = {
        "voucher": voucher, "amount_fen": back.amount_fen, "bank_serial": back.bank_serial.strip(),
        "received_on": back.received_on.isoformat(),
    }  # fmt: skip
    note(work, actor, action, stream=f"money:{award_id}", object=award_id, details=details)
