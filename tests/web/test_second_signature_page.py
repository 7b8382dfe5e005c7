"""The page of an agreement: what waits for the other side, how it comes back, and what is said of a wrong file."""

import base64
import hashlib
from dataclasses import replace

from documents.registry import kind_of
from services.cases.occasions import BesideCase, head_apart, issue_on, issuing_centre
from services.database.work import unit_of_work
from services.delivery.commands import put_in_drawer
from services.issuance.commands import Drawn, store_drawn
from services.issuance.queries import issued_on
from services.rulesets.commands import rule_set_on
from tests.web.conftest import PDF, Scene
from tests.web.reading import Page

KIND = kind_of("incubation_agreement")


def agreement(scene: Scene) -> str:
    """An agreement in the drawer of the organization of zhou that nobody signed electronically; answers its id."""
    city, number = scene.city, scene.numbers["publicity"]
    organization = city.organizations["zhou"]
    beside = BesideCase(city.case_id(number), number, organization)
    with unit_of_work(city.database, city.tick()) as work:
        centre = issuing_centre(work)
        assert centre is not None
        issue_on(
            work, occasion="test:agreement", kind=KIND, centre=centre, beside=beside,
            build=lambda given: replace(KIND.sample(), head=head_apart(work, centre, KIND, given, holder="邻里社")),
        )  # fmt: skip
        paper = issued_on(work, "test:agreement")
        assert paper is not None
        content = PDF + b"agreement"
        store_drawn(work, paper.id, Drawn(content, hashlib.sha256(content).hexdigest(), 1, "test"))
        put_in_drawer(
            work, document_id=paper.id, code="D10", organization_id=organization, rules=rule_set_on(work, work.today)
        )  # fmt: skip
    return paper.id


def test_an_agreement_waits_for_the_other_side_in_its_drawer_and_on_its_page(scene: Scene) -> None:
    paper, client = agreement(scene), scene.browser("zhou")
    assert "待对方签署" in Page(client.get("/my-papers").text).text
    shown = Page(client.get(f"/papers/{paper}").text)
    assert "上传电子签署的文件" in shown.text
    assert "登记纸质签署" not in shown.text
    assert "打印协议，签字盖章后交经办人登记" in shown.text


def test_a_wrong_file_is_refused_with_what_to_do_and_nothing_is_kept(scene: Scene) -> None:
    paper, client = agreement(scene), scene.browser("zhou")
    answer = client.post(f"/papers/{paper}/second-signature", files={"file": ("x.pdf", PDF)})
    assert answer.status_code == 409
    assert "没有本机构的电子签章" in answer.text
    assert client.post(f"/papers/{paper}/second-signature").status_code == 422
    assert "待对方签署" in Page(client.get(f"/papers/{paper}").text).text


def test_the_office_records_what_was_signed_by_hand_and_everybody_sees_it(scene: Scene) -> None:
    paper, client = agreement(scene), scene.browser("case_manager")
    today = scene.city.now.date().isoformat()
    at, file = f"/papers/{paper}/signed-copy", {"file": ("x.pdf", PDF)}
    early = client.post(at, data={"signer": "周暖", "signed_on": "2025-01-01"}, files=file)
    assert (early.status_code, 'value="周暖"' in early.text) == (422, True)
    kept = client.post(at, data={"signer": "周暖", "signed_on": today}, files=file)
    assert kept.headers["location"] == f"/papers/{paper}?done=agreement_signed"
    for username in ("case_manager", "zhou"):
        shown = Page(scene.browser(username).get(f"/papers/{paper}?done=agreement_signed").text)
        assert "双方已签署" in shown.text
        assert "周暖" in shown.text
    copy = scene.browser("zhou").get(f"/papers/{paper}/signed-copy")
    assert (copy.content, copy.headers["content-disposition"].partition(";")[0]) == (PDF, "attachment")
    assert scene.browser("ma").get(f"/papers/{paper}/signed-copy").status_code == 404
    assert "待对方签署" not in Page(client.get(f"/papers/{paper}").text).text


def test_the_interface_tells_how_it_was_signed(scene: Scene) -> None:
    paper, program = agreement(scene), scene.program("case_manager")
    at = f"/api/v1/papers/{paper}"
    assert program.get(f"{at}/second-signature").status_code == 404
    body = {
        "signer": "周暖", "signed_on": scene.city.now.date().isoformat(), "scan_name": "x.pdf",
        "scan": base64.b64encode(PDF).decode(),
    }  # fmt: skip
    assert program.post(f"{at}/signed-copy", json=body).json()["signed_by_both_on"] == body["signed_on"]
    told = program.get(f"{at}/second-signature").json()
    assert (told["way"], told["signer"], told["authority"]) == ("by_hand", "周暖", "")
    again = program.post(f"{at}/second-signature", json={"file": body["scan"]})
    assert (again.status_code, again.json()["codes"]) == (409, ["second_signature.signed_before"])
