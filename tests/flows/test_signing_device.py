"""A key on a PKCS#11 device, tried with SoftHSM where the machine has it and python-pkcs11 is installed."""

import importlib
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from documents.pades import Wish, certify
from documents.signed import examine
from flows.signing_keys import load_keys
from services.issuance.signatures import SealAway
from services.settings import Settings
from tests.database_fixtures import NOW
from tests.documents.conftest import drawn
from tests.documents.keys import AT, certificate, der, key_of

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so")
MODULE = next((Path(one) for one in MODULES if Path(one).exists()), None)
needs_device = pytest.mark.skipif(
    find_spec("pkcs11") is None or MODULE is None or shutil.which("softhsm2-util") is None,
    reason="python-pkcs11 or SoftHSM is not installed",
)


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A token with the office's key and certificate on it."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    raw = key_of("office").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(raw)
    given = ["--token", "chuke", "--label", "office", "--id", "01", "--pin", "1234"]
    _run("--init-token", "--free", "--label", "chuke", "--so-pin", "5678", "--pin", "1234")
    _run("--import", str(tmp_path / "key.pem"), *given)
    pkcs11: Any = importlib.import_module("pkcs11")
    with pkcs11.lib(str(MODULE)).get_token(token_label="chuke").open(user_pin="1234", rw=True) as session:
        said = importlib.import_module("pkcs11.util.x509").decode_x509_certificate(der(certificate(key_of("office"))))
        session.create_object(said | {pkcs11.Attribute.LABEL: "office", pkcs11.Attribute.TOKEN: True})
    (tmp_path / "pin").write_text("1234\n")
    (tmp_path / "pin").chmod(0o600)
    return Settings(
        home=tmp_path, seal_mode="pkcs11", seal_module=MODULE, seal_slot="chuke", seal_label="office",
        seal_pin=tmp_path / "pin",
    )  # fmt: skip


def _run(*arguments: str) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


@needs_device
def test_a_key_that_never_leaves_its_device_signs(device: Settings) -> None:
    identity = load_keys(device, now=NOW).identity
    signed = certify(drawn("graduation_certificate").pdf, identity, Wish(at=AT))
    assert examine(signed, {identity.certificate}).genuine


@pytest.mark.skipif(find_spec("pkcs11") is not None, reason="python-pkcs11 is installed")
def test_without_the_library_the_reason_is_plain(tmp_path: Path) -> None:
    with pytest.raises(SealAway) as refusal:
        load_keys(Settings(home=tmp_path, seal_mode="pkcs11"), now=NOW)
    assert refusal.value.codes == ("seal.no_pkcs11",)
