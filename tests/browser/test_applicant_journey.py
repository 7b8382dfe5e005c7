"""An applicant on a telephone: the whole application, with scripts and without, and what there is to see afterwards."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browsing import TELEPHONE, serious_faults, sideways
from tests.browser.conftest import Visitors
from tests.web.conftest import Scene
from tests.web.writing import ANSWERS, pdf


def answer(page: Page, name: str, value: str) -> None:
    """Fill one question in, whatever kind of field it is."""
    field = page.locator(f"main [name='{name}']").first
    kind = field.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
    if kind == "select":
        field.select_option(value)
    elif kind in ("radio", "checkbox"):
        page.locator(f"main [name='{name}'][value='{value}']").check()
    else:
        field.fill(value)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_application_goes_in_from_a_telephone(scripts: bool, scene: Scene, visitors: Visitors) -> None:
    number = scene.numbers["draft"]
    page = visitors.enter("ma", size=TELEPHONE, scripts=scripts).new_page()
    page.goto(f"/applications/{number}")
    page.locator(f"main form[action='/applications/{number}'] button").click()
    for section, answers in ANSWERS.items():
        page.goto(f"/applications/{number}/sections/{section}")
        assert not sideways(page), section
        for name, value in answers.items():
            answer(page, name, value)
        with page.expect_navigation():
            page.get_by_role("button", name="保存并继续").click()
        expect(page.locator(".alert.bad")).to_have_count(0)
    page.goto(f"/applications/{number}/materials")
    files = page.locator("main form:has(input[type=file])")
    for place in range(files.count()):
        files.nth(place).locator("input[type=file]").set_input_files(
            {"name": "章程.pdf", "mimeType": "application/pdf", "buffer": pdf(str(place))}
        )
        with page.expect_navigation():
            files.nth(place).locator("button").click()
        expect(page.locator(".alert.good")).to_be_visible()
    page.goto(f"/applications/{number}/check")
    page.locator("[name=declared]").check()
    page.get_by_role("button", name="签署并提交").click()
    expect(page.locator("main")).to_contain_text(number)
    assert page.url.endswith(f"/applications/{number}/received")
    if scripts:
        assert serious_faults(page) == []


def test_progress_is_seen_by_number_and_telephone_without_signing_in(scene: Scene, visitors: Visitors) -> None:
    page = visitors.enter(size=TELEPHONE).new_page()
    page.goto("/progress")
    page.locator("main [name=number]").fill(scene.numbers["review"])
    page.locator("main [name=telephone]").fill("199 0000 0009")
    page.locator("main form button").click()
    expect(page.get_by_role("alert")).to_contain_text("没有查到")
    page.locator("main [name=telephone]").fill("19900000001")
    page.locator("main form button").click()
    expect(page.locator(".now")).to_have_text("入驻评审")
    assert not sideways(page)


def test_the_applicants_home_leads_to_every_paper(scene: Scene, visitors: Visitors) -> None:
    page = visitors.enter("qin", size=TELEPHONE).new_page()
    page.goto("/")
    page.get_by_role("link", name="我的文书").first.click()
    expect(page).to_have_url(f"{visitors.site}/my-papers")
    page.locator("main a[href^='/papers/']").first.click()
    expect(page.locator("main img").first).to_be_visible()
    expect(page.get_by_role("link", name="下载PDF")).to_be_visible()
