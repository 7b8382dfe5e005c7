"""The other side's signature on an agreement: what is taken for one, and everything that only looks like it."""

from __future__ import annotations

import pytest
from cryptography.x509 import Certificate

from documents.pades import Identity, Wish, certify, sign_second, signed_with
from documents.press import left_to_sign
from documents.seal import seal_pdf
from documents.second import Fault, NotSecond, second_signature
from documents.signature_mark import signature_mark_pdf
from documents.signed import examine
from tests.documents.attacks import annotated, appended_page, drawn_over, filled_form
from tests.documents.conftest import drawn
from tests.documents.keys import AT, certificate, der, key_of, office

OURS = frozenset({office().certificate})
PARTY = "桦苑社区书画社"


@pytest.fixture(scope="module")
def issued() -> bytes:
    """An agreement the centre has signed."""
    found = drawn("incubation_agreement")
    return certify(found.pdf, office(), Wish(at=AT, seal=seal_pdf("中心"), places=found.seal_places, two_parties=True))


@pytest.fixture(scope="module")
def authority() -> Certificate:
    return certificate(key_of("authority"), name="电子认证服务机构", authority=True)


def party(authority: Certificate, *, name: str = PARTY, days: int = 365) -> Identity:
    """The other side, with a certificate of the authority."""
    key = key_of("party")
    own = certificate(key, name=name, issuer=authority, issuer_key=key_of("authority"), days=days)
    return Identity(der(own), signed_with(key), (der(authority),))


def fault_of(content: bytes, issued: bytes) -> Fault:
    with pytest.raises(NotSecond) as raised:
        second_signature(content, issued=issued, ours=OURS, roots=(), now=AT)
    return raised.value.fault


def test_the_other_side_signs_with_a_certificate_of_an_authority(issued: bytes, authority: Certificate) -> None:
    mark = signature_mark_pdf(PARTY, AT.date())
    both = sign_second(issued, party(authority), Wish(at=AT, seal=mark))
    found = second_signature(both, issued=issued, ours=OURS, roots=[der(authority)], now=AT)
    assert (found.holder, found.authority, found.signed_at, found.trusted) == (PARTY, "电子认证服务机构", AT, True)
    assert (found.is_by("桦苑社区 书画社"), found.is_by("桦苑社区书画")) == (True, False)
    assert examine(both, OURS).other_holder == PARTY


def test_a_certificate_that_nobody_gave_or_that_is_over_is_not_trusted(issued: bytes, authority: Certificate) -> None:
    own = sign_second(issued, office("party"), Wish(at=AT))
    over = sign_second(issued, party(authority, days=-1), Wish(at=AT.replace(day=1)))
    for content in (own, over):
        assert not second_signature(content, issued=issued, ours=OURS, roots=[der(authority)], now=AT).trusted


def test_the_file_as_it_was_issued_is_not_signed_by_the_other_side(issued: bytes) -> None:
    assert fault_of(issued, issued) == "not_signed"


def test_another_agreement_signed_well_is_another_file(issued: bytes) -> None:
    other = certify(drawn("award_agreement").pdf, office(), Wish(at=AT, two_parties=True))
    assert fault_of(sign_second(other, office("party"), Wish(at=AT)), issued) == "other_file"


def test_a_file_that_was_written_anew_is_another_file(issued: bytes) -> None:
    both = sign_second(issued, office("party"), Wish(at=AT))
    assert fault_of(both.replace(b"%PDF-1.7", b"%PDF-1.6", 1), issued) == "other_file"


@pytest.mark.parametrize("attack", [annotated, appended_page, drawn_over, filled_form])
def test_whatever_else_was_added_is_refused(attack: object, issued: bytes) -> None:
    both = sign_second(issued, office("party"), Wish(at=AT))
    assert fault_of(attack(both, b""), issued) == "altered"  # type: ignore[operator]
    assert fault_of(attack(issued, b""), issued) == "altered"  # type: ignore[operator]


def test_a_reader_that_asks_only_for_two_signatures_would_take_a_changed_file(issued: bytes) -> None:
    """The planted bug: a look that counts signatures and compares the beginning, and reads no further."""
    from io import BytesIO

    from pyhanko.pdf_utils.reader import PdfFileReader

    changed = annotated(sign_second(issued, office("party"), Wish(at=AT)), b"")
    weak = changed.startswith(issued) and len(PdfFileReader(BytesIO(changed)).embedded_signatures) == 2
    assert (weak, fault_of(changed, issued)) == (True, "altered")


def test_a_page_that_shows_our_sample_keeps_its_place_for_the_other_side_alone() -> None:
    places = drawn("incubation_agreement").seal_places
    assert [one.party for one in left_to_sign(places, pressed=False)] == ["first", "second"]
    assert [one.party for one in left_to_sign(places, pressed=True)] == ["second"]
    notice = drawn("admission_notice").seal_places
    assert left_to_sign(notice, pressed=True) == ()
