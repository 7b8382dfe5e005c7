"""An evaluator's day: the queue, the declaration first, drafts that keep themselves, and scores nobody peeks at."""

import re

import pytest

from services.assessments.commands import PanelMember as Member
from services.assessments.commands import appoint_panel, open_round
from services.cases.seats import queue_of
from services.database.recording import recording
from services.database.work import reading, unit_of_work
from tests.web.city import SHEET
from tests.web.conftest import Scene
from tests.web.reading import Page

TYPED = {f"item.{key}": value for key, value in SHEET.items()}
WHISPER = "仅评审人可见的评语"


def sheet(scene: Scene, key: str = "review") -> str:
    """The address of the sheets of that case's round."""
    return f"/assessments/{scene.city.assessment(scene.numbers[key])}"


def seat_on_draft(scene: Scene, *names: str, opened: bool = False) -> str:
    """A panel on the draft case whose members have declared nothing yet; its round's id."""
    city = scene.city
    with unit_of_work(city.database, city.tick()) as work:
        members = [Member(city.actor(name).id) for name in names]
        identity = appoint_panel(
            work, case_id=city.case_id(scene.numbers["draft"]), organization_id=city.organizations["ma"],
            form="admission", members=members, excluded=frozenset(),
        )  # fmt: skip
        if opened:
            open_round(work, case_id=city.case_id(scene.numbers["draft"]), form="admission")
    return identity


def test_the_queue_puts_what_is_to_be_declared_first_and_what_is_locked_last(scene: Scene) -> None:
    seat_on_draft(scene, "evaluator1", "evaluator2", "evaluator3")
    scene.browser("evaluator1").post(f"{sheet(scene)}/sheet", data={"item.A1": "16", "act": "save"})
    page = Page(scene.browser("evaluator1").get("/assessments").text)
    assert (
        page.text.index("铁东里社区秧歌队") < page.text.index("桦苑社区书画社") < page.text.index("晨光社区邻里互助社")
    )
    assert "待声明" in page.text
    assert "1 / 7" in page.text
    assert "评审任务" in Page(scene.browser("evaluator1").get("/").text).text


def test_the_queue_of_somebody_without_seats_says_so_and_of_others_is_closed(scene: Scene) -> None:
    assert "没有安排您评审的个案" in scene.browser("evaluator4").get("/assessments").text
    assert scene.browser("manager").get("/assessments").status_code == 403


def test_the_queue_costs_the_same_for_one_seat_and_for_many(scene: Scene) -> None:
    def cost(name: str) -> int:
        actor = scene.city.actor(name)
        with recording(scene.city.database) as seen, reading(scene.city.database, scene.city.now) as work:
            queue_of(work, actor)
        return len(seen)

    assert cost("evaluator1") == cost("evaluator4") == 1


def test_before_the_declaration_nothing_of_the_case_is_shown_but_whom_it_is_about(scene: Scene) -> None:
    number, client = scene.numbers["draft"], scene.browser("evaluator1")
    identity = seat_on_draft(scene, "evaluator1", "evaluator2", "evaluator3", opened=True)
    text = Page(client.get(f"/assessments/{identity}").text).text
    assert "铁东里社区秧歌队" in text
    assert "利害关系声明" in text
    assert "需求契合" not in text
    assert client.get(f"/cases/{number}").headers["location"] == f"/assessments/{identity}"
    assert number not in client.get("/cases").text
    assert scene.program("evaluator1").get(f"/api/v1/cases/{number}").status_code == 404
    refused = client.post(f"/assessments/{identity}/draft", data=TYPED)
    assert refused.status_code == 409
    assert "还没有作出利害关系声明" in refused.text
    assert client.post(f"/assessments/{identity}/interest", data={"conflict": "no"}).status_code == 303
    assert client.get(f"/cases/{number}").status_code == 200
    assert "需求契合" in client.get(f"/assessments/{identity}").text


def test_an_interest_is_named_and_other_is_told_in_words(scene: Scene) -> None:
    client, path = scene.browser("evaluator2"), f"{sheet(scene)}/interest"
    nothing = client.post(path, data={"conflict": "yes"})
    assert (nothing.status_code, "没有选择存在的情形" in nothing.text) == (422, True)
    untold = client.post(path, data={"conflict": "yes", "situations": ["family", "other"]})
    assert "没有写明" in untold.text
    assert re.search(r'value="family" checked', untold.text)
    both = client.post(path, data={"conflict": "no", "situations": "family"})
    assert "前后不一致" in both.text
    told = client.post(path, data={"conflict": "yes", "situations": "other", "note": "同乡"})
    assert told.headers["location"] == "/assessments?done=recused"
    assert "席位已空出" in client.get("/assessments?done=recused").text


