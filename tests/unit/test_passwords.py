"""Passwords: long enough, not a common one, any script; hashed hard enough; and who may be what at the same time."""

from datetime import date, datetime, timedelta, timezone

import pytest

from services.people import build_common_passwords, passwords
from services.people.passwords import COST, matches, normalized, password_hash
from services.people.rules import (
    FACTOR_ROLES,
    FRESH_FACTOR,
    HeldRole,
    common_passwords,
    factor_is_fresh,
    kept_apart_from,
    may_try_from,
    password_faults,
)
from services.people.sign_ins import browser_label, shortened
from services.people.throttle import network
from statemachines.registry import EDITIONS
from statemachines.roles import Role

NOW = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    "password",
    ["correct horse", "春天里的风很大呀", "мой дядя самых", "a" * 20 + "bcd" * 15, "🐣🐥🐤🐔 out!", "ab cd ef"],
)
def test_any_script_and_any_length_is_taken(password: str) -> None:
    wanted = () if len(password) >= 8 else ("password.too_short",)
    assert password_faults(password, "zhou") == wanted


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short77", "password.too_short"),
        ("x" * 201, "password.too_long"),
        ("my name is ZHOU", "password.contains_name"),
        ("password123", "password.common"),
        ("PassWord123", "password.common"),
        ("1qaz2wsx", "password.common"),
        ("woaini1314", "password.common"),
        ("20260101", "password.common"),
        ("5201314520", "password.common"),
        ("我爱你我爱你我", "password.too_short"),
        ("社会组织孵化中心", "password.common"),
        ("ababababab", "password.too_plain"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, fault: str) -> None:
    assert fault in password_faults(password, "zhou")


def test_the_list_is_long_in_lower_case_and_as_it_is_built() -> None:
    known = common_passwords()
    assert len(known) >= 3000
    assert all(one == one.casefold() and len(one) >= 8 for one in known)
    made = (one.casefold() for one in (*build_common_passwords.walks(), *build_common_passwords.words()))
    assert {one for one in made if len(one) >= 8} <= known


def test_a_check_costs_at_least_what_the_standard_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", COST)
    assert COST.passes >= 1
    assert COST.memory_kib >= 46 * 1024
    assert password_hash("春天里的风很大呀", "zhou").startswith(
        f"$argon2id$v=19$m={COST.memory_kib},t={COST.passes},p=1$"
    )


def test_a_composed_and_a_decomposed_letter_are_one() -> None:
    assert normalized("Cafe\u0301 um acht") == "Caf\u00e9 um acht"
    stored = password_hash("Caf\u00e9 um acht", "zhou")
    assert matches("Cafe\u0301 um acht", stored) == (True, None)
    assert matches("Cafe um acht", stored)[0] is False
    assert matches("x", None) == (False, None)


def test_ten_guesses_at_most_are_tested_in_a_quarter_of_an_hour() -> None:
    failures, last, tested = 0, NOW, []
    for second in range(2 * 3600):
        now = NOW + timedelta(seconds=second)
        if now >= may_try_from(failures, last):
            failures, last = failures + 1, now
            tested.append(now)
    for start in tested:
        assert sum(start <= one < start + timedelta(minutes=15) for one in tested) <= 10


def test_a_wait_never_grows_past_a_quarter_of_an_hour() -> None:
    assert may_try_from(1000, NOW) - NOW == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ((date(2026, 1, 1), None), (date(2027, 1, 1), None), True),
        ((date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 6, 30), None), True),
        ((date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 7, 1), None), False),
        ((date(2026, 7, 1), None), (date(2026, 1, 1), date(2026, 6, 30)), False),
    ],
)
def test_two_of_the_three_administrators_never_share_a_day(
    first: tuple[date, date | None], second: tuple[date, date | None], clash: bool
) -> None:
    held, wanted = HeldRole(Role.LOG_ADMINISTRATOR, *first), HeldRole(Role.SYSTEM_ADMINISTRATOR, *second)
    assert (kept_apart_from(wanted, [held]) == held) is clash
    assert kept_apart_from(HeldRole(Role.AUDITOR, *second), [held]) is None
    assert kept_apart_from(HeldRole(Role.LOG_ADMINISTRATOR, *second), [held]) is None


def test_a_factor_is_fresh_for_a_quarter_of_an_hour() -> None:
    assert factor_is_fresh(NOW - timedelta(minutes=15), NOW)
    assert not factor_is_fresh(NOW - timedelta(minutes=15, seconds=1), NOW)
    assert not factor_is_fresh(NOW + timedelta(seconds=1), NOW)
    assert not factor_is_fresh(None, NOW)


def test_whoever_pulls_a_move_that_lets_money_go_needs_a_factor() -> None:
    from services.people.rules import FRESH_FACTOR_MOVES

    moves = [move for editions in EDITIONS.values() for one in editions.values() for move in one.moves]
    assert {move.trigger for move in moves} >= FRESH_FACTOR_MOVES
    pulling = {role for move in moves if move.trigger in FRESH_FACTOR_MOVES for role in move.by}
    assert pulling <= FACTOR_ROLES


def test_whoever_may_do_what_asks_for_a_fresh_factor_needs_one() -> None:
    from services.authority.rules import policy

    assert {action for action, _ in policy()} >= FRESH_FACTOR
    assert {Role(role) for action, role in policy() if action in FRESH_FACTOR} <= FACTOR_ROLES


def test_the_system_administrator_sees_no_case() -> None:
    from services.authority.rules import policy

    seen = {action for action, role in policy() if role == "system_administrator"}
    assert not {one for one in seen if one.startswith(("case:", "document:", "assessment:", "ledger:", "account:"))}
    assert "role:propose" not in seen


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox · Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 (KHTML) Version/18 Safari/605",
            "Safari · macOS",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/142.0 Safari/537 Edg/142.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) AppleWebKit MicroMessenger/8.0", "微信 WeChat · iPhone"),
        ("python-httpx/0.28", "python-httpx"),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, label: str) -> None:
    assert browser_label(agent) == label


def test_addresses_are_kept_short_and_counted_by_network() -> None:
    assert shortened("203.0.113.57") == "203.0.113.*"
    assert shortened("2001:db8:7:1::5") == "2001:db8:7:…"
    assert shortened("testclient") == "testclient"
    assert network("2001:db8:7:1::5") == network("2001:db8:7:1:ffff::9") == "2001:db8:7:1::"
    assert network("203.0.113.57") != network("203.0.113.58")
