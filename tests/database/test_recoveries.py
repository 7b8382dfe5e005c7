"""追回: told before it is decided, decided by two, repaid to the fen into the same source, once for each slip."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from services.cases import reviewing
from services.cases.recovering import find_recovery, recovery_lines
from services.cases.reviewing import Request
from services.cases.unspent import remind_of_unspent_money, unspent
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.funding import acts, bookkeeping
from services.funding.acts import MoneyBack
from services.funding.bookkeeping import Correction
from services.funding.models import recovery_cases
from services.funding.queries import Recovery, recovery_of
from services.invariants.check import check
from services.issuance.models import issued_documents
from services.ledger.models import ledger_entries
from services.ledger.queries import balances
from services.organizations.commands import record_post
from tests.database.office import MONDAY, Office, open_office, refusal

ON_ONE = pytest.mark.parametrize("backend", ["sqlite"])
"""What no dialect can change is asked of one."""

AWARD_FEN, PAID_FEN = 999_999, 500_000
NOTICE = {"facts": "挪用资助款", "evidence": "银行流水", "account": "财政专户，样例银行，账号1001"}
PROPOSAL = {"reason": "挪用属实", "reply_considered": "不予采纳"}


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


@pytest.fixture
def award(office: Office) -> str:
    """An award of which 5 000 yuan were paid and confirmed; answers its number. The clock stands at 20 March 2026."""
    number = office.awarded(office.incubating(), AWARD_FEN)
    office.instruct(f"{number}-1")
    office.move("payer", f"{number}-1", "record_payment", bank_serial="S1", value_date="2026-03-20")
    office.move("applicant1", f"{number}-1", "confirm_receipt", received_on="2026-03-20", confirmed_by="队长")
    office.carry()
    return number


def found(office: Office, award: str, cause: str = "misuse") -> str:
    keeper = office.people["keeper"]
    return find_recovery(office.database, keeper, award_number=award, cause=cause, now=office.now).number


def proposed(office: Office, award: str, *, compliant: int = 100_000, fen: int = 400_000) -> str:
    """A recovery proposed after the organization's reply."""
    number = found(office, award)
    office.move("keeper", number, "serve_notice", compliant_fen=compliant, **NOTICE)
    office.move("applicant1", number, "reply_recovery", reply="愿意退回")
    office.move("keeper", number, "propose_recovery", amount_fen=fen, **PROPOSAL)
    return number


def decided(office: Office, award: str, **sums: int) -> str:
    """A recovery decided by two people of two offices, its repayment arranged."""
    number = proposed(office, award, **sums)
    for who, trigger in (("manager", "approve_recovery"), ("bureau", "decide_recovery"), ("maker", "start_repayment")):
        office.move(who, number, trigger)
    office.carry()
    return number


def repay(office: Office, number: str, fen: int, serial: str, **more: Any) -> None:
    office.move(
        "payer", number, "record_repayment",
        **{"amount_fen": fen, "bank_serial": serial, "received_on": office.now.date().isoformat(), **more},
    )  # fmt: skip


def recovery(office: Office, number: str) -> Recovery:
    with reading(office.database, office.now) as work:
        return recovery_of(work, office.subject(number).case.id)


def book(office: Office, award: str) -> tuple[int, int, int]:
    """Paid, returned and receivable of the award, and what the line has used, all in fen."""
    with reading(office.database, office.now) as work:
        of = balances(work, award_id=office.subject(award).case.id)
    return of.get("PAID", 0), -of.get("RETURNED", 0), of.get("RECEIVABLE", 0)


def wrong(office: Office) -> list[tuple[str, tuple[str, ...]]]:
    """What the invariants find, once everything owed was carried out."""
    office.carry()
    return [(one.code, tuple(one.rows)) for one in check(office.database, now=office.now, quiet=True)]


# From the finding to the last fen -----------------------------------------------------------------------------------


def test_a_recovery_is_told_answered_decided_by_two_and_repaid(office: Office, award: str) -> None:
    number = decided(office, award)
    assert office.state(number) == "REPAYING"
    one = recovery(office, number)
    assert (one.kept_fen, one.compliant_fen, one.asked_fen, one.decided_fen) == (500_000, 100_000, 400_000, 400_000)
    assert one.due_on == date(2026, 4, 20), "30 days end on a Sunday, so on the Monday after"
    assert book(office, award) == (500_000, 0, 400_000)
    repay(office, number, 150_000, "R1")
    assert (office.state(number), book(office, award)) == ("PARTIAL", (500_000, 150_000, 250_000))
    repay(office, number, 250_000, "R2")
    assert (office.state(number), book(office, award)) == ("REPAID", (500_000, 400_000, 0))
    office.carry()
    assert recovery(office, number).closed_on == office.now.date()
    with reading(office.database, office.now) as work:
        used = work.connection.execute(text("select used_fen from budget_lines")).scalar_one()
        kinds = [row.kind for row in work.connection.execute(select(ledger_entries).order_by(ledger_entries.c.voucher))]
    assert used == AWARD_FEN - 400_000
    assert kinds[-3:] == ["recovery", "repayment", "repayment"]
    assert wrong(office) == []


