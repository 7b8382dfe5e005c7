"""No function and no file grows past what one reads at once; a step of the schema that was released stays as it is."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_FUNCTION, LONGEST_FILE = 70, 400
RELEASED = {"services/database/migrations/versions/0004_desk.py"}
"""Steps of the schema are never edited, not even to be shorter."""


def files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split() if (ROOT / name).exists()]


def too_long(text: str) -> Iterator[str]:
    """What of this file is too long."""
    if text.count("\n") > LONGEST_FILE:
        yield f"{text.count(chr(10))} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name}: {lines} lines"


def test_everything_is_short_enough_to_be_read() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in files()
        if str(path.relative_to(ROOT)) not in RELEASED
        for what in too_long(path.read_text())
    ]
    assert found == []


def test_a_function_that_is_too_long_is_found() -> None:
    assert list(too_long("def act():\n" + "    pass\n" * 70)) == ["act: 71 lines"]
    assert list(too_long("x = 1\n" * 401)) == ["401 lines"]
