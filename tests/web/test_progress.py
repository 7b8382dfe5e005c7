"""Progress by number and telephone without signing in: nothing personal, nothing to guess, not too often."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.web.conftest import Scene
from tests.web.reading import Page
from tests.web.writing import hand_in, written

TELEPHONE = "199 0000 0001"


def ask(scene: Scene, number: str, telephone: str = TELEPHONE):
    return scene.browser().post("/progress", data={"number": number, "telephone": telephone})


def test_who_knows_number_and_telephone_sees_the_steps_and_no_personal_data(scene: Scene) -> None:
    number = scene.numbers["publicity"]
    answer = ask(scene, number.lower(), "１９９０００００００１")
    assert answer.status_code == 200
    text = Page(answer.text).text
    for told in ("入驻公示", "入驻评审", "已受理", "2026年11月23日", "中心正在办理"):
        assert told in text, told
    for hidden in ("周暖", "负责人", "晨光社区", "19900000001"):
        assert hidden not in text.replace("负责人或者联系人", "").replace("负责人（或者联系人）", ""), hidden


def test_the_telephone_of_the_contact_in_the_form_opens_it_too(scene: Scene) -> None:
    number = written(scene)
    hand_in(scene.browser("ma"), number)
    assert ask(scene, number, "19900000001").status_code == 200
    assert "已提交" in Page(ask(scene, number).text).text


def test_an_applicant_whose_turn_it_is_is_told_so(scene: Scene) -> None:
    assert "现在需要您办理" in Page(ask(scene, scene.numbers["draft"]).text).text


def test_a_wrong_number_and_a_wrong_telephone_read_the_same_and_ask_the_database_the_same(scene: Scene) -> None:
    statements: list[str] = []
    event.listen(
        scene.city.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2].split("\n")[0])
    )
    number, wrong = scene.numbers["review"], "QYFH-2026-9999"
    answers, asked = [], []
    for one, telephone in ((number, "13800000000"), (wrong, TELEPHONE), (wrong, "x"), (number, "")):
        statements.clear()
        answer = ask(scene, one, telephone)
        answers.append((answer.status_code, Page(answer.text.replace(one, "N").replace(telephone or "-", "")).text))
        asked.append([one for one in statements if one.startswith("SELECT")])
    assert len(set(answers)) == 1
    assert answers[0][0] == 404
    assert {len(one) for one in asked[1:]} == {len(asked[1])}
    assert abs(len(asked[0]) - len(asked[1])) <= 1


def test_whoever_asks_too_often_waits_and_is_told_for_how_long(scene: Scene) -> None:
    for _ in range(20):
        assert ask(scene, scene.numbers["publicity"]).status_code == 200
    answer = ask(scene, scene.numbers["publicity"])
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 901
    assert "查询过于频繁" in Page(answer.text).text
    scene.city.now += timedelta(minutes=16)
    assert ask(scene, scene.numbers["publicity"]).status_code == 200


@pytest.mark.parametrize("exists", [True, False])
def test_a_number_is_closed_after_ten_wrong_telephones_wherever_they_come_from(exists: bool, scene: Scene) -> None:
    number = scene.numbers["publicity"] if exists else "QYFH-2026-9999"
    for attempt in range(10):
        assert ask(scene, number, f"1380000{attempt:04d}").status_code == 404
    closed = ask(scene, number)
    assert closed.status_code == 429
    assert int(closed.headers["retry-after"]) > 0


def test_the_code_of_a_confirmation_brings_the_number_along(scene: Scene) -> None:
    page = scene.browser().get("/progress?number=QYFH-2026-0007").text
    assert 'value="QYFH-2026-0007"' in page
