"""From the sealed instruction to the bank and back: batches by two people, what is unknown, what is paid again."""

from collections.abc import Iterator
from datetime import date

import pytest

from services.cases.banking import hear
from services.cases.paying import Result, batch_page, drop_batch, fetch_file, make_batch, record_results, release_batch
from services.cases.payment_lists import PaymentLine, held, lines, unknown, waiting
from services.cases.reconciling import import_statement, record_payments
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Refused
from services.invariants.check import check
from services.ledger.queries import balances
from services.payments.queries import contradicted
from services.payments.rules import Answer
from tests.database.office import Office, open_office
from tests.statements import Booked, written


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


@pytest.fixture
def first(office: Office) -> str:
    """The first instalment of an award of 9 999.99 yuan, instructed, its notice drawn."""
    number = f"{office.awarded(office.incubating(), 999_999)}-1"
    office.instruct(number, sent=False)
    office.carry()
    return number


def the_line(office: Office, number: str) -> PaymentLine:
    with reading(office.database, office.now) as work:
        return [one for one in lines(work) if one.case_number == number][-1]


def batch(office: Office, number: str) -> str:
    reference = the_line(office, number).reference
    return make_batch(office.database, office.people["maker"], [reference], now=office.now)


def statement(office: Office, line: PaymentLine, *, paid: bool) -> None:
    """The bank's statement of March, with the payment on it or without."""
    payment = Booked(date(2026, 3, 20), "B2026032001", line.holder_name, "0031", f"资助款 {line.reference}", -500_000)
    told = [payment] if paid else []
    told += [Booked(date(2026, 3, 31), "B2026033101", "银行", "", "利息", 1_000)]
    content = written(told, first=date(2026, 3, 1), last=date(2026, 3, 31))
    import_statement(office.database, office.people["payer"], content=content, file_name="三月.csv", now=office.now)


def sound(office: Office) -> None:
    office.carry()
    assert check(office.database, now=office.now) == ()


def test_a_batch_is_made_by_one_and_released_by_another(office: Office, first: str) -> None:
    number = batch(office, first)
    for who in ("maker", "checker"):
        with pytest.raises(Forbidden):
            release_batch(office.database, office.people[who], number, now=office.now)
    assert release_batch(office.database, office.people["payer"], number, now=office.now) == 1
    assert office.state(first) == "SENT"
    with reading(office.database, office.now) as work:
        page = batch_page(work, office.people["payer"], number)
        assert waiting(work, office.people["payer"]) == ()
    assert (page.batch.state, page.batch.count, page.batch.total_fen) == ("released", 1, 500_000)
    with pytest.raises(Refused) as refused:
        release_batch(office.database, office.people["payer"], number, now=office.now)
    assert refused.value.codes == ("payment.batch_not_made",)
    sound(office)


def test_nothing_leaves_before_its_notice_is_drawn_and_nothing_leaves_alone(office: Office) -> None:
    number = f"{office.awarded(office.incubating(), 999_999)}-1"
    office.instruct(number, sent=False)
    made = batch(office, number)
    with pytest.raises(Refused) as refused:
        release_batch(office.database, office.people["payer"], made, now=office.now)
    assert refused.value.codes == ("payment.line_refused", "instalment.instruction_not_issued")
    with pytest.raises(Refused) as refused:
        office.move("payer", number, "send_payment")
    assert "instalment.batch_not_released" in refused.value.codes
    drop_batch(office.database, office.people["maker"], made, now=office.now)
    office.move("maker", number, "recall_instruction", reason="金额待核")
    assert office.state(number) == "CHECKED"
    sound(office)


def test_the_file_is_fetched_once_and_again_only_with_a_reason(office: Office, first: str) -> None:
    number, payer = batch(office, first), office.people["payer"]
    with pytest.raises(Refused) as refused:
        fetch_file(office.database, payer, number, now=office.now)
    assert refused.value.codes == ("payment.no_file",)
    release_batch(office.database, payer, number, now=office.now)
    told = fetch_file(office.database, payer, number, now=office.now)
    assert told.content.decode("utf-8-sig").splitlines()[1].split(",")[1:5:3] == ["6200000000000031", "5000.00"]
    with pytest.raises(Refused) as refused:
        fetch_file(office.database, payer, number, now=office.now)
    assert refused.value.codes == ("payment.fetched_already",)
    again = fetch_file(office.database, payer, number, reason="网银上传失败", now=office.now)
    assert again.content == told.content
    with reading(office.database, office.now) as work:
        assert len(batch_page(work, payer, number).downloads) == 2


def test_what_the_bank_page_says_is_recorded_line_by_line(office: Office, first: str) -> None:
    office.to_bank(first)
    reference = the_line(office, first).reference
    results = (
        Result(reference, "paid", "S1", date(2026, 3, 20)),
        Result(reference, "refused", reason="再次登记"),
    )
    paid, refused = record_results(office.database, office.people["payer"], results, now=office.now)
    assert (paid.state, refused.state) == ("PAID", "")
    assert refused.refused is not None
    assert refused.refused.codes == ("case.move_not_from_this_state",)
    sound(office)


