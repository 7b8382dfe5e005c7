"""What scripts add to the application form in a real browser: a field that is left is kept, and no save is lost."""

from tests.browser.browsing import TELEPHONE
from tests.browser.conftest import Visitors
from tests.web.conftest import Scene
from tests.web.writing import begun


def test_a_field_that_is_left_is_kept_and_the_button_waits_for_it(scene: Scene, visitors: Visitors) -> None:
    number = begun(scene)
    page = visitors.enter("ma", size=TELEPHONE).new_page()
    page.goto(f"/applications/{number}/sections/activities")
    page.fill("textarea[name=activities]", "教居民扭秧歌")
    page.press("textarea[name=activities]", "Tab")
    page.get_by_text("已自动保存").wait_for()
    assert page.input_value("input[name=revision]") == "1"
    page.select_option("select[name=group]", "elderly")
    page.fill("input[name=beneficiaries]", "360")
    page.fill("input[name=volunteers]", "12")
    # Pressing the button leaves the last field: that save and this one meet, and neither may refuse the other.
    page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url(f"**/applications/{number}/sections/plan")
    page.goto(f"/applications/{number}/sections/activities")
    assert page.input_value("input[name=volunteers]") == "12"
    assert page.input_value("textarea[name=activities]") == "教居民扭秧歌"
