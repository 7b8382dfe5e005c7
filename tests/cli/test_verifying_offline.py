"""Checking without a network: only a key file is needed, no database is opened and no connection is made."""

import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from documents import receipt, revocations
from documents.offline import Means, check_pdf, check_text
from documents.pades import Wish, certify
from documents.revocations import Entry
from statemachines.registry import EDITIONS
from tests.documents.keys import AT, office
from tests.documents.test_receipt import CODE, KEY, KEY_ID, KEYS, STATEMENT, text_of

NOW = datetime(2026, 12, 10, 1, tzinfo=UTC)
MEANS = Means(keys=KEYS, now=NOW, today=date(2026, 12, 10))


def codes(found) -> list[str]:
    """What was found, by its weight and name."""
    return [f"{one.weight} {one.code}" for one in found.findings]


def listed(standing: str = "revoked", *, as_of: datetime = NOW) -> revocations.RevocationList:
    """A revocation list of the one paper."""
    entry = Entry(number=STATEMENT.number, code_hash=revocations.hash_of(CODE), standing=standing, at=NOW)  # type: ignore[arg-type]
    return revocations.read(revocations.make("中心", as_of, [entry], key_id=KEY_ID, sign=KEY.sign), KEYS)


def empty(*, as_of: datetime = NOW) -> revocations.RevocationList:
    """A revocation list of nothing."""
    return revocations.read(revocations.make("中心", as_of, [], key_id=KEY_ID, sign=KEY.sign), KEYS)


def test_a_printed_paper_holds_by_the_text_of_its_qr_code() -> None:
    found = check_text(text_of(), replace(MEANS, revoked=empty(), holder=STATEMENT.holder))
    assert codes(found) == ["good receipt_signed", "good holder_same", "good not_listed"]
    assert found.holds


def test_a_code_copied_onto_anothers_paper_is_found_by_the_holder() -> None:
    found = check_text(text_of(), replace(MEANS, holder="某某书画社"))
    assert "bad holder_differs" in codes(found)
    assert found.refused


@pytest.mark.parametrize("standing", ["revoked", "replaced", "void"])
def test_the_list_speaks_against_what_no_longer_holds(standing: str) -> None:
    assert f"bad listed_{standing}" in codes(check_text(text_of(), replace(MEANS, revoked=listed(standing))))


def test_an_old_list_is_named_by_its_day_and_no_list_at_all_is_said() -> None:
    old = check_text(text_of(), replace(MEANS, revoked=empty(as_of=datetime(2026, 11, 1, tzinfo=UTC))))
    assert "warn list_old" in codes(old)
    assert old.holds
    assert "warn no_list" in codes(check_text(text_of(), MEANS))


def test_what_ran_out_is_forged_or_cannot_be_read_does_not_hold() -> None:
    assert "bad expired" in codes(check_text(text_of(), replace(MEANS, today=date(2030, 1, 1))))
    forged = text_of().replace(CODE, "0000-0000-0000-0000")
    assert codes(check_text(forged, MEANS)) == ["bad forged"]
    assert codes(check_text(text_of(), replace(MEANS, keys={}))) == ["open unknown_key"]
    assert codes(check_text("https://fuhua.example.cn/verify/" + CODE, MEANS)) == ["open no_receipt"]


def with_files(**files: bytes) -> bytes:
    """A PDF with these attachments."""
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    for name, content in files.items():
        document.attachments[name.replace("_", ".")] = pikepdf.AttachedFileSpec(document, content)
    document.save(out)
    return out.getvalue()


def test_a_file_is_checked_by_its_attached_data_and_its_seal() -> None:
    data = b'{"head":{}}'
    stated = replace(STATEMENT, inputs_sha256=hashlib.sha256(data).hexdigest())
    means = replace(MEANS, certificates=frozenset({office().certificate}), revoked=empty())
    plain = with_files(data_json=data, receipt_txt=text_of(stated).encode())
    good = certify(plain, office(), Wish(at=AT))
    assert codes(check_pdf(good, means)) == [
        "good seal_good",
        "good receipt_signed",
        "good data_fits",
        "good not_listed",
    ]
    assert check_pdf(good, means).holds
    assert codes(check_pdf(good, replace(means, certificates=())))[0] == "open no_certificate"
    assert codes(check_pdf(plain, means))[0] == "open seal_missing"
    assert codes(check_pdf(good + b"%", means))[0] == "bad seal_altered"
    assert codes(check_pdf(certify(plain, office("another"), Wish(at=AT)), means))[0] == "bad seal_foreign"
    altered = certify(
        with_files(data_json=data + b" ", receipt_txt=text_of(stated).encode()), office(), Wish(at=AT)
    )  # fmt: skip
    assert "bad data_differs" in codes(check_pdf(altered, means))
    without = certify(with_files(data_json=data), office(), Wish(at=AT))
    assert codes(check_pdf(without, means)) == ["good seal_good", "open no_receipt"]
    assert codes(check_pdf(b"%PDF-1.7 nothing", means)) == ["bad not_a_pdf"]


WATCHED = """
import sys
def hook(event, arguments):
    if event.startswith("socket.") or event == "sqlite3.connect":
        raise RuntimeError(f"{event} {arguments}")
sys.addaudithook(hook)
from cli.main import run
status = run(sys.argv[1:])
assert not any(name.startswith(("sqlalchemy", "services.database", "httpx", "psycopg")) for name in sys.modules)
sys.exit(status)
"""
"""Runs a command in a process that may neither connect nor load what could."""


def chuke(*tokens: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command where the database cannot be reached."""
    environment = os.environ | {"CHUKE_DATABASE_URL": "postgresql://nobody@192.0.2.1:1/none", "CHUKE_HOME": "/nowhere"}
    return subprocess.run(
        [sys.executable, "-c", WATCHED, "document", "verify", *tokens],
        capture_output=True, text=True, env=environment, input=said, timeout=120, check=False,
    )  # fmt: skip


def test_neither_database_nor_network_is_touched(tmp_path: Path) -> None:
    key, revoked = tmp_path / "key.pem", tmp_path / "list.json"
    key.write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    revoked.write_text(revocations.make("中心", NOW, [], key_id=KEY_ID, sign=KEY.sign))
    digest = EDITIONS["incubation"][1].digest()
    text = (
        "https://fuhua.example.cn/verify/"
        + CODE
        + receipt.make(replace(STATEMENT, edition=digest), key_id=KEY_ID, sign=KEY.sign)
    )
    asked = ("--offline", "--key", str(key), "--list", str(revoked), "--on", "2026-12-10")
    found = chuke(*asked, said=text)
    assert (found.returncode, found.stderr) == (0, "")
    assert "青河孵出证〔2026〕7号" in found.stdout
    assert "晨光社区邻里互助社" in found.stdout
    assert "incubation v1" in found.stdout
    english = chuke(text, *asked, "--lang", "en", "--json", "--holder", "某某书画社")
    assert english.returncode == 4
    assert json.loads(english.stdout)["holds"] is False


def test_nothing_to_check_with_is_said(tmp_path: Path) -> None:
    assert chuke(text_of(), "--offline").returncode == 2
    nothing = tmp_path / "empty.pem"
    nothing.write_text("")
    assert chuke(text_of(), "--offline", "--key", str(nothing)).returncode == 2
