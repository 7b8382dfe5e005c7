"""The work list: four tabs with counts, filters in the address, claims and questions at a glance, many at once."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from services.authority.rules import policy
from services.cases import desk
from services.cases.bulk import BulkMove, move_many, rehearse
from services.cases.work_list import TABS, Wanted, work_list
from services.database.recording import recording
from services.database.work import reading
from services.desk.rules import HELD, lamp, minutes_held
from services.errors import Invalid
from tests.web.city import NOW, City
from tests.web.conftest import Scene
from tests.web.reading import Page

PANEL = {"x-panel": "1"}


def listed(city: City, username: str, wanted: Wanted | None = None) -> list[str]:
    with reading(city.database, city.now) as work:
        return [line.number for line in work_list(work, city.actor(username), wanted or Wanted()).lines]


def counted(city: City, username: str) -> dict[str, int]:
    with reading(city.database, city.now) as work:
        return work_list(work, city.actor(username), Wanted()).counts


def act(city: City, username: str, what: Callable[..., object], **more: object) -> object:
    return what(city.database, city.actor(username), now=city.tick(), **more)


# ---- lamps -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "wanted"), [(-1, "red"), (0, "amber"), (3, "amber"), (4, "green"), (400, "green"), (None, "none")]
)
def test_a_lamp_is_red_once_the_day_is_over_and_amber_shortly_before(days: int | None, wanted: str) -> None:
    today = date(2026, 11, 23)
    due_on = None if days is None else today + timedelta(days=days)
    assert lamp(due_on, today=today, soon=today + timedelta(days=3)) == wanted


def test_a_claim_counts_down_to_nothing() -> None:
    assert minutes_held(NOW, NOW) == 30
    assert minutes_held(NOW, NOW + timedelta(minutes=29, seconds=30)) == 1
    assert minutes_held(NOW, NOW + HELD) == 0
    assert minutes_held(NOW, NOW + timedelta(days=2)) == 0


def test_a_lamp_never_speaks_by_colour_alone(scene: Scene) -> None:
    scene.city.submitted("ma")
    scene.city.now += timedelta(days=60)
    with reading(scene.city.database, scene.city.now) as work:
        (line, *_) = work_list(work, scene.city.actor("clerk"), Wanted()).lines
    assert line.lamp == "red"
    scene.city.now -= timedelta(days=60)
    page = scene.browser("clerk").get("/").text
    assert 'class="lamp green"' in page or 'class="lamp amber"' in page
    assert "<svg" in page
    assert "期限内" in page or "还剩" in page


# ---- the four tabs -----------------------------------------------------------------------------------------------


def test_a_case_waits_for_whom_the_state_waits_and_is_done_afterwards(scene: Scene) -> None:
    city = scene.city
    number = city.submitted("ma")
    assert listed(city, "clerk") == [number]
    city.move(number, "accept_application", "clerk")
    assert listed(city, "clerk") == []
    assert number in listed(city, "clerk", Wanted(tab="done"))
    assert number in listed(city, "case_manager")
    assert number in listed(city, "ma", Wanted(tab="started"))
    assert listed(city, "qin", Wanted(tab="started")) == [scene.numbers["review"]]


def test_what_is_copied_to_me_has_a_tab_of_its_own(scene: Scene) -> None:
    city = scene.city
    act(city, "manager", desk.copy_case, number=scene.numbers["review"], to=["secretary"], note="请知悉")
    assert listed(city, "secretary", Wanted(tab="copied")) == [scene.numbers["review"]]
    assert counted(city, "secretary")["copied"] == 1
    assert counted(city, "clerk")["copied"] == 0


def test_a_colleagues_question_waits_for_me_although_the_state_does_not(scene: Scene) -> None:
    city = scene.city
    number = scene.numbers["review"]
    assert number not in listed(city, "secretary")
    act(city, "manager", desk.ask_opinions, number=number, to=["secretary"], note="拟同意")
    assert number in listed(city, "secretary")
    assert number in listed(city, "manager", Wanted(tab="started"))


def test_an_evaluator_waits_until_the_own_sheet_is_locked(scene: Scene) -> None:
    city, number = scene.city, scene.numbers["review"]
    assert listed(city, "evaluator1") == [number]
    city.lock(number, "evaluator1")
    assert listed(city, "evaluator1") == []
    assert number in listed(city, "evaluator1", Wanted(tab="done"))


@pytest.mark.parametrize("username", ["manager", "clerk", "street", "zhou", "evaluator1", "auditor", "bureau"])
def test_no_tab_shows_what_the_person_may_not_see(scene: Scene, username: str) -> None:
    city = scene.city
    browser = scene.browser(username)
    for tab in TABS:
        for number in listed(city, username, Wanted(tab=tab)):
            assert browser.get(f"/cases/{number}").status_code == 200, (username, tab, number)


def test_the_counts_of_the_tabs_are_those_of_the_lists(scene: Scene) -> None:
    scene.city.submitted("ma")
    for username in ("manager", "clerk", "zhou", "evaluator1", "street"):
        counts = counted(scene.city, username)
        assert counts == {tab: len(listed(scene.city, username, Wanted(tab=tab))) for tab in TABS}, username


# ---- filters and pages -------------------------------------------------------------------------------------------


def test_the_address_restores_the_list(scene: Scene) -> None:
    city = scene.city
    browser = scene.browser("manager")
    number = scene.numbers["review"]
    act(city, "manager", desk.claim_case, number=number)
    for query, found in (
        ("holder=me", True), ("holder=nobody", False), ("holder=others", False), ("kind=incubation", True),
        ("kind=award", False), ("state=ADMISSION_REVIEW", True), ("state=DRAFT", False), ("due=later", True),
        ("due=overdue", False), ("text=桦苑", True), ("text=没有这个", False), ("division=229902002", True),
        ("division=229902001", False), ("tab=done&stage=入驻", True),
    ):  # fmt: skip
        page = browser.get(f"/?{query}")
        assert page.status_code == 200
        assert (f"/cases/{number}" in page.text) is found, query


def test_what_cannot_be_asked_for_is_left_aside_and_a_false_cursor_refused(scene: Scene) -> None:
    browser = scene.browser("manager")
    for query in ("tab=x", "due=x", "holder=x", "state=x", "kind=x", "centre=x", "division=x'", "after="):
        assert browser.get(f"/?{query}").status_code == 200, query
    for after in ("x", "W10", "eyJhIjoxfQ", "WyJkb25lIiwiIiwiIiwiIl0"):
        assert browser.get(f"/?after={after}").status_code == 422, after


def test_pages_follow_one_another_without_a_gap(scene: Scene) -> None:
    city = scene.city
    for _ in range(5):
        city.draft("ma")
    for tab in ("waiting", "started"):
        whole, found, after = listed(city, "ma", Wanted(tab=tab)), [], ""
        while True:
            with reading(city.database, city.now) as work:
                page = work_list(work, city.actor("ma"), Wanted(tab=tab, after=after), portion=2)
            found += [line.number for line in page.lines]
            if not (after := page.next):
                break
        assert found == whole
        assert len(whole) == 6


def test_one_row_and_thirty_rows_cost_the_same_queries(scene: Scene) -> None:
    city = scene.city

    def queries() -> int:
        # The first look after some minutes also notes that the person was seen.
        scene.browser("ma").get("/?tab=waiting")
        with recording(city.database) as sent:
            assert scene.browser("ma").get("/?tab=waiting").status_code == 200
        return len(sent)

    few = queries()
    assert few < 30
    for _ in range(29):
        city.draft("ma")
    assert counted(city, "ma")["waiting"] == 30
    assert queries() == few


def test_an_empty_list_says_what_to_do_next(scene: Scene) -> None:
    page = scene.browser("auditor").get("/?tab=copied").text
    assert "还没有人抄送给您。" in page
    assert 'href="/cases"' in page


def test_a_filter_is_kept_shared_and_opens_the_list(scene: Scene) -> None:
    browser = scene.browser("manager")
    kept = browser.post(
        "/desk-settings/filters", data={"name": "逾期入驻", "query": "tab=waiting&due=overdue&after=x&evil=1",
                                        "role": "centre_manager"},
    )  # fmt: skip
    assert kept.headers["location"] == "/?tab=waiting&due=overdue&done=filter_kept"
    page = browser.get("/").text
    assert "逾期入驻" in page
    identity = page.split("/desk-settings/filters/")[1].split("/")[0]
    browser.post(f"/desk-settings/filters/{identity}/default", data={"on": "1"})
    assert browser.get("/").headers["location"] == "/?tab=waiting&due=overdue"
    assert browser.get("/?tab=done").status_code == 200
    scene.city.now += timedelta(minutes=1)
    assert "逾期入驻" not in scene.browser("clerk").get("/").text
    foreign = scene.browser("clerk").post(f"/desk-settings/filters/{identity}/removal")
    assert foreign.status_code == 303
    assert "逾期入驻" in browser.get("/?tab=done").text
    refused = scene.browser("clerk").post("/desk-settings/filters", data={"name": "x", "role": "centre_manager"})
    assert refused.status_code == 422
    browser.post(f"/desk-settings/filters/{identity}/removal")
    assert browser.get("/").status_code == 200


def test_the_keys_can_be_switched_off(scene: Scene) -> None:
    browser = scene.browser("clerk")
    assert 'data-keys="on"' in browser.get("/").text
    browser.post("/desk-settings/keys", data={})
    assert 'data-keys="off"' in browser.get("/").text


# ---- the panel ---------------------------------------------------------------------------------------------------


def test_the_panel_is_a_part_of_a_page_with_form_papers_and_history(scene: Scene) -> None:
    browser = scene.browser("clerk")
    number = scene.city.submitted("ma")
    assert browser.get(f"/desk/{number}").headers["location"] == f"/cases/{number}"
    panel = browser.get(f"/desk/{number}", headers=PANEL)
    assert panel.status_code == 200
    assert "<html" not in panel.text
    for part in ("accept_application", "seen_version", "办理经过", "受理", "data-close"):
        assert part in panel.text, part
    faults = [one for one in Page(panel.text).faults if "heading" not in one and "h1" not in one]
    assert faults == []


def sent(browser: TestClient, number: str, version: int, trigger: str, **more: str) -> Response:
    data = {"trigger": trigger, "seen_version": str(version), "request_id": "r1", **more}
    return browser.post(f"/desk/{number}/moves", data=data, headers=PANEL)


def test_a_decision_in_the_panel_is_taken_and_a_stale_one_told_friendly(scene: Scene) -> None:
    city = scene.city
    number = city.submitted("ma")
    version = city.version(number)
    stale = sent(scene.browser("clerk"), number, version - 1, "accept_application")
    assert stale.status_code == 412
    assert "在您查看之后" in stale.text
    assert "data-panel-title" in stale.text
    refused = sent(scene.browser("manager"), number, version, "not_accept")
    assert refused.status_code in (409, 422)
    assert "data-focus" in refused.text
    moved = sent(scene.browser("clerk"), number, version, "accept_application")
    assert f'data-moved="{number}"' in moved.text
    assert number not in listed(city, "clerk")


def test_a_claimed_case_shows_its_holder_and_refuses_others(scene: Scene) -> None:
    city = scene.city
    number = city.submitted("ma")
    browser = scene.browser("clerk")
    assert browser.post(f"/desk/{number}/claim").headers["location"] == f"/cases/{number}?done=claimed"
    assert "您" in browser.get("/").text
    assert "由您承办" in browser.get(f"/desk/{number}", headers=PANEL).text
    assert "职员clerk" in scene.browser("manager").get(f"/desk/{number}", headers=PANEL).text
    assert "职员clerk" not in scene.browser("ma").get(f"/cases/{number}").text


def test_the_ways_back_are_offered_in_one_form(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    number = scene.city.submitted("ma")
    panel = scene.browser("clerk").get(f"/desk/{number}", headers=PANEL).text
    assert 'data-verb="agree"' in panel
    assert 'data-verb="return"' in panel
    assert panel.index('data-verb="agree"') < panel.index('data-verb="return"')


def test_each_act_of_the_desk_stands_in_the_timeline_for_the_offices_only(scene: Scene) -> None:
    city = scene.city
    number = scene.numbers["review"]
    scene.browser("manager").post(f"/desk/{number}/opinions", data={"to": ["secretary"], "note": "拟同意入驻"})
    page = scene.browser("secretary").get(f"/cases/{number}").text
    assert "加签 → 职员secretary：拟同意入驻" in page
    identity = page.split(f"/desk/{number}/requests/")[1].split("/")[0]
    answered = scene.browser("secretary").post(
        f"/desk/{number}/requests/{identity}/answer", data={"opinion": "agree", "answer": "没有意见"}
    )
    assert answered.headers["location"].endswith("done=answered")
    assert "会签意见：同意" in scene.browser("manager").get(f"/cases/{number}").text
    assert "拟同意入驻" not in scene.browser("qin").get(f"/cases/{number}").text
    assert city.version(number)


def test_a_refused_act_comes_back_with_its_sentence(scene: Scene) -> None:
    number = scene.numbers["review"]
    browser = scene.browser("manager")
    refused = browser.post(f"/desk/{number}/hand-over", data={"to": "clerk", "note": "请办"})
    assert refused.status_code == 409
    assert "不能承办这个个案" in refused.text
    nudged = browser.post(f"/desk/{number}/nudges", headers=PANEL)
    assert "已发出催办提醒" in nudged.text
    assert browser.post(f"/desk/{number}/nudges", headers=PANEL).status_code == 409


# ---- many at once ------------------------------------------------------------------------------------------------


def test_a_rehearsal_changes_nothing_and_each_case_then_moves_for_itself(scene: Scene) -> None:
    city = scene.city
    good, bad = city.submitted("ma"), scene.numbers["review"]
    versions = {number: city.version(number) for number in (good, bad)}
    seen = [f"{number}@{version}" for number, version in versions.items()]
    browser = scene.browser("clerk")
    rehearsed = browser.post("/desk-many/rehearsal", data={"trigger": "accept_application", "seen": seen})
    assert rehearsed.status_code == 200
    assert "可以办理1件，不能办理1件" in rehearsed.text
    assert {number: city.version(number) for number in versions} == versions
    data = {"trigger": "accept_application", "seen": seen, "request_id": "many-1"}
    done = browser.post("/desk-many/moves", data=data)
    assert "已办理1件，未办理1件" in done.text
    assert city.version(good) == versions[good] + 1
    again = browser.post("/desk-many/moves", data=data)
    assert "已办理1件，未办理1件" in again.text
    assert city.version(good) == versions[good] + 1


@pytest.mark.parametrize("trigger", ["admit", "approve_payment", "confirm_graduation", "not_accept", "nothing"])
def test_only_declared_triggers_are_done_in_bulk(scene: Scene, trigger: str) -> None:
    city = scene.city
    wish = BulkMove(trigger, ((scene.numbers["review"], 1),))
    for what in (rehearse, move_many):
        with pytest.raises(Invalid) as refused:
            what(city.database, city.actor("manager"), wish, now=city.now)
        assert refused.value.codes == ("desk.trigger_not_bulk",)
    page = scene.browser("manager").post("/desk-many/moves", data={"trigger": trigger, "seen": ["X@1"]})
    assert page.status_code == 422


def test_bulk_never_reaches_a_case_the_person_may_not_see(scene: Scene) -> None:
    city = scene.city
    number = city.submitted("ma")
    wish = BulkMove("accept_application", ((number, city.version(number)),))
    (row,) = move_many(city.database, city.actor("street"), wish, now=city.now)
    assert row.refused is not None
    assert row.refused.codes == ("case.not_found",)


# ---- absences ----------------------------------------------------------------------------------------------------


def test_an_absence_is_declared_shown_and_revoked_on_its_page(scene: Scene) -> None:
    browser = scene.browser("clerk")
    day = {"starts_on": "2026-11-23", "ends_on": "2026-11-30", "reason": "年休假"}
    refused = browser.post("/absences", data={"substitute": "manager", "roles": ["intake_clerk"], **day})
    assert refused.status_code == 409
    assert "不相容岗位" in refused.text
    assert 'value="年休假"' in refused.text
    declared = browser.post("/absences", data={"substitute": "maker", "roles": ["intake_clerk"], **day})
    assert declared.headers["location"] == "/absences?done=absence_declared"
    number = scene.city.submitted("ma")
    assert number in listed(scene.city, "maker")
    page = browser.get("/absences").text
    assert "职员maker" in page
    identity = page.split('action="/absences/')[1].split("/")[0]
    assert browser.post(f"/absences/{identity}/revocation").headers["location"] == "/absences?done=absence_revoked"
    assert number not in listed(scene.city, "maker")


def test_everybody_with_a_desk_may_declare_an_absence() -> None:
    roles = {action: {role for one, role in policy() if one == action} for action in ("desk:work", "absence:declare")}
    assert roles["desk:work"] == roles["absence:declare"]
