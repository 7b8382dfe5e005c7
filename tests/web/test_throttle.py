"""Guessing: few guesses are tested and all are audited, nobody is locked out, and nobody learns which names exist."""

import statistics
import threading
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from services.audit.models import audit_entries
from services.database.work import reading, unit_of_work
from services.people import entering, passwords
from services.people.commands import add_person
from services.people.entering import Attempt, sign_in
from services.people.factors import begin_code, confirm_code, pending_code
from services.people.passwords import Cost, keep_hash, password_hash
from services.people.sign_ins import Origin
from services.settings import settings
from tests.web.city import PASSWORD
from tests.web.conftest import Scene
from tests.web.test_second_factor import code


@pytest.fixture
def tested(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was really compared, in order; the comparison itself is the real one."""
    seen: list[str] = []
    compare = passwords.matches

    def noted(password: str, stored: str | None) -> tuple[bool, str | None]:
        seen.append(password)
        return compare(password, stored)

    monkeypatch.setattr(entering, "matches", noted)
    return seen


def refusals(scene: Scene) -> int:
    with reading(scene.city.database, scene.city.now) as work:
        rows = work.connection.execute(
            select(audit_entries.c.reasons).where(
                audit_entries.c.action == "person:sign_in", audit_entries.c.result == "refused"
            )
        ).all()
    return len(rows)


BARELY = 0.001
"""Seconds of work by which a known and an unknown name may differ; a network hides more."""


def guess(scene: Scene, username: str, password: str = "wrong", *, address: str = "198.51.100.7", **more: str) -> int:
    """200 in, 303 half way in, 401 wrong, 403 not tested."""
    attempt = Attempt(username, password, more.get("code", ""), Origin(address, "", more.get("browser", "")))
    try:
        came = sign_in(scene.city.database, attempt, now=scene.city.now)
    except entering.Forbidden:
        return 403
    return 401 if came is None else 303 if isinstance(came, entering.HalfWay) else 200


def test_of_a_thousand_guesses_on_one_account_ten_are_tested_in_a_quarter_of_an_hour(
    scene: Scene, tested: list[str]
) -> None:
    start = scene.city.now
    for number in range(1000):
        scene.city.now = start + timedelta(seconds=number * 0.9)
        guess(scene, "zhou", f"guess{number}", address=f"203.0.{number // 250}.{number % 250}")
    assert len(tested) <= 10
    assert refusals(scene) >= len(tested) + 4


def test_of_one_guess_on_each_of_a_thousand_accounts_ten_are_tested(scene: Scene, tested: list[str]) -> None:
    start = scene.city.now
    for number in range(1000):
        scene.city.now = start + timedelta(seconds=number * 0.9)
        guess(scene, f"person{number}")
    assert len(tested) <= 10
    assert refusals(scene) >= len(tested)


def test_a_thousand_guesses_at_one_instant_are_not_tested_either(scene: Scene, tested: list[str]) -> None:
    threads = [threading.Thread(target=guess, args=(scene, "zhou", f"guess{number}")) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tested) <= 10


def test_a_browser_that_signed_in_before_is_let_in_while_others_guess(scene: Scene) -> None:
    browser = scene.browser()
    assert browser.post("/sign-in", data={"username": "zhou", "password": PASSWORD}).status_code == 303
    browser.post("/sign-out")
    for _ in range(20):
        guess(scene, "zhou")
    assert guess(scene, "zhou", PASSWORD) == 403
    assert browser.post("/sign-in", data={"username": "zhou", "password": PASSWORD}).status_code == 303


def test_a_known_browser_has_a_counter_of_its_own_and_only_for_its_person(scene: Scene, tested: list[str]) -> None:
    browser = scene.browser()
    browser.post("/sign-in", data={"username": "zhou", "password": PASSWORD})
    known = browser.cookies["chuke-browser"]
    tested.clear()
    assert [guess(scene, "zhou", browser=known) for _ in range(30)].count(401) == 5
    assert guess(scene, "zhou", PASSWORD, address="192.0.2.1") == 200
    for _ in range(10):
        guess(scene, "qin", address="192.0.2.9")
    assert guess(scene, "qin", browser=known) == 403


def test_who_has_a_second_factor_is_let_in_while_others_guess(scene: Scene) -> None:
    city = scene.city
    manager = city.actor("manager").id
    with unit_of_work(city.database, city.now) as work:
        keep_hash(work, manager, password_hash(PASSWORD, "manager"))
        begin_code(work, manager)
        pending = pending_code(work, manager)
        assert pending is not None
        codes = confirm_code(work, manager, code(scene, pending.secret))
    city.now += timedelta(minutes=2)
    for number in range(1000):
        guess(scene, "manager", address=f"203.0.{number // 250}.{number % 250}")
    home = "192.0.2.44"
    assert guess(scene, "manager", PASSWORD, address=home) == 403
    assert guess(scene, "manager", "wrong", address=home, code=code(scene, pending.secret)) == 401
    city.now += timedelta(minutes=2)
    assert guess(scene, "manager", PASSWORD, address=home, code=code(scene, pending.secret)) == 200
    for number in range(50):
        guess(scene, "manager", address=f"203.0.{number}.1", code=f"{number:06}")
    city.now += timedelta(seconds=10)
    right = code(scene, pending.secret, steps=1)
    assert guess(scene, "manager", PASSWORD, address="192.0.2.45", code=right) == 403
    assert guess(scene, "manager", PASSWORD, address="192.0.2.45", code=codes[0]) == 200


def test_success_does_not_wash_an_address_clean(scene: Scene, tested: list[str]) -> None:
    for number in range(40):
        guess(scene, f"person{number}")
        guess(scene, "zhou", PASSWORD)
    assert len([one for one in tested if one == "wrong"]) <= 10


def test_a_day_later_everything_begins_anew(scene: Scene) -> None:
    for _ in range(20):
        guess(scene, "zhou")
    scene.city.now += timedelta(days=1, seconds=1)
    assert guess(scene, "zhou", PASSWORD) == 200


def test_the_hash_is_made_anew_when_the_cost_has_changed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.people.models import persons

    def stored() -> str:
        with reading(scene.city.database, scene.city.now) as work:
            return str(work.connection.scalar(select(persons.c.password_hash).where(persons.c.username == "zhou")))

    assert guess(scene, "zhou", PASSWORD) == 200
    assert f"m={passwords.COST.memory_kib},t={passwords.COST.passes}" in stored()
    monkeypatch.setattr(passwords, "COST", Cost(passes=2, memory_kib=128, lanes=1))
    assert guess(scene, "zhou", "wrong") == 401
    assert guess(scene, "zhou", PASSWORD) == 200
    assert "m=128,t=2" in stored()


def test_a_known_and_an_unknown_name_take_the_same_time(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    city = scene.city
    monkeypatch.setattr(passwords, "COST", Cost(passes=1, memory_kib=2048, lanes=1))
    with unit_of_work(city.database, city.now) as work:
        for number in range(200):
            add_person(work, username=f"known{number}", name="某人", password=f"{number} 春天里的风很大")

    def spent(username: str, place: str) -> float:
        # Work, not time on the wall: what else the machine does is not ours to answer for.
        began = time.process_time()
        assert guess(scene, username, address=place) == 401
        return time.process_time() - began

    def apart(handicap: float = 0.0) -> float:
        """By how much the middle of the known lies above or below that of the others, in seconds of work."""
        times: dict[str, list[float]] = {"known": [], "other": []}
        scene.city.now += timedelta(days=1)
        for number in range(200):
            for kind in ("known", "other") if number % 2 else ("other", "known"):
                times[kind].append(spent(f"{kind}{number}", f"203.0.113.{number}-{kind}"))
        return abs(statistics.median(times["known"]) + handicap - statistics.median(times["other"]))

    # Checking a password costs some fifty milliseconds in earnest: whoever left it out for unknown names would show.
    assert apart() < BARELY
    assert apart(handicap=0.004) > BARELY, "a planted difference would be seen"


def test_the_wait_reads_the_same_for_a_known_and_an_unknown_name(scene: Scene) -> None:
    texts = []
    for username in ("zhou", "nobody"):
        client = scene.browser()
        for _ in range(6):
            answer = client.post("/sign-in", data={"username": username, "password": "wrong"})
        scene.city.now += timedelta(hours=2)
        texts.append((answer.status_code, answer.text.replace(username, "…")))
    assert texts[0][0] == texts[1][0] == 403
    strip = lambda text: [line for line in text.splitlines() if "request" not in line]  # noqa: E731
    assert len(strip(texts[0][1])) == len(strip(texts[1][1]))
    assert settings().second_factor == "required"
    assert isinstance(scene.city.now, datetime)
