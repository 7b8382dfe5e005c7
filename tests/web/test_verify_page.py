"""The public check of a paper: every standing from its own commit on, whose paper a copied code is, and a limit."""

import hashlib
from datetime import timedelta
from functools import partial

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select, update

from services.audit.models import audit_entries
from services.database.work import Work, reading, unit_of_work
from services.issuance.changing import reissue_document, void_document
from services.issuance.commands import Drawn, revoke_documents, store_drawn
from services.issuance.models import document_receipts, issued_documents
from services.issuance.queries import document_line, documents_of
from services.issuance.verifying import coarse, verification
from services.settings import settings
from tests.web.conftest import PDF, SITE, Scene
from tests.web.reading import Page
from web.app import create_app
from web.interface import rates


def shown(scene: Scene, code: str) -> str:
    """What anybody reads on the page of that code."""
    return Page(scene.browser().get(f"/verify/{code}").text).text


def code_of(scene: Scene) -> str:
    """The code of the scene's drawn paper."""
    with reading(scene.city.database, scene.city.now) as work:
        return document_line(work, scene.paper).verify_code


def void(work: Work, scene: Scene) -> None:
    """The paper is void."""
    void_document(work, scene.paper)


def revoke(work: Work, scene: Scene) -> None:
    """The paper is revoked."""
    line = document_line(work, scene.paper)
    assert revoke_documents(work, case_id=line.case_id, kind=line.kind, reason="虚报材料")


def replace_it(work: Work, scene: Scene) -> None:
    """The paper is issued anew with the name put right."""
    reissue_document(work, scene.paper, {"桦苑社区书画社": "桦苑社区书画研究社"})


def expire(work: Work, scene: Scene) -> None:
    """The paper is a certificate whose last day was yesterday."""
    row = issued_documents.c
    inputs = work.connection.execute(select(row.inputs).where(row.id == scene.paper)).scalar_one()
    yesterday = (work.today - timedelta(days=1)).isoformat()
    work.connection.execute(
        update(issued_documents)
        .where(row.id == scene.paper)
        .values(kind="star_certificate", inputs={**inputs, "valid_to": yesterday})
    )


@pytest.mark.parametrize(
    ("act", "word"), [(void, "已作废"), (revoke, "已撤销"), (replace_it, "已更换"), (expire, "已期满")]
)
def test_every_standing_shows_from_its_own_commit_on(act, word: str, scene: Scene) -> None:
    code = code_of(scene)
    assert "现行有效" in shown(scene, code)
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        act(work, scene)
        with reading(scene.city.database, scene.city.now) as beside:
            found = verification(beside, code)
            assert found is not None
            assert found.holds  # nothing of an act shows before its commit
    page = shown(scene, code)
    assert word in page
    assert "现行有效" not in page


def test_a_replaced_paper_names_its_successor_and_only_that(scene: Scene) -> None:
    code = code_of(scene)
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        found = reissue_document(work, scene.paper, {"桦苑社区书画社": "桦苑社区书画研究社"})
        successor = document_line(work, found.id)
    assert f"代替它的文书：{successor.number}" in shown(scene, code)
    # The new paper is given out once it is drawn, not before.
    assert scene.browser().get(f"/verify/{successor.verify_code}").status_code == 404


def test_an_unknown_code_is_unknown_and_says_nothing_else(scene: Scene) -> None:
    answer = scene.browser().get("/verify/0000-0000-0000-0000")
    assert answer.status_code == 404
    assert "查无此文书" in answer.text


