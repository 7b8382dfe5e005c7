"""The revocation list: readable, signed, silent about codes, and honest about its age."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from documents import revocations
from documents.revocations import Entry, ListBroken
from tests.documents.test_receipt import CODE, KEY, KEY_ID, KEYS

AS_OF = datetime(2026, 12, 8, 1, tzinfo=UTC)
ENTRY = Entry(
    number="青河孵出证〔2026〕7号", code_hash=revocations.hash_of(CODE), standing="replaced", at=AS_OF,
    replaced_by="青河孵出证〔2026〕8号",
)  # fmt: skip


def made() -> str:
    """A list of one paper."""
    return revocations.make("青河县孵化中心", AS_OF, [ENTRY], key_id=KEY_ID, sign=KEY.sign)


def test_whoever_has_the_paper_finds_it_and_nobody_else_learns_its_code() -> None:
    found = revocations.read(made(), KEYS)
    assert found.of(CODE.lower()) == ENTRY
    assert found.of("0000-0000-0000-0000") is None
    assert CODE not in made()
    assert CODE.replace("-", "") not in made()


def test_an_old_list_says_so() -> None:
    found = revocations.read(made(), KEYS)
    assert not found.is_old(AS_OF + timedelta(days=7))
    assert found.is_old(AS_OF + timedelta(days=8))


@pytest.mark.parametrize("field", ["as_of", "issuer", "entries", "key", "format", "signature"])
def test_nothing_in_it_can_be_changed(field: str) -> None:
    said = json.loads(made())
    said[field] = [] if field == "entries" else "00000000" if field == "key" else said[field] + "0"
    with pytest.raises(ListBroken):
        revocations.read(json.dumps(said), KEYS)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"signature": 3}', "很抱歉"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ListBroken):
        revocations.read(text, KEYS)
