"""References that survive a bank's printing, and a fingerprint that shows a changed payment."""

from dataclasses import replace

import pytest

from services.payments.rules import Payee, fingerprint, reference, reference_holds, references_in

PAYEE = Payee("account", "石桥镇社区社会组织服务中心", "样例银行", "0031")


def test_a_reference_names_its_year_and_checks_itself() -> None:
    made = reference(2026, 12)
    assert made.startswith("ZF2026000012")
    assert reference_holds(made)


def test_one_wrong_digit_or_two_swapped_ones_are_seen() -> None:
    made = reference(2026, 4711)
    wrong = {
        f"{made[:at]}{digit}{made[at + 1 :]}" for at in range(2, 13) for digit in "0123456789" if digit != made[at]
    }
    swapped = made[:9] + made[10] + made[9] + made[11:]
    assert not any(map(reference_holds, {*wrong, swapped}))


def test_a_reference_is_found_in_what_the_bank_printed_around_it() -> None:
    one, other = reference(2026, 1), reference(2026, 2)
    printed = f"附言:{one[:6]} {one[6:].lower()}-转账/{other}，重复{one}"
    assert references_in(printed) == (one, other)
    assert references_in(f"{one[:-2]}00 ZF12") == ()


@pytest.mark.parametrize("serial", [0, 1_000_000])
def test_a_serial_without_room_is_refused(serial: int) -> None:
    with pytest.raises(ValueError, match="no such reference"):
        reference(2026, serial)


@pytest.mark.parametrize(
    "changed", [{"account_id": "x"}, {"holder_name": "x"}, {"bank": "x"}, {"account_tail": "0032"}]
)
def test_any_change_of_the_payee_changes_the_fingerprint(changed: dict[str, str]) -> None:
    assert fingerprint("case", 1, PAYEE) != fingerprint("case", 1, replace(PAYEE, **changed))
    assert fingerprint("case", 1, PAYEE) != fingerprint("case", 2, PAYEE)
