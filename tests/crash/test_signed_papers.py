"""The same enumeration around a paper that is signed: signed bytes cannot be made a second time the same."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from services.database.work import office_instant
from services.issuance.commands import Drawn
from services.issuance.queries import DocumentToDraw
from tests.crash.conftest import NIGHTLY
from tests.crash.harness import prepared
from tests.crash.places import Place
from tests.crash.scenarios import ADMISSION

pytestmark = pytest.mark.timeout(300)


def blank(paper: DocumentToDraw) -> Drawn:
    """A paper with nothing on it, which can be signed all the same."""
    result = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = f"{paper.id} {paper.number}"
        document.save(result, deterministic_id=True)
    return Drawn(result.getvalue(), sha256(result.getvalue()).hexdigest(), 1, "blank")


@pytest.fixture
def points() -> Callable[[int], bool]:
    """Those around the signature and its filing on each push; every one in the nightly run."""
    return lambda number: NIGHTLY or number in (9, 10, 11, 12)


def test_whatever_dies_one_signed_file_is_filed(
    each_place: tuple[Place, str], tmp_path: Path, demo: Path, points: Callable[[int], bool]
) -> None:
    where, template = each_place
    enumerator = prepared(where, tmp_path, template, ADMISSION[:3], now=office_instant(ADMISSION[0].day, hour=8))
    enumerator.render = blank
    walk = enumerator.walk(ADMISSION[3:4], wanted=points)
    print(f"died at {walk.tried} of {walk.points} points {walk.reached}")
    assert walk.wrong == []
    if not NIGHTLY:
        assert walk.reached == {"seal:before": 1, "seal:after": 1, "commit:before": 1, "commit:after": 1}
