"""送达: a receipt by a click, a signed proof, post, what was left or returned, publication, and what begins with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

from cli.bench.city import STREET
from documents.context import from_json
from documents.registry import kind_of
from services.applications.inspection import Upload
from services.applications.scanning import NoScanner
from services.cases import delivering
from services.cases.occasions import issue_on
from services.cases.queries import case_page, document_for
from services.cases.reviewing import decisions_of
from services.cases.served import overdue_to_serve, to_serve
from services.cases.timers import pull_timers
from services.database.engine import Database
from services.database.work import OFFICE_TIME, office_instant, reading, unit_of_work
from services.delivery.queries import Delivery, deliveries_of, drawer_of, drawers
from services.delivery.rules import Result, Way
from services.invariants.check import check
from services.issuance.commands import Numbered, revoke_documents
from services.issuance.models import issued_documents
from services.issuance.queries import issued_on
from services.organizations.commands import add_division
from services.organizations.queries import centre_lines
from services.people.commands import add_person, grant_role
from services.people.queries import actor_by_id
from statemachines.roles import Role
from tests.database.office import PANEL, Office, open_office, refusal
from tests.database.review_ground import score_low
from tests.web.conftest import PDF

ITEMS = [{"field": "成员名册", "problem": "缺", "how_to_fix": "补交"}]
SCAN = Upload("送达回证.pdf", PDF)
ON_ONE = pytest.mark.parametrize("backend", ["sqlite"])
DIRECT = Way("direct", place="晨光社区居委会")


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


def asked(office: Office) -> tuple[str, str]:
    """An application to be corrected, its notice in the drawer on Monday 2 March 2026: (case number, paper)."""
    number = office.submitted()
    office.move("clerk", number, "request_correction", items=ITEMS)
    office.carry()
    return number, delivery(office, number).paper.id


def delivery(office: Office, number: str) -> Delivery:
    with reading(office.database, office.now) as work:
        page = case_page(work, office.people["manager"], number)
        return next(one for one in reversed(page.served.values()) if one.standing != "kept")


def begun(office: Office, paper: str, way: Way = DIRECT, who: str = "clerk") -> str:
    return delivering.begin_delivery(office.database, office.people[who], paper, way, now=office.now)


def ended(office: Office, made: str, result: Result, *, scan: Upload | None = SCAN, who: str = "clerk") -> None:
    delivering.record_result(
        office.database, office.people[who], made, result, scan=scan, scanner=NoScanner(), now=office.now
    )


def at(day: date, hour: int = 10, minute: int = 20) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=OFFICE_TIME)


def taken(day: date) -> Result:
    return Result("served", at(day), "队长1", "leader")


def sound(office: Office) -> None:
    assert [(one.code, one.rows) for one in check(office.database, now=office.now, quiet=True)] == []


def test_a_click_serves_once_and_the_correction_counts_from_it(office: Office) -> None:
    number, paper = asked(office)
    assert delivery(office, number).standing == "to_serve"
    office.on(2026, 3, 6)
    applicant = office.people["applicant1"]
    found = delivering.confirm_receipt(office.database, applicant, paper, now=office.now)
    assert (found.standing, found.served_on, found.mode) == ("served", date(2026, 3, 6), "click")
    assert found.confirmed_by == applicant.name
    clock = office.subject(number).clocks["correction"]
    assert (clock.started_on, clock.due_on) == (date(2026, 3, 6), date(2026, 3, 27))
    assert office.subject(number).case.due_on == date(2026, 3, 27)
    office.on(2026, 3, 9)
    again = delivering.confirm_receipt(office.database, applicant, paper, now=office.now)
    assert again.served_on == date(2026, 3, 6)
    acts = [entry.action for entry in office.trail(number)]
    assert (acts.count("delivery:confirm"), acts.count("delivery:begin_clocks")) == (1, 1)
    sound(office)


@ON_ONE
def test_nothing_lapses_before_the_notice_is_served(office: Office) -> None:
    number, paper = asked(office)
    office.on(2026, 3, 24)
    assert pull_timers(office.database, now=office.now) == ()
    delivering.confirm_receipt(office.database, office.people["applicant1"], paper, now=office.now)
    assert pull_timers(office.database, now=office.now) == ()
    assert office.subject(number).case.due_on == date(2026, 4, 15)
    office.on(2026, 4, 16)
    assert [one.state for one in pull_timers(office.database, now=office.now)] == ["LAPSED"]


@ON_ONE
def test_a_refusal_can_be_contested_from_its_delivery_over_a_holiday(office: Office) -> None:
    number = office.reviewed()
    for name in PANEL:
        score_low(office, name, office.round(number).id)
    office.move("manager", number, "reject", reason="计划不成熟")
    office.carry()
    office.on(2026, 4, 3)
    with reading(office.database, office.now) as work:
        unserved = decisions_of(work, office.subject(number))[0]
    assert (unserved.served, unserved.late) == (False, False)
    delivering.confirm_receipt(office.database, office.people["applicant1"], unserved.document_id or "", now=office.now)
    with reading(office.database, office.now) as work:
        served = decisions_of(work, office.subject(number))[0]
        shown = deliveries_of(work, (unserved.document_id or "",))[0]
    # Friday 3 April; Monday the 6th is the holiday of Qingming.
    assert (served.served, served.served_on, served.due_on) == (True, date(2026, 4, 3), date(2026, 4, 20))
    assert shown.remedy_until == served.due_on


def test_a_signed_proof_serves_on_the_day_it_was_signed(office: Office) -> None:
    number, paper = asked(office)
    office.on(2026, 3, 4)
    made = begun(office, paper)
    with reading(office.database, office.now) as work:
        row = work.connection.execute(
            select(issued_documents).where(issued_documents.c.kind == "proof_of_service")
        ).one()
    proof = from_json(kind_of("proof_of_service"), row.inputs)
    assert (proof.papers[0].code, proof.recipient, proof.place) == (
        "D03",
        proof.head.organization_name,
        "晨光社区居委会",
    )
    assert row.number.endswith("送〔2026〕1号")
    assert delivery(office, number).standing == "under_way"
    assert refusal(lambda: begun(office, paper))[1] == ("delivery.under_way",)
    office.on(2026, 3, 6)
    assert refusal(lambda: ended(office, made, taken(date(2026, 3, 3))))[1] == ("delivery.day_unlikely",)
    assert refusal(lambda: ended(office, made, taken(date(2026, 3, 7))))[1] == ("delivery.day_unlikely",)
    ended(office, made, taken(date(2026, 3, 5)))
    found = delivery(office, number)
    assert (found.served_on, found.mode, found.tries[0].proof_number) == (date(2026, 3, 5), "direct", row.number)
    assert refusal(lambda: ended(office, made, taken(date(2026, 3, 5))))[1] == ("delivery.try_over",)
    assert refusal(lambda: begun(office, paper))[1] == ("delivery.served_before",)
    with reading(office.database, office.now) as work:
        assert delivering.scan_of(work, office.people["clerk"], made) == (PDF, "pdf")
    office.carry()
    sound(office)


@ON_ONE
def test_a_paper_refused_before_two_witnesses_is_left_and_counts(office: Office) -> None:
    number, paper = asked(office)
    made = begun(office, paper)
    office.on(2026, 3, 3)
    left = Result("left", at(date(2026, 3, 3), 8), refusal="负责人拒收", witnesses=("居委会甲", "居委会乙"))
    assert refusal(lambda: ended(office, made, left, scan=None))[1] == ("delivery.scan_missing",)
    ended(office, made, left)
    assert (delivery(office, number).mode, delivery(office, number).served_on) == ("left", date(2026, 3, 3))


@ON_ONE
def test_what_comes_back_is_served_anew_and_publication_is_the_last_way(office: Office) -> None:
    number, paper = asked(office)
    public = Way("publication", place="中心公告栏", reason="邮件退回，联系不上")
    assert refusal(lambda: begun(office, paper, public))[1] == ("delivery.publication_last",)
    assert refusal(lambda: begun(office, paper, Way("post")))[1] == ("input.missing",)
    letter = begun(office, paper, Way("post", tracking="1234567890123"))
    office.on(2026, 3, 9)
    back = Result("returned", at(date(2026, 3, 9)), refusal="原址查无此人")
    ended(office, letter, back, scan=None)
    assert (delivery(office, number).standing, delivery(office, number).served_on) == ("returned", None)
    notice = begun(office, paper, public)
    office.on(2026, 4, 8)
    over = Result("served", at(date(2026, 4, 8), 9))
    assert refusal(lambda: ended(office, notice, over, scan=None))[1] == ("delivery.publication_running",)
    office.on(2026, 4, 9)
    ended(office, notice, over, scan=None)
    assert (delivery(office, number).mode, delivery(office, number).served_on) == ("publication", date(2026, 4, 8))
    sound(office)


@ON_ONE
def test_a_click_overtakes_a_letter_that_is_on_its_way(office: Office) -> None:
    number, paper = asked(office)
    begun(office, paper, Way("post", tracking="1234567890123"))
    delivering.confirm_receipt(office.database, office.people["applicant1"], paper, now=office.now)
    found = delivery(office, number)
    assert (found.mode, found.tries[0].outcome) == ("click", "overtaken")


@ON_ONE
def test_a_paper_that_holds_no_more_is_not_served(office: Office) -> None:
    number, paper = asked(office)
    with unit_of_work(office.database, office.now) as work:
        revoke_documents(work, case_id=office.subject(number).case.id, kind="correction_notice", reason="有误")
    assert refusal(lambda: begun(office, paper))[1] == ("delivery.no_longer_holds",)
    confirm = lambda: delivering.confirm_receipt(  # noqa: E731
        office.database, office.people["applicant1"], paper, now=office.now
    )
    assert refusal(confirm)[1] == ("delivery.no_longer_holds",)
    with reading(office.database, office.now) as work:
        assert to_serve(work, office.people["clerk"]).total == 0


@ON_ONE
def test_strangers_confirm_and_serve_nothing(office: Office) -> None:
    _, paper = asked(office)
    confirm = lambda who: delivering.confirm_receipt(  # noqa: E731
        office.database, office.people[who], paper, now=office.now
    )
    assert refusal(lambda: confirm("applicant2"))[1] == ("document.not_found",)
    assert refusal(lambda: confirm("manager"))[1] == ("access.forbidden",)
    for who, code in (("applicant1", "access.forbidden"), ("manager", "access.forbidden")):
        assert refusal(lambda who=who: begun(office, paper, who=who))[1] == (code,)


@ON_ONE
def test_the_drawer_stays_with_the_organization_when_its_person_changes(office: Office) -> None:
    _, paper = asked(office)
    organization = office.city.organization_ids[0]
    with unit_of_work(office.database, office.now) as work:
        person = add_person(work, username="successor", name="继任甲")
        grant_role(work, person, Role.APPLICANT, organization_id=organization, valid_from=date(2026, 1, 1))
    with reading(office.database, office.now) as work:
        successor = actor_by_id(work, person)
        assert paper in drawer_of(work, successor)
        assert [one.opened_at for one in drawers(work, successor) if one.paper.id == paper] == [None]
        left = actor_by_id(work, office.people["applicant1"].id)
    gone = type(left)(left.id, left.username, left.name)
    with reading(office.database, office.now) as work:
        assert drawer_of(work, gone) == frozenset()


@ON_ONE
def test_what_is_late_stands_with_who_must_serve_it(office: Office) -> None:
    _, paper = asked(office)
    office.now = office_instant(date(2026, 3, 9))
    with reading(office.database, office.now) as work:
        assert [overdue_to_serve(work, office.people[who]) for who in ("clerk", "keeper")] == [0, 0]
    office.now = office_instant(date(2026, 3, 10))
    with reading(office.database, office.now) as work:
        assert [overdue_to_serve(work, office.people[who]) for who in ("clerk", "keeper", "manager")] == [1, 0, 0]
        found = to_serve(work, office.people["clerk"], standing="over", mine=True)
    assert [one.paper.id for one in found.lines] == [paper]
    assert (found.total, found.over) == (1, 1)


def apart(office: Office) -> str:
    """The conclusion of a yearly check, which belongs to no case, in the first organization's drawer."""
    kind, identity = kind_of("annual_conclusion"), office.city.organization_ids[0]

    def build(number: Numbered) -> object:
        sample = kind.sample()
        head = replace(sample.head, number=number.number, verify_code=number.printed_code)
        return replace(sample, head=head)

    with unit_of_work(office.database, office.now) as work:
        (centre,) = centre_lines(work)
        issue_on(work, occasion="annual:1", kind=kind, centre=centre, build=build, organization_id=identity)
    office.carry()
    with reading(office.database, office.now) as work:
        issued = issued_on(work, "annual:1")
    assert issued is not None
    return issued.id