def test_as_code_on_bs_paper_shows_a_and_an_upload_tells_them_apart(scene: Scene) -> None:
    """F4: somebody puts A's code on B's paper; the page shows A's holder, title and day, and compares the file."""
    other = b"%PDF-1.7 another paper"
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        mine = document_line(work, scene.paper)
        theirs = next(one for one in documents_of(work) if one.file_sha256 is None)
        store_drawn(work, theirs.id, Drawn(other, hashlib.sha256(other).hexdigest(), 1, "test"))
        holder, other_holder = (
            work.connection.execute(select(issued_documents.c.inputs).where(issued_documents.c.id == one)).scalar_one()[
                "head"
            ]["organization_name"]
            for one in (mine.id, theirs.id)
        )
    page = shown(scene, mine.verify_code)
    assert holder in page
    assert mine.number in page
    assert "年" in page
    browser, code = scene.browser(), {"code": mine.verify_code}
    same = browser.post("/verify", data=code, files={"file": ("a.pdf", PDF, "application/pdf")}).text
    assert "文件与签发的完全一致" in same
    forged = browser.post("/verify", data=code, files={"file": ("a.pdf", PDF + b" ", "application/pdf")}).text
    assert "文件与签发的不一致" in forged
    copied = browser.post("/verify", data=code, files={"file": ("b.pdf", other, "application/pdf")}).text
    assert "这是另一份文书" in copied
    assert other_holder in copied
    assert theirs.number in copied


def test_the_token_of_the_qr_code_is_checked_where_it_is_given(scene: Scene) -> None:
    code, token = code_of(scene), "ABCDEFGHJK"
    with unit_of_work(scene.city.database, scene.city.tick()) as work:
        receipt = {"document_id": scene.paper, "receipt": f"-{token}#body", "signed_at": work.now}
        work.connection.execute(insert(document_receipts).values(receipt))
    with reading(scene.city.database, scene.city.now) as work:
        assert verification(work, code)
        assert verification(work, f"{code}-{token}")
        assert verification(work, f"{SITE}/verify/{code.lower()}-{token.lower()}#body")
        assert verification(work, f"{code}-{token[:-1]}M") is None
        assert verification(work, f"{code}-{token[:-1]}") is None
    scanned = scene.browser().post("/verify", data={"code": f"{SITE}/verify/{code}-{token}#body"})
    assert scanned.headers["location"] == f"/verify/{code}-{token}"


def test_guessing_ends_after_thirty_in_a_minute_for_one_address_and_on_every_way(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Time stands still, so that a slow machine earns no guess back.
    monkeypatch.setattr(rates, "Buckets", partial(rates.Buckets, clock=lambda: 0.0))
    app = create_app(scene.city.database, clock=lambda: scene.city.now)
    guesser = TestClient(app, base_url=SITE, follow_redirects=False, headers={"origin": SITE})
    answers = [guesser.get(f"/verify/{number:016}").status_code for number in range(settings().verify_per_minute + 1)]
    assert answers[:-1] == [404] * 30
    assert answers[-1] == 429
    later = guesser.post("/verify", data={"code": "0000"})
    assert later.status_code == 429
    assert int(later.headers["retry-after"]) >= 1
    assert guesser.get("/api/v1/documents/verify/0000000000000000").status_code == 429
    assert guesser.get("/verify").status_code == 200  # the form itself is no guess
    elsewhere = TestClient(app, base_url=SITE, client=("198.51.100.7", 1), follow_redirects=False)
    assert elsewhere.get(f"/verify/{code_of(scene)}").status_code == 200


def test_every_check_is_noted_without_what_was_typed_or_the_whole_address(scene: Scene) -> None:
    client = TestClient(scene.app, base_url=SITE, client=("203.0.113.77", 1), follow_redirects=False)
    client.get(f"/verify/{code_of(scene)}")
    client.get("/verify/220104199001011234")
    with reading(scene.city.database, scene.city.now) as work:
        asked = select(audit_entries).where(audit_entries.c.action == "document:verify")
        known, unknown = work.connection.execute(asked.order_by(audit_entries.c.sequence)).all()[-2:]
    assert (known.details["known"], unknown.details["known"]) == (True, False)
    assert known.details["from"] == "203.0.0.0/16"
    assert unknown.object == "unknown"
    assert "220104199001011234" not in repr(unknown)
    assert "113.77" not in repr(known)
    assert coarse("2001:db8:1:2::3") == "2001:db8::/32"
