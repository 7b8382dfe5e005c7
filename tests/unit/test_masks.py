"""Masks leave enough to tell one from another and too little to use; what is sealed opens in its place only."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import Refused
from services.protection import keys
from services.protection.keys import KeysUnreadable, add_key, drop_key, ring, ring_file
from services.protection.rules import (
    mask_account,
    mask_contact,
    mask_name,
    mask_phone,
)
from services.protection.sealing import blind_index, blind_indexes, seal, seal_if_any, unseal

ROW, OTHER = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"


@pytest.fixture
def own_ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file of the test's own, not made yet."""
    path = tmp_path / "ring" / "keys.json"
    monkeypatch.setattr(keys, "ring_file", lambda: path)
    return path


# Masks --------------------------------------------------------------------------------------------


def test_telephone_numbers_keep_three_and_four_digits() -> None:
    assert mask_phone("19900000001") == "199****0001"
    assert mask_phone("0431-12345678") == "043****5678"
    assert mask_phone("12345678") == "****78"
    assert mask_phone("110") == "****"
    assert mask_phone("") == ""


def test_names_keep_their_first_character_only() -> None:
    assert [mask_name(name) for name in ("林知夏", "马跃", "𠮷田")] == ["林**", "马**", "𠮷**"]
    assert mask_name("") == "**"


def test_account_numbers_keep_almost_nothing() -> None:
    assert mask_account("6222000000000031") == "****0031"
    assert mask_account("1234") == "****"


def test_whatever_a_person_gives_to_be_reached_by_is_masked() -> None:
    assert mask_contact("139 0000 1234") == "139****1234"
    assert mask_contact("wang.mou@example.cn") == "w***@example.cn"
    assert mask_contact("微信 wangmou") == "微***"
    assert mask_contact(" ") == ""


@given(st.text(alphabet="0123456789", min_size=8, max_size=25))
def test_no_mask_shows_more_than_seven_digits(number: str) -> None:
    for masked in (mask_phone(number), mask_account(number), mask_contact(number)):
        assert sum(character.isdigit() for character in masked) <= 7
        assert number not in masked


# Keys ---------------------------------------------------------------------------------------------


def test_the_key_file_is_made_once_and_for_its_owner_only(own_ring: Path) -> None:
    first = ring()
    assert own_ring.stat().st_mode & 0o777 == 0o600
    assert [len(key) for key in first.keys.values()] == [32]
    assert ring() == first
    assert [one.name for one in own_ring.parent.iterdir()] == ["keys.json"]


def test_a_key_file_that_others_can_read_is_not_used(own_ring: Path) -> None:
    ring()
    own_ring.chmod(0o640)
    with pytest.raises(KeysUnreadable) as refused:
        ring()
    assert refused.value.codes == ("protection.keys_open",)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"current": "a", "keys": {}}', '{"current": "a", "keys": {"a": "AAAA"}}']
)
def test_a_broken_key_file_is_said_to_be_broken_and_left_alone(own_ring: Path, content: str) -> None:
    ring()
    own_ring.write_text(content)
    with pytest.raises(KeysUnreadable) as refused:
        seal("persons", ROW, "phone", "19900000001")
    assert refused.value.codes == ("protection.keys_malformed",)
    assert own_ring.read_text() == content


def test_the_file_is_under_the_home_folder_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    from services.settings import Settings

    monkeypatch.delenv("CHUKE_KEYS", raising=False)
    monkeypatch.setattr(keys, "settings", lambda: Settings(home=Path("/srv/chuke")))
    assert ring_file() == Path("/srv/chuke/keys.json")
    monkeypatch.setattr(keys, "settings", lambda: Settings(home=Path("/srv/chuke"), keys=Path("/etc/chuke/keys.json")))
    assert ring_file() == Path("/etc/chuke/keys.json")


# Sealed values ------------------------------------------------------------------------------------


def test_what_is_sealed_opens_in_its_place_and_never_looks_the_same_twice(own_ring: Path) -> None:
    one, two = (seal("persons", ROW, "phone", "19900000001") for _ in range(2))
    assert one != two
    assert "19900000001" not in one
    assert unseal("persons", ROW, "phone", one) == unseal("persons", ROW, "phone", two) == "19900000001"
    assert (unseal("persons", ROW, "phone", None), seal_if_any("persons", ROW, "phone", "")) == ("", None)


@pytest.mark.parametrize("place", [("people", ROW, "phone"), ("persons", OTHER, "phone"), ("persons", ROW, "mobile")])
def test_in_another_table_row_or_field_it_does_not_open(own_ring: Path, place: tuple[str, str, str]) -> None:
    with pytest.raises(KeysUnreadable) as refused:
        unseal(*place, seal("persons", ROW, "phone", "19900000001"))
    assert refused.value.codes == ("protection.not_sealed_here",)


def test_an_altered_value_does_not_open(own_ring: Path) -> None:
    sealed = seal("persons", ROW, "phone", "19900000001")
    for position in range(0, len(sealed), 7):
        other = "B" if sealed[position] != "B" else "C"
        with pytest.raises(KeysUnreadable):
            unseal("persons", ROW, "phone", sealed[:position] + other + sealed[position + 1 :])
    for broken in ("", "19900000001", "A1.x", "A1..", sealed[:-9]):
        with pytest.raises(KeysUnreadable):
            unseal("persons", ROW, "phone", broken)


def test_without_the_key_a_value_is_refused_and_never_garbage(own_ring: Path) -> None:
    sealed, name = seal("persons", ROW, "phone", "19900000001"), ring().current
    own_ring.unlink()
    with pytest.raises(KeysUnreadable) as refused:
        unseal("persons", ROW, "phone", sealed)
    assert (refused.value.codes, refused.value.facts) == (("protection.key_missing",), {"key": name})
    content = own_ring.read_text()
    own_ring.write_text(content.replace(ring().current, name))
    with pytest.raises(KeysUnreadable) as refused:
        unseal("persons", ROW, "phone", sealed)
    assert refused.value.codes == ("protection.not_sealed_here",)


def test_a_new_key_seals_and_the_old_one_still_opens(own_ring: Path) -> None:
    before, old = seal("persons", ROW, "phone", "19900000001"), ring().current
    added = add_key()
    after = seal("persons", ROW, "phone", "19900000001")
    assert [sealed.split(".")[1] for sealed in (before, after)] == [old, added]
    assert own_ring.stat().st_mode & 0o777 == 0o600
    assert unseal("persons", ROW, "phone", before) == "19900000001"
    with pytest.raises(Refused):
        drop_key(added)
    drop_key(old)
    with pytest.raises(KeysUnreadable):
        unseal("persons", ROW, "phone", before)


def test_equal_values_are_found_by_their_index_also_while_keys_change(own_ring: Path) -> None:
    kept = blind_index("persons", "phone", "19900000001")
    assert kept == blind_index("persons", "phone", "19900000001")
    assert "19900000001" not in kept
    assert kept not in blind_indexes("persons", "phone", "19900000002")
    assert kept not in blind_indexes("organizations", "phone", "19900000001")
    add_key()
    assert kept != blind_index("persons", "phone", "19900000001")
    assert kept in blind_indexes("persons", "phone", "19900000001")
