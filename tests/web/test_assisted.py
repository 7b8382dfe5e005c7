"""代办: the intake clerk enters an application for an applicant who signed on paper; another clerk accepts it."""

from typing import Any

from flows.relay import InProcess, drain_until_quiet
from services.cases import commands
from services.cases.queries import case_page
from services.database.work import Work, reading, run
from services.issuance.queries import document_to_draw, documents_of
from services.people.commands import add_person, grant_role
from services.people.sign_ins import open_sign_in
from statemachines.roles import Role
from tests.database.office import stand_in
from tests.web.conftest import Scene
from tests.web.reading import Page
from tests.web.writing import begun, hidden, written

PAPER = {"declared": "yes", "signed_on_paper": "yes", "assisted_because": "负责人不会用手机"}
MOVE = {
    "seen_version": "0", "privacy_notice_accepted": "yes", "commitments_accepted": "yes", "signed_on_paper": "yes",
    "assisted_because": "负责人不会用手机",
}  # fmt: skip


def second_clerk(scene: Scene) -> Any:
    """Another intake clerk, signed in."""

    def unit(work: Work) -> str:
        person = add_person(work, username="clerk2", name="受理员乙")
        grant_role(work, person, Role.INTAKE_CLERK, valid_from=work.today.replace(year=2025))
        return open_sign_in(work, person).token

    client = scene.browser()
    client.cookies.set("chuke", run(scene.city.database, scene.city.tick(), unit))
    return client


def on_paper(scene: Scene) -> str:
    """A draft the clerk opened with every material handed in on paper; its number."""
    city = scene.city
    opened = commands.open_incubation(
        city.database, city.actor("clerk"), organization_id=city.organizations["ma"], centre_id=city.centre,
        now=city.tick(),
    )  # fmt: skip
    city.provide(opened.number, "clerk")
    return opened.number


def entered(scene: Scene) -> str:
    number = on_paper(scene)
    answer = scene.browser("clerk").post(f"/cases/{number}/moves/submit_assisted", data={**MOVE, "request_id": "r1"})
    assert answer.status_code == 303, answer.text
    return number


def state(scene: Scene, number: str) -> str:
    with reading(scene.city.database, scene.city.now) as work:
        return case_page(work, scene.city.actor("manager"), number).line.state


def test_the_clerk_hands_in_from_paper_and_the_case_says_so_everywhere(scene: Scene) -> None:
    number = entered(scene)
    assert state(scene, number) == "SUBMITTED"
    text = Page(scene.browser("manager").get(f"/cases/{number}").text).text
    assert "代办" in text
    assert "负责人不会用手机" in text
    assert scene.program("manager").get(f"/api/v1/cases/{number}").json()["assisted"] is True
    with reading(scene.city.database, scene.city.now) as work:
        (receipt,) = documents_of(work, case_ids=(scene.city.case_id(number),))
        inputs = document_to_draw(work, receipt.id).inputs
    assert (receipt.kind, inputs["assisted"], inputs["handler"]) == ("receipt_slip", True, "职员clerk")


def test_who_entered_it_never_accepts_it_and_another_clerk_does(scene: Scene) -> None:
    number = entered(scene)
    client, other = scene.browser("clerk"), second_clerk(scene)
    for trigger, said in (("accept_application", {}), ("propose_not_accepting", {"reason": "不符合"})):
        refused = client.post(f"/cases/{number}/moves/{trigger}", data={"seen_version": "1", "request_id": "x", **said})
        assert refused.status_code == 403, trigger
    done = other.post(f"/cases/{number}/moves/accept_application", data={"seen_version": "1", "request_id": "y"})
    assert done.status_code == 303
    assert state(scene, number) == "ACCEPTED"


def test_without_the_signed_paper_or_a_reason_nothing_is_handed_in(scene: Scene) -> None:
    number, client = on_paper(scene), scene.browser("clerk")
    for missing in ("signed_on_paper", "assisted_because", "privacy_notice_accepted", "commitments_accepted"):
        form = {**MOVE, "request_id": missing, missing: ""}
        assert client.post(f"/cases/{number}/moves/submit_assisted", data=form).status_code in (409, 422), missing
    assert state(scene, number) == "DRAFT"


def test_a_form_written_by_the_clerk_is_handed_in_on_its_last_page(scene: Scene) -> None:
    number, client = written(scene), scene.browser("clerk")
    shown = client.get(f"/applications/{number}/check").text
    assert "须由另一名受理员受理" in Page(shown).text
    refused = client.post(f"/applications/{number}/hand-in", data={**hidden(shown), **PAPER, "signed_on_paper": ""})
    assert refused.status_code in (409, 422)
    assert 'value="负责人不会用手机"' in refused.text
    done = client.post(f"/applications/{number}/hand-in", data={**hidden(shown), **PAPER})
    assert done.headers["location"] == f"/applications/{number}/received", done.text
    assert state(scene, number) == "SUBMITTED"


def test_a_half_written_form_is_not_handed_in_for_anybody(scene: Scene) -> None:
    number = begun(scene)
    scene.city.provide(number, "clerk")
    form = {**MOVE, "request_id": "half"}
    assert scene.browser("clerk").post(f"/cases/{number}/moves/submit_assisted", data=form).status_code == 409


def test_a_program_hands_in_for_an_applicant_too(scene: Scene) -> None:
    number, program = written(scene), scene.program("clerk")
    page = program.get(f"/api/v1/applications/{number}")
    body = {"digest": page.json()["digest"], "declared": True, "signed_on_paper": True, "assisted_because": "代办"}
    done = program.post(f"/api/v1/applications/{number}/hand-in", json=body, headers={"If-Match": page.headers["etag"]})
    assert (done.status_code, done.json()["trigger"]) == (200, "submit_assisted"), done.text


def test_who_asked_for_a_correction_does_not_answer_it_for_the_applicant(scene: Scene) -> None:
    number, other = entered(scene), second_clerk(scene)
    items = {"items.0.field": "承诺书", "items.0.problem": "没有签名", "items.0.how_to_fix": "签名"}
    said = {"seen_version": "1", "request_id": "c", **items}
    assert other.post(f"/cases/{number}/moves/request_correction", data=said).status_code == 303
    answers = {"answers.0.answer": "已补签", "signed_on_paper": "yes", "assisted_because": "代办"}
    form = {"seen_version": "2", "request_id": "d", **answers}
    assert other.post(f"/cases/{number}/moves/resubmit_assisted", data=form).status_code == 403
    assert scene.browser("clerk").post(f"/cases/{number}/moves/resubmit_assisted", data=form).status_code == 303
    assert state(scene, number) == "SUBMITTED"


def test_the_applicant_is_told_what_was_handed_in_for_them(scene: Scene) -> None:
    entered(scene)
    drain_until_quiet(scene.city.database, now=scene.city.now, through=InProcess(), render=stand_in)
    assert "入驻申请已代办提交" in Page(scene.browser("ma").get("/notices").text).text
