"""A star rating from the announced round to the end of the star, by the people whose work each step is."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.cases import commands, paper_sheets
from services.cases.objections import Objection, lodge_objection, rule_on_objection
from services.cases.paper_sheets import TypedSheet
from services.cases.starring import entries_of
from services.cases.timers import pull_timers
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.issuance.queries import documents_of
from services.organizations.models import organizations
from services.stars.queries import history_of, stars_held
from tests.database.stars import FIVE, MATERIALS, SELF, StarOffice, open_star_office
from tests.web.writing import png


@pytest.fixture
def stars(database: Database) -> Iterator[StarOffice]:
    yield from open_star_office(database)


def set_organization(stars: StarOffice, organization: int = 1, **values: object) -> None:
    with unit_of_work(stars.office.database, stars.office.now) as work:
        identity = stars.office.city.organization_ids[organization - 1]
        work.connection.execute(update(organizations).where(organizations.c.id == identity).values(**values))


def papers(stars: StarOffice, number: str) -> list[str]:
    with reading(stars.office.database, stars.office.now) as work:
        return [
            f"{one.kind} {one.number}" for one in documents_of(work, case_ids=(stars.office.subject(number).case.id,))
        ]


# The way to a star --------------------------------------------------------------------------------


def test_a_round_leads_from_the_announcement_to_a_sealed_certificate(stars: StarOffice) -> None:
    number = stars.certified("84", "85", "84.5", "84", "85")
    rating = stars.rating(number)
    assert (rating.total, rating.stars, rating.capped_by) == (Decimal("84.50"), 4, ())
    assert (rating.valid_from, rating.valid_to) == (date(2026, 3, 10), date(2029, 3, 9))
    assert stars.office.state(number) == "CERTIFIED"
    assert papers(stars, number) == [
        "receipt_slip 样民收〔2026〕1号", "acceptance_notice 样民受〔2026〕1号", "publicity_notice 样民公示〔2026〕1号",
        "star_result_notice 样民星〔2026〕1号", "star_certificate 样民星证〔2026〕1号",
    ]  # fmt: skip
    with reading(stars.office.database, stars.office.now) as work:
        owner = stars.office.city.organization_ids[0]
        assert stars_held(work, [owner], day=date(2026, 3, 10))[owner].stars == 4
        assert stars_held(work, [owner], day=date(2026, 3, 9)) == {}
        assert [one.stars for one in history_of(work, owner)] == [4]


def test_the_residents_points_stand_on_every_sheet_whatever_an_evaluator_typed(stars: StarOffice) -> None:
    number = stars.surveyed(satisfied=20)
    assert stars.rating(number).survey_points == Decimal("10")
    office, assessment = stars.office, stars.office.round(number, "star").id
    full = {"P1": "10", "P2": "10", "P3": "20", "P4": "30", "P5": "15", "P6": "10", "P7": "5"}
    commands.save_sheet(
        office.database, office.people["evaluator1"], assessment_id=assessment, items=full, comments={}, now=office.now
    )
    commands.lock_sheet(office.database, office.people["evaluator1"], assessment_id=assessment, now=office.now)
    (locked,) = [seat for seat in office.round(number, "star").seats if seat.locked_at]
    assert locked.total == Decimal("95")


def test_the_residents_points_stand_on_a_sheet_that_came_on_paper_too(stars: StarOffice) -> None:
    number, office = stars.surveyed(satisfied=20), stars.office
    typed = TypedSheet(
        {"P1": "10", "P2": "10", "P3": "20", "P4": "30", "P5": "15", "P6": "10", "P7": "5"}, {"total": "各项均好"}
    )
    paper = paper_sheets.enter_paper_sheet(
        office.database, office.people["secretary"], assessment_id=office.round(number, "star").id,
        evaluator="evaluator1", typed=typed, scan=Upload("扫描件.png", png()), scanner=scanner_at(""), now=office.now,
    )  # fmt: skip
    paper_sheets.countersign(office.database, office.people["evaluator1"], paper_id=paper, agrees=True, now=office.now)
    (locked,) = [seat for seat in office.round(number, "star").seats if seat.locked_at]
    assert locked.total == Decimal("95")


def test_the_own_scores_are_kept_beside_and_part_of_nothing(stars: StarOffice) -> None:
    number = stars.scored("70", "70.5", "71", "70", "71")
    rating = stars.rating(number)
    assert rating.self_total == sum(map(Decimal, SELF.values())) == Decimal("92.5")
    assert (rating.total, rating.stars) == (Decimal("70.50"), 3)


# What the total gives, what holds it down ---------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("49.5", 0), ("50", 1), ("59.5", 1), ("60", 2), ("69.5", 2), ("70", 3), ("79.5", 3), ("80", 4), ("89.5", 4),
        ("90", 5),
    ],
)  # fmt: skip
def test_the_marks_are_inclusive(stars: StarOffice, total: str, expected: int) -> None:
    number = stars.scored(*[total] * 5)
    assert stars.rating(number).stars == expected


def test_five_stars_ask_for_two_years_of_life(stars: StarOffice) -> None:
    set_organization(stars, founded_on=date(2024, 3, 3))
    rating = stars.rating(stars.scored(*["95"] * 5, satisfied=30))
    assert (rating.stars, rating.capped_by) == (4, ("assessment.cap_too_young",))
    set_organization(stars, 2, founded_on=date(2024, 3, 2))
    assert stars.rating(stars.scored(*["95"] * 5, organization=2, satisfied=30)).stars == 5


def test_five_stars_ask_for_each_item_at_sixty_percent(stars: StarOffice) -> None:
    low = stars.rating(stars.scored(*["90"] * 5, satisfied=17))
    assert (low.survey_points, low.stars, low.capped_by) == (Decimal("8.5"), 4, ("assessment.cap_item_too_low",))
    border = stars.rating(stars.scored(*["90"] * 5, organization=2, satisfied=18))
    assert (border.survey_points, border.stars) == (Decimal("9"), 5)


def test_below_one_star_civil_affairs_gives_none_and_nothing_is_published(stars: StarOffice) -> None:
    number = stars.scored(*["49.5"] * 5)
    with pytest.raises(Refused) as refused:
        stars.office.move("secretary", number, "publish_star")
    assert refused.value.codes == ("star.none_reached",)
    stars.office.move("bureau", number, "refuse_star", reason="总分未达到一星级标准")
    assert stars.office.state(number) == "NOT_RATED"
    assert papers(stars, number)[-1].startswith("star_result_notice")


# Applying -----------------------------------------------------------------------------------------


def test_one_applies_in_the_window_only(stars: StarOffice) -> None:
    stars.office.on(2026, 3, 30)
    stars.apply()
    stars.office.on(2026, 3, 31)
    with pytest.raises(Refused) as refused:
        stars.apply(2)
    assert "star.window_closed" in refused.value.codes


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"materials": MATERIALS[1:]}, "star.materials_missing"),
        ({"self_scores": SELF | {"P1": "10.5"}}, "star.self_score_wrong"),
        ({"self_scores": SELF | {"P1": "8.25"}}, "star.self_score_wrong"),
        ({"self_scores": SELF | {"P1": ""}}, "input.missing"),
        ({"commitments_accepted": False}, "star.commitments_not_accepted"),
    ],
)
def test_an_application_that_is_not_whole_leaves_nothing_behind(stars: StarOffice, changed: dict, code: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(Refused) as refused:
        stars.apply(**changed)
    assert code in refused.value.codes
    with reading(stars.office.database, stars.office.now) as work:
        assert entries_of(work, stars.office.people["secretary"], stars.round_id) == ()


def test_nobody_applies_for_an_organization_of_others_or_twice(stars: StarOffice) -> None:
    with pytest.raises(Forbidden):
        stars.apply(organization_id=stars.office.city.organization_ids[1])
    stars.apply()
    with pytest.raises(Refused) as refused:
        stars.apply()
    assert "star.other_application_live" in refused.value.codes


def test_a_founding_team_may_not_apply_and_a_filed_organization_may(stars: StarOffice) -> None:
    set_organization(stars, legal_status="UNFILED", filing_number=None)
    with pytest.raises(Refused) as refused:
        stars.apply()
    assert "star.not_recognized" in refused.value.codes
    assert stars.apply(2).state == "APPLIED"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"recognized_on": "2025-03-03"}, "star.recognized_too_short"),
        ({"report_accepted": False}, "star.report_not_accepted"),
        ({"no_penalty": False}, "star.penalized"),
    ],
)
def test_who_does_not_meet_a_condition_is_not_found_eligible(stars: StarOffice, said: dict, code: str) -> None:  # type: ignore[type-arg]
    number = stars.apply().case_number
    good = {"recognized_on": "2025-03-02", "report_accepted": True, "no_penalty": True}
    with pytest.raises(Refused) as refused:
        stars.office.move("secretary", number, "find_star_eligible", **(good | said))
    assert refused.value.codes == (code,)
    assert stars.office.move("secretary", number, "find_star_eligible", **good).state == "ELIGIBLE"


def test_an_organization_on_a_list_is_not_eligible(stars: StarOffice) -> None:
    number = stars.apply().case_number
    set_organization(stars, list_standing="abnormal")
    with pytest.raises(Refused) as refused:
        stars.office.move(
            "secretary", number, "find_star_eligible", recognized_on="2021-01-01", report_accepted=True, no_penalty=True
        )
    assert refused.value.codes == ("star.listed",)
    stars.office.move("secretary", number, "find_star_ineligible", reason="列入活动异常名录")
    assert papers(stars, number)[-1].startswith("non_acceptance_notice 样民不受")


def test_what_is_not_corrected_in_time_lapses_and_may_be_handed_in_anew(stars: StarOffice) -> None:
    number = stars.apply().case_number
    items = [{"field": "台账", "problem": "缺页", "how_to_fix": "补齐"}]
    stars.office.move("secretary", number, "request_star_correction", items=items)
    stars.office.serve()
    stars.office.on(2026, 3, 16)
    assert pull_timers(stars.office.database, now=stars.office.now) == ()
    stars.office.on(2026, 3, 17)
    (lapsed,) = pull_timers(stars.office.database, now=stars.office.now)
    assert (lapsed.case_number, lapsed.state) == (number, "LAPSED")
    assert stars.apply().state == "APPLIED"


# Panel, survey, publicity -------------------------------------------------------------------------


def test_a_site_review_takes_five_evaluators_and_two_visits_by_two_people(stars: StarOffice) -> None:
    number, move = stars.apply().case_number, stars.office.move
    move("secretary", number, "find_star_eligible", recognized_on="2021-05-06", report_accepted=True, no_penalty=True)
    stars.office.seat(number, "star", FIVE)
    visit = {"visited_on": "2026-03-02", "talked_with": "居民", "opinion": "良好"}
    for _ in range(2):
        move("evaluator1", number, "record_site_visit", **visit)
        with pytest.raises(Refused) as refused:
            move("secretary", number, "conclude_site_review")
        assert refused.value.codes == ("star.visit_by_two",)
    with pytest.raises(Forbidden):
        move("spare1", number, "record_site_visit", **visit)
    move("evaluator2", number, "record_site_visit", **visit)
    assert move("secretary", number, "conclude_site_review").state == "SITE_REVIEWED"


def test_a_panel_of_three_does_not_rate_stars(stars: StarOffice) -> None:
    number, move = stars.apply().case_number, stars.office.move
    move("secretary", number, "find_star_eligible", recognized_on="2021-05-06", report_accepted=True, no_penalty=True)
    stars.office.seat(number, "star", FIVE[:3])
    with pytest.raises(Refused) as refused:
        move("evaluator1", number, "record_site_visit", visited_on="2026-03-02", talked_with="居民", opinion="良好")
    assert refused.value.codes == ("star.panel_incomplete",)


@pytest.mark.parametrize(
    ("method", "answered", "open_"), [("survey", 29, False), ("survey", 30, True), ("meeting", 12, True)]
)
def test_a_survey_needs_thirty_answers_and_a_meeting_none(
    stars: StarOffice, method: str, answered: int, open_: bool
) -> None:
    number, move = stars.apply().case_number, stars.office.move
    move("secretary", number, "find_star_eligible", recognized_on="2021-05-06", report_accepted=True, no_penalty=True)
    stars.office.seat(number, "star", FIVE)
    for one in FIVE[:2]:
        move(one, number, "record_site_visit", visited_on="2026-03-02", talked_with="居民", opinion="良好")
    move("secretary", number, "conclude_site_review")
    said = {"method": method, "held_on": "2026-03-02", "answered": answered, "satisfied": 10}
    if open_:
        assert move("liaison", number, "record_survey", **said).state == "SURVEYED"
    else:
        with pytest.raises(Refused) as refused:
            move("liaison", number, "record_survey", **said)
        assert refused.value.codes == ("star.survey_too_small",)


def test_publicity_runs_seven_calendar_days_and_an_open_objection_holds_it(stars: StarOffice) -> None:
    number = stars.scored(*["84.5"] * 5)
    stars.office.move("secretary", number, "publish_star")
    objection = lodge_objection(
        stars.office.database, number=number, objection=Objection("居民甲", "19900000002", "活动次数不实"),
        now=stars.office.now,
    )  # fmt: skip
    stars.office.on(2026, 3, 9)
    with pytest.raises(Refused) as early:
        stars.office.move("bureau", number, "confirm_star")
    assert set(early.value.codes) == {"publicity.not_over", "publicity.objection_open"}
    stars.office.on(2026, 3, 10)
    with pytest.raises(Refused) as held:
        stars.office.move("bureau", number, "confirm_star")
    assert held.value.codes == ("publicity.objection_open",)
    rule_on_objection(
        stars.office.database, stars.office.people["manager"], objection_id=objection, upheld=False, reason="台账相符",
        now=stars.office.now,
    )  # fmt: skip
    assert stars.office.move("bureau", number, "confirm_star").state == "CONFIRMED"


def test_an_upheld_objection_brings_a_new_panel_and_the_old_result_counts_no_more(stars: StarOffice) -> None:
    number = stars.scored(*["84.5"] * 5)
    stars.office.move("secretary", number, "publish_star")
    objection = lodge_objection(
        stars.office.database, number=number, objection=Objection("居民甲", "19900000002", "活动次数不实"),
        now=stars.office.now,
    )  # fmt: skip
    rule_on_objection(
        stars.office.database, stars.office.people["manager"], objection_id=objection, upheld=True, reason="属实",
        now=stars.office.now,
    )  # fmt: skip
    stars.later(1)
    stars.office.move("bureau", number, "return_star", reason="异议成立")
    assert stars.rating(number).stars is None
    with pytest.raises(Refused) as refused:
        stars.office.move("secretary", number, "propose_star")
    assert refused.value.codes == ("assessment.sheets_not_locked",)
    spare = tuple(f"spare{one}" for one in range(1, 6))
    stars.office.seat(number, "star", spare)
    stars.score(number, *["72"] * 5, panel=spare)
    stars.office.move("secretary", number, "propose_star")
    assert stars.rating(number).stars == 3


# Who may what -------------------------------------------------------------------------------------


def test_whoever_sealed_scored_or_convened_does_nothing_else(stars: StarOffice) -> None:
    number = stars.confirmed()
    for who in ("secretary", "bureau", "evaluator1", "manager"):
        with pytest.raises(Forbidden):
            stars.office.move(who, number, "certify_star")
    stars.office.move("sealer", number, "certify_star")


def test_only_civil_affairs_of_the_county_announces_and_once_a_year(stars: StarOffice) -> None:
    with pytest.raises(Forbidden):
        stars.announce(2026, by="secretary")
    with pytest.raises(Refused) as twice:
        stars.announce(2026, by="bureau")
    assert twice.value.codes == ("star_round.year_taken",)
    with pytest.raises(Invalid) as short:
        stars.announce(2027, closes_on=date(2026, 3, 10))
    assert short.value.codes == ("star_round.year_wrong",)
    stars.office.on(2027, 3, 1)
    with pytest.raises(Invalid) as window:
        stars.announce(2027, closes_on=date(2027, 3, 10))
    assert window.value.codes == ("star_round.window_too_short",)


def test_the_table_of_a_round_shows_totals_to_those_who_read_scores_and_results_to_all(stars: StarOffice) -> None:
    number = stars.scored(*["84.5"] * 5)
    database, people = stars.office.database, stars.office.people
    with reading(database, stars.office.now) as work:
        (desk,) = entries_of(work, people["bureau"], stars.round_id)
        (own,) = entries_of(work, people["applicant1"], stars.round_id)
        assert entries_of(work, people["applicant2"], stars.round_id) == ()
        with pytest.raises(Forbidden):
            entries_of(work, people["evaluator1"], stars.round_id)
        with pytest.raises(NotFound):
            entries_of(work, people["bureau"], "019ab2f0-0000-7000-8000-000000000000")
    assert (desk.number, desk.total, desk.stars) == (number, Decimal("84.50"), 4)
    assert (own.self_total, own.total, own.stars) == (Decimal("92.5"), None, None)
