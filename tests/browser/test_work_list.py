"""The work list in a real browser: by keyboard alone, in the panel beside it, and on a telephone."""

import pytest

from services.cases import desk
from tests.browser.browsing import TELEPHONE, serious_faults, sideways
from tests.browser.conftest import Visitors
from tests.web.conftest import Scene

TITLE = "#panel [data-panel-title]"


def test_cases_are_decided_one_after_the_other_by_keyboard_alone(scene: Scene, visitors: Visitors) -> None:
    number = scene.city.submitted("ma")
    page = visitors.enter("clerk").new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(TITLE)
    assert page.url.endswith("/")
    assert page.locator("#panel input[name=seen_version]").first.input_value() == str(scene.city.version(number))
    assert serious_faults(page) == []
    page.keyboard.press("e")
    page.locator("#panel .verb textarea:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".desk-list .empty").wait_for()
    assert "没有等您办理的事项" in page.inner_text(".desk-list")
    assert errors == []


def test_single_keys_do_nothing_while_somebody_types_or_has_switched_them_off(scene: Scene, visitors: Visitors) -> None:
    scene.city.submitted("ma")
    page = visitors.enter("clerk").new_page()
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("jxo?gn")
    assert page.input_value("#text") == "jxo?gn"
    assert page.locator("#panel").is_hidden()
    page.locator("#text").blur()
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    assert serious_faults(page) == []
    page.locator("dialog button").first.click()
    page.wait_for_url("**done=keys_off**")
    for key in ("j", "Enter", "?"):
        page.keyboard.press(key)
    assert page.locator("#panel").is_hidden()
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_timeout(200)
    assert "/notices" not in page.url


def test_a_case_moved_by_somebody_else_meanwhile_is_told_in_the_panel(scene: Scene, visitors: Visitors) -> None:
    number = scene.city.submitted("ma")
    page = visitors.enter("clerk").new_page()
    page.goto("/")
    page.click("[data-open]")
    page.wait_for_selector(TITLE)
    scene.city.move(number, "propose_not_accepting", "clerk", reason="不在服务范围")
    page.click("#panel .verb[data-verb=agree] button.button")
    page.wait_for_selector("#panel .alert.bad")
    assert "在您查看之后" in page.inner_text("#panel .alert.bad")
    assert page.url.endswith("/")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_telephone_a_line_leads_to_the_page_of_the_case(scene: Scene, visitors: Visitors, lang: str) -> None:
    number = scene.numbers["review"]
    desk.ask_opinions(
        scene.city.database, scene.city.actor("manager"), number=number, to=["secretary"], note="拟同意",
        now=scene.city.tick(),
    )  # fmt: skip
    page = visitors.enter("secretary", lang=lang, size=TELEPHONE).new_page()
    page.goto("/")
    assert sideways(page) == 0
    assert serious_faults(page) == []
    page.click("[data-open]")
    page.wait_for_url(f"**/cases/{number}")
    assert sideways(page) == 0
    assert page.locator("#desk .asked").count() == 1


def test_without_scripts_every_line_is_a_link_and_every_act_a_form(scene: Scene, visitors: Visitors) -> None:
    number = scene.city.submitted("ma")
    page = visitors.enter("clerk", scripts=False).new_page()
    page.goto("/")
    page.click(f"a[href='/cases/{number}']")
    page.click("#desk button:has-text('认领')")
    page.wait_for_url("**done=claimed")
    assert "由您承办" in page.inner_text("#desk")
