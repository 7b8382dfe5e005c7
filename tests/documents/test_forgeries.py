"""Forged papers: none is taken for ours, whatever was added, swapped, moved, stripped, or flipped."""

from __future__ import annotations

import hashlib
import os
import random
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from documents.pades import Wish, certify, sign_second
from documents.seal import seal_pdf
from documents.signed import Examined, certificates_in, examine
from tests.documents.attacks import ATTACKS, annotated, appended_page, drawn_over, filled_form, signed_by_a_stranger_too
from tests.documents.conftest import drawn
from tests.documents.keys import AT, NAME, office

KIND = "graduation_certificate"
FLIPS = 3_000 if os.environ.get("CHUKE_NIGHTLY") else 60
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


def test_every_flipped_bit_is_caught(signed: bytes) -> None:
    """F1: those in the signed ranges by the signature alone, all by the hash that is kept.

    The envelope of a signature names its version and its digest a second time where nothing signs them; a flip there
    may pass, and then changes nothing of what the paper or its signature says.
    """
    (one,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    _, first, second, _ = (int(value) for value in one.byte_range)
    kept, said, chance = hashlib.sha256(signed).digest(), examine(signed, OURS), random.Random(20_261_126)
    inside, missed, in_the_gap, missed_by_hash = 0, [], [], 0
    for _ in range(FLIPS):
        place, bit = chance.randrange(len(signed)), 1 << chance.randrange(8)
        flipped = bytearray(signed)
        flipped[place] ^= bit
        covered = place < first or place >= second
        inside += covered
        missed_by_hash += hashlib.sha256(flipped).digest() == kept
        found = examine(bytes(flipped), OURS)
        if found.genuine:
            (missed if covered or found != said else in_the_gap).append(place)
    print(f"{FLIPS} flips, {inside} in signed ranges; unseen there {len(missed)}, beside {len(in_the_gap)}, by hash 0")
    assert (missed, missed_by_hash) == ([], 0)
    assert len(in_the_gap) <= max(1, FLIPS // 500)


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
