"""Messages on a case: who sees one is said before it is sent, and holds everywhere afterwards."""

import pytest

from services.cases.remarks import Conversation, conversation
from services.database.recording import recording
from services.database.work import reading
from services.notices.queries import notices_for
from tests.web.conftest import Scene
from tests.web.reading import Page
from tests.web.test_evaluator import everything_read_by

SAYING = {
    "offices": "内部意见：材料存疑",
    "applicant": "请补充活动照片",
    "evaluators": "请各位专家周五前完成",
}


def write(scene: Scene, username: str, audience: str, text: str = "", *, key: str = "review", request_id: str = ""):
    """Send a message through the form."""
    path = f"/cases/{scene.numbers[key]}/remarks"
    form = {"audience": audience, "text": text or SAYING[audience], "request_id": request_id or f"{username}{text}"}
    return scene.browser(username).post(path, data={**form, "request_id": form["request_id"] + audience})


def read(scene: Scene, username: str, *, key: str = "review") -> str:
    """What the person reads on the page of messages."""
    return Page(scene.browser(username).get(f"/cases/{scene.numbers[key]}/remarks").text).text


def talk(scene: Scene, username: str) -> Conversation:
    """The conversation as the services answer it."""
    with reading(scene.city.database, scene.city.now) as work:
        return conversation(work, scene.city.actor(username), scene.numbers["review"])


def test_who_will_see_a_message_is_said_before_it_is_sent(scene: Scene) -> None:
    office = read(scene, "manager")
    assert "申请人 ：负责人qin" in office
    assert "评审专家 ：职员evaluator1、职员evaluator2、职员evaluator3" in office
    assert "申请人和评审专家看不到" in office
    applicant = read(scene, "qin")
    assert "评审专家和其他组织看不到" in applicant
    assert "evaluator1" not in applicant
    assert "其他评审专家看不到" in read(scene, "evaluator1")
    assert "评审专家 ：" not in read(scene, "manager", key="draft")


def test_an_applicant_is_told_reads_and_answers(scene: Scene) -> None:
    assert write(scene, "case_manager", "applicant").status_code == 303
    with reading(scene.city.database, scene.city.now) as work:
        told = notices_for(work, scene.city.actor("qin").id)[0]
    assert told.message == "remark_written"
    assert SAYING["applicant"] not in told.title + told.body
    assert "1条未读" in scene.browser("qin").get(f"/cases/{scene.numbers['review']}").text
    assert "未读" in read(scene, "qin")
    assert "1条未读" not in scene.browser("qin").get(f"/cases/{scene.numbers['review']}").text
    assert write(scene, "qin", "applicant", "照片已备好").status_code == 303
    assert "照片已备好" in read(scene, "case_manager")
    with reading(scene.city.database, scene.city.now) as work:
        assert "remark_written" in {one.message for one in notices_for(work, scene.city.actor("case_manager").id)}


def test_the_same_message_sent_twice_is_there_once(scene: Scene) -> None:
    for _ in range(2):
        assert write(scene, "manager", "offices", request_id="once").status_code == 303
    assert len(talk(scene, "manager").remarks) == 1


def test_nobody_writes_to_an_audience_that_is_not_theirs(scene: Scene) -> None:
    assert write(scene, "qin", "offices").status_code == 422
    assert write(scene, "evaluator1", "applicant").status_code == 422
    assert write(scene, "manager", "evaluators", key="draft").status_code == 422
    assert write(scene, "auditor", "offices").status_code == 403
    assert write(scene, "zhou", "applicant").status_code == 404
    empty = write(scene, "manager", "applicant", " ")
    assert empty.status_code == 422
    assert "没有填写“留言”" in empty.text
    assert 'value="applicant" required checked' in empty.text


def test_evaluators_do_not_read_each_other(scene: Scene) -> None:
    write(scene, "secretary", "evaluators")
    write(scene, "evaluator1", "evaluators", "我认为预算偏高")
    assert SAYING["evaluators"] in read(scene, "evaluator2")
    assert "预算偏高" not in read(scene, "evaluator2")
    assert "预算偏高" in read(scene, "evaluator1")
    assert "预算偏高" in read(scene, "secretary")


@pytest.mark.parametrize(
    ("username", "hidden"),
    [("qin", ("offices", "evaluators")), ("evaluator1", ("offices", "applicant")), ("zhou", tuple(SAYING)),
     ("evaluator4", tuple(SAYING)), ("street", tuple(SAYING))],
)  # fmt: skip
def test_a_message_not_meant_for_somebody_is_found_nowhere(
    username: str, hidden: tuple[str, ...], scene: Scene
) -> None:
    for audience in SAYING:
        write(scene, "case_manager", audience)
    everything = everything_read_by(scene, username)
    for audience in hidden:
        assert SAYING[audience] not in everything
    if len(hidden) == 2:
        assert "共1条" in everything
        assert "共3条" not in everything


def test_the_search_for_leaks_finds_what_is_there(scene: Scene) -> None:
    write(scene, "case_manager", "offices")
    assert SAYING["offices"] in everything_read_by(scene, "secretary")


def test_many_messages_cost_as_few_questions_as_one(scene: Scene) -> None:
    def cost() -> int:
        actor = scene.city.actor("manager")
        with recording(scene.city.database) as sent, reading(scene.city.database, scene.city.now) as work:
            conversation(work, actor, scene.numbers["review"])
        return len(sent)

    write(scene, "manager", "offices")
    few = cost()
    for number in range(10):
        write(scene, "manager", "applicant", f"第{number}条")
    assert cost() == few < 20
