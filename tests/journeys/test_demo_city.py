"""The whole city: every figure of the demo day, then the scripts; the tests follow each other on one database."""

from typing import Any

import pytest

from cli.demo import figures, scripts, story, summary
from cli.demo.acting import City, play
from services.audit.commands import seal
from services.audit.queries import verify
from services.database.work import reading
from services.invariants.check import check
from services.outbox.queries import errands

pytestmark = pytest.mark.timeout(600)


def silent(_step: Any) -> None:
    """Tells nobody."""


def wrong(found: list[figures.Figure]) -> list[figures.Figure]:
    return [one for one in found if not one.agrees]


def test_every_organization_walks_into_its_state_and_every_figure_agrees(city: City) -> None:
    play(city, story.steps(), told=silent)
    found = figures.before_scripts(city)
    assert wrong(found) == []
    assert len(found) >= 28


def test_a_figure_that_is_off_by_one_fen_is_noticed(city: City) -> None:
    available = {"county_budget": 127_000, "welfare_lottery": 74_000, "donation": 18_200}
    assert wrong(
        figures.money(city, paid=57_801, open_commitments=29_200, available=available, returned=6_200, receivable=7_000)
    )


def test_the_scripts_come_to_what_was_expected(city: City) -> None:
    play(city, scripts.steps(), told=silent)
    assert wrong(figures.after_scripts(city)) == []


def test_nothing_is_left_waiting_and_every_invariant_holds(city: City) -> None:
    seal(city.database, city.now, everything=True)
    with reading(city.database, city.now) as work:
        assert errands(work, standing="waiting") == ()
        assert errands(work, standing="parked") == ()
        assert verify(work).first_bad is None
    assert check(city.database, now=city.now, quiet=True) == ()


def test_the_report_is_sound_and_says_what_is_left_out(city: City, tmp_path: Any) -> None:
    written = summary.write_papers(city, tmp_path)
    report = summary.gather(
        city, before=figures.after_scripts(city), after=[], timings={}, carrier="in-process", folder=tmp_path
    )
    assert report.sound
    assert sum(report.papers.values()) == written == len(list(tmp_path.glob("*.pdf")))
    assert any("O5" in line for line in report.left_out)
    report.before.append(figures.Figure("planted", "1", "2"))
    assert not report.sound
