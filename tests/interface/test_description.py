"""The committed description is fresh, complete, and nothing a program relies on goes away unnoticed."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from web.app import description
from web.interface.compatibility import incompatibilities

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
MOVE = "/api/v1/cases/{number}/transitions/{trigger}"


def committed() -> dict[str, Any]:
    return json.loads(COMMITTED.read_text(encoding="utf-8"))


def test_the_committed_description_is_fresh() -> None:
    assert committed() == json.loads(json.dumps(description())), "./chuke openapi --to docs/openapi.json"


def test_it_is_openapi_3_1_and_every_operation_tells_its_refusals() -> None:
    found = committed()
    assert found["openapi"].startswith("3.1")
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            assert {"429", "503"} <= operation["responses"].keys(), (method, path)
            if operation["security"]:
                assert {"401", "403"} <= operation["responses"].keys(), (method, path)
            if "requestBody" in operation:
                assert {"400", "413", "415", "422"} <= operation["responses"].keys(), (method, path)
    assert {"409", "412", "428"} <= found["paths"][MOVE]["post"]["responses"].keys()


def test_bodies_take_nothing_undeclared() -> None:
    found = committed()
    for methods in found["paths"].values():
        for operation in methods.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                assert not name or found["components"]["schemas"][name]["additionalProperties"] is False, name


def _without_path(found: dict[str, Any]) -> None:
    del found["paths"]["/api/v1/notices"]


def _without_status(found: dict[str, Any]) -> None:
    del found["paths"][MOVE]["post"]["responses"]["412"]


def _without_answered_field(found: dict[str, Any]) -> None:
    del found["components"]["schemas"]["Line"]["properties"]["due_on"]


def _newly_required_field(found: dict[str, Any]) -> None:
    found["components"]["schemas"]["NewApplication"]["required"].append("plan")


def _newly_required_parameter(found: dict[str, Any]) -> None:
    for one in found["paths"]["/api/v1/cases"]["get"]["parameters"]:
        one["required"] = True


def _other_type(found: dict[str, Any]) -> None:
    found["components"]["schemas"]["Line"]["properties"]["version"]["type"] = "string"


def _choice_gone(found: dict[str, Any]) -> None:
    found["components"]["schemas"]["Ruling"]["properties"]["ruling"]["enum"].remove("upheld")


BREAKS: tuple[Callable[[dict[str, Any]], None], ...] = (
    _without_path, _without_status, _without_answered_field, _newly_required_field, _newly_required_parameter,
    _other_type, _choice_gone,
)  # fmt: skip


@pytest.mark.parametrize("break_it", BREAKS)
def test_a_break_is_found(break_it: Callable[[dict[str, Any]], None]) -> None:
    changed = copy.deepcopy(committed())
    break_it(changed)
    assert incompatibilities(committed(), changed) != []


def test_something_new_breaks_nothing() -> None:
    changed = copy.deepcopy(committed())
    changed["paths"]["/api/v1/new"] = {"get": {"responses": {"200": {}}}}
    changed["components"]["schemas"]["Line"]["properties"]["more"] = {"type": "string"}
    changed["components"]["schemas"]["NewApplication"]["properties"]["more"] = {"type": "string"}
    assert incompatibilities(committed(), changed) == []


def test_the_command_keeps_no_description_that_breaks_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    promised = committed()
    promised["paths"]["/api/v1/promised"] = {"get": {"responses": {"200": {}}}}
    kept = tmp_path / "openapi.json"
    kept.write_text(json.dumps(promised), encoding="utf-8")
    assert run(["openapi", "--to", str(kept)]) == 4
    assert "GET /api/v1/promised is gone" in capsys.readouterr().err
    assert json.loads(kept.read_text(encoding="utf-8")) == promised
    assert run(["openapi", "--to", str(kept), "--incompatible"]) == 0
    assert json.loads(kept.read_text(encoding="utf-8")) == committed()
