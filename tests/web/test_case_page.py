"""The page of a case answers who, since when, until when, why not, and who could lift it; and costs the same always."""

import re
from typing import Any

import pytest

from services.cases.lifting import LIFTERS
from services.cases.queries import case_page
from services.database.recording import recording
from services.database.work import reading
from statemachines.engine import FORBIDDING
from tests.architecture.test_messages import guard_codes
from tests.web.conftest import Scene
from tests.web.reading import Page
from web.cases_view import OfferView
from web.rendering import templates


def text_of(scene: Scene, username: str, key: str = "review", *, lang: str = "zh", part: str = "") -> str:
    """What stands on the page of that case."""
    return Page(scene.browser(username, lang=lang).get(f"/cases/{scene.numbers[key]}{part}").text).text


def test_the_page_says_who_holds_the_case_since_when_and_until_when(scene: Scene) -> None:
    text = text_of(scene, "manager")
    assert "、职员evaluator3）、中心负责人（职员manager） 进入本状态 2026年11月23日" in text
    assert "已历0个工作日" in text
    assert "个工作日" in text.split("期限", 1)[1][:60]
    english = text_of(scene, "manager", lang="en")
    assert "0 working days so far" in english
    assert (
        "Handled by Evaluator (职员evaluator1, 职员evaluator2, 职员evaluator3), centre manager (职员manager)" in english
    )


def test_an_outsider_reads_roles_and_no_names(scene: Scene) -> None:
    text = text_of(scene, "qin")
    assert "承办 评审专家、中心负责人 进入本状态" in text
    assert "职员manager" not in text.split("办理经过")[0]


def test_a_closed_move_says_who_could_open_it(scene: Scene) -> None:
    text = text_of(scene, "manager")
    assert "可由谁解除：评审专家（职员evaluator1、职员evaluator2、职员evaluator3）" in text
    assert "可由谁解除：申请人（组织负责人）、受理员" in text_of(scene, "ma", "draft")


def test_what_others_can_do_is_told_with_who(scene: Scene) -> None:
    scene.city.provide(scene.numbers["draft"], "ma")
    text = text_of(scene, "clerk", "draft")
    assert "由其他人办理的事项" in text
    assert "提交申请 申请人（组织负责人）（负责人ma）" in text


def test_every_reason_of_a_guard_has_somebody_who_can_lift_it_or_says_nobody_can() -> None:
    outside = {"case.trigger_unknown", "case.move_not_from_this_state", *FORBIDDING}
    assert guard_codes() - LIFTERS.keys() - outside == set()
    assert LIFTERS.keys() - guard_codes() == set()


def test_the_page_says_by_which_right_one_looks_at_it(scene: Scene) -> None:
    assert "您能查看本案，是因为您是：申请人（组织负责人）（本组织的个案）。" in text_of(scene, "qin")
    assert "评审专家（本案评审席位）" in text_of(scene, "evaluator1")
    assert "街道（乡镇）经办（所辖地域）" in text_of(scene, "street", "publicity")


def test_a_claim_is_shown_to_the_offices_only(scene: Scene) -> None:
    from services.cases.desk import claim_case

    number = scene.numbers["review"]
    claim_case(scene.city.database, scene.city.actor("manager"), number=number, now=scene.city.tick())
    assert "职员manager已于" in text_of(scene, "case_manager")
    assert "已于" not in text_of(scene, "qin").split("办理经过")[0]


def test_the_file_prints_every_move_with_its_papers_and_hides_what_the_reader_may_not_know(scene: Scene) -> None:
    text = text_of(scene, "manager", "publicity", part="/timeline")
    for part in ("案卷目录", "收件回执", "内部初审意见", "拟入驻并公示", "流程第1版"):
        assert part in text
    assert "内部初审意见" not in text_of(scene, "zhou", "publicity", part="/timeline")
    assert scene.browser("ma").get(f"/cases/{scene.numbers['publicity']}/timeline").status_code == 404


@pytest.mark.parametrize("username", ["clerk", "ma", "auditor"])
def test_the_page_costs_as_few_questions_with_a_long_history_as_with_a_short_one(username: str, scene: Scene) -> None:
    city, number = scene.city, scene.numbers["draft"]

    def cost() -> int:
        actor = city.actor(username)
        with recording(city.database) as sent, reading(city.database, city.now) as work:
            case_page(work, actor, number)
        return len(sent)

    city.provide(number, "ma")
    city.move(number, "submit", "ma", privacy_notice_accepted=True, commitments_accepted=True)
    few = cost()
    for _ in range(2):
        city.move(
            number, "request_correction", "clerk", items=[{"field": "章程", "problem": "缺页", "how_to_fix": "补"}]
        )
        city.move(number, "resubmit", "ma", answers=[{"answer": "已补"}])
    assert cost() == few <= 30


