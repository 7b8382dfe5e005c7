"""Service purchase: two people for the catalogue, sealed bids, the federation among equals, pay for what was done."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select, text

from services.audit.models import audit_entries
from services.cases.opening import NewPurchase
from services.cases.purchasing import BidWish, ask_purchase, enter_points, submit_bid, take_back_bid
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import reading, run
from services.errors import Forbidden, NotFound, Refused
from services.funding.queries import award, budget_position
from services.invariants.books import check_books
from services.invariants.findings import Report
from services.issuance.models import issued_documents
from services.organizations.commands import record_post
from services.organizations.models import centre_operators
from services.organizations.queries import organization_lines
from services.purchases.acts import NewPurchaser, approve_item, draft_item, enter_purchaser, publish_item
from services.purchases.models import bids
from services.purchases.queries import item_by_id, items
from tests.database.office import PANEL, Office, open_office, refusal
from tests.database.purchase_ground import EVEN, FILED, HUB, ITEM, STREET, UNION, Buying


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database, organizations=3)


@pytest.fixture
def buying(office: Office) -> Buying:
    return Buying(office)


# The transfer catalogue -------------------------------------------------------------------------------------------


def test_an_item_goes_through_two_people_and_is_superseded_by_its_next_version(buying: Buying) -> None:
    office = buying.office
    again = replace(ITEM, price_fen=5_500)
    second = draft_item(office.database, office.people["handler"], again, now=office.now)
    assert refusal(lambda: draft_item(office.database, office.people["handler"], again, now=office.now)) == (
        Refused, ("catalogue.version_open",),
    )  # fmt: skip
    assert refusal(lambda: approve_item(office.database, office.people["bureau"], item_id=second, now=office.now)) == (
        Refused, ("catalogue.not_in_this_state",),
    )  # fmt: skip
    run(office.database, office.now, lambda work: work.connection.execute(
        text("update catalogue_items set state = 'CONSULTED' where version = 2")))  # fmt: skip
    approve_item(office.database, office.people["bureau"], item_id=second, now=office.now)
    publish_item(office.database, office.people["bureau"], item_id=second, now=office.now)
    with reading(office.database, office.now) as work:
        assert [(one.version, one.state) for one in items(work)] == [(2, "PUBLISHED"), (1, "SUPERSEDED")]
        assert item_by_id(work, second).published_on == date(2026, 3, 2)


def test_what_may_not_be_bought_is_refused_with_its_rule_named(buying: Buying) -> None:
    office = buying.office
    with pytest.raises(Refused) as refused:
        draft_item(
            office.database, office.people["handler"], replace(ITEM, code="X-1", title="社区劳务派遣"), now=office.now
        )
    assert refused.value.codes == ("catalogue.not_purchasable",)
    assert "劳务派遣" in refused.value.facts["rule"]


def test_a_purchaser_is_a_party_but_none_of_the_communitys_organizations(buying: Buying) -> None:
    office = buying.office
    with reading(office.database, office.now) as work:
        assert len(organization_lines(work, office.people["manager"])) == 3
    new = NewPurchaser("street", "样例区民政局", STREET, office.city.centre_id)
    assert refusal(lambda: enter_purchaser(office.database, office.people["bureau"], new, now=office.now)) == (
        Refused, ("purchase.purchaser_known",),
    )  # fmt: skip


# Sealed bids ------------------------------------------------------------------------------------------------------


def test_nobody_reads_a_bid_before_the_closing_hour(buying: Buying) -> None:
    """Neither the office's queries, nor the rows, nor the audit log hold what was offered; opening early is refused."""
    office, number = buying.office, buying.call()
    buying.bid(number, UNION)
    assert [(one.price_fen, one.plan, one.capacity) for one in buying.bids(number)] == [(None, None, None)]
    with reading(office.database, office.now) as work:
        rows = [dict(row._mapping) for row in work.connection.execute(select(bids))]
        told = [row.details for row in work.connection.execute(select(audit_entries.c.details))]
    assert "方案" not in json.dumps([rows, told], ensure_ascii=False, default=str)
    assert "6000000" not in json.dumps([rows, told], ensure_ascii=False, default=str)
    assert refusal(lambda: office.move("handler", number, "open_bids", witness="监督人")) == (
        Refused, ("purchase.not_closed",),
    )  # fmt: skip
    office.now = office.now.replace(day=9, hour=0, minute=59)
    assert refusal(lambda: office.move("handler", number, "open_bids", witness="监督人"))[1] == ("purchase.not_closed",)
    office.on(2026, 3, 9)
    office.move("handler", number, "open_bids", witness="监督人")
    assert [(one.price_fen, one.plan) for one in buying.bids(number)] == [(6_000_000, "方案1")]


