"""Files that are not ours are the ones we took: listed with version and licence, unchanged."""

import hashlib
from pathlib import Path

import web

VENDOR = Path(web.__file__).parent / "static" / "vendor"
DIGESTS = {
    "htmx-4.0.1.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
    "htmx-LICENSE.txt": "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38",
}


def test_every_file_is_the_one_that_was_taken() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    found.pop("README.md")
    assert found == DIGESTS


def test_every_file_is_listed_with_its_licence() -> None:
    told = (VENDOR / "README.md").read_text(encoding="utf-8")
    assert all(name in told for name in DIGESTS)
