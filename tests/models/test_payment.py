"""The payment saga over every interleaving: Spin finds no way to pay twice, and finds one in each weakened variant.

By hand: `./chuke test tests/models`. The nightly run lets a worker die twice and be claimed once more often.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MODEL = Path(__file__).with_name("payment.pml")
MISSING = [name for name in ("spin", "gcc") if shutil.which(name) is None]
REQUIRED = bool(os.environ.get("CHUKE_SPIN_REQUIRED"))
NIGHTLY = ("-DCRASHES=2", "-DTRIES=3") if os.environ.get("CHUKE_NIGHTLY") else ()
LONGEST_SECONDS = 600 if NIGHTLY else 100

pytestmark = [
    pytest.mark.timeout(LONGEST_SECONDS),
    pytest.mark.skipif(
        bool(MISSING) and not REQUIRED,
        reason=f"NOT CHECKED, {' and '.join(MISSING)} missing: apt-get install -y spin gcc libc6-dev, "
        "then ./chuke test tests/models",
    ),
]

SOUND = {"a bank without keys": ("-DKEYS=0",), "a bank with keys": ("-DKEYS=1",)}
WEAKENED = {
    "no fence": ("-DKEYS=0", "-DNO_FENCE"),
    "a fresh key for each try": ("-DKEYS=1", "-DFRESH_KEY"),
    "done before it is done": ("-DKEYS=0", "-DDONE_FIRST"),
    "sent again when no answer comes": ("-DKEYS=0", "-DRESEND"),
    "a lease that never ends": ("-DKEYS=0", "-DLEASE_FOREVER"),
    "two that claim the same": ("-DKEYS=0", "-DTWO_CLAIM"),
}


def checked(folder: Path, *flags: str, compile_as: str = "-O0") -> str:
    """What Spin's verifier says of the model with these switches, every reachable state looked at."""

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=True)
        return done.stdout

    shutil.copyfile(MODEL, folder / MODEL.name)
    run("spin", "-a", *flags, MODEL.name)
    run("gcc", compile_as, "-w", "-DSAFETY", "-o", "pan", "pan.c")
    # -E: a process that waits for ever is judged by the model itself (Judge), not by where it waits.
    said = run("./pan", "-m200000", "-E")
    assert "search depth too small" not in said
    assert "out of memory" not in said
    return said


@pytest.mark.parametrize("bank", SOUND)
def test_an_instalment_is_paid_at_most_once_and_ends_known_or_held(tmp_path: Path, bank: str) -> None:
    said = checked(tmp_path, *SOUND[bank], *NIGHTLY, compile_as="-O1")
    print(bank, next(line.strip() for line in said.splitlines() if "states, stored" in line))
    assert "errors: 0" in said


@pytest.mark.parametrize("variant", WEAKENED)
def test_each_weakened_variant_has_a_counter_example(tmp_path: Path, variant: str) -> None:
    said = checked(tmp_path, *WEAKENED[variant])
    print(variant, next(line for line in said.splitlines() if "assertion violated" in line))
    assert "errors: 1" in said
    assert (tmp_path / f"{MODEL.name}.trail").exists()


@pytest.mark.skipif(not NIGHTLY, reason="nightly: CHUKE_NIGHTLY=1")
def test_the_model_is_not_too_small_to_see_a_late_worker(tmp_path: Path) -> None:
    """Without a fence a bank that knows keys pays once all the same: it is the key, not the fence, that saves there."""
    assert "errors: 0" in checked(tmp_path, "-DKEYS=1", "-DNO_FENCE", compile_as="-O1")
