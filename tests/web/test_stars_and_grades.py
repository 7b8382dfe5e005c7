"""The pages of star rounds and national grades: announced, applied in, recorded, taken along; and their twins."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from services.cases.starring import StarApplication, apply_for_star
from services.database.work import unit_of_work
from services.organizations.models import organizations
from services.stars.acts import NewRound, announce_round
from services.stars.commands import amend_rating
from tests.web.city import DISTRICT
from tests.web.conftest import Scene

API = "/api/v1"
MATERIALS = ["星级评定申报表", "备案（登记）证书", "上一年度工作报告", "活动与服务台账", "财务收支情况表"]
SCORES = {"P1": "9", "P2": "9.5", "P3": "18", "P4": "28", "P5": "14", "P6": "9", "P7": "5"}
TITLE = "河湾区2026年度社区社会组织星级评定"


@pytest.fixture
def round_id(scene: Scene) -> str:
    """A round announced on the city's day; the first organization is filed, the second registered."""
    city = scene.city
    with unit_of_work(city.database, city.now) as work:
        for leader, values in {
            "zhou": {"legal_status": "FILED", "filing_number": "229902001-2026-0003"},
            "qin": {"legal_status": "REGISTERED", "credit_code": "52229902MJ9000014X"},
        }.items():
            work.connection.execute(
                update(organizations).where(organizations.c.id == city.organizations[leader]).values(**values)
            )
    new = NewRound(DISTRICT, city.centre, 2026, TITLE, "申报、审核、评定、公示", date(2026, 11, 23))
    return announce_round(city.database, city.actor("bureau"), new, now=city.tick())


def typed(**changed: Any) -> dict[str, Any]:
    form: dict[str, Any] = {f"score.{key}": value for key, value in SCORES.items()}
    return form | {"materials": MATERIALS, "commitments_accepted": "yes", "ground.P1": "有党支部"} | changed


def applied(scene: Scene, round_id: str) -> str:
    wish = StarApplication(round_id, scene.city.organizations["zhou"], SCORES, {}, tuple(MATERIALS), "", True)
    return apply_for_star(scene.city.database, scene.city.actor("zhou"), wish, now=scene.city.tick()).case_number


# Rounds -------------------------------------------------------------------------------------------


def test_civil_affairs_announces_a_round_and_others_only_read_it(scene: Scene) -> None:
    browser = scene.browser("bureau")
    form = {
        "county": DISTRICT, "centre": scene.city.centre, "year": "2026", "round_title": TITLE, "opens_on": "2026-11-23",
        "rating_rules": "申报、审核、评定、公示",
    }  # fmt: skip
    done = browser.post("/star-rounds", data=form)
    assert done.status_code == 303, done.text
    page = browser.get(done.headers["location"]).text
    assert TITLE in page
    assert "2026-12-21" in page or "12月21日" in page
    again = browser.post("/star-rounds", data=form)
    assert again.status_code == 409
    assert "每年只公布一次" in again.text
    secretary = scene.browser("secretary")
    assert "公布评定轮次" not in secretary.get("/star-rounds").text
    assert secretary.post("/star-rounds", data=form).status_code == 403


def test_an_organization_applies_and_what_it_typed_comes_back_when_it_is_refused(scene: Scene, round_id: str) -> None:
    browser = scene.browser("zhou")
    path = f"/star-rounds/{round_id}/application"
    assert "党建引领" in browser.get(path).text
    own = {"organization": scene.city.organizations["zhou"]}
    wrong = browser.post(path, data=typed(**own) | {"score.P1": "11"})
    assert wrong.status_code == 422
    assert 'value="11"' in wrong.text
    assert "有党支部" in wrong.text
    missing = browser.post(path, data=typed(**own) | {"materials": MATERIALS[1:]})
    assert missing.status_code == 409
    assert "申报材料没有交齐" in missing.text
    full_width = browser.post(path, data=typed(**own) | {"score.P1": "９．５"})
    assert full_width.status_code == 303, full_width.text
    case = browser.get(full_width.headers["location"]).text
    assert "自评总分" in case
    assert "93.0" in case
    twice = browser.post(path, data=typed(**own))
    assert twice.status_code == 409
    assert "已有一件星级申报" in twice.text


def test_the_table_of_a_round_is_for_those_who_may_see_it(scene: Scene, round_id: str) -> None:
    number, city = applied(scene, round_id), scene.city
    case_id = city.case_id(number)
    with unit_of_work(city.database, city.now) as work:
        amend_rating(work, case_id, total_hundredths=8450, stars=4, capped_by=["assessment.cap_too_young"])
    desk = scene.browser("secretary").get(f"/star-rounds/{round_id}").text
    assert "84.5" in desk
    assert "★★★★" in desk
    assert "92.5" in desk
    own = scene.browser("zhou").get(f"/star-rounds/{round_id}").text
    assert number in own
    assert "★" not in own
    assert "84.5" not in own
    assert number not in scene.browser("qin").get(f"/star-rounds/{round_id}").text
    assert scene.browser("evaluator1").get(f"/star-rounds/{round_id}").status_code == 403


