"""Help is light: it loads no command and none of the heavy libraries."""

import json
import subprocess
import sys

import pytest

from cli.main import COMMANDS, build, run

HEAVY = ("prefect", "weasyprint", "fastapi", "sqlalchemy", "pydantic", "alembic", "services.database", "numpy")
SCRIPT = """
import json, resource, sys
from cli.main import run
status = run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([status, sorted(sys.modules), used.ru_utime + used.ru_stime]), file=sys.stderr)
"""


def loaded(*tokens: str) -> tuple[int, set[str], float, str]:
    ran = subprocess.run([sys.executable, "-c", SCRIPT, *tokens], capture_output=True, text=True, check=True)
    status, modules, seconds = json.loads(ran.stderr.splitlines()[-1])
    return status, set(modules), seconds, ran.stdout


def test_help_loads_no_command_and_nothing_heavy() -> None:
    status, modules, seconds, out = loaded("--help")
    print(f"chuke --help: {seconds:.2f} s of CPU")
    assert status == 0
    assert "demo" in out
    assert modules.isdisjoint(HEAVY)
    assert not {name for name in modules if name.startswith("cli.") and name not in ("cli.main", "cli.asking")}


def test_help_of_a_noun_loads_nothing_heavy_either() -> None:
    status, modules, _, out = loaded("case", "--help")
    assert status == 0
    assert "advance" in out
    assert modules.isdisjoint(HEAVY)


def test_a_command_that_reads_the_database_is_caught_by_the_same_look() -> None:
    _, modules, _, _ = loaded("db", "status")
    assert "sqlalchemy" in modules


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_every_command_is_where_the_list_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert capsys.readouterr().out


def test_the_list_names_each_command_once() -> None:
    names = [name for name, _, _ in COMMANDS]
    assert len(names) == len(set(names))
    assert build().name == ("chuke",)