def employed(office: Office, username: str, *roles: tuple[Role, str]) -> None:
    """Somebody with these roles, each over a division."""
    with unit_of_work(office.database, office.now) as work:
        person = add_person(work, username=username, name=f"某{username}")
        for role, division in roles:
            grant_role(work, person, role, division_code=division, valid_from=date(2026, 1, 1))
        office.people[username] = actor_by_id(work, person)


def test_a_paper_of_no_case_is_served_by_the_office_of_its_organizations_territory(office: Office) -> None:
    paper = apart(office)
    with reading(office.database, office.now) as work:
        found = to_serve(work, office.people["street"], mine=True)
        assert ([one.paper.id for one in found.lines], found.total) == ([paper], 1)
        assert document_for(work, office.people["street"], paper).case_id is None
    made = begun(office, paper, who="street")
    office.now = office_instant(date(2026, 3, 3), hour=16)
    ended(office, made, taken(date(2026, 3, 3)), who="street")
    with reading(office.database, office.now) as work:
        (served,) = deliveries_of(work, (paper,))
        assert (served.standing, served.mode, served.served_on) == ("served", "direct", date(2026, 3, 3))
        assert delivering.scan_of(work, office.people["street"], made) == (PDF, "pdf")
        proof = served.tries[0].proof_id
        assert proof is not None
        assert document_for(work, office.people["street"], proof).code == "D40"  # to be printed and signed
    office.carry()
    sound(office)


