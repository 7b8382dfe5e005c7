"""The decision receipt: small enough for the QR code, always the same, and believed only when nothing was touched."""

import base64
import hashlib
import io
import re
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from documents import pdf, receipt
from documents.context import canonical_json
from documents.html import to_html
from documents.kind import Kind
from documents.qr import qr_path
from documents.receipt import ReceiptBroken, Statement
from documents.registry import KINDS, kind_of

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY_ID = receipt.key_id_of(KEY.public_key())
KEYS = {KEY_ID: KEY.public_key()}
CODE = "7K3M-Q9TV-2XHD-84PW"
SITE = "https://fuhua.example.cn/verify/"
STATEMENT = Statement(
    code="D18", number="青河孵出证〔2026〕7号", verify_code=CODE.replace("-", ""), holder="晨光社区邻里互助社",
    decided_on=date(2026, 12, 8), valid_to=date(2029, 12, 7), inputs_sha256="ab" * 32, edition="0123456789abcdef" * 4,
)  # fmt: skip


def text_of(statement: Statement = STATEMENT) -> str:
    """The text of the paper's QR code."""
    return SITE + CODE + receipt.make(statement, key_id=KEY_ID, sign=KEY.sign)


def test_it_says_who_got_what_when_and_comes_back_as_it_was() -> None:
    found = receipt.read(text_of())
    assert receipt.check(found, KEYS) is True
    assert (found.code, found.number, found.holder, found.verify_code) == (
        "D18", STATEMENT.number, STATEMENT.holder, STATEMENT.verify_code,
    )  # fmt: skip
    assert (found.decided_on, found.valid_to) == (STATEMENT.decided_on, STATEMENT.valid_to)
    assert found.edition == STATEMENT.edition[:8]


def test_an_ordinary_paper_has_a_code_of_about_250_characters_and_the_same_one_every_time() -> None:
    assert len(text_of()) <= 255
    assert text_of() == text_of()
    longest = replace(
        STATEMENT, holder="青河县望河街道幸福家园社区邻里守望互助志愿服务促进会", number="青河孵" + "出" * 20
    )
    assert len(text_of(longest)) <= 300


def test_what_a_server_gets_has_130_bits_and_the_receipt_stays_with_the_reader() -> None:
    address = text_of().partition("#")[0]
    said = address.removeprefix(SITE).replace("-", "")
    assert len(said) * 5 == 130
    assert set(said) <= set(receipt.ALPHABET)


def test_a_long_name_is_carried_as_a_hash_that_only_the_same_name_has() -> None:
    name = "青河县望河街道幸福家园社区邻里守望互助志愿服务促进会"
    found = receipt.read(text_of(replace(STATEMENT, holder=name)))
    assert receipt.check(found, KEYS) is True
    assert not found.holder
    assert receipt.is_holder(found, name)
    assert not receipt.is_holder(found, name[:-1])


def test_the_attached_data_of_a_file_is_known_by_its_hash() -> None:
    context = kind_of("graduation_certificate").sample()
    data = canonical_json(context)
    found = receipt.read(text_of(replace(STATEMENT, inputs_sha256=hashlib.sha256(data).hexdigest())))
    assert receipt.is_of_data(found, data)
    assert not receipt.is_of_data(found, data.replace("晨".encode(), "夜".encode()) + b" ")


def test_a_bit_turned_anywhere_is_refused() -> None:
    """Every bit of body and signature in turn: none of them gives a receipt that is believed."""
    address, _, body = text_of().partition("#")
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    believed = []
    for bit in range(len(raw) * 8):
        turned = bytearray(raw)
        turned[bit // 8] ^= 1 << bit % 8
        text = f"{address}#{base64.urlsafe_b64encode(turned).rstrip(b'=').decode()}"
        try:
            if receipt.check(receipt.read(text), KEYS):
                believed.append(bit)
        except (ReceiptBroken, ValueError):
            continue
    assert believed == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_every_kind_of_paper_has_a_receipt_that_says_so(kind: Kind) -> None:
    assert receipt.read(text_of(replace(STATEMENT, code=kind.code))).code == kind.code


def test_another_papers_code_another_key_and_a_lost_end_are_refused() -> None:
    text = text_of()
    other = text.replace(CODE, "0000-0000-0000-0000")
    assert receipt.check(receipt.read(other), KEYS) is False
    stranger = Ed25519PrivateKey.generate()
    forged = SITE + CODE + receipt.make(STATEMENT, key_id=KEY_ID, sign=stranger.sign)
    assert receipt.check(receipt.read(forged), KEYS) is False
    assert receipt.check(receipt.read(text), {}) is None
    for broken in (text[:-20], text.partition("#")[0], "#", "https://example.cn/other", ""):
        with pytest.raises(ReceiptBroken):
            receipt.read(broken)


def test_a_check_that_forgot_the_code_would_believe_a_copied_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: the code is left out of what is signed, so one paper's receipt passes behind another's address."""
    monkeypatch.setattr(receipt, "_signed", lambda _code, body: receipt.DOMAIN + body)
    assert receipt.check(receipt.read(text_of().replace(CODE, "0000-0000-0000-0000")), KEYS) is True


def test_keys_come_from_a_file_that_also_holds_certificates() -> None:
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    assert set(receipt.keys_in(certificate + pem)) == {KEY_ID}
    with pytest.raises(ValueError, match="no Ed25519"):
        receipt.keys_in(certificate)


@given(
    number=st.text(st.characters(codec="gb18030"), min_size=1, max_size=20),
    holder=st.text(min_size=1, max_size=60).filter(lambda name: not re.search("[\ud800-\udfff]", name)),
    day=st.dates(date(2000, 1, 2), date(2170, 1, 1)),
)
def test_whatever_is_stated_is_read_back(number: str, holder: str, day: date) -> None:
    stated = replace(STATEMENT, number=number, holder=holder, decided_on=day, valid_to=None)
    found = receipt.read(text_of(stated))
    assert receipt.check(found, KEYS) is True
    assert (found.number, found.decided_on, found.valid_to) == (number, day, None)
    assert receipt.is_holder(found, holder)


def test_a_drawn_paper_carries_its_receipt_in_the_qr_code_and_as_a_file() -> None:
    context = kind_of("graduation_certificate").sample()
    tail = receipt.make(STATEMENT, key_id=KEY_ID, sign=KEY.sign)
    with_it, without = (
        to_html("graduation_certificate", context, receipt=tail),
        to_html("graduation_certificate", context),
    )
    assert qr_path(context.head.verify_url + tail).path in with_it
    assert qr_path(context.head.verify_url).path in without
    rendered = pdf.render("graduation_certificate", context, receipt=tail)
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        attached = {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()}
    assert attached["receipt.txt"].decode() == context.head.verify_url + tail
    assert attached["data.json"] == canonical_json(context)
    assert pdf.render("graduation_certificate", context, receipt=tail).sha256 == rendered.sha256
