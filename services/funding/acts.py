"""What people do with public money outside of a case: programmes, refunds, the yearly notice of lottery money.

Each act is its own unit of work with permission from the policy table and exactly one entry in the audit log.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select

from services.actors import Actor
from services.database.engine import Database
from services.database.work import Work
from services.errors import Forbidden, Refused
from services.funding import commands
from services.funding.models import fund_programs, lottery_notices
from services.funding.queries import payee_of
from services.funding.rules import MAXIMUM_FEN
from services.organizations.queries import holds_post
from services.people.acts import act, allowed, allowed_in, hold, note, told, unfit

FUNDING_TYPES = ("purchase", "project_grant", "activity_subsidy")


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """Money that came back, as the bank's slip says; amount in fen."""

    amount_fen: int
    bank_serial: str
    received_on: date


# Programmes and the yearly notice ----------------------------------------------------------------------


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


def publish_notice(database: Database, actor: Actor, *, year: int, place: str, on: date, now: datetime) -> None:
    """Record where and when the notice of a year's lottery money was published.

    Refuses a year that is not over, a day still to come or within the year, and a second time.
    """
    where = told(("公告载体", "where"), place, longest=200)

    def unit(work: Work) -> None:
        allowed(work, actor, "budget:publish_notice")
        if not 2000 <= year < work.today.year:
            raise Refused("budget.notice_year_not_over", year=year)
        if not date(year, 12, 31) < on <= work.today:
            raise unfit("input.out_of_range", ("公告日期", "day of publication"))
        hold(work, "lottery_notice")
        if work.connection.scalar(select(lottery_notices.c.year).where(lottery_notices.c.year == year)) is not None:
            raise Refused("budget.notice_published", year=year)
        work.connection.execute(
            insert(lottery_notices).values(year=year, published_on=on, place=where, published_by=actor.id)
        )
        details = {"year": year, "place": where, "on": on.isoformat()}
        note(work, actor, "budget:publish_notice", stream="budget", object=str(year), details=details)

    act(database, actor, unit, now=now, action="budget:publish_notice", stream="budget", object=str(year))


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