@ON_ONE
def test_nothing_is_proposed_before_the_organization_answered_or_had_its_days(office: Office, award: str) -> None:
    number = found(office, award)
    office.move("keeper", number, "serve_notice", **NOTICE)
    office.serve()
    said = {"amount_fen": 400_000, **PROPOSAL}
    assert refusal(lambda: office.move("keeper", number, "propose_recovery", **said))[1] == ("recovery.reply_awaited",)
    office.on(2026, 4, 7)
    office.move("keeper", number, "propose_recovery", **said)
    assert office.state(number) == "PROPOSED"


@ON_ONE
def test_no_more_is_recovered_than_the_notice_named(office: Office, award: str) -> None:
    with pytest.raises(Refused) as refused:
        proposed(office, award, compliant=100_000, fen=400_001)
    assert refused.value.codes == ("recovery.amount_above_notice",)


@ON_ONE
def test_two_people_of_two_offices_decide_and_the_proposer_is_a_third(office: Office, award: str) -> None:
    number = proposed(office, award)
    assert refusal(lambda: office.move("bureau", number, "decide_recovery"))[1] == ("decision.first_approval_missing",)
    keeper, manager = office.people["keeper"], office.people["manager"]
    office.people["both"] = type(keeper)(keeper.id, "both", "both", "zh", (*keeper.grants, *manager.grants))
    assert refusal(lambda: office.move("both", number, "approve_recovery"))[0] is Forbidden
    office.move("manager", number, "approve_recovery")
    bureau = office.people["bureau"]
    office.people["both"] = type(manager)(manager.id, "both", "both", "zh", (*manager.grants, *bureau.grants))
    assert refusal(lambda: office.move("both", number, "decide_recovery"))[1] == ("case.duties_must_be_separate",)
    office.move("bureau", number, "decide_recovery")


@ON_ONE
def test_nobody_of_the_organization_takes_part(office: Office, award: str) -> None:
    with unit_of_work(office.database, office.now) as work:
        record_post(
            work, organization_id=office.city.organization_ids[0], person_id=office.people["keeper"].id, post="staff",
            held_from=MONDAY,
        )  # fmt: skip
    assert refusal(lambda: found(office, award))[1] == ("case.duties_must_be_separate",)


@ON_ONE
def test_a_finding_can_be_dropped_and_another_one_entered(office: Office, award: str) -> None:
    number = found(office, award)
    assert refusal(lambda: found(office, award))[1] == ("recovery.already_open",)
    office.move("manager", number, "drop_finding", reason="用款合规")
    assert office.state(number) == "DROPPED"
    assert office.state(found(office, award, "unspent")) == "FINDING"
    assert book(office, award) == (500_000, 0, 0)


@ON_ONE
def test_a_returned_proposal_is_told_anew_with_its_new_sum(office: Office, award: str) -> None:
    number = proposed(office, award)
    office.move("bureau", number, "return_proposal", reason="金额须重新核实")
    office.move("keeper", number, "serve_notice", compliant_fen=300_000, **NOTICE)
    assert recovery(office, number).asked_fen == 200_000
    assert office.state(number) == "NOTICE_SERVED"


@ON_ONE
def test_an_award_is_recovered_from_once(office: Office, award: str) -> None:
    number = decided(office, award, compliant=300_000, fen=200_000)
    repay(office, number, 200_000, "R1")
    assert refusal(lambda: found(office, award))[1] == ("recovery.already_decided",)


# Repaying -----------------------------------------------------------------------------------------------------------


@ON_ONE
def test_no_more_than_is_owed_and_each_slip_once(office: Office, award: str) -> None:
    number = decided(office, award)
    assert refusal(lambda: repay(office, number, 400_001, "R1"))[1] == ("ledger.repayment_above_owed",)
    assert refusal(lambda: repay(office, number, 1, "R1", received_on="2031-01-01"))[0] is Invalid
    assert refusal(lambda: repay(office, number, 1, "R" * 61))[1] == ("input.too_long",)
    repay(office, number, 100_000, "R1")
    assert refusal(lambda: repay(office, number, 100_000, "R1"))[1] == ("ledger.bank_serial_used",)
    assert book(office, award) == (500_000, 100_000, 300_000)