def test_a_bid_is_replaced_or_taken_back_until_the_closing_hour_and_not_after(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    first = buying.bid(number, UNION)
    assert buying.bid(number, UNION, yuan=59_000) == first
    union = {"number": number, "organization_id": buying.organization(UNION)}
    take_back_bid(office.database, office.people["applicant1"], **union, now=office.now)
    assert buying.bids(number) == ()
    buying.bid(number, UNION)
    office.on(2026, 3, 9)
    assert refusal(lambda: buying.bid(number, HUB)) == (Refused, ("purchase.closed",))
    assert refusal(lambda: take_back_bid(office.database, office.people["applicant1"], **union, now=office.now)) == (
        Refused, ("purchase.closed",),
    )  # fmt: skip
    office.move("handler", number, "open_bids", witness="监督人")
    assert refusal(lambda: buying.bid(number, HUB)) == (Refused, ("purchase.not_open",))


def test_a_filed_organization_is_refused_alone_and_welcome_beside_a_legal_person(buying: Buying) -> None:
    number = buying.call()
    assert refusal(lambda: buying.bid(number, FILED)) == (Refused, ("purchase.filed_sole_contractor",))
    buying.bid(number, UNION, partner_id=buying.organization(FILED))
    assert [one.partner for one in buying.bids(number)] == ["样例街道第三号志愿服务队"]
    assert refusal(lambda: buying.bid(number, FILED, committee="220102001"))[0] is NotFound


def test_who_runs_the_centre_may_not_sell_to_it_not_even_as_a_partner(buying: Buying) -> None:
    office, hub = buying.office, buying.organization(HUB)
    run(office.database, office.now, lambda work: work.connection.execute(insert(centre_operators).values(
        id=new_id(), centre_id=office.city.centre_id, organization_id=hub, operates_from=date(2026, 1, 1),
        entered_by=office.people["bureau"].id,
    )))  # fmt: skip
    number = buying.call()
    assert refusal(lambda: buying.bid(number, HUB)) == (Refused, ("purchase.operator_sells_to_itself",))
    beside = {"partner_id": buying.organization(HUB)}
    assert refusal(lambda: buying.bid(number, UNION, **beside)) == (Refused, ("purchase.operator_sells_to_itself",))


def test_nobody_bids_for_another_or_above_the_ceiling(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    assert refusal(lambda: buying.bid(number, UNION, yuan=60_001)) == (Refused, ("purchase.price_above_ceiling",))
    office.people["applicant1"] = office.people["applicant2"]
    assert refusal(lambda: buying.bid(number, UNION))[0] is Forbidden


def test_a_call_without_bids_fails_and_cannot_be_opened(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    office.on(2026, 3, 9)
    assert refusal(lambda: office.move("handler", number, "open_bids", witness="监督人")) == (
        Refused, ("purchase.no_bids",),
    )  # fmt: skip
    office.move("handler", number, "fail_purchase", reason="无人投标")
    assert office.state(number) == "FAILED"


# The evaluation and the award -------------------------------------------------------------------------------------


def test_of_equals_the_federation_goes_first_and_the_contract_says_why(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    buying.bid(number, HUB)
    buying.bid(number, UNION)
    buying.evaluated(number)
    buying.contracted(number)
    purchase = buying.purchase(number)
    assert purchase.why == "federation_first"
    assert office.subject(number).case.organization_id == buying.organization(UNION)
    with reading(office.database, office.now) as work:
        papers = {row.kind: row for row in work.connection.execute(select(issued_documents))}
        (line,) = [one for one in budget_position(work) if one.program == "部门购买服务"]
    paper = papers["purchase_contract"].inputs
    assert (paper["service"], paper["quantity"], paper["unit"], paper["price_fen"]) == ("为老巡访", 1200, "户次", 5_000)
    assert "同等条件下优先" in paper["won_because"]
    assert (line.committed, line.available) == (6_000_000, 4_000_000)


def test_a_street_prefers_nobody_and_may_not_announce_that_it_would(buying: Buying) -> None:
    office = buying.office
    assert refusal(lambda: buying.call(by="street", rule="yes")) == (Refused, ("purchase.rule_not_for_streets",))
    number = buying.call(by="street", rule="no", procurement=False)
    buying.bid(number, HUB)
    buying.bid(number, UNION)
    buying.evaluated(number, by="street")
    office.move("manager", number, "agree_award")
    assert refusal(lambda: office.move("bureau", number, "award_bid"))[0] is Forbidden
    office.move("chief", number, "award_bid")
    assert buying.purchase(number).why == "drawn"


def test_what_was_not_announced_is_no_reason(buying: Buying) -> None:
    office, number = buying.office, buying.call(rule="no")
    buying.bid(number, HUB)
    buying.bid(number, UNION)
    buying.evaluated(number)
    office.move("manager", number, "agree_award")
    office.move("bureau", number, "award_bid")
    assert buying.purchase(number).why == "drawn"
    assert buying.purchase(number).seed


def test_a_better_service_centre_wins_over_a_federation(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    buying.bid(number, HUB)
    buying.bid(number, UNION)
    buying.evaluated(number, marks={"样例街道第二号志愿服务队": EVEN | {"plan": "34.5"}})
    office.move("manager", number, "agree_award")
    office.move("bureau", number, "award_bid")
    assert buying.purchase(number).why == "highest_score"
    assert office.subject(number).case.organization_id == buying.organization(HUB)


def test_an_evaluator_of_a_bidder_steps_aside_and_every_bid_needs_the_same_three(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    bid = buying.bid(number, UNION)
    office.on(2026, 3, 9)
    office.move("handler", number, "open_bids", witness="监督人")
    handler = office.people["handler"]

    def enter(*names: str, marks: dict[str, str] = EVEN) -> None:
        points = {name: {bid: marks} for name in names}
        enter_points(office.database, handler, number=number, points=points, now=office.now)

    run(office.database, office.now, lambda work: record_post(
        work, organization_id=buying.organization(UNION), person_id=office.people["evaluator1"].id, post="staff",
        held_from=date(2024, 1, 1), held_to=date(2025, 6, 1),
    ))  # fmt: skip
    assert refusal(lambda: enter(*PANEL))[1] == ("assessment.evaluator_has_conflict",)
    assert refusal(lambda: enter("keeper"))[1] == ("purchase.not_an_evaluator",)
    assert refusal(lambda: enter("evaluator2", marks=EVEN | {"plan": "41"}))[1] == ("purchase.points_wrong",)
    enter("evaluator2", "evaluator3")
    assert refusal(lambda: office.move("handler", number, "conclude_evaluation"))[1] == ("purchase.points_missing",)


def test_a_large_purchase_needs_the_centre_first_and_no_one_of_the_winner_awards_it(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    buying.bid(number, UNION)
    buying.evaluated(number)
    assert refusal(lambda: office.move("bureau", number, "award_bid"))[1] == ("decision.first_approval_missing",)
    office.move("manager", number, "agree_award")
    run(office.database, office.now, lambda work: record_post(
        work, organization_id=buying.organization(UNION), person_id=office.people["bureau"].id, post="donor",
        held_from=date(2026, 1, 1),
    ))  # fmt: skip
    assert refusal(lambda: office.move("bureau", number, "award_bid")) == (
        Forbidden, ("case.duties_must_be_separate",),
    )  # fmt: skip


def test_money_meant_for_grants_buys_nothing(buying: Buying) -> None:
    office = buying.office
    new = NewPurchase(buying.civil_affairs, buying.item, office.city.budget_line_id, "巡访", "需要", 10)
    assert refusal(lambda: ask_purchase(office.database, office.people["handler"], new, now=office.now)) == (
        Refused, ("purchase.line_for_grants",),
    )  # fmt: skip


def test_what_a_grant_pays_for_is_not_bought_again(buying: Buying) -> None:
    office = buying.office
    run(office.database, office.now, lambda work: work.connection.execute(
        text("update catalogue_items set title = '敲门'")))  # fmt: skip
    granted = office.awarded(office.incubating(UNION), 90_000, UNION)
    assert office.state(granted) == "EXECUTING"
    office.on(2026, 3, 2)
    number = buying.call()
    assert refusal(lambda: buying.bid(number, UNION)) == (Refused, ("purchase.granted_already",))


# Contract, acceptance, payment ------------------------------------------------------------------------------------


def test_a_contract_is_published_before_it_starts_and_lasts_a_year(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    buying.bid(number, UNION)
    buying.evaluated(number)
    office.move("manager", number, "agree_award")
    office.move("bureau", number, "award_bid")
    office.carry()
    said = {"signed_by": "局长", "starts_on": "2026-03-10", "stable": "no", "budget_secured": "yes"}
    assert refusal(lambda: office.move("bureau", number, "conclude_contract", **said, ends_on="2027-03-09"))[1] == (
        "purchase.not_signed_by_contractor",
    )
    office.move("applicant1", number, "sign_contract", signed_by="会长")
    assert refusal(lambda: office.move("bureau", number, "conclude_contract", **said, ends_on="2027-03-10"))[1] == (
        "purchase.term_too_long",
    )
    office.move("bureau", number, "conclude_contract", **(said | {"stable": "yes"}), ends_on="2029-03-09")
    assert office.subject(number).case.due_on == date(2026, 3, 11)
    office.carry()
    assert refusal(lambda: office.move("handler", number, "start_performing"))[1] == ("purchase.notice_missing",)
    office.move("handler", number, "record_notice", noticed_on="2026-03-09", noticed_where="政府采购网")
    office.move("handler", number, "start_performing")
    assert office.subject(number).case.due_on == date(2029, 3, 9)


def test_what_is_paid_is_what_was_accepted_and_the_rest_goes_back(buying: Buying) -> None:
    """1 200 visits agreed, 900 accepted at 72 points: 60 000 × 3/4 × 72/80 = 40 500, the book agreeing throughout."""
    office, number = buying.office, buying.call()
    buying.bid(number, UNION)
    buying.evaluated(number)
    buying.contracted(number)
    assert refusal(lambda: office.move("applicant1", f"{number}-1", "request_instalment"))[0] is Refused
    said = {"accepted_quantity": "900", "quality": "72", "finding": "抽查属实"}
    assert refusal(lambda: office.move("handler", number, "accept_work", **said))[1] == ("purchase.not_handed_in",)
    office.move("applicant1", number, "hand_in_work", done_quantity="950", report="已完成950户次")
    office.move("handler", number, "return_work", reason="缺少签名")
    office.move("applicant1", number, "hand_in_work", done_quantity="950", report="签名已补")
    assert refusal(lambda: office.move("handler", number, "accept_work", **(said | {"quality": "59"})))[1] == (
        "purchase.quality_too_low",
    )
    office.move("handler", number, "accept_work", **said)
    office.carry()
    with reading(office.database, office.now) as work:
        (part,) = award(work, office.subject(number).case.id).instalments
        (line,) = [one for one in budget_position(work) if one.program == "部门购买服务"]
    assert part.amount_fen == 4_050_000
    assert (line.committed, line.available) == (4_050_000, 5_950_000)
    _pay(office, f"{number}-1")
    office.move("handler", number, "record_settled")
    office.carry()
    office.move("bureau", number, "assess_purchase", score="86.40", finding="服务对象满意")
    assert office.state(number) == "ASSESSED"
    with reading(office.database, office.now) as work:
        report = Report()
        check_books(work, report)
        papers = {row.kind: row.inputs for row in work.connection.execute(select(issued_documents))}
    assert report.findings() == ()
    assert papers["disbursement_notice"]["for_contract"] is papers["receipt_confirmation"]["for_contract"] is True


def _pay(office: Office, instalment: str) -> None:
    office.move("applicant1", instalment, "request_instalment")
    office.move("keeper", instalment, "report_milestone", finding="验收合格")
    office.move("manager", instalment, "confirm_milestone")
    office.move("maker", instalment, "check_payment")
    office.move("bureau", instalment, "approve_large_payment")
    office.move("checker", instalment, "approve_payment")
    office.move("maker", instalment, "instruct_payment")
    office.to_bank(instalment)
    office.move("payer", instalment, "record_payment", bank_serial="S1", value_date="2026-03-09")
    office.move("applicant1", instalment, "confirm_receipt", received_on="2026-03-09", confirmed_by="会长")
    office.carry()


def test_a_terminated_contract_pays_nothing_and_gives_everything_back(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    buying.bid(number, UNION)
    buying.evaluated(number)
    buying.contracted(number)
    office.move("bureau", number, "terminate_contract", reason="虚报数量")
    office.carry()
    assert office.state(f"{number}-1") == "CANCELLED"
    with reading(office.database, office.now) as work:
        (line,) = [one for one in budget_position(work) if one.program == "部门购买服务"]
    assert (line.committed, line.available) == (0, 10_000_000)


def test_a_bid_without_words_is_no_bid(buying: Buying) -> None:
    office, number = buying.office, buying.call()
    wish = replace(_wish(buying, number), plan=" ")
    assert refusal(lambda: submit_bid(office.database, office.people["applicant1"], wish, now=office.now))[1] == (
        "input.missing",
    )


def _wish(buying: Buying, number: str) -> BidWish:
    return BidWish(number, buying.organization(UNION), 100, "方案", "能力")
