"""A scanner's program reads the QR code off a picture of the printed sheet, and what it read is believed offline."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from documents import pdf, receipt
from documents.registry import KINDS
from tests.documents.test_receipt import KEY, KEY_ID, KEYS, STATEMENT

READER = "zbarimg"
SHEETS = (("graduation_certificate", 150), ("admission_notice", 200), ("filing_refusal", 200), ("receipt_slip", 200))
"""A kind of each family, and the dots to the inch at which a scanner of an office looks at it."""


@pytest.fixture(scope="module", autouse=True)
def reader() -> None:
    if shutil.which(READER) is None:
        if os.environ.get("CHUKE_NIGHTLY"):
            pytest.fail(f"{READER} is not installed: apt-get install zbar-tools")
        pytest.skip(f"{READER} is not installed")


def issued(kind: str) -> tuple[str, Image.Image, int]:
    """The text of the sheet's code and the sheet as a scanner sees it."""
    context = KINDS[kind].sample()
    code, holder = context.head.verify_code.replace("-", ""), context.head.organization_name
    statement = replace(STATEMENT, number=context.head.number, verify_code=code, holder=holder)
    said = receipt.make(statement, key_id=KEY_ID, sign=KEY.sign)
    dots = dict(SHEETS)[kind]
    document = pypdfium2.PdfDocument(pdf.render(kind, context, receipt=said).pdf)
    return context.head.verify_url + said, document[0].render(scale=dots / 72, grayscale=True).to_pil(), dots


def read_off(picture: Image.Image, folder: Path) -> str:
    """What the program reads; empty when it reads nothing."""
    path = folder / "sheet.png"
    picture.save(path)
    found = subprocess.run([READER, "--quiet", "--raw", str(path)], capture_output=True, check=False, timeout=60)
    return found.stdout.decode().strip()


@pytest.mark.parametrize("kind", [kind for kind, _ in SHEETS])
def test_the_code_is_read_off_the_sheet_and_its_receipt_is_ours(kind: str, tmp_path: Path) -> None:
    text, picture, _ = issued(kind)
    read = read_off(picture, tmp_path)
    assert read == text
    assert receipt.check(receipt.read(read), KEYS)


def test_a_code_that_is_blurred_or_cut_is_not_read(tmp_path: Path) -> None:
    """The planted faults: a bad copy, and a sheet of which the corner was torn off."""
    text, picture, dots = issued("admission_notice")
    assert read_off(picture.filter(ImageFilter.GaussianBlur(dots / 25)), tmp_path) != text
    assert read_off(picture.crop((int(dots * 1.6), 0, *picture.size)), tmp_path) != text