@ON_ONE
def test_what_is_owed_comes_back_on_the_recovery_and_not_as_a_refund(office: Office, award: str) -> None:
    number = decided(office, award)
    payer, case_id = office.people["payer"], office.subject(award).case.id

    def refund(fen: int) -> str:
        back = MoneyBack(fen, f"Z{fen}", office.now.date())
        return acts.record_refund(office.database, payer, back, award_id=case_id, now=office.now)

    assert refusal(lambda: refund(500_001))[1] == ("ledger.refund_above_paid",)
    assert refusal(lambda: refund(100_001))[1] == ("recovery.refund_is_repayment",)
    refund(100_000)
    repay(office, number, 400_000, "R1")
    assert book(office, award) == (500_000, 500_000, 0)
    assert wrong(office) == []


@ON_ONE
def test_a_plan_names_every_fen_and_the_clock_shows_its_next_part(office: Office, award: str) -> None:
    number = proposed(office, award)
    office.move("manager", number, "approve_recovery")
    office.move("bureau", number, "decide_recovery")

    def start(*parts: tuple[str, int]) -> None:
        plan = [{"due_on": day, "amount_fen": fen} for day, fen in parts]
        office.move("maker", number, "start_repayment", plan=plan)

    odd = ("recovery.plan_does_not_add_up",)
    assert refusal(lambda: start(("2026-04-10", 100_000), ("2026-05-10", 299_999)))[1] == odd
    assert refusal(lambda: start(("2026-05-10", 100_000), ("2026-04-10", 300_000)))[1] == odd
    assert refusal(lambda: start(("2026-03-20", 400_000)))[1] == odd
    start(("2026-04-10", 100_000), ("2026-05-11", 300_000))
    assert office.subject(number).case.due_on == date(2026, 4, 10)
    assert recovery(office, number).due_on == date(2026, 5, 11)
    repay(office, number, 100_000, "R1")
    assert office.subject(number).case.due_on == date(2026, 5, 11)
    office.move("applicant1", number, "ask_for_plan", wish="请求延至六月")
    later = [{"due_on": "2026-06-10", "amount_fen": 300_000}]
    office.move("maker", number, "agree_plan", plan=later, reason="困难属实")
    assert office.subject(number).case.due_on == date(2026, 6, 10)
    assert wrong(office) == []


@ON_ONE
def test_what_is_overdue_is_enforced_and_still_repaid(office: Office, award: str) -> None:
    number = decided(office, award)
    said = {"means": "court", "reason": "逾期未归还"}
    assert refusal(lambda: office.move("manager", number, "enforce_recovery", **said))[1] == ("recovery.not_overdue",)
    office.serve()
    office.on(2026, 4, 21)
    office.move("manager", number, "enforce_recovery", **said)
    repay(office, number, 100_000, "R1")
    assert office.state(number) == "ENFORCED"
    repay(office, number, 300_000, "R2")
    assert office.state(number) == "REPAID"


@ON_ONE
def test_two_people_of_finance_write_off_what_is_left(office: Office, award: str) -> None:
    number = decided(office, award)
    repay(office, number, 150_000, "R1")
    office.on(2026, 4, 21)
    code = ("recovery.write_off_not_proposed",)
    assert refusal(lambda: office.move("checker", number, "approve_write_off"))[1] == code
    office.move("maker", number, "propose_write_off", reason="组织已注销，无可执行财产", document="青河财核〔2026〕1号")
    assert refusal(lambda: office.move("manager", number, "approve_write_off"))[0] is Forbidden
    office.move("checker", number, "approve_write_off")
    assert (office.state(number), book(office, award)) == ("WRITTEN_OFF", (500_000, 150_000, 0))
    assert wrong(office) == []


@ON_ONE
@pytest.mark.parametrize(("fen", "state"), [(400_000, "REPAID"), (150_000, "PARTIAL")])
def test_a_slip_reversed_in_the_book_is_owed_again(office: Office, award: str, fen: int, state: str) -> None:
    number = decided(office, award)
    repay(office, number, fen, "R1")
    assert office.state(number) == state
    office.carry()
    with reading(office.database, office.now) as work:
        voucher = work.connection.execute(
            select(ledger_entries.c.voucher).where(ledger_entries.c.kind == "repayment")
        ).scalar_one()
    wanted = Correction(voucher, "记错了案")
    proposal = bookkeeping.propose_reversal(office.database, office.people["maker"], wanted, now=office.now)
    bookkeeping.confirm(office.database, office.people["checker"], proposal_id=proposal, now=office.now)
    office.carry()
    assert (office.state(number), recovery(office, number).owed_fen) == ("PARTIAL", 400_000)
    assert (recovery(office, number).closed_on, book(office, award)) == (None, (500_000, 0, 400_000))
    repay(office, number, 400_000, "R1")
    office.carry()
    assert office.state(number) == "REPAID"
    assert wrong(office) == []