def test_a_round_is_taken_along_as_a_file(scene: Scene, round_id: str) -> None:
    applied(scene, round_id)
    browser = scene.browser("secretary")
    csv = browser.post(f"/star-rounds/{round_id}/export.csv", data={"reason": "核对"})
    assert csv.headers["content-type"].startswith("text/csv")
    assert "92.5" in csv.text
    assert browser.post(f"/star-rounds/{round_id}/export.xlsx", data={"reason": "核对"}).content[:2] == b"PK"


# Grades -------------------------------------------------------------------------------------------


def grade_form(scene: Scene, **changed: str) -> dict[str, str]:
    return {
        "organization": scene.city.organizations["qin"], "grade": "4", "grading_level": "county",
        "announced_on": "2026-02-28", "assessor": "河湾区社会组织评估委员会", "announcement": "青河民〔2026〕3号",
    } | changed  # fmt: skip


def test_a_grade_is_recorded_shown_on_the_organization_lowered_and_given_back(scene: Scene, round_id: str) -> None:
    assert round_id
    browser = scene.browser("bureau")
    assert browser.post("/grades", data=grade_form(scene)).status_code == 303
    page = browser.get("/grades").text
    assert "4A" in page
    assert "民政部令第39号" in page
    organization = browser.get(f"/organizations/{scene.city.organizations['qin']}").text
    assert "县级社会组织评估等级 4A" in organization
    filed = browser.post("/grades", data=grade_form(scene, organization=scene.city.organizations["zhou"]))
    assert filed.status_code == 409
    assert "等级评估只面向已登记的社会组织" in filed.text
    identity = scene.program("bureau").get(f"{API}/grades").json()["grades"][0]["id"]
    lower = {"held_grade": identity, "lowered_to": "3", "on": "2026-11-20", "ground": "年度检查不合格"}
    assert browser.post("/grades/lowering", data=lower).status_code == 303
    assert browser.post("/grades/lowering", data=lower).status_code == 409
    back = {"ended_grade": identity, "on": "2026-11-22"}
    assert browser.post("/grades/return", data=back).status_code == 303
    assert browser.post("/grades/return", data=back).status_code == 409
    assert "3A" in browser.post("/grades/export.csv", data={"reason": "核对"}).text
    assert browser.post("/grades/export.xlsx", data={"reason": "核对"}).content[:2] == b"PK"
    assert scene.browser("manager").post("/grades", data=grade_form(scene)).status_code == 403


# Twins --------------------------------------------------------------------------------------------


def test_programs_announce_apply_and_read_as_people_do(scene: Scene, round_id: str) -> None:
    wish = {
        "division_code": DISTRICT, "centre_id": scene.city.centre, "year": 2026, "title": "再次", "rules_text": "略",
        "opens_on": "2026-11-23",
    }  # fmt: skip
    assert scene.program("bureau").post(f"{API}/star-rounds", json=wish).json()["codes"] == ["star_round.year_taken"]
    client: TestClient = scene.program("zhou")
    said = {
        "organization_id": scene.city.organizations["zhou"], "self_scores": SCORES, "materials": MATERIALS,
        "commitments_accepted": True,
    }  # fmt: skip
    made = client.post(f"{API}/star-rounds/{round_id}/application", json=said)
    assert made.status_code == 201, made.text
    assert made.json()["state"] == "APPLIED"
    shown = client.get(f"{API}/star-rounds/{round_id}").json()
    (line,) = shown["applications"]
    assert (line["case"], Decimal(line["self_total"]), line["total"]) == (made.json()["number"], Decimal("92.5"), None)
    assert client.get(f"{API}/star-rounds").json()["rounds"][0]["standing"] == "open"


def test_programs_record_cancel_and_take_back_grades(scene: Scene, round_id: str) -> None:
    assert round_id
    client = scene.program("bureau")
    entry = {
        "organization_id": scene.city.organizations["qin"], "grade": 5, "announced_on": "2026-03-01", "level": "county",
        "assessor": "评估委员会", "basis": "青河民〔2026〕5号",
    }  # fmt: skip
    made = client.post(f"{API}/grades", json=entry)
    assert made.status_code == 201, made.text
    (line,) = client.get(f"{API}/grades").json()["grades"]
    assert (line["scheme"], line["valid_from"], line["valid_to"]) == ("revised_2026", "2027-01-01", "2031-12-31")
    path = f"{API}/grades/{made.json()['id']}"
    assert client.post(f"{path}/cancellation", json={"on": "2026-11-20", "reason": "弄虚作假"}).status_code == 204
    assert client.post(f"{path}/lowering", json={"on": "2026-11-20", "reason": "x", "to": 2}).status_code == 409
    assert client.post(f"{path}/return", json={"on": "2026-11-21"}).status_code == 204
    assert scene.program("zhou").get(f"{API}/grades").status_code == 403
