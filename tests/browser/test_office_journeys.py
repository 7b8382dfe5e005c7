"""One journey for each desk of the office in a real browser, from the manager to the auditor and the street."""

from playwright.sync_api import Page, expect

from tests.browser.browsing import TELEPHONE, serious_faults, sideways
from tests.browser.conftest import Visitors
from tests.web.city import SHEET
from tests.web.conftest import Scene


def tab_to(page: Page, selector: str, *, at_most: int = 120) -> None:
    """Press Tab until that element has the focus, as somebody without a mouse does."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement?.matches(wanted) ?? false", selector):
            return
    raise AssertionError(f"no key press reaches {selector}")


def test_the_manager_goes_from_a_figure_to_the_case_behind_it(scene: Scene, visitors: Visitors) -> None:
    page = visitors.enter("manager").new_page()
    page.goto("/board")
    page.get_by_role("link", name="入驻公示").first.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a[href^='/cases/']").first.click()
    expect(page.locator(".now")).to_contain_text("入驻公示")
    assert serious_faults(page) == []


def test_the_manager_finds_a_case_by_the_first_letters_of_its_name_and_by_keys_alone(
    scene: Scene, visitors: Visitors
) -> None:
    page = visitors.enter("manager").new_page()
    page.goto("/board")
    tab_to(page, ".top input[type=search]")
    page.keyboard.type("hysqshs")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("桦苑社区书画社")
    tab_to(page, "main a[href^='/cases/']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("桦苑社区书画社")


def test_an_evaluator_scores_and_locks_on_a_telephone(scene: Scene, visitors: Visitors) -> None:
    page = visitors.enter("evaluator1", size=TELEPHONE).new_page()
    page.goto("/assessments")
    page.locator(f"main a[href='/assessments/{scene.city.assessment(scene.numbers['review'])}']").first.click()
    for criterion, mark in SHEET.items():
        page.fill(f"[name='item.{criterion}']", mark)
    page.fill("[name='comment.total']", "队伍稳定，场地落实。")
    assert not sideways(page)
    page.locator("button[value=lock]").first.click()
    page.locator("form[action$='/lock'] button").first.click()
    expect(page.locator("main")).to_contain_text("已锁定")
    assert not sideways(page)


def test_finance_looks_at_the_money_on_a_telephone_and_at_nothing_to_manage(scene: Scene, visitors: Visitors) -> None:
    page = visitors.enter("maker", size=TELEPHONE).new_page()
    page.goto("/finance")
    expect(page.locator("main")).to_contain_text("按资金来源")
    assert not sideways(page)
    page.goto("/office")
    page.get_by_role("link", name="收款账户").click()
    expect(page.locator("h1")).to_be_visible()
    assert page.goto("/people").status == 403  # type: ignore[union-attr]


def test_a_role_takes_two_administrators(scene: Scene, visitors: Visitors) -> None:
    auditor = scene.city.actor("auditor").id
    first = visitors.enter("security").new_page()
    first.goto(f"/people/{auditor}")
    first.locator("[name=role]").select_option("case_manager")
    first.fill(f"form[action='/people/{auditor}/roles'] [name=reason]", "岗位调整")
    first.locator(f"form[action='/people/{auditor}/roles'] button").click()
    expect(first.locator(".alert.good")).to_be_visible()
    second = visitors.enter("log").new_page()
    second.goto("/people")
    expect(second.locator("main")).to_contain_text("岗位调整")
    second.locator("form[action^='/people/roles/'][action$='/confirm'] button").first.click()
    expect(second.locator(".alert.good")).to_be_visible()
    first.goto(f"/people/{auditor}")
    expect(first.locator("tbody")).to_contain_text("孵化专员")


def test_the_auditor_searches_the_log_and_has_it_checked(scene: Scene, visitors: Visitors) -> None:
    page = visitors.enter("auditor").new_page()
    page.goto("/audit")
    page.fill("#object", scene.numbers["review"])
    page.get_by_role("button", name="查找").last.click()
    expect(page.locator("tbody tr").first).to_be_visible()
    page.locator("form[action='/audit/verification'] button").click()
    expect(page.get_by_role("status")).to_be_visible()
    assert serious_faults(page) == []


def test_the_street_sees_its_own_cases_and_no_other_on_a_telephone(scene: Scene, visitors: Visitors) -> None:
    page = visitors.enter("street", size=TELEPHONE).new_page()
    page.goto("/cases")
    expect(page.locator("main")).to_contain_text("晨光社区邻里互助社")
    expect(page.locator("main")).not_to_contain_text("桦苑社区书画社")
    assert page.goto(f"/cases/{scene.numbers['review']}").status == 404  # type: ignore[union-attr]


def test_language_is_changed_in_place(scene: Scene, visitors: Visitors) -> None:
    page = visitors.enter("manager").new_page()
    page.goto("/board")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/board")