def test_moves_stand_under_their_verbs_as_in_the_panel_of_the_work_list(scene: Scene) -> None:
    number = scene.city.submitted("ma")
    browser = scene.browser("clerk")
    whole, panel = (browser.get(one, headers={"x-panel": "1"}).text for one in (f"/cases/{number}", f"/desk/{number}"))
    verbs = re.findall(r'data-verb="(\w+)"', whole)
    assert verbs == ["agree", "act", "return"]
    assert verbs == re.findall(r'data-verb="(\w+)"', panel)


def test_what_refuses_has_the_colour_of_danger_and_what_agrees_the_first_colour() -> None:
    offers = [("agree", [offer("admit")]), ("return", [offer("request_correction")]), ("refuse", [offer("reject")])]
    line = {"number": "N1", "version": 3}
    macros: Any = templates().get_template("desk/moves.html").module
    for in_panel in (True, False):
        shown = macros.moves(offers, [], False, line, "r", str, "zh", in_panel=in_panel)
        buttons = re.findall(r'<button class="button ?(\w*)">(\w+)</button>', shown)
        assert buttons == [("", "admit"), ("second", "request_correction"), ("bad", "reject")]


def offer(trigger: str) -> OfferView:
    return OfferView(trigger, trigger, open=True, reasons=(), parts=(), unfolded=False, verb="", waits=False)


def test_the_panel_says_why_a_move_is_closed_in_a_sentence_and_who_could_open_it(scene: Scene) -> None:
    panel = scene.browser("manager").get(f"/desk/{scene.numbers['review']}", headers={"x-panel": "1"}).text
    assert "Reason(" not in panel
    assert "可由谁解除：评审专家" in Page(panel).text


def test_whoever_decided_keeps_the_letters_back_on_the_page_and_sends_them(scene: Scene) -> None:
    number, manager = scene.numbers["review"], scene.browser("manager")
    for one in ("evaluator1", "evaluator2", "evaluator3"):
        scene.city.lock(number, one)
    scene.city.move(number, "admit", "manager", mode="resident", room="201")
    assert "撤回送出" in manager.get(f"/cases/{number}").text
    assert "撤回送出" not in scene.browser("clerk").get(f"/cases/{number}").text
    assert "尚未送出" not in scene.browser("qin").get(f"/cases/{number}").text
    answer = manager.post(f"/desk/{number}/letters/withdrawal")
    assert answer.headers["location"] == f"/cases/{number}?done=letters_withheld"
    held = manager.get(f"/cases/{number}").text
    assert "文书已撤回，未送出" in held
    assert manager.post(f"/desk/{number}/letters").headers["location"] == f"/cases/{number}?done=letters_sent"
    late = manager.post(f"/desk/{number}/letters/withdrawal")
    assert late.status_code == 409
    assert "已经送出" in late.text


def test_a_result_is_prepared_on_the_page_looked_at_by_all_eyes_and_made_known(scene: Scene) -> None:
    number, manager = scene.numbers["review"], scene.browser("manager")
    for one in ("evaluator1", "evaluator2", "evaluator3"):
        scene.city.lock(number, one)
    page = manager.get(f"/cases/{number}").text
    assert f'formaction="/cases/{number}/preparations/admit"' in page
    form = {"seen_version": str(scene.city.version(number)), "mode": "resident", "room": "201"}
    answer = manager.post(f"/cases/{number}/preparations/admit", data=form)
    batch = answer.headers["location"].partition("?")[0]
    assert scene.browser().get(f"/publicity/{number}").status_code == 404
    for other in ("qin", "evaluator1", "clerk", "secretary"):
        assert '<span class="now">入驻评审' in scene.browser(other).get(f"/cases/{number}").text, other
        assert scene.browser(other).get(batch).status_code == 403, other
    shown = manager.get(batch).text
    assert "拟入驻并公示" in shown
    views = dict(re.findall(r'href="(/releases/lines/[^"]+/views/(\w+))"', shown))
    assert set(views.values()) == {"applicant", "street", "panel", "public"}
    seen = {view: manager.get(path) for path, view in views.items()}
    assert "负责人qin" in seen["applicant"].text
    assert "<button>" not in seen["applicant"].text
    assert "入驻公示" in seen["applicant"].text
    assert "提出异议" in seen["public"].text
    assert "79.00" not in seen["panel"].text + seen["public"].text + seen["applicant"].text
    assert scene.browser().get(f"/publicity/{number}").status_code == 404
    assert manager.post(f"{batch}/publication").headers["location"] == f"{batch}?done=published"
    assert scene.browser().get(f"/publicity/{number}").status_code == 200
