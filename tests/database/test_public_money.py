"""Public money: the ceiling where the row is written, three people for one payment, an instalment earned once."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from services.cases.errands import PERFORM
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Refused
from services.funding.commands import earn_instalments
from services.funding.queries import award as award_line
from services.funding.queries import budget_position
from services.ledger.queries import entries
from services.payments.commands import begin_attempt
from services.payments.models import bank_instructions
from services.payments.rules import reference_holds
from tests.database.office import Office, open_office

YUAN = 100


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


@pytest.fixture
def award(office: Office) -> str:
    """An award of 9 999.99 yuan in force, its first instalment earned."""
    return office.awarded(office.incubating(), 999_999)


def _position(office: Office) -> tuple[int, ...]:
    with reading(office.database, office.now) as work:
        (line,) = budget_position(work)
    return line.available, line.committed, line.payable, line.paid


def test_an_award_is_split_exactly_and_committed_on_its_line(office: Office, award: str) -> None:
    with reading(office.database, office.now) as work:
        line = award_line(work, office.subject(award).case.id)
    assert [one.amount_fen for one in line.instalments] == [500_000, 300_000, 199_999]
    assert _position(office) == (100_000_000 - 999_999, 999_999, 0, 0)


def test_the_first_instalment_is_released_by_the_agreement_and_no_other(office: Office, award: str) -> None:
    assert [office.state(f"{award}-{number}") for number in (1, 2, 3)] == ["RELEASED", "PLANNED", "PLANNED"]


def test_no_move_earns_an_instalment_twice(office: Office, award: str) -> None:
    case_id = office.subject(award).case.id
    with unit_of_work(office.database, office.now) as work:
        assert earn_instalments(work, earned_by=case_id, sequence=99, number=1) == ()


def test_a_payment_takes_three_people_and_moves_the_money_once(office: Office, award: str) -> None:
    first = f"{award}-1"
    office.instruct(first)
    assert _position(office) == (100_000_000 - 999_999, 499_999, 500_000, 0)
    with pytest.raises(Forbidden):
        office.move("maker", first, "record_payment", bank_serial="S1", value_date="2026-03-20")
    office.move("payer", first, "record_payment", bank_serial="S1", value_date="2026-03-20")
    office.move("applicant1", first, "confirm_receipt", received_on="2026-03-20", confirmed_by="队长")
    assert office.state(first) == "CONFIRMED"
    assert _position(office) == (100_000_000 - 999_999, 499_999, 0, 500_000)


def test_each_attempt_to_pay_has_its_own_reference_and_keeps_what_became_of_it(office: Office, award: str) -> None:
    first = f"{award}-1"
    office.instruct(first)
    office.move("payer", first, "record_bank_return", reason="账号与户名不符")
    office.move("maker", first, "recheck_payment")
    office.move("checker", first, "approve_payment")
    office.move("maker", first, "instruct_payment")
    office.to_bank(first)
    office.move("payer", first, "record_payment", bank_serial="S1", value_date="2026-03-20")
    with reading(office.database, office.now) as work:
        rows = work.connection.execute(select(bank_instructions).order_by(bank_instructions.c.attempt)).all()
    assert [(row.attempt, row.outcome, row.bank_serial) for row in rows] == [(1, "refused", None), (2, "paid", "S1")]
    assert [reference_holds(row.reference) for row in rows] == [True, True]
    assert len({row.reference for row in rows}) == 2


def test_the_table_itself_refuses_a_second_attempt_beside_one_under_way(office: Office, award: str) -> None:
    first = f"{award}-1"
    office.instruct(first)
    case_id = office.subject(first).case.id
    with pytest.raises(IntegrityError, match="bank_instructions"), unit_of_work(office.database, office.now) as work:
        begin_attempt(work, actor=office.people["maker"], case_id=case_id)


def test_one_person_with_every_finance_role_cannot_pay_alone(office: Office, award: str) -> None:
    maker = office.people["maker"]
    for name in ("checker", "payer"):
        office.people[name] = type(maker)(
            maker.id, maker.username, maker.name, "zh", (*maker.grants, *office.people[name].grants)
        )
    with pytest.raises(Forbidden) as refused:
        office.instruct(f"{award}-1")
    assert refused.value.codes == ("case.duties_must_be_separate",)


def test_a_bank_serial_pays_once(office: Office, award: str) -> None:
    first = f"{award}-1"
    office.instruct(first)
    office.move("payer", first, "record_payment", bank_serial="S1", value_date="2026-03-20")
    other = office.awarded(_second_case(office), 90_000, 2)
    office.people["applicant1"] = office.people["applicant2"]
    office.instruct(f"{other}-1")
    with pytest.raises(Refused) as refused:
        office.move("payer", f"{other}-1", "record_payment", bank_serial="S1", value_date="2026-03-20")
    assert refused.value.codes == ("instalment.bank_serial_used",)


def _second_case(office: Office) -> str:
    office.on(2026, 3, 2)
    return office.incubating(2)


def test_the_second_instalment_waits_until_it_is_earned(office: Office, award: str) -> None:
    with pytest.raises(Refused) as refused:
        office.move("applicant1", f"{award}-2", "request_instalment")
    assert refused.value.codes == ("case.move_not_from_this_state",)


def test_a_suspension_holds_the_money_and_its_end_lets_it_go_on(office: Office, award: str) -> None:
    number = office.subject(award).case.number
    incubation = "YL-2026-0001"
    office.move("manager", incubation, "suspend", cause="供水管破裂", expected_to="2026-04-20")
    office.carry()
    assert [office.state(f"{number}-{part}") for part in (1, 2, 3)] == ["HELD", "PLANNED", "PLANNED"]
    office.on(2026, 4, 20)
    office.move("manager", incubation, "resume", cause_gone="已修复")
    office.carry()
    assert [office.state(f"{number}-{part}") for part in (1, 2, 3)] == ["RELEASED", "PLANNED", "PLANNED"]
    assert office.subject(incubation).incubation.ends_on == date(2027, 4, 10)


def test_what_was_not_paid_is_given_back_when_the_award_ends(office: Office, award: str) -> None:
    office.move("bureau", award, "terminate_award", reason="项目停止")
    office.carry()
    assert {office.state(f"{award}-{part}") for part in (1, 2, 3)} == {"CANCELLED"}
    assert _position(office) == (100_000_000, 0, 0, 0)


def test_the_line_s_ceiling_holds_where_the_row_is_written(office: Office) -> None:
    with unit_of_work(office.database, office.now) as work:
        work.connection.execute(text("update budget_lines set used_fen = amount_fen - 50000"))
    with pytest.raises(Refused) as refused:
        office.awarded(office.incubating(), 90_000)
    assert refused.value.codes == ("award.budget_exceeded",)


def test_vouchers_are_numbered_on_end(office: Office, award: str) -> None:
    office.instruct(f"{award}-1")
    with reading(office.database, office.now) as work:
        vouchers = sorted({line.voucher for line in entries(work)})
    assert vouchers == [f"记-2026-{number:04d}" for number in range(1, len(vouchers) + 1)]


def test_every_effect_that_is_one_transaction_is_carried_out() -> None:
    assert {"hold_payments", "lift_hold", "cancel_unpaid", "release_instalment", "send_notice"} <= PERFORM.keys()


def test_an_instalment_earned_while_it_was_held_is_released_when_a_person_lifts_the_hold(
    office: Office, award: str
) -> None:
    second = f"{award}-2"
    office.move("manager", second, "hold", reason="核实用款")
    with unit_of_work(office.database, office.now) as work:
        earn_instalments(work, earned_by=office.subject(award).case.id, sequence=99, number=2)
    office.move("manager", second, "lift_hold", reason="已核实")
    assert office.state(second) == "RELEASED"