def test_who_locked_a_sheet_can_no_longer_step_aside_quietly(scene: Scene) -> None:
    scene.city.lock(scene.numbers["review"], "evaluator1")
    answer = scene.browser("evaluator1").post(
        f"{sheet(scene)}/interest", data={"conflict": "yes", "situations": "family"}
    )
    assert answer.status_code == 409
    assert scene.browser("evaluator1").get(sheet(scene)).status_code == 200


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_criterion_shows_its_anchors_with_their_scores(lang: str, scene: Scene) -> None:
    html = scene.browser("evaluator1", lang=lang).get(sheet(scene)).text
    assert html.count('class="anchors"') == 7
    assert html.count("data-low=") == 28
    assert re.search(r'data-low="18" data-high="20"><b class="number">18–20</b>', html)
    assert re.search(r'data-low="0" data-high="2.5"', html)


def test_a_draft_keeps_itself_and_says_when(scene: Scene) -> None:
    client = scene.browser("evaluator1")
    kept = client.post(f"{sheet(scene)}/draft", data={"item.A1": "16.5", "comment.A1": "走访过"})
    assert kept.status_code == 200
    assert kept.json()["said"].startswith("已于2026年11月23日")
    page = client.get(sheet(scene)).text
    assert 'value="16.5"' in page
    assert "走访过" in page
    assert "已于2026年11月23日" in Page(page).text
    assert client.post(f"{sheet(scene)}/draft", data={"item.A1": "很好"}).status_code == 422
    scene.city.lock(scene.numbers["review"], "evaluator1")
    assert client.post(f"{sheet(scene)}/draft", data=TYPED).status_code == 409


def test_save_and_next_goes_round_the_queue_and_ends_at_it(scene: Scene) -> None:
    client = scene.browser("evaluator1")
    other = seat_on_draft(scene, "evaluator1", "evaluator2", "evaluator3", opened=True)
    on = client.post(f"{sheet(scene)}/sheet", data={**TYPED, "act": "next"})
    assert on.headers["location"] == f"/assessments/{other}?done=saved_next"
    assert "先评下一份：桦苑社区书画社" in client.get(f"/assessments/{other}").text
    client.post(f"/assessments/{other}/interest", data={"conflict": "yes", "situations": "family"})
    confirm = client.post(f"{sheet(scene)}/sheet", data={**TYPED, "act": "lock_next"})
    assert 'name="further" value="yes"' in confirm.text
    end = client.post(f"{sheet(scene)}/lock", data={"further": "yes"})
    assert end.headers["location"] == "/assessments?done=locked_all"


def test_the_sheet_prints_blank_as_draft_and_locked(scene: Scene) -> None:
    client = scene.browser("evaluator1")
    assert "草稿，尚未锁定" in client.get(f"{sheet(scene)}/paper").text
    scene.city.lock(scene.numbers["review"], "evaluator1")
    text = Page(client.get(f"{sheet(scene)}/paper").text).text
    assert "79.00" in text
    assert "评审专家签名" in text
    assert scene.browser("evaluator4").get(f"{sheet(scene)}/paper").status_code == 404


def everything_read_by(scene: Scene, username: str) -> str:
    """Every page this person can follow links to, and the interface's answers, as one text."""
    client, waiting, seen, texts = scene.browser(username), ["/", "/assessments"], set(), []
    while waiting:
        path = waiting.pop().split("#")[0]
        if not path.startswith("/") or path in seen or path.startswith("/static"):
            continue
        seen.add(path)
        answer = client.get(path)
        waiting += [answer.headers["location"]] if answer.status_code == 303 else []
        if answer.headers.get("content-type", "").startswith("text/html"):
            texts.append(answer.text)
            waiting += Page(answer.text).links
    program = scene.program(username)
    texts += [program.get("/api/v1/cases").text]
    texts += [program.get(f"/api/v1/cases/{number}").text for number in scene.numbers.values()]
    assert len(seen) > 4
    return "\n".join(texts)


def lock_whispering(scene: Scene, username: str) -> None:
    """Lock a sheet whose comment and total stand nowhere else."""
    client = scene.browser(username)
    marks = {**TYPED, "item.A1": "17.5", "comment.A1": WHISPER}
    assert client.post(f"{sheet(scene)}/sheet", data={**marks, "act": "lock"}).status_code == 200
    assert client.post(f"{sheet(scene)}/lock").status_code == 303


# The offices, at every stage of a round: tests/access/test_anonymity.py.
@pytest.mark.parametrize("username", ["evaluator2", "qin"])
def test_what_one_evaluator_gave_is_found_nowhere_while_others_still_score(username: str, scene: Scene) -> None:
    before = queue_order(scene, "evaluator2")
    lock_whispering(scene, "evaluator1")
    read = everything_read_by(scene, username)
    for secret in (WHISPER, "80.50", "80.5"):
        assert secret not in read
    assert queue_order(scene, "evaluator2") == before


def queue_order(scene: Scene, username: str) -> list[str]:
    """The rounds in the order of that evaluator's queue."""
    with reading(scene.city.database, scene.city.now) as work:
        return [seat.assessment_id for seat in queue_of(work, scene.city.actor(username)).seats]


def test_the_search_for_leaks_would_find_one(scene: Scene) -> None:
    lock_whispering(scene, "evaluator1")
    read = everything_read_by(scene, "evaluator1")
    assert WHISPER in read
    assert "80.50" in read
