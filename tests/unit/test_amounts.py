"""Money is whole fen: no float in the modules of money, no such column in any table, no odd figure in any input."""

import ast
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Float, Numeric

from cli.asking import WronglyAsked, fen_given
from documents.format import fen_of
from services.cases.details import check_details
from services.database.tables import all_tables
from services.errors import Invalid
from services.funding.rules import MAXIMUM_FEN
from statemachines.table import Field
from web.forms.posted import Posted

ROOT = Path(__file__).resolve().parents[2]
NOUNS = ("awards", "funding", "ledger", "payments", "donations", "reconciliation", "purchases", "suppliers")
MONEY = [path for noun in NOUNS for path in sorted((ROOT / "services" / noun).glob("**/*.py"))]
MONEY += [ROOT / "services" / "invariants" / "books.py", ROOT / "services" / "cases" / "details.py"]
ODD = (
    "NaN", "sNaN", "Infinity", "-Infinity", "1e2", "1E2", "-0", "-1", "+1", "１２３", "１２3", "٣", "1_000", "0x10",
    str(2**63), "9" * 13, "1.005", "1.", ".5", "", " ", "12 000", "1,00", "1,0000", "1,000,00", "1;2", "壹佰", "1\n2",
    "¥5", "5元", "1.0.0", "--1", "½",
)  # fmt: skip
AMOUNT = Field("amount_fen", "amount", "金额", "amount")


# What is typed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("0.01", 1), ("12000", 1_200_000), ("12,000.5", 1_200_050), ("12，000.50", 1_200_050), ("0", 0), (" 7 ", 700),
     ("999999999999.99", MAXIMUM_FEN), ("007", 700)],
)  # fmt: skip
def test_an_amount_is_read_to_the_fen(typed: str, fen: int) -> None:
    assert fen_of(typed) == fen


@pytest.mark.parametrize("typed", ODD)
def test_an_odd_figure_is_refused_wherever_an_amount_is_typed(typed: str) -> None:
    with pytest.raises(ValueError, match=r"amount|digits"):
        fen_of(typed)
    with pytest.raises(Invalid):
        Posted({"yuan": (typed,)}).fen("yuan", ("金额", "amount"))
    with pytest.raises(WronglyAsked):
        fen_given(typed)
    with pytest.raises(Invalid):
        check_details((AMOUNT,), {"amount_fen": typed})


@pytest.mark.parametrize("given", [100.0, float("nan"), float("inf"), True, -1, 0, 2**63, 10**13, {}, b"5"])
def test_json_gives_whole_fen_or_text(given: Any) -> None:
    with pytest.raises(Invalid):
        check_details((AMOUNT,), {"amount_fen": given})


def fen_fields(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, schema in described["components"]["schemas"].items():
        for field, kind in schema.get("properties", {}).items():
            if field.endswith("_fen") or "amount" in field.split("_"):
                yield name, field, kind


def asked_for(described: dict[str, Any]) -> set[str]:
    """The shapes that requests are made of."""
    bodies = (one.get("requestBody", {}) for path in described["paths"].values() for one in path.values())
    return {
        content["schema"].get("$ref", "").rpartition("/")[2]
        for body in bodies
        for content in body.get("content", {}).values()
    }


def test_the_interface_takes_and_tells_whole_fen() -> None:
    described = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    bodies, seen = asked_for(described), 0
    for name, field, kind in fen_fields(described):
        choices = [one for one in kind.get("anyOf", [kind]) if one.get("type") != "null"]
        assert {one.get("type") for one in choices} == {"integer"}, (name, field)
        if name in bodies:
            seen += 1
            least = choices[0].get("minimum", choices[0].get("exclusiveMinimum"))
            assert least is not None, (name, field)
            assert choices[0]["maximum"] <= MAXIMUM_FEN, (name, field)
    assert seen >= 5


# What computes -------------------------------------------------------------------------------------


def floats(source: str) -> list[str]:
    """Where a float could come in: its name, a literal, a division that answers one."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and node.id in {"float", "round"}:
            found.append(f"{node.lineno}: {node.id}")
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{node.lineno}: {node.value}")
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            found.append(f"{node.lineno}: /")
    return found


def test_no_module_of_money_knows_a_float() -> None:
    assert {str(path.relative_to(ROOT)): found for path in MONEY if (found := floats(path.read_text("utf-8")))} == {}
    assert len(MONEY) > 20


@pytest.mark.parametrize(
    "line", ["x = float(y)", "x = 0.3 * y", "x = y / 100", "x /= 3", "x: float = 1", "round(x, 2)"]
)
def test_a_float_that_slips_in_is_seen(line: str) -> None:
    assert floats(line)


# What is stored ------------------------------------------------------------------------------------


def test_no_table_has_a_column_of_floating_point_and_fen_are_whole() -> None:
    columns = [column for table in all_tables().tables.values() for column in table.c]
    assert [str(column) for column in columns if isinstance(column.type, (Float, Numeric))] == []
    fen = [column for column in columns if column.name.endswith("_fen")]
    assert [str(column) for column in fen if not isinstance(column.type, BigInteger)] == []
    assert len(fen) >= 10


def test_the_steps_add_no_such_column_either() -> None:
    names = {"Float", "REAL", "Numeric", "Double", "FLOAT", "NUMERIC", "DOUBLE"}
    steps = Path(str(importlib.import_module("services.database.migrations").__file__)).parent.glob("**/*.py")
    for path in steps:
        used = {node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)}
        assert not used & names, path
