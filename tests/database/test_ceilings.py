"""Every ceiling holds to the fen, in the year of the office's calendar, and what is freed is freed once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from cli.bench.city import City, actors, build
from services.actors import Actor
from services.cases.commands import open_award
from services.cases.opening import NewAward
from services.database.engine import Database
from services.database.work import Work
from services.errors import Broken, Refused
from services.funding import ceilings
from services.funding import commands as funding
from services.funding.ceilings import WHOLE_YEAR, Counter, Payee, office_key
from services.funding.models import awards, budget_lines, ceiling_uses, fund_programs, funding_ceilings
from services.funding.rules import Postings, bank_return, instruct, release_commitment
from services.messages import sentence
from tests.database_fixtures import NOW

LIMIT_FEN = 1_000_000
AMPLE_FEN = 10**11
OFFICE = "样例区民政局"


@dataclass(frozen=True)
class Ground:
    """One award waiting to be committed, in a unit of work that each test undoes."""

    work: Work
    city: City
    people: dict[str, Actor]
    award: str

    def commit(self, amount_fen: int, *, organization_fen: int = AMPLE_FEN, at: datetime = NOW) -> None:
        """Commit the award at that amount."""
        fresh = update(awards).where(awards.c.case_id == self.award).values(amount_fen=amount_fen)
        self.work.connection.execute(fresh)
        funding.commit_award(
            Work(self.work.connection, at), actor=self.people["bureau"], award_id=self.award,
            payee=Payee(self.city.organization_ids[0], organization_fen),
        )  # fmt: skip

    def used(self) -> dict[tuple[str, int], int]:
        """What every counter says, by kind and year."""
        rows = self.work.connection.execute(select(funding_ceilings))
        return {(row.kind, row.year): row.used_fen for row in rows}


@pytest.fixture
def ground(database: Database) -> Iterator[Ground]:
    city = build(database, now=NOW, budget_fen=AMPLE_FEN)
    people = actors(database, now=NOW)
    new = NewAward(
        city.organization_ids[0], city.centre_id, city.program_id, city.budget_line_id, "助老", AMPLE_FEN, None
    )
    award = open_award(database, people["applicant1"], new, now=NOW).id
    with database.engine.connect().execution_options(writing=True) as connection:
        transaction = connection.begin()
        yield Ground(Work(connection, NOW), city, people, award)
        transaction.rollback()


def narrow_line(ground: Ground) -> None:
    ground.work.connection.execute(update(budget_lines).values(amount_fen=LIMIT_FEN))


CEILINGS = {
    "line": "award.budget_exceeded",
    "programme": "budget.programme_exceeded",
    "year": "budget.year_exceeded",
    "office": "budget.office_exceeded",
    "organization": "budget.organization_exceeded",
}


def narrowed(ground: Ground, ceiling: str) -> int:
    """Bring one ceiling down to the limit; answers what the rules give an organization."""
    keys = {
        "programme": ground.city.program_id, "year": WHOLE_YEAR, "office": office_key("county_budget", OFFICE)
    }  # fmt: skip
    if ceiling == "line":
        narrow_line(ground)
    elif ceiling in keys:
        ceilings.set_limit(ground.work, Counter(ceiling, keys[ceiling], 2026), LIMIT_FEN)
    return LIMIT_FEN if ceiling == "organization" else AMPLE_FEN


@pytest.mark.parametrize("ceiling", CEILINGS)
def test_the_last_fen_of_a_ceiling_is_given_and_one_more_is_refused(ground: Ground, ceiling: str) -> None:
    organization_fen = narrowed(ground, ceiling)
    with ground.work.connection.begin_nested() as tried:
        with pytest.raises(Refused) as refused:
            ground.commit(LIMIT_FEN + 1, organization_fen=organization_fen)
        tried.rollback()
    assert refused.value.codes == (CEILINGS[ceiling],)
    for lang in ("zh", "en"):
        assert "¥10,000.00" in sentence(refused.value.codes[0], lang, **refused.value.facts)
    ground.commit(LIMIT_FEN, organization_fen=organization_fen)
    assert {fen for (kind, _), fen in ground.used().items() if kind not in ("plan", "award")} == {LIMIT_FEN}


def test_instalments_may_reach_the_award_to_the_fen_and_not_pass_it(ground: Ground) -> None:
    ground.commit(LIMIT_FEN)
    ceilings.plan(ground.work, award_id=ground.award, amount_fen=LIMIT_FEN - 1)
    with pytest.raises(Refused) as refused:
        ceilings.plan(ground.work, award_id=ground.award, amount_fen=2)
    assert (refused.value.codes, refused.value.facts["left"]) == (("budget.plan_exceeded",), "¥0.01")
    ceilings.plan(ground.work, award_id=ground.award, amount_fen=1)


def test_what_goes_to_the_bank_may_reach_the_award_to_the_fen_and_not_pass_it(ground: Ground) -> None:
    ground.commit(LIMIT_FEN)
    line = ground.city.budget_line_id

    def follow(postings: Postings) -> None:
        ceilings.follow(ground.work, award_id=ground.award, budget_line_id=line, postings=postings)

    follow(instruct(line, ground.award, amount_fen=LIMIT_FEN))
    with pytest.raises(Refused) as refused:
        follow(instruct(line, ground.award, amount_fen=1))
    assert refused.value.codes == ("budget.award_exceeded",)
    follow(bank_return(line, ground.award, amount_fen=LIMIT_FEN))
    with pytest.raises(Broken):
        follow(bank_return(line, ground.award, amount_fen=1))


@pytest.mark.parametrize(
    ("at", "year"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), 2027),
    ],
)
def test_the_fiscal_year_is_the_calendar_year_of_the_office(ground: Ground, at: datetime, year: int) -> None:
    ground.commit(LIMIT_FEN, at=at)
    assert {of for kind, of in ground.used() if kind in ("year", "office", "organization", "award")} == {year}


def test_last_year_s_ceiling_leaves_this_year_s_alone(ground: Ground) -> None:
    ceilings.set_limit(ground.work, Counter("year", WHOLE_YEAR, 2026), 1)
    ground.commit(LIMIT_FEN, at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert ground.used()[("year", 2027)] == LIMIT_FEN


def test_money_freed_years_later_frees_the_year_it_was_promised_in_and_only_once(ground: Ground) -> None:
    ground.commit(LIMIT_FEN)
    later = Work(ground.work.connection, datetime(2028, 5, 1, tzinfo=UTC))
    postings = release_commitment(ground.city.budget_line_id, ground.award, amount_fen=LIMIT_FEN)
    award = funding._award(ground.work, ground.award)
    for _ in range(2):
        funding._book(
            later, award, postings, actor=ground.people["bureau"], key="release:once", kind="release_commitment",
            memo="取消", case_id=ground.award,
        )  # fmt: skip
    assert {fen for (kind, _), fen in ground.used().items() if kind not in ("plan", "award")} == {0}
    assert {year for _, year in ground.used()} == {2026}
    assert ground.work.connection.scalar(select(budget_lines.c.used_fen)) == 0


def test_a_ceiling_is_never_declared_below_what_is_used(ground: Ground) -> None:
    ground.commit(LIMIT_FEN)
    year = Counter("year", WHOLE_YEAR, 2026)
    with pytest.raises(Refused) as refused:
        ceilings.set_limit(ground.work, year, LIMIT_FEN - 1)
    assert (refused.value.codes, refused.value.facts["used"]) == (("budget.limit_below_used",), "¥10,000.00")
    ceilings.set_limit(ground.work, year, LIMIT_FEN)
    ceilings.set_limit(ground.work, year, None)


def test_what_is_bought_counts_on_no_organization_s_ceiling(ground: Ground) -> None:
    ground.work.connection.execute(update(fund_programs).values(funding_type="purchase"))
    ground.commit(LIMIT_FEN, organization_fen=1)
    assert {kind for kind, _ in ground.used()} == {"programme", "year", "office", "plan", "award"}


def test_a_counter_is_never_written_beyond_its_limit_even_by_hand(ground: Ground) -> None:
    ground.commit(LIMIT_FEN)
    over = update(funding_ceilings).where(funding_ceilings.c.kind == "award").values(used_fen=LIMIT_FEN + 1)
    with pytest.raises(IntegrityError):
        ground.work.connection.execute(over)


def test_an_update_without_its_guard_would_be_seen(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a line that is used without asking whether it holds so much; the table's own CHECK refuses it then."""

    def careless(work: Work, budget_line_id: str, amount_fen: int) -> None:
        line = budget_lines.c
        work.connection.execute(
            update(budget_lines).where(line.id == budget_line_id).values(used_fen=line.used_fen + amount_fen)
        )

    narrow_line(ground)
    monkeypatch.setattr(ceilings, "use_line", careless)
    with pytest.raises(IntegrityError):
        ground.commit(LIMIT_FEN + 1)


def test_an_award_counts_on_each_ceiling_once(ground: Ground) -> None:
    ground.commit(LIMIT_FEN)
    rows = ground.work.connection.execute(select(ceiling_uses.c.award_id)).scalars().all()
    assert rows == [ground.award] * 4
