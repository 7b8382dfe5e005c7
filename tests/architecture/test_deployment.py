"""What an operator copies from deploy/: settings that exist, commands that exist, units that systemd understands."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import build
from services.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
PROGRAM = "/opt/chuke/.venv/bin/chuke"


def settings_in(text: str) -> set[str]:
    """The variables a file of settings sets or offers behind a comment sign."""
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", text, flags=re.MULTILINE))


def section(unit: Path) -> dict[str, str]:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(unit.read_text(encoding="utf-8"))
    return dict(read["Service"])


@pytest.mark.parametrize("name", ["chuke.env.example", "chuke-seal.env.example"])
def test_every_setting_in_the_examples_is_one_the_program_reads(name: str) -> None:
    known = {f"CHUKE_{field}".upper() for field in Settings.model_fields} | {"PYTHONUTF8"}
    assert settings_in((ROOT / "deploy" / name).read_text(encoding="utf-8")) - known == set()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_a_unit_starts_is_a_command(unit: Path) -> None:
    lines = re.findall(rf"^ExecStart(?:Pre)?={PROGRAM} (.*)$", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert lines
    for line in lines:
        build().parse_args(line, exit_on_error=False, print_error=False)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_is_shut_in(unit: Path) -> None:
    said = section(unit)
    assert (said["NoNewPrivileges"], said["CapabilityBoundingSet"], said["ProtectSystem"]) == ("yes", "", "strict")
    assert said["LimitCORE"] == "0"  # keys and names are in memory
    assert said["UMask"] == "0077"


def test_the_signing_process_has_a_user_of_its_own_whose_folder_nobody_else_sees() -> None:
    units = {unit.stem: section(unit) for unit in UNITS}
    seal = units.pop("chuke-seal")
    assert seal["User"] not in {one["User"] for one in units.values()}
    # The worker opens the socket through the group; the keys lie in a folder that is the user's alone.
    assert {seal["Group"]} == {one["Group"] for one in units.values()}
    assert (seal["StateDirectoryMode"], seal["RuntimeDirectoryMode"]) == ("0700", "0750")
    assert all(one["InaccessiblePaths"] == f"-/var/lib/{seal['StateDirectory']}" for one in units.values())


def complaints(unit: Path, folder: Path) -> str:
    """What systemd says of a unit, its program standing where ours does."""
    copy = folder / unit.name
    copy.write_text(unit.read_text(encoding="utf-8").replace(PROGRAM, sys.executable), encoding="utf-8")
    environment = {**os.environ, "SYSTEMD_LOG_LEVEL": "warning"}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True, env=environment,
        check=False,
    )  # fmt: skip
    return "\n".join(line for line in done.stderr.splitlines() if copy.name in line)


needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_has_no_complaint(unit: Path, tmp_path: Path) -> None:
    assert complaints(unit, tmp_path) == ""


@needs_systemd
def test_a_misspelled_line_would_be_noticed(tmp_path: Path) -> None:
    planted = tmp_path / "planted" / "chuke-seal.service"
    planted.parent.mkdir()
    text = (ROOT / "deploy" / "systemd" / planted.name).read_text(encoding="utf-8")
    planted.write_text(text.replace("ProtectHome=", "ProtectHomme="), encoding="utf-8")
    assert "ProtectHomme" in complaints(planted, tmp_path)
