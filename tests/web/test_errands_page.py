"""Errands on a page: why one is parked, trying again, what was done by hand, how the queue and the timers stand."""

from datetime import timedelta

import pytest

from services.audit.queries import entries_of
from services.database.work import reading, unit_of_work
from services.errors import Refused
from services.invariants.check import check
from services.outbox.commands import claim_errands, fail_errand
from services.outbox.queries import errands
from services.outbox.reasons import kept
from services.people.sign_ins import open_sign_in
from tests.web.conftest import Scene
from tests.web.reading import Page


def park(scene: Scene, effect: str, *, reason: str = "没有应答") -> list[str]:
    """Park every errand of that effect that waits; their ids."""
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        claimed = claim_errands(work, worker="test", limit=1000)
        for one in claimed:
            if one.effect == effect:
                fail_errand(work, one.id, fence=one.fence, reason=reason, retry=False)
        return [one.id for one in claimed if one.effect == effect]


def parked(scene: Scene) -> set[str]:
    with reading(scene.city.database, scene.city.now) as work:
        return {one.id for one in errands(work, standing="parked")}


def test_a_parked_errand_says_why_and_since_when_and_leads_to_its_case(scene: Scene) -> None:
    scene.city.now += timedelta(days=3)
    client = scene.browser()
    with unit_of_work(scene.city.database, scene.city.now) as work:
        client.cookies.set("chuke", open_sign_in(work, scene.city.actor("manager").id).token)
    page = Page(client.get("/errands").text)
    assert "打印机着火了" in page.text
    assert "已有3天" in page.text
    assert any(link.startswith("/cases/QYFH-") for link in page.links)


def test_the_reason_reads_in_the_language_of_the_reader_on_the_page_and_in_the_interface(scene: Scene) -> None:
    reason = kept(Refused("document.over_rows", allowed=2000))
    (one, *_) = park(scene, "send_notice", reason=reason)
    assert "表格超过2000行" in Page(scene.browser("manager").get("/errands").text).text
    assert "more than 2000 rows" in Page(scene.browser("manager", lang="en").get("/errands").text).text
    told = scene.program("manager").get("/api/v1/errands", headers={"accept-language": "en"})
    lines = told.json()["errands"]
    (line,) = [found for found in lines if found["id"] == one]
    assert "more than 2000 rows" in line["last_reason"]
    assert line["reason_codes"] == ["document.over_rows"]


def test_one_is_tried_again_and_a_second_time_is_refused_with_a_sentence(scene: Scene) -> None:
    client = scene.browser("manager")
    assert client.post(f"/errands/{scene.parked}/retry").headers["location"] == "/errands?done=retried"
    assert parked(scene) == set()
    answer = client.post(f"/errands/{scene.parked}/retry")
    assert answer.status_code == 409
    assert "没有办成" in Page(answer.text).text


def test_all_of_a_kind_are_tried_again_at_once_each_with_its_entry(scene: Scene) -> None:
    sent = park(scene, "send_notice")
    assert len(sent) > 1
    client = scene.browser("administrator")
    assert f"重新办理全部“发送通知”（{len(sent)}件）" in Page(client.get("/errands").text).text
    assert client.post("/errands/retry", data={"effect": "send_notice"}).status_code == 303
    assert parked(scene) == {scene.parked}
    told = 0
    for number in scene.numbers.values():
        with reading(scene.city.database, scene.city.now) as work:
            told += sum(one.action == "errand:retry" for one in entries_of(work, scene.city.case_id(number)))
    assert told == len(sent)


def test_what_was_done_by_hand_is_noted_with_its_reason_and_never_tried_again(scene: Scene) -> None:
    one = park(scene, "send_notice")[0]
    client = scene.browser("manager")
    empty = client.post(f"/errands/{one}/by-hand", data={"reason": " "})
    assert empty.status_code == 422
    assert client.post(f"/errands/{one}/by-hand", data={"reason": "已电话告知负责人"}).status_code == 303
    assert one not in parked(scene)
    assert "已电话告知负责人" in Page(client.get("/errands?standing=done").text).text
    assert client.post(f"/errands/{one}/by-hand", data={"reason": "再记一次"}).status_code == 409
    rows = [row for found in check(scene.city.database, now=scene.city.now) for row in found.rows]
    assert not [row for row in rows if "nobody was told" in row]


def test_a_paper_is_only_made_by_the_system(scene: Scene) -> None:
    answer = scene.browser("manager").post(f"/errands/{scene.parked}/by-hand", data={"reason": "手写了一份"})
    assert answer.status_code == 409
    assert "只能由系统办理" in Page(answer.text).text
    assert scene.parked in parked(scene)


def test_the_queue_tells_what_waits_what_runs_and_what_is_late(scene: Scene) -> None:
    shown = Page(scene.browser("manager").get("/errands").text).text
    assert "件到时未办" in shown
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        running = len(claim_errands(work, worker="test", limit=1000))
    shown = Page(scene.browser("manager").get("/errands").text).text
    assert "到时未办" not in shown
    assert f"正在办理 {running} 最晚到2026年11月23日" in shown
    scene.city.now += timedelta(minutes=20)
    assert f"{running}件到时未办" in Page(scene.browser("manager").get("/errands").text).text


def test_the_timers_tell_what_comes_next(scene: Scene) -> None:
    shown = Page(scene.browser("manager").get("/errands").text).text
    assert "接下来到期" in shown
    assert scene.numbers["publicity"] in shown


@pytest.mark.parametrize(("username", "there"), [("administrator", True), ("manager", False)])
def test_only_operators_are_led_to_the_dashboard(username: str, there: bool, scene: Scene) -> None:
    links = Page(scene.browser(username).get("/errands").text).links
    assert ("http://127.0.0.1:4277" in links) is there
