"""Making a paper void or issuing it anew: on the page and over the interface, by one or by two people."""

import hashlib

from sqlalchemy import select

from documents.registry import kind_of
from services.audit.models import audit_entries
from services.database.work import reading, unit_of_work
from services.issuance.commands import Drawn, decide_document, store_drawn
from services.issuance.models import deliveries, issued_documents
from services.issuance.queries import document_line, documents_of
from services.notices.queries import notices_for
from tests.web.conftest import PDF, Scene
from tests.web.reading import Page

API = "/api/v1"
NAME, RIGHT = "桦苑社区书画社", "桦苑社区书画研究社"


def place_of(page: str) -> str:
    """The name of the input beside the name of the organization."""
    label = page[: page.index(f">原文“{NAME}”改为 <")].rpartition('for="f-correct-')[2].partition('"')[0]
    return f"correct.{label}"


def line(scene: Scene, paper: str):
    """The paper as it stands."""
    with reading(scene.city.database, scene.city.now) as work:
        return document_line(work, paper)


def certified(scene: Scene) -> str:
    """A certificate on the case under review, which two people change."""
    kind, content = kind_of("graduation_certificate"), PDF + b" "
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        paper = decide_document(
            work, kind=kind, prefix="青河孵", certificate_prefix="QH-CQ", build=lambda _: kind.sample(),
            case_id=scene.city.case_id(scene.numbers["review"]), move_sequence=99,
            organization_id=scene.city.organizations["qin"],
        )  # fmt: skip
        store_drawn(work, paper, Drawn(content, hashlib.sha256(content).hexdigest(), 1, "test"))
    return paper


def test_one_person_issues_an_ordinary_paper_anew_and_everybody_sees_it_at_once(scene: Scene) -> None:
    page = scene.browser("manager").get(f"/papers/{scene.paper}/changes").text
    assert "这种文书由一人办理" in page
    wish = {"why": "名称写错一字", place_of(page): RIGHT}
    answer = scene.browser("manager").post(f"/papers/{scene.paper}/reissue", data=wish)
    assert answer.status_code == 303
    old = line(scene, scene.paper)
    assert old.standing == "replaced"
    after = f"由{old.successor}代替"
    assert after in Page(scene.browser("manager").get(f"/papers/{scene.paper}").text).text
    assert after in Page(scene.browser("qin").get("/my-papers").text).text
    number = scene.numbers["review"]
    assert after in Page(scene.browser("manager").get(f"/cases/{number}").text).text
    assert old.successor in scene.browser().get(f"/verify/{old.verify_code}").text
    told = [one.message for one in notices_of(scene, "qin")]
    assert told.count("paper_replaced") == 1


def notices_of(scene: Scene, username: str):
    """What the person was told."""
    person = scene.city.actor(username).id
    with reading(scene.city.database, scene.city.now) as work:
        return notices_for(work, person)


def test_a_decision_waits_for_a_second_person_who_is_another(scene: Scene) -> None:
    paper = certified(scene)
    first, second = scene.browser("case_manager"), scene.browser("manager")
    assert first.post(f"/papers/{paper}/void", data={"reason": "不应签发"}).status_code == 303
    assert line(scene, paper).standing == "issued"
    (waiting,) = scene.program("manager").get(f"{API}/paper-changes").json()["changes"]
    assert waiting["standing"] == "waiting"
    assert scene.program("case_manager").post(f"{API}/paper-changes/{waiting['id']}/confirm").status_code == 403
    again = second.post(f"/papers/{paper}/void", data={"reason": "再来一次"})
    assert again.status_code == 409
    assert "已有一项更改等待核准" in again.text
    assert second.post(f"/paper-changes/{waiting['id']}/confirm").status_code == 303
    assert line(scene, paper).standing == "void"
    assert second.post(f"/paper-changes/{waiting['id']}/confirm").status_code == 409
    with reading(scene.city.database, scene.city.now) as work:
        asked = select(audit_entries.c.action, audit_entries.c.result)
        said = work.connection.execute(asked.where(audit_entries.c.stream == "documents")).all()
    assert sorted((one.action, one.result) for one in said) == [
        ("document:confirm_change", "refused"), ("document:propose_void", "done"),
        ("document:propose_void", "refused"), ("document:void", "done"),
    ]  # fmt: skip


def test_who_proposed_may_not_agree_although_the_role_could(scene: Scene) -> None:
    paper = certified(scene)
    made = scene.program("manager").post(f"{API}/papers/{paper}/void", json={"reason": "不应签发"})
    refused = scene.program("manager").post(f"{API}/paper-changes/{made.json()['id']}/confirm")
    assert (refused.status_code, refused.json()["codes"]) == (403, ["document.two_people"])
    back = scene.program("manager").post(f"{API}/paper-changes/{made.json()['id']}/refusal", json={"reason": "弄错了"})
    assert back.status_code == 204
    assert line(scene, paper).standing == "issued"


def test_a_refused_form_keeps_what_was_typed_and_says_why(scene: Scene) -> None:
    browser = scene.browser("manager")
    nothing = browser.post(f"/papers/{scene.paper}/reissue", data={"why": "名称写错一字"})
    assert nothing.status_code == 422
    assert "没有可以更正的内容" in nothing.text
    assert "名称写错一字" in nothing.text
    assert browser.post(f"/papers/{scene.paper}/void", data={"reason": ""}).status_code == 422


def test_nobody_else_may(scene: Scene) -> None:
    for username in ("qin", "clerk", "auditor", "maker"):
        assert scene.browser(username).get(f"/papers/{scene.paper}/changes").status_code == 403
        assert scene.browser(username).post(f"/papers/{scene.paper}/void", data={"reason": "x"}).status_code == 403
    assert scene.browser("street").get(f"/papers/{scene.paper}/changes").status_code in (403, 404)


def test_over_the_interface_texts_are_listed_and_put_right(scene: Scene) -> None:
    program = scene.program("manager")
    found = program.get(f"{API}/papers/{scene.paper}/changes").json()
    assert NAME in found["texts"]
    body = {"reason": "名称写错", "corrections": [{"text": NAME, "correct": RIGHT}]}
    assert program.post(f"{API}/papers/{scene.paper}/reissue", json=body).status_code == 201
    old = line(scene, scene.paper)
    with reading(scene.city.database, scene.city.now) as work:
        new = next(one for one in documents_of(work) if one.number == old.successor)
        inputs = work.connection.execute(
            select(issued_documents.c.inputs).where(issued_documents.c.id == new.id)
        ).scalar_one()
        assert work.connection.execute(select(deliveries).where(deliveries.c.document_id == new.id)).all() == []
    assert inputs["head"]["organization_name"] == RIGHT
    assert (new.standing, new.move_sequence, new.occasion) == ("decided", None, f"reissue:{scene.paper}")
