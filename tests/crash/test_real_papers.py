"""The same enumeration around one paper with the real PDF engine, whose bytes are drawn again after a crash."""

from pathlib import Path

from flows.errands import draw
from services.database.work import office_instant
from tests.crash.harness import prepared
from tests.crash.places import Place
from tests.crash.scenarios import ADMISSION


def test_dying_around_a_real_drawing(each_place: tuple[Place, str], tmp_path: Path) -> None:
    where, template = each_place
    enumerator = prepared(where, tmp_path, template, ADMISSION[:2], now=office_instant(ADMISSION[0].day, hour=8))
    enumerator.render = draw
    # Before and after the drawing, before and after the commit that files it: after the move and the claim, two each.
    walk = enumerator.walk(ADMISSION[2:3], wanted=lambda number: number in (5, 6, 7, 8))
    assert walk.wrong == []
    assert walk.reached == {"paper:before": 1, "paper:after": 1, "commit:before": 1, "commit:after": 1}
