"""The ten import contracts hold on the real tree, and each of them catches a planted breach."""

import json
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACT_IDS = [contract["id"] for contract in SETTINGS["contracts"]]
PACKAGES = SETTINGS["root_packages"]

# A process of its own per tree: names are looked up on the import path, and the real packages are already on ours.
PROBE = """
import json, sys
sys.path.insert(0, ".")
from importlinter import api
from importlinter.application import use_cases
options = use_cases.read_user_options("pyproject.toml")
use_cases._register_contract_types(options)
report = use_cases.create_report(options, cache_dir=None)
kept = {contract.contract_options["id"]: check.kept for contract, check in report.get_contracts_and_checks()}
json.dump({"kept": kept, "invalid": [str(name) for name in report.invalid_contract_options]}, sys.stdout)
"""

# The smallest tree in which every contract has something to guard and nothing is wrong.
SKELETON = {
    "statemachines/engine.py": "import transitions\n",
    "statemachines/diagram.py": "import transitions\n",
    "statemachines/roles.py": "import enum\n",
    "statemachines/incubation/__init__.py": "",
    "statemachines/incubation/v1.py": "from statemachines import roles\n",
    "documents/html.py": "import jinja2\n",
    "documents/pdf.py": "import weasyprint\nfrom documents import html\n",
    "services/errors.py": "",
    "services/database/__init__.py": "",
    "services/database/base.py": "import sqlalchemy\n",
    "services/audit/__init__.py": "",
    "services/audit/models.py": "from services.database import base\n",
    "services/cases/__init__.py": "",
    "services/cases/models.py": "from services.database import base\n",
    "services/cases/rules.py": "import datetime\n",
    "services/cases/advance.py": "from services.audit import models\nfrom statemachines import engine\n",
    "flows/relay.py": "import prefect\nfrom documents import pdf\nfrom services.cases import advance\n",
    "web/app.py": "import starlette\nfrom documents import html\nfrom services.cases import advance\n",
    "cli/main.py": "from flows import relay\nfrom web import app\n",
}


class Breach(NamedTuple):
    """One line that must not be written, where somebody might write it, and the contract that speaks up."""

    contract: str
    file: str
    line: str


BREACHES = [
    Breach("rings", "services/cases/advance.py", "from flows import relay"),
    Breach("rings", "web/app.py", "from flows import relay"),
    Breach("rings", "statemachines/roles.py", "from documents import html"),
    Breach("pure-statemachines", "statemachines/incubation/v1.py", "import pydantic"),
    Breach("transitions-behind-engine", "statemachines/incubation/v1.py", "from transitions import Machine"),
    Breach("transitions-behind-engine", "services/cases/advance.py", "import transitions"),
    Breach("prefect-at-the-edge", "web/app.py", "from prefect import flow"),
    Breach("pdf-at-the-edge", "services/cases/advance.py", "from documents import pdf"),
    Breach("pdf-at-the-edge", "documents/html.py", "import weasyprint"),
    Breach("no-sql-at-the-edges", "cli/main.py", "from sqlalchemy import select"),
    Breach("tables-stay-in-services", "web/app.py", "from services.cases import models"),
    Breach("no-cycles", "documents/html.py", "from documents import pdf"),
    Breach("rules-without-database", "services/cases/rules.py", "from services.cases import models"),
    Breach("nouns", "services/audit/models.py", "from services.cases import rules"),
    Breach("nouns", "services/gossip/__init__.py", ""),
]


def plant(folder: Path, breach: Breach | None = None) -> Path:
    """Writes the skeleton, with the contracts of the project and at most one breach, into a folder."""
    for name in PACKAGES:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").touch()
    for name, text in SKELETON.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", folder)
    if breach:
        path = folder / breach.file
        path.parent.mkdir(exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{before}{breach.line}\n", encoding="utf-8")
    return folder


def broken_contracts(folder: Path) -> set[str]:
    """The ids of the contracts that the tree in a folder breaks."""
    result = subprocess.run([sys.executable, "-c", PROBE], cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    verdict = json.loads(result.stdout.splitlines()[-1])
    assert not verdict["invalid"], verdict["invalid"]
    assert sorted(verdict["kept"]) == sorted(CONTRACT_IDS)
    return {contract for contract, kept in verdict["kept"].items() if not kept}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[Breach | None, set[str]]:
    """What the contracts say about the clean skeleton (under None) and about each breach; two at a time, for speed."""
    cases = [None, *BREACHES]
    folders = [plant(tmp_path_factory.mktemp("tree"), breach) for breach in cases]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(cases, pool.map(broken_contracts, folders), strict=True))


def test_the_house_has_ten_contracts_and_every_one_has_a_planted_breach() -> None:
    assert len(CONTRACT_IDS) == 10
    assert {breach.contract for breach in BREACHES} == set(CONTRACT_IDS)


@pytest.mark.parametrize("contract", CONTRACT_IDS)
def test_the_real_tree_keeps_the_contract(contract: str, real_verdict: set[str]) -> None:
    assert contract not in real_verdict, "run ./chuke check to see the import that breaks it"


@pytest.fixture(scope="module")
def real_verdict() -> set[str]:
    """The contracts broken by the code base as it is."""
    return broken_contracts(ROOT)


def test_the_skeleton_alone_breaks_nothing(verdicts: dict[Breach | None, set[str]]) -> None:
    assert verdicts[None] == set()


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.contract}:{breach.file}")
def test_a_planted_breach_breaks_its_contract(breach: Breach, verdicts: dict[Breach | None, set[str]]) -> None:
    assert breach.contract in verdicts[breach]


def third_parties(graph: grimp.ImportGraph) -> dict[str, set[str]]:
    """Every imported top-level name that is neither ours nor Python's, with the modules that import it."""
    names = {name for name in graph.modules if graph.is_module_squashed(name)}
    outside = {name for name in names if name not in sys.stdlib_module_names and name not in PACKAGES}
    return {name: graph.find_modules_that_directly_import(name) for name in outside}


def test_the_state_machines_contract_names_every_third_party_in_use() -> None:
    graph = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    listed = next(c["forbidden_modules"] for c in SETTINGS["contracts"] if c["id"] == "pure-statemachines")
    unlisted = set(third_parties(graph)) - set(listed) - {"transitions"}
    assert not unlisted, "add them to forbidden_modules of contract 2 in pyproject.toml"