# What opens one by itself -------------------------------------------------------------------------------------------


def test_an_expulsion_opens_a_finding_and_a_review_of_it_keeps_it_waiting(office: Office, award: str) -> None:
    incubation, ground = "YL-2026-0001", {"facts": "挪用", "evidence": "流水", "basis": "协议"}
    office.move("keeper", incubation, "propose_expulsion", **ground)
    office.move("manager", incubation, "start_expulsion", **ground)
    office.serve()
    office.on(2026, 4, 10)
    office.move("manager", incubation, "approve_expulsion", reason="属实")
    office.move("bureau", incubation, "expel", reason="属实", defence_summary="已听取")
    office.carry()
    with reading(office.database, office.now) as work:
        (line,) = recovery_lines(work, office.people["manager"])
    assert (line.award_number, line.cause, line.state_en) == (award, "expulsion", "finding")
    assert office.subject(line.number).case.due_on == date(2026, 4, 24)
    with reading(office.database, office.now) as work:
        sequence = reviewing.decisions_of(work, office.subject(incubation))[0].sequence
    reviewing.lodge_review(
        office.database, office.people["applicant1"], Request("没有挪用", "撤销清退"), number=incubation,
        sequence=sequence, now=office.now,
    )  # fmt: skip
    refused = refusal(lambda: office.move("keeper", line.number, "serve_notice", **NOTICE))
    assert refused[1] == ("review.effect_waits",)
    assert wrong(office) == []


@ON_ONE
def test_nothing_is_opened_where_nothing_was_paid(office: Office) -> None:
    number = office.awarded(office.incubating(), AWARD_FEN)
    assert refusal(lambda: found(office, number))[1] == ("recovery.nothing_to_recover",)
    assert refusal(lambda: found(office, "YL-2026-0001"))[0] is NotFound


@ON_ONE
def test_the_decision_can_be_complained_about_and_its_paper_says_so(office: Office, award: str) -> None:
    number = decided(office, award)
    with reading(office.database, office.now) as work:
        (one,) = reviewing.decisions_of(work, office.subject(number))
        papers = work.connection.execute(
            select(issued_documents)
            .where(issued_documents.c.kind == "recovery_notice")
            .order_by(issued_documents.c.serial)
        ).all()
    assert one.row.code == "D34"
    told, ordered = papers
    assert (told.inputs["variant"], told.inputs["amount_fen"], told.inputs["remedy"]) == ("notice", 400_000, None)
    assert (ordered.inputs["variant"], ordered.inputs["due_on"]) == ("decision", "2026-04-20")
    assert ordered.inputs["remedy"]["period"] == "10个工作日"


# Money nobody used --------------------------------------------------------------------------------------------------


@ON_ONE
def test_money_unused_for_two_years_is_listed_and_finance_is_told_once_a_year(office: Office, award: str) -> None:
    with reading(office.database, office.now) as work:
        assert unspent(work) == ()
    office.on(2028, 3, 21)
    with reading(office.database, office.now) as work:
        (kept,) = unspent(work)
    assert (kept.award_number, kept.amount_fen, kept.since) == (award, PAID_FEN, date(2026, 3, 20))
    office.on(2029, 1, 4)
    with unit_of_work(office.database, office.now) as work:
        assert {one.award_number for one in unspent(work)} == {award, ""}
        told = remind_of_unspent_money(work)
        assert told > 0
        assert remind_of_unspent_money(work) == 0


# What must be noticed -----------------------------------------------------------------------------------------------

BREACHES = (
    "update recoveries set repaid_fen = repaid_fen + 1",
    "update recovery_cases set closed_on = '2026-04-01'",
    "delete from refunds",
)


@ON_ONE
@pytest.mark.parametrize("breach", BREACHES)
def test_a_recovery_that_disagrees_with_the_book_is_noticed(office: Office, award: str, breach: str) -> None:
    number = decided(office, award)
    repay(office, number, 100_000, "R1")
    assert wrong(office) == []
    with unit_of_work(office.database, office.now) as work:
        work.connection.exec_driver_sql(breach)
    assert "I13" in {one.code for one in check(office.database, now=office.now, quiet=True)}


@ON_ONE
def test_an_award_has_one_open_recovery_whatever_code_says(office: Office, award: str) -> None:
    found(office, award)
    case_id = office.subject(award).case.id
    with unit_of_work(office.database, office.now) as work:
        twice = insert(recovery_cases).values(case_id=case_id, award_id=case_id, cause="misuse")
        with pytest.raises(IntegrityError), work.connection.begin_nested():
            work.connection.execute(twice)