def test_an_unknown_payment_is_paid_again_only_by_two_after_a_statement(office: Office, first: str) -> None:
    office.to_bank(first)
    office.move("payer", first, "mark_unknown", reason="网银超时")
    old = the_line(office, first)
    with pytest.raises(Refused) as refused:
        office.move("payer", first, "propose_resend", reason="未见到账")
    assert refused.value.codes == ("instalment.not_shown_absent",)
    office.on(2026, 4, 1)
    with unit_of_work(office.database, office.now) as work:
        (line,) = unknown(work, office.people["payer"])
        assert line.next == "statement"
    statement(office, old, paid=False)
    with reading(office.database, office.now) as work:
        (line,) = unknown(work, office.people["payer"])
        assert line.next == "propose"
    with pytest.raises(Refused) as refused:
        office.move("checker", first, "agree_resend")
    assert refused.value.codes == ("instalment.not_proposed",)
    office.move("payer", first, "propose_resend", reason="对账单未见")
    office.move("checker", first, "agree_resend", opinion="已核对")
    new = the_line(office, first)
    assert (office.state(first), new.attempt, new.outcome) == ("INSTRUCTED", 2, "open")
    assert new.reference != old.reference
    # The first attempt was executed after all: that is shown to people, and changes nothing by itself.
    with unit_of_work(office.database, office.now) as work:
        answer = Answer("paid", 500_000, "LATE", work.today)
        hear(work, answer, reference=old.reference, key="callback:late", source="callback")
        assert [one.reference for one in contradicted(work)] == [old.reference]
    assert office.state(first) == "INSTRUCTED"
    sound(office)


def test_an_unknown_payment_is_settled_by_the_statement_that_shows_it(office: Office, first: str) -> None:
    office.to_bank(first)
    office.move("payer", first, "mark_unknown", reason="网银超时")
    office.on(2026, 4, 1)
    statement(office, the_line(office, first), paid=True)
    done = record_payments(office.database, office.people["payer"], now=office.now)
    assert (done.done, done.refused) == ((first,), ())
    assert (office.state(first), the_line(office, first).bank_serial) == ("PAID", "B2026032001")
    with pytest.raises(Refused):
        office.move("payer", first, "propose_resend", reason="再付一次")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer("paid", 500_000, "B1", date(2026, 3, 20)), "PAID"),
        (Answer("paid", 500_001, "B1", date(2026, 3, 20)), "UNKNOWN"),
        (Answer("refused", words="户名不符"), "RETURNED"),
        (Answer("nothing"), "UNKNOWN"),
    ],
)
def test_each_answer_of_the_bank_leads_where_it_must_however_often_it_comes(
    office: Office, first: str, answer: Answer, state: str
) -> None:
    office.to_bank(first)
    reference = the_line(office, first).reference
    for _ in range(2):
        with unit_of_work(office.database, office.now) as work:
            hear(work, answer, reference=reference, key="answer:1", source="bank")
    assert office.state(first) == state
    if state == "UNKNOWN" and answer.said == "nothing":
        with unit_of_work(office.database, office.now) as work:
            late = Answer("paid", 500_000, "B2", date(2026, 3, 20))
            hear(work, late, reference=reference, key="callback:1", source="callback")
        assert office.state(first) == "PAID"
    sound(office)


def test_a_wrongly_recorded_payment_is_reversed_by_two_and_recorded_anew(office: Office, first: str) -> None:
    office.to_bank(first)
    office.move("payer", first, "record_payment", bank_serial="WRONG", value_date="2026-03-20")
    office.move("payer", first, "propose_reversal", reason="流水号属于另一笔")
    office.move("checker", first, "agree_reversal", opinion="属实")
    award = office.subject(first).case.parent_id
    with reading(office.database, office.now) as work:
        book = balances(work, award_id=award)
    assert (office.state(first), book["PAYABLE"], book.get("PAID", 0)) == ("SENT", 500_000, 0)
    office.move("payer", first, "record_payment", bank_serial="RIGHT", value_date="2026-03-20")
    assert the_line(office, first).bank_serial == "RIGHT"
    sound(office)


def test_holds_are_listed_with_their_reason_and_who_can_lift_them(office: Office, first: str) -> None:
    second = f"{first[:-1]}2"
    office.move("manager", second, "hold", reason="核实用款")
    with reading(office.database, office.now) as work:
        (line,) = held(work, office.people["checker"])
    assert (line.case_number, line.reason, line.held_by) == (second, "核实用款", "主任甲")
    assert [one.value for one in line.lifters] == ["centre_manager", "finance_checker"]
