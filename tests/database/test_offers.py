"""What is given goes to whom it can go, is confirmed by whoever got it, and its donor learns what became of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from services.cases import donating
from services.cases.donating import candidates, gift_budgets, gift_page, gifts, offer_for, open_offers
from services.cases.timers import pull_timers
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.donations.commands import NewOffer
from services.donations.queries import offer_of
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.evaluators.acts import write_tie
from services.invariants.check import check_in
from services.issuance.models import issued_documents
from services.notices.models import notices
from services.organizations.commands import record_post
from services.organizations.models import organizations
from services.people.commands import grant_role
from services.people.queries import actor_named
from statemachines.roles import Role
from tests.database.donors import DELIVERED, MONEY, TABLES, DonorOffice, donor_office


@pytest.fixture
def desk(database: Database) -> Iterator[DonorOffice]:
    yield from donor_office(database)


def codes(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, ...]:
    return refused.value.codes


def told(desk: DonorOffice, username: str) -> set[str]:
    with reading(desk.office.database, desk.office.now) as work:
        person = actor_named(work, username).id
        return set(work.connection.execute(select(notices.c.message).where(notices.c.person_id == person)).scalars())


def page_of(desk: DonorOffice, number: str, by: str = "donor") -> donating.GiftPage:
    with reading(desk.office.database, desk.office.now) as work:
        return gift_page(work, desk.office.people[by], number)


# ---- from the posting to the thanks --------------------------------------------------------------------------------


def test_twenty_folding_tables_go_all_the_way_and_the_donor_learns_of_it_by_itself(desk: DonorOffice) -> None:
    office, number = desk.office, desk.agreed()
    office.move("applicant1", number, "confirm_delivery", **DELIVERED)
    office.move("applicant1", number, "record_use", used_for="长者食堂每日使用", beneficiaries="300")
    office.carry()
    assert "offer_used" in told(desk, "donor")
    office.move("keeper", number, "report_offer")
    office.move("applicant1", number, "thank_donor", thanks="感谢二十张折叠桌")
    office.carry()
    page = page_of(desk, number)
    assert page.line.state.name == "THANKED"
    assert (page.receiver != "", page.through != "") == (True, True), "a filed organization gets goods through its hub"
    assert page.use is not None
    assert page.use["beneficiaries"] == 300
    assert page.thanks == "感谢二十张折叠桌"
    assert {"offer_verified", "offer_matched", "offer_delivered", "offer_reported", "offer_thanked"} <= told(
        desk, "donor"
    )
    with reading(office.database, office.now) as work:
        assert check_in(work) == ()


def test_the_confirmation_tells_kind_value_and_receiver_and_lies_with_both(desk: DonorOffice) -> None:
    office, number = desk.office, desk.agreed()
    office.move("applicant1", number, "confirm_delivery", **{**DELIVERED, "quantity": "19"})
    with reading(office.database, office.now) as work:
        row = work.connection.execute(
            select(issued_documents).where(issued_documents.c.kind == "gift_confirmation")
        ).one()
    told_in = row.inputs
    assert "捐〔2026〕1号" in row.number
    assert (told_in["quantity"], told_in["value_fen"]) == (19, 342_000), "what came, and its part of the value"
    assert told_in["donor"] == TABLES.unit_name
    assert told_in["through"] != ""
    assert page_of(desk, number).paper_id == row.id


def test_an_offer_nobody_needed_expires_by_itself_with_its_day(desk: DonorOffice) -> None:
    office, number = desk.office, desk.verified()
    office.on(2026, 7, 2)
    pull_timers(office.database, now=office.now)
    assert office.state(number) == "EXPIRED"
    with reading(office.database, office.now) as work:
        assert open_offers(work) == ()


def test_a_donor_takes_an_offer_back_before_it_is_delivered_and_not_after(desk: DonorOffice) -> None:
    office, number = desk.office, desk.verified()
    office.move("donor", number, "withdraw_offer", reason="自用")
    assert office.state(number) == "WITHDRAWN"
    given = desk.agreed()
    office.move("applicant1", given, "confirm_delivery", **DELIVERED)
    with pytest.raises(Refused):
        office.move("donor", given, "withdraw_offer", reason="自用")


# ---- what may be posted --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["公开募捐", "公 开 募 捐", "公·开·募·捐", "面向社会募集善款", "扫码捐款", "ｅ众筹"])
def test_words_of_public_fundraising_are_refused_with_the_law(desk: DonorOffice, words: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.post(replace(TABLES, description=f"欢迎参加{words}"))
    assert codes(refused) == ("offer.public_fundraising",)
    assert refused.value.facts["words"]
    with reading(desk.office.database, desk.office.now) as work:
        assert gifts(work, desk.office.people["donor"]) == (), "nothing is left of a refused posting"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value_fen": None}, "offer.value_missing"),
        ({"proof": ""}, "offer.proof_missing"),
        ({"open_until": date(2026, 3, 1)}, "offer.open_day_past"),
    ],
)
def test_goods_need_a_value_a_proof_and_a_day_ahead(desk: DonorOffice, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.post(replace(TABLES, **change))
    assert codes(refused) == (code,)


@pytest.mark.parametrize("change", [{"kind": "coal"}, {"quantity": 0}, {"title": " "}, {"value_fen": 0}])
def test_what_cannot_be_read_is_invalid(desk: DonorOffice, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        desk.post(replace(TABLES, **change))


def test_only_a_donor_posts_and_only_a_hub_that_is_not_theirs_keeps_it(desk: DonorOffice) -> None:
    with pytest.raises(Forbidden):
        desk.post(by="keeper")
    with unit_of_work(desk.office.database, desk.office.now) as work:
        person = desk.office.people["donor"].id
        record_post(work, organization_id=desk.hub, person_id=person, post="staff", held_from=date(2020, 1, 1))
    with pytest.raises(Refused) as refused:
        desk.post()
    assert codes(refused) == ("offer.nobody_keeps_it",)


# ---- nobody gives to their own -------------------------------------------------------------------------------------


def test_a_donor_cannot_wish_for_an_organization_they_are_tied_to(desk: DonorOffice) -> None:
    office = desk.office
    with unit_of_work(office.database, office.now) as work:
        donor = office.people["donor"].id
        ends = {"person_id": donor, "organization_id": desk.club}
        write_tie(work, office.people["keeper"], kind="supplier", source="供货合同", **ends)
    with pytest.raises(Refused) as refused:
        desk.post(replace(TABLES, wished_id=desk.club))
    assert codes(refused) == ("offer.wish_interested",)


def test_the_office_cannot_match_it_with_the_donor_s_own_either(desk: DonorOffice) -> None:
    office, number = desk.office, desk.verified()
    with unit_of_work(office.database, office.now) as work:
        person = office.people["donor"].id
        record_post(work, organization_id=desk.club, person_id=person, post="founder", held_from=date(2020, 1, 1))
    with pytest.raises(Refused) as refused:
        office.move("keeper", number, "match_offer", receiver=desk.club, match_reason="需要")
    assert codes(refused) == ("offer.receiver_interested",)


def test_a_planted_gatherer_that_looks_at_no_ties_would_let_it_through(
    desk: DonorOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.cases.facts.offer.interested", lambda *_: False)
    with pytest.raises(pytest.fail.Exception):
        test_the_office_cannot_match_it_with_the_donor_s_own_either(desk)


# ---- who can receive -----------------------------------------------------------------------------------------------


def test_goods_reach_a_filed_organization_only_through_a_body_that_can_own(desk: DonorOffice) -> None:
    office, number = desk.office, desk.agreed()
    with reading(office.database, office.now) as work:
        offer = offer_of(work, office.subject(number).case.id)
    assert (offer.receiver_id, offer.through_id) == (desk.club, desk.hub)


def test_hours_and_people_need_no_body_between(desk: DonorOffice) -> None:
    hall = NewOffer("venue_hours", "多功能厅", 20, "小时", "排练", date(2026, 6, 30), unit_name="河湾区第二中学")
    office, number = desk.office, desk.agreed(hall)
    with reading(office.database, office.now) as work:
        assert offer_of(work, office.subject(number).case.id).through_id is None


def test_an_unfiled_organization_and_one_nobody_knows_receive_nothing(desk: DonorOffice) -> None:
    office, number = desk.office, desk.verified()
    with pytest.raises(Refused) as refused:
        office.move("keeper", number, "match_offer", receiver="没有这个组织", match_reason="需要")
    assert codes(refused) == ("offer.receiver_unknown",)
    with unit_of_work(office.database, office.now) as work:
        work.connection.execute(
            update(organizations).where(organizations.c.id == desk.club).values(legal_status="UNFILED")
        )
    with pytest.raises(Refused) as refused:
        office.move("keeper", number, "match_offer", receiver=desk.club, match_reason="需要")
    assert codes(refused) == ("offer.receiver_cannot_receive",)


def test_the_manager_sees_who_needs_it_most_and_why(desk: DonorOffice) -> None:
    office = desk.office
    office.incubating(1)
    number = desk.verified(replace(TABLES, kind="volunteers", title="财务辅导", proof="", value_fen=None, unit="人次"))
    with reading(office.database, office.now) as work:
        line, _, donor = offer_for(work, office.people["keeper"], number)
        (first, *_) = candidates(work, office.people["keeper"], line.offer)
    assert donor == TABLES.unit_name
    assert (first.id, [one.area for one in first.needs], first.barred) == (desk.club, ["治理"], "")


# ---- money ---------------------------------------------------------------------------------------------------------


def test_given_money_is_recorded_by_finance_on_a_donation_line_with_room(desk: DonorOffice) -> None:
    office, number = desk.office, desk.agreed(MONEY)
    with pytest.raises(Refused) as refused:
        office.move("applicant1", number, "confirm_delivery", **{**DELIVERED, "quantity": "1"})
    assert codes(refused) == ("offer.money_by_finance",)
    said = {"delivered_on": "2026-03-02", "bank_serial": "JZ20260302001"}
    for wrong in (desk.line("county_budget"), desk.line("donation", 499_999), "x"):
        with pytest.raises(Refused) as refused:
            office.move("maker", number, "receive_money", budget_line=wrong, **said)
        assert codes(refused) == ("offer.line_unfit",)
    with unit_of_work(office.database, office.now) as work:
        (line,) = [one for one in gift_budgets(work, office.people["maker"]) if one.room_fen == 499_999]
    assert line.room_fen < 500_000


def test_the_donor_of_money_sees_what_it_was_spent_on(desk: DonorOffice) -> None:
    office, number = desk.office, desk.agreed(MONEY)
    line = desk.line()
    office.move("maker", number, "receive_money", budget_line=line, delivered_on="2026-03-02", bank_serial="JZ1")
    page = page_of(desk, number)
    assert (page.spent, page.left_fen) == ((), 600_000)
    with pytest.raises(Refused) as refused:
        office.move("applicant1", number, "record_use", used_for="x", beneficiaries="1")
    assert codes(refused) == ("offer.money_not_awarded",)
    with reading(office.database, office.now) as work:
        assert [one.room_fen for one in gift_budgets(work, office.people["maker"])] == [100_000]


# ---- what nobody else learns ---------------------------------------------------------------------------------------


def test_the_public_list_never_names_a_person_and_no_unnamed_unit(desk: DonorOffice) -> None:
    desk.verified(replace(TABLES, unit_name=""), by="resident")
    desk.verified(replace(TABLES, anonymous=True))
    desk.verified()
    with reading(desk.office.database, desk.office.now) as work:
        found = open_offers(work)
    assert sorted(one.donor for one in found) == sorted(["爱心居民", "爱心单位（不具名）", TABLES.unit_name])
    assert "捐赠人" not in repr(found)


def test_a_gift_is_nobody_s_but_its_donor_s(desk: DonorOffice) -> None:
    number = desk.verified()
    with pytest.raises(NotFound):
        page_of(desk, number, by="resident")
    with pytest.raises(Forbidden):
        page_of(desk, number, by="applicant1")
    with pytest.raises(Forbidden):
        desk.office.move("resident", number, "withdraw_offer", reason="不是我的")


def test_who_gives_is_never_who_manages_it(desk: DonorOffice) -> None:
    office, number = desk.office, desk.post().case_number
    with unit_of_work(office.database, office.now) as work:
        grant_role(work, office.people["donor"].id, Role.CASE_MANAGER, valid_from=date(2020, 1, 1))
    with reading(office.database, office.now) as work:
        office.people["donor"] = actor_named(work, "donor")
    with pytest.raises(Forbidden) as refused:
        office.move("donor", number, "verify_offer", checked="自己的")
    assert refused.value.codes == ("case.duties_must_be_separate",)
