"""The drawer and the pages of delivery: a receipt by a click, a signed proof with its scan, and who is shown what."""

import hashlib
import re

from services.cases.queries import case_page
from services.database.work import reading, unit_of_work
from services.delivery.commands import put_in_drawer
from services.delivery.queries import deliveries_of
from services.issuance.commands import Drawn, store_drawn
from services.issuance.queries import document_line
from services.rulesets.commands import rule_set_on
from tests.web.conftest import PDF, Scene
from tests.web.reading import Page


def sent(scene: Scene) -> str:
    """A correction notice, which must be served, in the drawer of an organization."""
    number = scene.city.submitted("ma")
    scene.city.move(
        number, "request_correction", "clerk", items=[{"field": "章程", "problem": "缺", "how_to_fix": "补"}]
    )
    content = PDF + number.encode()
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        paper = case_page(work, scene.city.actor("clerk"), number).documents[-1]
        store_drawn(work, paper.id, Drawn(content, hashlib.sha256(content).hexdigest(), 1, "test"))
        put_in_drawer(
            work, document_id=paper.id, code=document_line(work, paper.id).code,
            organization_id=scene.city.organizations["ma"], rules=rule_set_on(work, work.today),
        )  # fmt: skip
    return paper.id


def standing(scene: Scene, paper: str) -> tuple[str, str]:
    with reading(scene.city.database, scene.city.now) as work:
        (one,) = deliveries_of(work, (paper,))
    return one.standing, one.mode


def test_a_paper_in_the_drawer_is_new_asks_for_its_receipt_and_is_served_by_a_click(scene: Scene) -> None:
    paper, client = sent(scene), scene.browser("ma")
    drawer = Page(client.get("/my-papers").text)
    assert "有1件文书请您确认收到" in drawer.text
    assert "新" in drawer.text
    client.get(f"/papers/{paper}")
    assert standing(scene, paper) == ("to_serve", "")
    answer = client.post(f"/papers/{paper}/receipt")
    assert answer.headers["location"] == f"/papers/{paper}?done=receipt_confirmed"
    assert standing(scene, paper) == ("served", "click")
    shown = Page(client.get(f"/papers/{paper}?done=receipt_confirmed").text)
    assert "已确认收到" in shown.text
    assert "文书夹确认" in shown.text
    assert "请您确认收到" not in Page(client.get("/my-papers").text).text


def test_the_office_serves_in_person_and_uploads_what_was_signed(scene: Scene) -> None:
    paper, client = sent(scene), scene.browser("clerk")
    assert "待送达1件" in Page(client.get("/deliveries").text).text
    way = {"mode": "direct", "place": "社区居委会"}
    assert client.post(f"/papers/{paper}/delivery", data=way).status_code == 303
    page = client.get(f"/papers/{paper}").text
    made = re.findall(r"/deliveries/([0-9a-f-]{36})/result", page)[0]
    today = scene.city.now.date().isoformat()
    said = {"outcome": "served", "day": today, "time": "09:00", "receiver": "马甲", "relation": "leader"}
    refused = client.post(f"/deliveries/{made}/result", data=said)
    assert refused.status_code == 422
    assert "须附签字的送达回证" in refused.text
    assert "马甲" in refused.text
    scan = {"file": ("回证.pdf", PDF, "application/pdf")}
    assert client.post(f"/deliveries/{made}/result", data=said, files=scan).status_code == 303
    assert standing(scene, paper) == ("served", "direct")
    taken = client.get(f"/deliveries/{made}/scan")
    assert taken.content == PDF
    assert taken.headers["content-disposition"].startswith("attachment;")
    assert scene.browser("zhou").get(f"/deliveries/{made}/scan").status_code in (403, 404)


def test_the_list_is_for_who_serves_or_oversees(scene: Scene) -> None:
    sent(scene)
    page = Page(scene.browser("manager").get("/deliveries").text)
    assert "补正通知书" in page.text
    assert scene.browser("evaluator1").get("/deliveries").status_code == 403


def test_the_pdf_opens_inline_under_its_number(scene: Scene) -> None:
    paper = sent(scene)
    said = scene.browser("clerk").get(f"/papers/{paper}.pdf").headers["content-disposition"]
    assert said.startswith("inline; ")
    assert "filename*=UTF-8''" in said
    assert "%E3%80%94" in said  # the six-sided bracket of the number
