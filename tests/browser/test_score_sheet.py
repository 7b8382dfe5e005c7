"""The score sheet in a real browser: it keeps itself, survives a lost connection, and goes by keys."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitors
from tests.web.conftest import Scene


def opened(scene: Scene, visitors: Visitors) -> Page:
    """The sheet of evaluator1."""
    page = visitors.enter("evaluator1").new_page()
    page.goto(f"/assessments/{scene.city.assessment(scene.numbers['review'])}")
    return page


def test_the_draft_keeps_itself_and_says_so(scene: Scene, visitors: Visitors) -> None:
    page = opened(scene, visitors)
    page.locator("[name='item.A1']").fill("17.5")
    page.locator("[name='comment.A1']").fill("走访属实")
    expect(page.locator("[data-kept]")).to_contain_text("已于")
    page.reload()
    expect(page.locator("[name='item.A1']")).to_have_value("17.5")
    expect(page.locator("[name='comment.A1']")).to_have_value("走访属实")


def test_a_lost_connection_is_told_and_the_draft_is_kept_once_it_is_back(scene: Scene, visitors: Visitors) -> None:
    page = opened(scene, visitors)
    page.context.set_offline(True)
    page.locator("[name='item.A1']").fill("15")
    page.locator("[name='item.A2']").focus()
    expect(page.locator("[data-kept]")).to_contain_text("连接中断")
    page.context.set_offline(False)
    expect(page.locator("[data-kept]")).to_contain_text("已于")
    page.reload()
    expect(page.locator("[name='item.A1']")).to_have_value("15")


def test_keys_step_by_half_a_point_within_the_bounds_and_mark_the_anchor(scene: Scene, visitors: Visitors) -> None:
    page = opened(scene, visitors)
    score = page.locator("[name='item.A7']")
    score.fill("4.5")
    for _ in range(3):
        score.press("ArrowUp")
    expect(score).to_have_value("5")
    expect(page.locator(".criterion", has=score).locator(".reached")).to_contain_text("4.5–5")
    score.press("ArrowDown")
    expect(score).to_have_value("4.5")
    page.locator("[name='item.A1']").press("Enter")
    expect(page.locator("[name='item.A2']")).to_be_focused()
