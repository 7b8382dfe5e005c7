"""Two people make the budget: what one proposes counts once another approved it, and never below what is used."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from services.actors import Actor
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import office_instant, reading, unit_of_work
from services.errors import Forbidden, NotFound, ServiceError
from services.funding import budgeting
from services.funding.budgeting import Adjustment, NewBudgetLine, NewCeiling
from services.funding.ceilings import WHOLE_YEAR, use_line
from services.funding.models import budget_lines, budget_proposals, funding_ceilings
from services.funding.queries import budget_position, proposals
from services.funding.sources import forbidden_use, purpose_of_award, refuse_forbidden
from services.invariants.books import check_books
from services.invariants.findings import Report
from services.ledger.queries import entries
from tests.database.book import LINE_FEN, PAID_FEN, Book, kept_book

ON_ONE = pytest.mark.parametrize("backend", ["sqlite"])
"""Nothing in these depends on the database."""


@pytest.fixture
def book(database: Database) -> Book:
    return kept_book(database)


def refusal(act: Callable[[], Any]) -> tuple[type[ServiceError], tuple[str, ...]]:
    with pytest.raises(ServiceError) as refused:
        act()
    return type(refused.value), refused.value.codes


def person(book: Book, who: str) -> Actor:
    return book.people[who]


def line_wanted(book: Book, **changed: Any) -> NewBudgetLine:
    new = NewBudgetLine(book.city.program_id, "welfare_lottery", "样例区民政局", 5_000_000, "济困")
    return replace(new, **changed)


def proposed(book: Book, new: NewBudgetLine | None = None, *, by: str = "maker") -> str:
    return budgeting.propose_line(book.database, person(book, by), new or line_wanted(book), now=book.now)


def approved(book: Book, proposal: str, *, by: str = "checker") -> str:
    return budgeting.approve(book.database, person(book, by), proposal_id=proposal, now=book.now)


def adjusted(book: Book, direction: str, fen: int) -> str:
    wanted = Adjustment(book.city.budget_line_id, direction, fen, "会议决定")
    return budgeting.propose_adjustment(book.database, person(book, "maker"), wanted, now=book.now)


def sound(book: Book) -> bool:
    """Whether the counters, the lines and the book agree; the award of the test has no instalments (I11)."""
    report = Report()
    with reading(book.database, book.now) as work:
        check_books(work, report)
    return [one.code for one in report.findings() if one.code != "I11"] == []


def test_a_line_exists_and_is_booked_from_its_approval_on(book: Book) -> None:
    proposal = proposed(book)
    with reading(book.database, book.now) as work:
        assert [one.id for one in budget_position(work)] == [book.city.budget_line_id]
    line = approved(book, proposal)
    with reading(book.database, book.now) as work:
        found = next(one for one in budget_position(work) if one.id == line)
        (booked,) = [one for one in entries(work) if one.budget_line_id == line and one.account == "AVAILABLE"]
    assert (found.appropriated, found.available, found.purpose) == (5_000_000, 5_000_000, "济困")
    assert (booked.kind, booked.amount_fen) == ("appropriate", 5_000_000)
    assert sound(book)


def test_nobody_approves_what_they_proposed_and_nothing_is_decided_twice(book: Book) -> None:
    proposal = proposed(book, by="checker")
    assert refusal(lambda: approved(book, proposal)) == (Forbidden, ("case.duties_must_be_separate",))
    assert refusal(lambda: approved(book, proposal, by="maker"))[0] is Forbidden
    approved(book, proposal, by="bureau")
    assert refusal(lambda: approved(book, proposal, by="bureau"))[1] == ("budget.proposal_decided",)
    assert refusal(lambda: approved(book, new_id(), by="bureau"))[0] is NotFound


def test_the_table_itself_takes_no_approval_by_the_proposer(book: Book) -> None:
    """Planted: whoever writes past the acts; the CHECK refuses it."""
    maker = person(book, "maker").id
    with pytest.raises(IntegrityError), unit_of_work(book.database, book.now) as work:
        work.connection.execute(
            insert(budget_proposals).values(
                id=new_id(), act="line", proposed_by=maker, proposed_at=work.now, standing="approved", decided_by=maker,
                decided_at=work.now,
            )
        )  # fmt: skip


@ON_ONE
def test_a_proposal_is_refused_with_a_reason_or_taken_back_by_its_proposer(book: Book) -> None:
    first = proposed(book)
    assert refusal(lambda: proposed(book))[1] == ("budget.proposal_waits",)
    bureau, maker = person(book, "bureau"), person(book, "maker")
    budgeting.refuse(book.database, bureau, proposal_id=first, reason="依据不足", now=book.now)
    second = proposed(book)
    budgeting.refuse(book.database, maker, proposal_id=second, reason="金额有误", now=book.now)
    with reading(book.database, book.now) as work:
        decided = {one.id: (one.standing, one.decided_because) for one in proposals(work, waiting=False)}
        assert proposals(work, waiting=True) == ()
    assert (decided[first], decided[second]) == (("refused", "依据不足"), ("withdrawn", "金额有误"))


def test_an_increase_and_a_decrease_are_booked_and_never_below_what_is_used(book: Book) -> None:
    approved(book, adjusted(book, "increase", 700))
    assert book.line() == (LINE_FEN + 700, PAID_FEN)
    spare = LINE_FEN + 700 - PAID_FEN
    assert refusal(lambda: adjusted(book, "decrease", spare + 1))[1] == ("budget.below_used",)
    approved(book, adjusted(book, "decrease", spare))
    assert book.line() == (PAID_FEN, PAID_FEN)
    with reading(book.database, book.now) as work:
        moved = [one.amount_fen for one in entries(work) if one.kind == "adjust" and one.account == "AVAILABLE"]
    assert sorted(moved) == [-spare, 700]
    assert sound(book)


@ON_ONE
def test_a_decrease_approved_after_more_was_used_is_refused(book: Book) -> None:
    proposal = adjusted(book, "decrease", LINE_FEN - PAID_FEN)
    with unit_of_work(book.database, book.now) as work:
        use_line(work, book.city.budget_line_id, 1)
    assert refusal(lambda: approved(book, proposal))[1] == ("budget.below_used",)


@ON_ONE
def test_a_line_is_closed_after_its_year_and_takes_nothing_from_then_on(book: Book) -> None:
    line, maker = book.city.budget_line_id, person(book, "maker")

    def close(**moved: Any) -> str:
        now = moved.get("now", book.now)
        return budgeting.propose_closing(book.database, maker, budget_line_id=line, reason="年度终了", now=now)

    with reading(book.database, book.now) as work:
        year = next(one.year for one in budget_position(work) if one.id == line)
    assert refusal(close)[1] == ("budget.year_not_over",)
    eve = office_instant(date(year, 12, 31), hour=23)
    assert refusal(lambda: close(now=eve))[1] == ("budget.year_not_over",)
    book.now = office_instant(date(year + 1, 1, 1), hour=0)
    approved(book, close())
    with unit_of_work(book.database, book.now) as work:
        assert refusal(lambda: use_line(work, line, 1))[1] == ("budget.line_closed",)
        use_line(work, line, -1)
    assert refusal(lambda: adjusted(book, "increase", 1))[1] == ("budget.line_closed",)
    with reading(book.database, book.now) as work:
        assert work.connection.scalar(select(budget_lines.c.closed_on)) == date(year + 1, 1, 1)


def test_a_ceiling_is_declared_by_two_and_never_below_what_is_used(book: Book) -> None:
    with reading(book.database, book.now) as work:
        year = work.today.year

    def declared(fen: int | None) -> str:
        new = NewCeiling("year", "会议决定", fen, year=year)
        return budgeting.propose_ceiling(book.database, person(book, "maker"), new, now=book.now)

    assert refusal(lambda: approved(book, declared(PAID_FEN - 1)))[1] == ("budget.limit_below_used",)
    approved(book, declared(PAID_FEN))
    of_year = select(funding_ceilings.c.limit_fen).where(funding_ceilings.c.key == WHOLE_YEAR)
    with reading(book.database, book.now) as work:
        assert work.connection.scalar(of_year) == PAID_FEN
    approved(book, declared(None))
    with reading(book.database, book.now) as work:
        assert work.connection.scalar(of_year) is None


@ON_ONE
def test_lottery_and_given_money_carry_a_purpose_they_may_serve(book: Book) -> None:
    unserved = line_wanted(book, purpose="奖金")
    assert refusal(lambda: proposed(book, unserved))[1] == ("budget.purpose_not_served",)
    gift = line_wanted(book, source="donation", purpose="")
    assert refusal(lambda: proposed(book, gift))[1] == ("budget.donor_purpose_missing",)
    assert purpose_of_award("welfare_lottery", line="", asked="扶老") == "扶老"
    assert purpose_of_award("donation", line="助学", asked="") == "助学"
    for source, line, asked, code in (
        ("welfare_lottery", "", "", "budget.purpose_missing"),
        ("welfare_lottery", "", "旅游", "budget.purpose_not_served"),
        ("donation", "助学", "办公", "budget.purpose_of_another_line"),
    ):
        said = refusal(lambda source=source, line=line, asked=asked: purpose_of_award(source, line=line, asked=asked))
        assert said[1] == (code,)


FORBIDDEN = {
    "项目人员工资": "salaries", "年终奖 金": "salaries", "办公费": "administration", "出国考察": "abroad",
    "公务接待": "receptions", "购车款": "cars", "办公楼装修": "buildings", "对外投资": "profit",
}  # fmt: skip


def test_lottery_money_never_pays_for_what_is_on_the_closed_list() -> None:
    found = {item: use.code for item in FORBIDDEN if (use := forbidden_use("welfare_lottery", item))}
    assert found == FORBIDDEN
    assert {forbidden_use("county_budget", item) for item in FORBIDDEN} == {None}
    for allowed in ("老年人防跌倒扶手", "志愿者保险", "活动场地租金", "助餐食材", "宣传横幅"):
        assert forbidden_use("welfare_lottery", allowed) is None, allowed
    said = refusal(lambda: refuse_forbidden("welfare_lottery", "职工奖金"))
    assert said[1] == ("budget.use_forbidden",)