@ON_ONE
def test_a_paper_of_no_case_is_out_of_reach_for_every_other_territory(office: Office) -> None:
    """Who serves elsewhere does not learn of it; who reads here and serves elsewhere does not serve it."""
    with unit_of_work(office.database, office.now) as work:
        add_division(work, code="220102999", name="另一街道", level="street", kind="street", parent_code="220102")
    employed(office, "next_street", (Role.STREET_HANDLER, "220102999"))
    employed(office, "county", (Role.CIVIL_AFFAIRS_HANDLER, "220102"))
    employed(office, "reads_here", (Role.STREET_LEADER, STREET), (Role.STREET_HANDLER, "220102999"))
    paper = apart(office)
    with reading(office.database, office.now) as work:
        assert [to_serve(work, office.people[who]).total for who in ("next_street", "county")] == [0, 1]
        assert document_for(work, office.people["reads_here"], paper).id == paper
    assert refusal(lambda: begun(office, paper, who="next_street"))[1] == ("document.not_found",)
    assert refusal(lambda: begun(office, paper, who="reads_here"))[1] == ("access.forbidden",)
    assert refusal(lambda: begun(office, paper, who="applicant2"))[1] == ("access.forbidden",)
    made = begun(office, paper, who="county")
    for who, code in (("next_street", "document.not_found"), ("reads_here", "access.forbidden")):
        end = lambda who=who: ended(office, made, taken(date(2026, 3, 2)), who=who)  # noqa: E731
        assert refusal(end)[1] == (code,)
