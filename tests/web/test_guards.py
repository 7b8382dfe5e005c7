"""Headers on every answer, bodies of bearable size, crashes without traces, and what the process loads."""

import subprocess
import sys

import pytest

from services.database.engine import open_database
from tests.web.conftest import SITE, Scene
from web.app import create_app
from web.guards import LARGEST_FILE, POLICY

ANSWERS = [
    ("GET", "/sign-in", 200), ("GET", "/nowhere", 404), ("GET", "/", 303), ("POST", "/livez", 405),
    ("GET", "/readyz", 200), ("GET", "/api/v1/cases", 401), ("GET", "/openapi.json", 200),
    ("GET", "/static/app.css", 200), ("GET", "/verify/X", 404),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_has_the_careful_headers(method: str, path: str, status: int, scene: Scene) -> None:
    answer = scene.browser().request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert len(answer.headers["x-request-id"]) == 32
    assert (answer.headers.get("cache-control") == "no-store") is not path.startswith("/static/")
    assert "strict-transport-security" not in answer.headers


def test_the_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")


def test_a_crash_is_a_sentence_with_a_number_and_no_trace(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_arguments: object, **_values: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("web.pages.finance.finance_desk", crash)
    answer = scene.browser("auditor").get("/finance")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["content-security-policy"] == POLICY
    for secret in ("secret of the house", "RuntimeError", "Traceback"):
        assert secret not in answer.text


def test_a_crash_of_the_interface_is_a_problem_document(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.api.cases.case_list", None)
    answer = scene.program("manager").get("/api/v1/cases")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "NoneType" not in answer.text


@pytest.mark.parametrize("announced", [True, False])
def test_too_large_a_body_is_not_taken(announced: bool, scene: Scene) -> None:
    piece = b"x" * 1_048_576

    def pieces():
        for _ in range(LARGEST_FILE // len(piece) + 1):
            yield piece

    content = b"x" * (LARGEST_FILE + 1) if announced else pieces()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = scene.browser().post("/verify", content=content, headers=headers)
    assert answer.status_code == 413
    assert "内容过大" in answer.text


def test_too_many_fields_are_unreadable_and_not_a_crash(scene: Scene) -> None:
    form = {f"x{number}": "1" for number in range(2100)}
    assert scene.browser().post("/verify", data=form).status_code == 400


def test_an_old_schema_is_not_ready_and_a_missing_database_neither(tmp_path: object) -> None:
    from fastapi.testclient import TestClient

    empty = TestClient(create_app(open_database(f"sqlite:///{tmp_path}/empty.sqlite")), base_url=SITE)
    assert (empty.get("/readyz").status_code, empty.get("/livez").status_code) == (503, 200)
    away = TestClient(create_app(open_database("postgresql://nobody@127.0.0.1:1/none")), base_url=SITE)
    answer = away.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": False, "schema": None})


def test_the_console_loads_neither_prefect_nor_the_pdf_renderer() -> None:
    heavy = ("prefect", "weasyprint", "documents.pdf", "flows", "numpy", "krippendorff")
    code = f"import sys, web.app; print([one for one in {heavy} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
