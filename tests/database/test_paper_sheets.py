"""Sheets on paper count only once a second person compared them; a sheet that was changed after its lock is found."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import text

from services.applications.inspection import Upload
from services.applications.scanning import scanner_at
from services.assessments.commitments import Sheet, changed_sheets, committed, holds
from services.assessments.paper_sheets import papers_of
from services.cases import paper_sheets
from services.cases.paper_sheets import TypedSheet
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.invariants.check import check
from tests.database.office import MARKS, Office, open_office
from tests.web.writing import png


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


def enter(office: Office, number: str, *, evaluator: str = "evaluator1", by: str = "secretary", **changed: str) -> str:
    return paper_sheets.enter_paper_sheet(
        office.database, office.people[by], assessment_id=office.round(number).id, evaluator=evaluator,
        typed=TypedSheet(MARKS["admission"] | changed, {}), scan=Upload("扫描件.png", png()), scanner=scanner_at(""),
        now=office.now,
    )  # fmt: skip


def countersign(office: Office, paper: str, by: str, *, agrees: bool = True, reason: str = "") -> None:
    paper_sheets.countersign(
        office.database, office.people[by], paper_id=paper, agrees=agrees, reason=reason, now=office.now
    )


def test_a_paper_sheet_counts_only_once_the_evaluator_countersigned_it(office: Office) -> None:
    number = office.reviewed()
    office.score("evaluator2", office.round(number).id)
    office.score("evaluator3", office.round(number).id)
    paper = enter(office, number)
    assert office.round(number).concluded_at is None
    with pytest.raises(Forbidden) as refused:
        countersign(office, paper, "secretary")
    assert refused.value.codes == ("assessment.paper_two_people",)
    countersign(office, paper, "evaluator1")
    assert (office.round(number).mean, office.trail(number)[-1].action) == (Decimal(78), "assessment:countersign")
    with pytest.raises(Refused) as again:
        countersign(office, paper, "evaluator1")
    assert again.value.codes == ("assessment.paper_decided",)


def test_a_paper_sheet_that_differs_from_its_scan_goes_back_and_is_typed_again(office: Office) -> None:
    number = office.reviewed()
    paper = enter(office, number)
    with pytest.raises(Refused) as refused:
        enter(office, number)
    assert refused.value.codes == ("assessment.paper_waits",)
    with pytest.raises(Invalid):
        countersign(office, paper, "evaluator1", agrees=False)
    countersign(office, paper, "evaluator1", agrees=False, reason="A1应为16分")
    assert office.round(number).seats[0].locked_at is None
    countersign(office, enter(office, number, A1="16"), "evaluator1")
    with reading(office.database, office.now) as work:
        assert [one.standing for one in papers_of(work, office.round(number).id)] == ["refused", "counted"]


def test_only_the_secretary_enters_and_nobody_else_sees_what_was_typed(office: Office) -> None:
    number = office.reviewed()
    with pytest.raises(Forbidden):
        enter(office, number, by="manager")
    with pytest.raises(Invalid) as refused:
        enter(office, number, evaluator="clerk")
    assert refused.value.codes == ("input.not_a_choice",)
    with pytest.raises(Invalid) as wrong:
        enter(office, number, A1="20.3")
    assert "assessment.score_out_of_range" in wrong.value.codes
    paper = enter(office, number)
    for who in ("evaluator2", "manager", "applicant1"):
        with pytest.raises(NotFound):
            countersign(office, paper, who)


def test_a_locked_sheet_that_was_changed_is_named(office: Office) -> None:
    number = office.reviewed()
    office.score("evaluator1", office.round(number).id)
    assert check(office.database, now=office.now) == ()
    with unit_of_work(office.database, office.now) as work:
        work.connection.execute(text("update score_sheets set total_hundredths = total_hundredths + 50"))
    with reading(office.database, office.now) as work:
        found = [one.assessment_id for one in changed_sheets(work)]
    assert found == [office.round(number).id]
    assert [one.code for one in check(office.database, now=office.now)] == ["sheets"]


def test_every_part_of_a_sheet_is_committed_to() -> None:
    sheet = Sheet("round", "seat", {"A1": "10"}, {"A1": "好"}, ("forged_material",), 1000)
    kept = committed(sheet)
    assert holds(sheet, kept)
    assert committed(sheet) != kept
    for other in (
        Sheet("other", "seat", {"A1": "10"}, {"A1": "好"}, ("forged_material",), 1000),
        Sheet("round", "other", {"A1": "10"}, {"A1": "好"}, ("forged_material",), 1000),
        Sheet("round", "seat", {"A1": "10.5"}, {"A1": "好"}, ("forged_material",), 1000),
        Sheet("round", "seat", {"A1": "10"}, {"A1": "差"}, ("forged_material",), 1000),
        Sheet("round", "seat", {"A1": "10"}, {"A1": "好"}, (), 1000),
        Sheet("round", "seat", {"A1": "10"}, {"A1": "好"}, ("forged_material",), 1050),
    ):
        assert not holds(other, kept)
    for broken in ("", "abc", kept[:-1], kept.replace(".", "")):
        assert not holds(sheet, broken)
