"""The message log and the address on the page of a person."""

from services.database.work import reading, unit_of_work
from services.notices.commands import tell
from services.notices.mail import address_of
from tests.web.conftest import Scene
from tests.web.reading import Page


def tell_clerk(scene: Scene, count: int) -> None:
    clerk, case_id = scene.city.actor("clerk").id, scene.city.case_id(scene.numbers["review"])
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        for number in range(count):
            title = f"第{number:03}条"
            tell(work, key=f"k{number}", person_id=clerk, case_id=case_id, message="test", title=title, body="正文")


def test_the_log_says_who_was_told_what_about_which_case_and_how(scene: Scene) -> None:
    tell_clerk(scene, 1)
    page = Page(scene.browser("manager").get("/mail-log?person=clerk").text)
    assert f"职员clerk 第000条 {scene.numbers['review']}" in page.text
    assert "系统内" in page.text
    assert "尚未设置邮件服务器" in page.text
    assert "没有符合条件的通知" in Page(scene.browser("manager").get("/mail-log?mail=yes").text).text


def test_older_ones_are_a_link_away(scene: Scene) -> None:
    tell_clerk(scene, 60)
    client = scene.browser("manager")
    first = Page(client.get("/mail-log?person=clerk").text)
    older = next(link for link in first.links if "before=" in link)
    second = Page(client.get(older).text)
    shown = [word for page in (first, second) for word in page.words if word.endswith("条")]
    assert shown == [f"第{number:03}条" for number in reversed(range(60))]


def test_an_address_is_set_and_removed_on_the_page_of_a_person(scene: Scene) -> None:
    person = scene.city.actor("clerk").id
    client, aim = scene.browser("administrator"), f"/people/{person}/mail-address"
    assert client.post(aim, data={"address": "clerk"}).status_code == 422
    assert client.post(aim, data={"address": "clerk@qingyan.example"}).status_code == 303
    assert Page(client.get(f"/people/{person}").text).inputs["address"] == "clerk@qingyan.example"
    assert "qingyan.example" not in scene.browser("security").get(f"/people/{person}").text
    client.post(aim, data={"address": ""})
    with reading(scene.city.database, scene.city.now) as work:
        assert address_of(work, person) == ""
