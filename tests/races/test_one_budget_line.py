"""Sixteen awards approved at once on a line that holds ten: ten are, six are refused, and the line is exactly used."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from cli.bench.city import actors, build
from services.cases.advance import AdvanceCase
from services.cases.commands import advance_case, open_award
from services.cases.opening import NewAward
from services.database.engine import Database, open_database
from services.database.work import Work, office_instant, reading, unit_of_work
from services.errors import Refused
from services.funding import ceilings
from services.funding.models import budget_lines
from services.invariants.check import check
from services.organizations.commands import enter_account, verify_account
from tests.crash.harness import in_child
from tests.database.office import advice
from tests.database_fixtures import PostgresServer, text_of
from tests.races.conftest import ORGANIZATIONS
from tests.races.together import together

EACH_FEN = 500_000
LINE_FEN = 10 * EACH_FEN
DAY = office_instant(date(2026, 11, 23))
AFTER = DAY + timedelta(days=14)


def proposed(database: Database) -> tuple[Any, list[str]]:
    """Sixteen awards whose publicity is over, on one line that holds ten of them."""
    city = build(database, organizations_count=ORGANIZATIONS, now=DAY - timedelta(hours=1), budget_fen=LINE_FEN)
    people = actors(database, now=DAY, organizations_count=ORGANIZATIONS)
    numbers = []
    for position, organization in enumerate(city.organization_ids, start=1):
        applicant = people[f"applicant{position}"]
        with unit_of_work(database, DAY) as work:
            account = enter_account(
                work, actor=applicant, organization_id=organization, holder_organization_id=organization,
                account_number=f"62220000000{position:05d}", bank="样例银行", kind="custody",
            )  # fmt: skip
            verify_account(work, actor=people["checker"], account_id=account)
        new = NewAward(
            organization, city.centre_id, city.program_id, city.budget_line_id, "助老项目", EACH_FEN, account
        )
        number = open_award(database, applicant, new, now=DAY).number
        for who, trigger, details in (
            (applicant, "apply_award", {}),
            (people["keeper"], "find_eligible", {}),
            (people["secretary"], "record_award_result", {"sheets": advice(EACH_FEN, "80")}),
            (people["manager"], "propose", {}),
        ):
            advance_case(database, who, AdvanceCase(number, trigger, None, details, f"{number} {trigger}"), now=DAY)
        numbers.append(number)
    return people["bureau"], numbers


def approve_all(database: Database) -> list[Any]:
    """Everyone approves at once."""
    bureau, numbers = proposed(database)
    return together(
        lambda thread: advance_case(
            database, bureau, AdvanceCase(numbers[thread], "approve", None, {}, f"approve {thread}"), now=AFTER
        )
    )


def test_the_ceiling_is_never_exceeded_and_exactly_used(database: Database) -> None:
    ended = approve_all(database)
    refused = [one for one in ended if isinstance(one, Refused)]
    assert [one.codes for one in refused] == [("award.budget_exceeded",)] * 6, ended
    assert sum(not isinstance(one, Exception) for one in ended) == 10
    with reading(database) as work:
        assert work.connection.scalar(select(budget_lines.c.used_fen)) == LINE_FEN
    # Nobody carried out the notices meanwhile, and the checker says so; nothing else is wrong.
    assert {one.code for one in check(database, now=AFTER)} == {"I7"}


def unguarded(work: Work, budget_line_id: str, amount_fen: int) -> None:
    """The classic mistake: read what is used, compare, and write the sum."""
    line = work.connection.execute(select(budget_lines).where(budget_lines.c.id == budget_line_id)).one()
    if line.used_fen + amount_fen > line.amount_fen:
        raise Refused("award.budget_exceeded")
    # What other work a real act would do meanwhile.
    if work.connection.dialect.name == "postgresql":
        work.connection.execute(select(func.pg_sleep(0.02)))
    work.connection.execute(
        update(budget_lines).where(budget_lines.c.id == budget_line_id).values(used_fen=line.used_fen + amount_fen)
    )


def test_an_unguarded_ceiling_would_be_seen(postgres: PostgresServer, tmp_path: Path) -> None:
    address = text_of(postgres.migrated_copy())

    def act() -> dict[str, Any]:
        ceilings.use_line = unguarded
        database = open_database(address)
        approved = sum(not isinstance(one, Exception) for one in approve_all(database))
        return {"approved": approved, "codes": [one.code for one in check(database, now=AFTER)]}

    found = in_child(tmp_path, act)
    assert found.status == 0, found.answer
    assert found.answer["approved"] > 10
    assert "I10" in found.answer["codes"]
