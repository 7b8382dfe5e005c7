"""A book to test with: the sample city, an award of 5 000 yuan that was paid, and one day after another."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from cli.bench.city import City, actors, build
from services.actors import Actor
from services.cases.commands import open_award
from services.cases.opening import NewAward
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import office_instant, reading, unit_of_work
from services.funding import acts, bookkeeping, rules
from services.funding.acts import MoneyBack
from services.funding.bookkeeping import Correction
from services.funding.ceilings import Payee, follow
from services.funding.commands import amend_award, commit_award
from services.funding.models import budget_lines
from services.ledger.commands import post
from services.ledger.queries import balances
from services.ledger.rules import Line
from services.organizations.commands import enter_account, verify_account

LINE_FEN = 100_000_000
PAID_FEN = 500_000


@dataclass
class Book:
    """The city's database, its people, the award, and where the clock stands."""

    database: Database
    city: City
    people: dict[str, Actor]
    now: datetime
    award_id: str = ""
    vouchers: dict[str, str] = field(default_factory=dict)

    def on(self, year: int, month: int, day: int) -> None:
        """Set the clock to nine in the morning."""
        self.now = office_instant(date(year, month, day))

    def post(self, fen: int = 100, *, key: str = "", on: date | None = None) -> str:
        """Post a small entry of no consequence."""
        line = self.city.budget_line_id
        lines = (Line("PAYABLE", line, None, -fen), Line("COMMITTED", line, None, fen))
        with unit_of_work(self.database, self.now) as work:
            return post(
                work, actor=self.people["maker"], key=key or new_id(), kind="test", memo="样例", lines=lines, on=on
            )

    def refund(self, fen: int = 100_000, serial: str = "R1") -> str:
        """Record that part of the award came back."""
        back = MoneyBack(fen, serial, self.now.date())
        return acts.record_refund(self.database, self.people["payer"], back, award_id=self.award_id, now=self.now)

    def close(self, month: str) -> None:
        """Two people close the month."""
        self.confirm(bookkeeping.propose_closing(self.database, self.people["maker"], month=month, now=self.now))

    def reopen(self, month: str) -> None:
        """Two people reopen the month."""
        self.confirm(
            bookkeeping.propose_reopening(
                self.database, self.people["maker"], month=month, reason="漏记一笔", now=self.now
            )
        )

    def propose(self, voucher: str, on: date | None = None) -> str:
        """Propose to reverse."""
        wanted = Correction(voucher, "记错了资助", on)
        return bookkeeping.propose_reversal(self.database, self.people["maker"], wanted, now=self.now)

    def confirm(self, proposal: str, by: str = "checker") -> str:
        """Decide that it is done."""
        return bookkeeping.confirm(self.database, self.people[by], proposal_id=proposal, now=self.now)

    def line(self) -> tuple[int, int]:
        """What the budget line says it holds and has used."""
        with reading(self.database, self.now) as work:
            row = work.connection.execute(select(budget_lines)).one()
            return row.amount_fen, row.used_fen

    def balances(self) -> dict[str, int]:
        """Account to balance; accounts that came to nothing are left out."""
        with reading(self.database, self.now) as work:
            return {account: fen for account, fen in balances(work).items() if fen}


def kept_book(database: Database) -> Book:
    """The book on 2 November 2026, the award paid in the morning."""
    now = office_instant(date(2026, 11, 2))
    city = build(database, organizations_count=1, now=now, budget_fen=LINE_FEN)
    book = Book(database, city, actors(database, now=now, organizations_count=1), now)
    people, organization = book.people, city.organization_ids[0]
    with unit_of_work(database, now) as work:
        account = enter_account(
            work, actor=people["maker"], organization_id=organization, holder_organization_id=organization,
            account_number="6222000000000001", bank="样例银行", kind="custody",
        )  # fmt: skip
        verify_account(work, actor=people["checker"], account_id=account)
    new = NewAward(organization, city.centre_id, city.program_id, city.budget_line_id, "助老项目", PAID_FEN, account)
    book.award_id = open_award(database, people["applicant1"], new, now=now).id
    with unit_of_work(database, now) as work:
        amend_award(work, book.award_id, amount_fen=PAID_FEN)
        commit_award(work, actor=people["bureau"], award_id=book.award_id, payee=Payee(organization, 20_000_000))
        for kind, make in (("instruct", rules.instruct), ("pay", rules.pay)):
            made = make(city.budget_line_id, book.award_id, amount_fen=PAID_FEN)
            lines = tuple(Line(one.account.value, one.line_id, one.award_id, one.amount_fen) for one in made)
            follow(work, award_id=book.award_id, budget_line_id=city.budget_line_id, postings=lines)
            book.vouchers[kind] = post(
                work, actor=people["payer"], key=kind, kind=kind, memo="助老项目", lines=lines, case_id=book.award_id
            )
    return book
