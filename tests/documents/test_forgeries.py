"""Forged papers: none is taken for ours, whatever was added, swapped, moved, stripped, or flipped."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from documents.pades import Wish, certify, sign_second
from documents.seal import seal_pdf
from documents.signed import Examined, _cms_of, certificates_in, examine
from tests.documents.attacks import ATTACKS, annotated, appended_page, drawn_over, filled_form, signed_by_a_stranger_too
from tests.documents.conftest import drawn
from tests.documents.keys import AT, NAME, office

KIND = "graduation_certificate"
NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
FLIPS = 3_000 if NIGHTLY else 60
OURS = frozenset({office().certificate})


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    """The sample certificate as it is drawn."""
    return drawn(KIND).pdf


@pytest.fixture(scope="module")
def signed(unsigned: bytes) -> bytes:
    """The same, signed with its seal."""
    return certify(unsigned, office(), Wish(at=AT, seal=seal_pdf(NAME), places=drawn(KIND).seal_places))


def careless(content: bytes) -> bool:
    """A planted weak verifier, as many readers are: believes a file in which some signature is whole."""
    try:
        for one in PdfFileReader(BytesIO(content), strict=False).embedded_signatures:
            if all(validate_sig_integrity(one.signer_info, one.signer_cert, "data", one.compute_digest())):
                return True
    except Exception:
        return False
    return False


def test_a_paper_of_ours_is_genuine(signed: bytes) -> None:
    found = examine(signed, OURS)
    assert found == Examined(
        "genuine", fingerprint=hashlib.sha256(office().certificate).hexdigest(), holder=NAME, signed_at=AT
    )


def test_an_unsigned_paper_says_so(unsigned: bytes) -> None:
    assert examine(unsigned, OURS).verdict == "unsigned"
    assert examine(b"hello", OURS).verdict == "unreadable"
    assert examine(b"%PDF-1.7 hello", OURS).verdict == "unreadable"


@pytest.mark.parametrize("name", ATTACKS)
def test_no_forgery_is_accepted(name: str, signed: bytes, unsigned: bytes) -> None:
    forged = ATTACKS[name](signed, unsigned)
    assert forged != signed
    found = examine(forged, OURS)
    assert not found.genuine, name
    # A file from which the signature is gone is no longer said to be altered when nothing tells of it.
    assert found.verdict in ({"foreign"} if name == "same_name_other_key" else {"altered", "unsigned", "unreadable"})


def test_a_careless_reader_is_fooled(signed: bytes, unsigned: bytes) -> None:
    """The attacks are worth something: a reader that looks at the signed part alone believes many of them."""
    fooled = [name for name, attack in ATTACKS.items() if careless(attack(signed, unsigned))]
    print(f"{len(ATTACKS)} attacks, a careless reader believes {len(fooled)}: {', '.join(fooled)}")
    assert len(ATTACKS) >= 20
    assert len(fooled) >= 15


@pytest.mark.timeout(1_200 if NIGHTLY else 120)
def test_every_flipped_bit_is_caught(signed: bytes) -> None:
    """F1: by the signature alone, and by the hash that is kept."""
    kept, chance = hashlib.sha256(signed).digest(), random.Random(20_261_126)
    missed, missed_by_hash = [], 0
    for _ in range(FLIPS):
        place, bit = chance.randrange(len(signed)), 1 << chance.randrange(8)
        flipped = bytearray(signed)
        flipped[place] ^= bit
        missed_by_hash += hashlib.sha256(flipped).digest() == kept
        if examine(bytes(flipped), OURS).genuine:
            missed.append(place)
    print(f"{FLIPS} flips; unseen by signature {len(missed)}, by hash {missed_by_hash}")
    assert (missed, missed_by_hash) == ([], 0)


VERSION, VERSION_3 = b"020101310F", b"020103310F"


def turned_in_the_envelope(signed: bytes, step: int) -> Iterator[bytes]:
    """The file with every `step`-th bit of its signature's envelope turned, one at a time."""
    (one,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    first, envelope = int(one.byte_range[1]) + 1, _cms_of(one)
    for bit in range(0, len(envelope) * 8, step):
        turned = bytearray(envelope)
        turned[bit // 8] ^= 1 << bit % 8
        yield signed[:first] + turned.hex().upper().encode() + signed[first + 2 * len(envelope) :]


@pytest.mark.timeout(1_200 if NIGHTLY else 120)
def test_no_bit_of_the_envelope_can_be_turned_either(signed: bytes) -> None:
    """It names its version, lengths and digest where nothing signs them."""
    turned = list(turned_in_the_envelope(signed, 1 if NIGHTLY else 211))
    assert len(turned) >= 30
    assert not [one for one in turned if examine(one, OURS).genuine]


def test_a_reader_that_trusts_the_envelope_believes_some_of_them(
    signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: the envelope is read and never written again to compare."""
    monkeypatch.setattr("documents.signed._check_envelope", lambda _: None)
    assert examine(signed.replace(VERSION, VERSION_3, 1), OURS).genuine
    monkeypatch.undo()
    assert not examine(signed.replace(VERSION, VERSION_3, 1), OURS).genuine


@pytest.fixture(scope="module")
def agreement() -> bytes:
    """An agreement the centre has signed."""
    return certify(drawn("incubation_agreement").pdf, office(), Wish(at=AT, two_parties=True))


def test_an_agreement_is_genuine_with_one_signature_and_with_both(agreement: bytes) -> None:
    assert (examine(agreement, OURS).verdict, examine(agreement, OURS).signed_by_both) == ("genuine", False)
    both = examine(sign_second(agreement, office("other"), Wish(at=AT)), OURS)
    assert (both.verdict, both.signed_by_both) == ("genuine", True)


@pytest.mark.parametrize("attack", [annotated, appended_page, drawn_over, filled_form, signed_by_a_stranger_too])
def test_an_agreement_changed_before_or_after_the_second_signature_is_not(attack: object, agreement: bytes) -> None:
    both = sign_second(agreement, office("other"), Wish(at=AT))
    assert not examine(attack(both, b""), OURS).genuine  # type: ignore[operator]
    assert not examine(attack(agreement, b""), OURS).genuine  # type: ignore[operator]
    if attack is not signed_by_a_stranger_too:
        changed = attack(agreement, b"")  # type: ignore[operator]
        assert not examine(sign_second(changed, office("other"), Wish(at=AT)), OURS).genuine


def test_a_signature_from_outside_its_certificate_s_days_is_not_ours(unsigned: bytes) -> None:
    late = certify(unsigned, office(), Wish(at=AT.replace(year=2029)))
    assert examine(late, OURS).verdict == "altered"


def test_certificates_are_read_from_the_file_that_travels() -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = x509.load_der_x509_certificate(office().certificate).public_bytes(Encoding.PEM).decode()
    other = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"
    assert certificates_in(f"# 说明\n{other}{pem}") == OURS
    assert certificates_in(other) == frozenset()
