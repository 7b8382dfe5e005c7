"""Statements over a real book: taken over whole, matched, recorded by the payer; what differs has its owner; months."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text

from services.actors import Actor
from services.cases import reconciling
from services.cases.reconciling import Imported
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, Refused
from services.funding.commands import record_refund
from services.invariants.check import check_in
from services.payments.models import bank_instructions
from services.reconciliation.models import own_accounts, statement_lines
from services.reconciliation.months import month_of
from services.reconciliation.queries import Item, open_items, statement_says, statements, to_record
from tests.database.office import Office, open_office, refusal
from tests.database_fixtures import one_database
from tests.statements import ACCOUNT, Booked, written

DAY, LAST = date(2026, 3, 20), date(2026, 3, 31)
FIRST = date(2026, 3, 1)
FEE = Booked(date(2026, 3, 25), "S9", "样例银行", "", "手续费", -1_000)


@pytest.fixture
def office(database: Any) -> Iterator[Office]:
    yield from open_office(database)


def at_the_bank(office: Office) -> tuple[str, Booked]:
    """An instalment whose instruction is with the bank, and the line the bank will book for it."""
    first = f"{office.awarded(office.incubating(), 999_999)}-1"
    office.instruct(first)
    with reading(office.database, office.now) as work:
        row = work.connection.execute(select(bank_instructions)).one()
    return first, Booked(DAY, "S1", row.holder_name, row.account_tail, f"资助款{row.reference}", -row.amount_fen)


def take(office: Office, *booked: Booked, who: str = "payer", first: date = FIRST, last: date = LAST) -> Imported:
    content = written(booked, first=first, last=last)
    return reconciling.import_statement(
        office.database, office.people[who], content=content, file_name="3月.csv", now=office.now
    )


def items(office: Office) -> tuple[Item, ...]:
    with reading(office.database, office.now) as work:
        return open_items(work)


def broken(office: Office) -> list[str]:
    """What the checker says of bank and book."""
    with reading(office.database, office.now) as work:
        return [row for one in check_in(work) if one.code == "I14" for row in one.rows]


def account_of(office: Office) -> str:
    with reading(office.database, office.now) as work:
        return str(work.connection.execute(select(own_accounts.c.id)).scalar_one())


def record(office: Office, who: str = "payer") -> reconciling.Recorded:
    return reconciling.record_payments(office.database, office.people[who], now=office.now)


def settle(office: Office, *, accept: bool, reason: str = "已向银行核实") -> None:
    (one,) = items(office)
    reconciling.close_item(
        office.database, office.people["payer"], item_id=one.id, accept=accept, reason=reason, now=office.now
    )


def test_a_payment_is_found_recorded_by_the_payer_and_the_month_signed_off_by_two(office: Office) -> None:
    first, line = at_the_bank(office)
    office.on(2026, 4, 1)
    taken = take(office, line)
    assert (taken.new, taken.matched, taken.open) == (1, 1, ())
    assert office.state(first) == "SENT"
    assert record(office).done == (first,)
    paid = office.subject(first).last("record_payment")
    assert paid is not None
    assert (office.state(first), paid.details["bank_serial"], paid.details["value_date"]) == (
        "PAID",
        "S1",
        "2026-03-20",
    )
    account, payer, checker = account_of(office), office.people["payer"], office.people["checker"]
    sign = {"account_id": account, "month": "2026-03", "now": office.now}
    early = refusal(lambda: reconciling.approve_month(office.database, checker, **sign))
    assert early == (Refused, ("reconciliation.month_not_prepared",))
    reconciling.prepare_month(office.database, payer, **sign)
    both = Actor(payer.id, payer.username, payer.name, "zh", (*payer.grants, *checker.grants))
    alone = refusal(lambda: reconciling.approve_month(office.database, both, **sign))
    assert alone == (Refused, ("case.duties_must_be_separate",))
    reconciling.approve_month(office.database, checker, **sign)
    with reading(office.database, office.now) as work:
        assert month_of(work, account, "2026-03").approved_by == checker.name
    assert refusal(lambda: take(office, FEE)) == (Refused, ("reconciliation.month_signed",))
    assert broken(office) == []


@one_database
def test_a_file_is_taken_over_once_and_a_line_of_two_statements_is_kept_once(office: Office) -> None:
    _, line = at_the_bank(office)
    take(office, line)
    assert refusal(lambda: take(office, line)) == (Refused, ("reconciliation.same_file",))
    again = take(office, line, FEE)
    assert (again.new, again.known) == (1, 1)
    with reading(office.database, office.now) as work:
        assert len(work.connection.execute(select(statement_lines.c.id)).all()) == 2
        assert sorted(one.known for one in statements(work)) == [0, 1]


@one_database
def test_a_faulty_file_changes_nothing_and_says_every_row(office: Office) -> None:
    content = written([FEE], first=FIRST, last=LAST).replace(b"20260325", b"20260399")
    with pytest.raises(Invalid) as refused:
        reconciling.import_statement(
            office.database, office.people["payer"], content=content, file_name="x", now=office.now
        )
    assert [one.line for one in reconciling.faults_of(refused.value)] == [5]
    with reading(office.database, office.now) as work:
        assert statements(work) == ()


@one_database
def test_a_trial_says_what_would_be_and_keeps_nothing(office: Office) -> None:
    _, line = at_the_bank(office)
    tried = reconciling.import_statement(
        office.database, office.people["payer"], content=written([line, FEE], first=FIRST, last=LAST), file_name="x",
        now=office.now, dry_run=True,
    )  # fmt: skip
    assert (tried.matched, tried.open) == (1, ("extra",))
    with reading(office.database, office.now) as work:
        assert statements(work) == ()


@one_database
def test_only_finance_imports_and_only_the_payer_records(office: Office) -> None:
    _, line = at_the_bank(office)
    assert refusal(lambda: take(office, line, who="keeper"))[0] is Forbidden
    take(office, line)
    assert refusal(lambda: record(office, "maker"))[0] is Forbidden


@one_database
@pytest.mark.parametrize(
    ("changed", "kind", "acceptable"),
    [
        ({"amount_fen": -499_999}, "amount", False),
        ({"payee": "桦林商店"}, "payee", True),
        ({"on": date(2026, 3, 2)}, "date", True),
        ({"amount_fen": 500_000}, "sign", False),
    ],
)
def test_what_nearly_agrees_waits_for_the_cashier(
    changed: dict[str, Any], kind: str, acceptable: bool, office: Office
) -> None:
    first, line = at_the_bank(office)
    take(office, replace(line, **changed))
    (one,) = items(office)
    assert (one.kind, one.owner_id) == (kind, office.people["payer"].id)
    assert record(office).done == ()
    if acceptable:
        settle(office, accept=True)
        assert record(office).done == (first,)
    else:
        assert refusal(lambda: settle(office, accept=True)) == (Refused, ("reconciliation.item_not_acceptable",))
    assert broken(office) == []


@one_database
def test_a_payment_in_two_lines_is_taken_as_one_by_a_person(office: Office) -> None:
    first, line = at_the_bank(office)
    part = line.amount_fen // 2
    take(office, replace(line, amount_fen=part), replace(line, amount_fen=line.amount_fen - part, serial="S2"))
    assert [one.kind for one in items(office)] == ["split"]
    settle(office, accept=True)
    assert record(office).done == (first,)
    assert broken(office) == []


@one_database
def test_what_was_never_instructed_is_explained_in_words_and_stays_explained(office: Office) -> None:
    take(office, FEE)
    settle(office, accept=False, reason="账户管理费")
    assert items(office) == ()
    take(office, FEE, replace(FEE, serial="S10", on=date(2026, 3, 26)))
    assert [one.lines[0].serial for one in items(office)] == ["S10"]


def test_an_unknown_outcome_is_resolved_both_ways_by_statements_alone(office: Office) -> None:
    """Found: recorded. Covered and not there: said to be missing, and never closed by words."""
    _, line = at_the_bank(office)
    with reading(office.database, office.now) as work:
        identity = work.connection.execute(select(bank_instructions.c.id)).scalar_one()
        assert statement_says(work, identity) == ("unknown", None)
    take(office, last=date(2026, 3, 29))
    with reading(office.database, office.now) as work:
        assert statement_says(work, identity) == ("unknown", None)
    take(office, first=date(2026, 3, 20))
    with reading(office.database, office.now) as work:
        assert statement_says(work, identity) == ("absent", date(2026, 3, 30))
    assert [one.kind for one in items(office)] == ["missing"]
    refused = refusal(lambda: settle(office, accept=False, reason="没有"))
    assert refused == (Refused, ("reconciliation.item_ends_by_itself",))
    take(office, line)
    with reading(office.database, office.now) as work:
        assert statement_says(work, identity) == ("found", DAY)
        assert len(to_record(work)) == 1
    assert items(office) == ()


@one_database
def test_an_attempt_taken_for_not_made_that_turns_up_is_called_out(office: Office) -> None:
    first, line = at_the_bank(office)
    office.move("payer", first, "record_bank_return", reason="账号有误")
    take(office, line)
    assert [one.kind for one in items(office)] == ["ghost"]


@one_database
def test_money_that_came_back_is_matched_with_what_was_recorded(office: Office) -> None:
    first, line = at_the_bank(office)
    office.move("payer", first, "record_payment", bank_serial="S1", value_date=DAY.isoformat())
    award = office.subject(first.rpartition("-")[0]).case.id
    with unit_of_work(office.database, office.now) as work:
        record_refund(
            work, actor=office.people["payer"], award_id=award, amount_fen=120_000, bank_serial="R1", received_on=DAY
        )
    back = Booked(DAY, "R1", line.payee, line.tail, "结余退回", 120_000)
    assert take(office, line, back).matched == 2
    assert broken(office) == []


BREACHES = {
    "a line altered behind the back": "update statement_lines set amount_fen = amount_fen - 1",
    "another amount on the instruction": "update bank_instructions set amount_fen = amount_fen + 1",
    "another serial on the books": "update bank_instructions set bank_serial = 'S77'",
    "a match taken away after signing": "delete from statement_matches",
}


@one_database
@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_breach_between_bank_and_book_is_named(breach: str, office: Office) -> None:
    _, line = at_the_bank(office)
    office.on(2026, 4, 1)
    take(office, line)
    record(office)
    sign = {"account_id": account_of(office), "month": "2026-03", "now": office.now}
    reconciling.prepare_month(office.database, office.people["payer"], **sign)
    reconciling.approve_month(office.database, office.people["checker"], **sign)
    assert broken(office) == []
    with unit_of_work(office.database, office.now) as work:
        work.connection.execute(text(BREACHES[breach]))
    assert broken(office) != []


@one_database
def test_a_month_with_a_day_on_no_statement_or_something_open_is_not_signed(office: Office) -> None:
    take(office, FEE, first=date(2026, 3, 5))
    office.on(2026, 4, 1)
    sign = {"account_id": account_of(office), "month": "2026-03", "now": office.now}
    refused = refusal(lambda: reconciling.prepare_month(office.database, office.people["payer"], **sign))
    assert refused == (Refused, ("reconciliation.days_missing", "reconciliation.items_open"))


@one_database
def test_the_own_account_s_number_is_kept_sealed_and_known_again(office: Office) -> None:
    take(office, FEE)
    take(office, replace(FEE, serial="S11"))
    with reading(office.database, office.now) as work:
        (row,) = work.connection.execute(select(own_accounts)).all()
    assert ACCOUNT not in str(row)
