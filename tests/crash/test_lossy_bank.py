"""Killed at any point while a bank pays and its reply is lost: it has paid once, and nobody believes otherwise."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flows import errands, paying
from flows.bank_simulator import Simulator
from services.cases import paying as batches
from services.database.work import Work
from services.payments.rules import Bank
from services.settings import Settings
from tests.crash.conftest import NIGHTLY, template_of
from tests.crash.harness import Bug, Enumerator, Walk, prepared
from tests.crash.scenarios import PAID_ONCE, Step
from tests.crash.test_every_point import DAY
from tests.database_fixtures import BACKENDS

pytestmark = [pytest.mark.timeout(3600), pytest.mark.skipif(not NIGHTLY, reason="nightly: CHUKE_NIGHTLY=1")]
LAST = next(place for place, step in enumerate(PAID_ONCE) if step.name == "instalment 1 release")
BEFORE, SENDING = PAID_ONCE[: LAST - 1], PAID_ONCE[LAST - 1 : LAST + 1]
"""Up to the instruction; then the batch is made and released, and the payments leave for the bank."""


def losing(book: Path, *, knows_references: bool) -> tuple[Bank, Bug]:
    """A bank that executes its first call and never says so, and the change that has the product speak to it."""
    bank = Simulator(
        book, knows_references=knows_references, today=date(2027, 7, 1),
        fates=lambda _reference, call: "lost" if call == 1 else "ok",
    )  # fmt: skip

    def speak() -> None:
        bank.book.parent.mkdir(exist_ok=True)
        Simulator(book, knows_references=knows_references, today=bank.today)
        wired = Settings(bank_channel="simulator", bank_knows_references=knows_references)
        errands.bank_of = lambda _settings, *, now: bank
        batches.settings = lambda: wired

    return bank, speak


def sent(backend: str, request: pytest.FixtureRequest, folder: Path, *, bug: Bug | None, knows: bool) -> Walk:
    """Every point of making, releasing and sending a batch of one payment."""
    where, template = template_of(backend, request)
    enumerator: Enumerator = prepared(where, folder, template, BEFORE, now=DAY)
    bank, speak = losing(folder / "bank.sqlite", knows_references=knows)

    def world() -> None:
        speak()
        if bug is not None:
            bug()

    def paid_once() -> list[str]:
        return [f"the bank paid {len(bank.booked())} times"] if len(bank.booked()) > 1 else []

    enumerator.bug, enumerator.outside, enumerator.outside_wrong = world, bank.book, paid_once
    # An outcome nobody knows is looked for again later, until people find out.
    enumerator.quiet = knows
    walk = enumerator.walk(SENDING, wanted=lambda number: True, until_wrong=bug is not None)
    print(f"{backend}: died at {walk.tried} of {walk.points} points {walk.reached}, {len(walk.wrong)} wrong")
    where.drop(enumerator.start)
    return walk


@pytest.mark.parametrize("knows", [True, False], ids=lambda knows: "keys" if knows else "no keys")
@pytest.mark.parametrize("backend", BACKENDS)
def test_it_pays_once_wherever_the_sender_dies(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path, *, knows: bool
) -> None:
    walk = sent(backend, request, tmp_path, bug=None, knows=knows)
    assert walk.wrong == []
    assert {"bank:before", "bank:after"} <= set(walk.reached)


def _asked_again_without_references() -> None:
    """A sender that begins anew asks again, whatever the bank knows."""
    sound = paying.begin_try

    def begin(work: Work, instruction_id: str) -> str:
        begun = sound(work, instruction_id)
        return "first" if begun == "again" else begun

    paying.begin_try = begin


def test_a_sender_that_asks_such_a_bank_again_is_caught(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    walk = sent("sqlite", request, tmp_path, bug=_asked_again_without_references, knows=False)
    assert any("the bank paid 2 times" in one for one in walk.wrong), walk.wrong


_Steps = Callable[[], tuple[Step, ...]]
