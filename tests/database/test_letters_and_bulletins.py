"""Papers by an act of the office: an evaluator's letter with the term, and the bulletin once a month."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from cli.bench.city import STREET
from services.cases.appointing import appoint, dismiss
from services.cases.occasions import issuing_centre
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.delivery.queries import papers_in_drawer
from services.errors import Forbidden, Invalid, Refused
from services.evaluators.acts import NewTerm
from services.evaluators.models import pool_terms
from services.issuance.models import issued_documents
from services.issuance.verifying import verification
from services.organizations.commands import add_centre
from services.reports.bulletins import bulletins, issue_bulletin
from services.reports.queries import board
from tests.database.office import Office, open_office_with_reserve, refusal, trail

# The occasions themselves are tried on both databases; these acts do nothing that differs.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office_with_reserve(database)


def term(office: Office, **changed: Any) -> str:
    new = NewTerm("evaluator4", ("CHARITY", "SERVICE"), date(2026, 4, 1), date(2027, 12, 31), **changed)
    return appoint(office.database, office.people["secretary"], new, now=office.now)


def papers(office: Office, who: str) -> list[Any]:
    with reading(office.database, office.now) as work:
        return list(papers_in_drawer(work, office.people[who]))


def test_who_is_appointed_gets_the_letter_and_the_term_its_number(office: Office) -> None:
    identity = term(office, body="青檐市社会工作者协会")
    office.carry()
    (letter,) = papers(office, "evaluator4")
    assert (letter.code, letter.standing, letter.case_id) == ("D41", "issued", None)
    with reading(office.database, office.now) as work:
        row = work.connection.execute(select(pool_terms).where(pool_terms.c.id == identity)).one()
        inputs = work.connection.execute(
            select(issued_documents.c.inputs).where(issued_documents.c.id == letter.id)
        ).scalar_one()
        found = verification(work, letter.verify_code)
    assert row.appointment == letter.number
    assert inputs["fields"] == ["生活服务", "公益慈善"]
    assert inputs["head"]["organization_name"] == "专家丁"
    assert found is not None
    assert (found.holder, found.valid_to) == ("专**", date(2027, 12, 31))


def test_a_letter_that_exists_on_paper_is_not_issued_again(office: Office) -> None:
    term(office, appointment="聘〔2026〕9号")
    office.carry()
    assert papers(office, "evaluator4") == []


def test_who_is_dismissed_holds_a_letter_that_says_so(office: Office) -> None:
    identity = term(office)
    office.carry()
    dismiss(office.database, office.people["secretary"], term_id=identity, reason="本人提出", now=office.now)
    (letter,) = papers(office, "evaluator4")
    assert letter.standing == "revoked"


def test_a_refused_appointment_takes_no_number(office: Office) -> None:
    term(office)
    with pytest.raises(Refused, match="term_overlaps"):
        term(office)
    with reading(office.database, office.now) as work:
        kinds = work.connection.execute(select(issued_documents.c.kind, issued_documents.c.serial)).all()
    assert kinds == [("appointment_letter", 1)]


def test_several_centres_and_none_named_is_no_issuer(office: Office) -> None:
    with unit_of_work(office.database, office.now) as work:
        add_centre(
            work, name="第二中心", division_code=STREET, places=3, number_prefix="二孵", bureau_prefix="二民",
            case_prefix="EFH", contact="甲", phone="0000-1",
        )  # fmt: skip
        with pytest.raises(Invalid, match="centre_needed"):
            issuing_centre(work)


def test_the_bulletin_carries_the_figures_of_the_board_and_goes_to_its_readers(office: Office) -> None:
    office.submitted()
    manager = office.people["manager"]
    number = issue_bulletin(office.database, manager, "2026-03", now=office.now)
    office.carry()
    with reading(office.database, office.now) as work:
        (line,) = bulletins(work, manager)
        shown = board(work, manager)
        inputs = work.connection.execute(select(issued_documents.c.inputs)).scalars().all()[-1]
    assert (line.number, line.code, line.standing) == (number, "D42", "issued")
    figures = {one["label"]: one["value"] for one in inputs["figures"]}
    assert figures["在办个案"] == f"{shown.open}件" == "1件"
    assert "收到申请1件" in inputs["lead"][1]
    assert [bar["number"] for bar in inputs["charts"][0]["bars"]] == [one.cases for one in shown.stages]
    assert line.id in {one.id for one in papers(office, "manager")}
    assert trail(office.database, "bulletin:issue") == [("bulletin:issue", manager.name, "done", [])]


def test_a_month_has_one_bulletin_and_only_this_month_and_the_last_are_open(office: Office) -> None:
    manager = office.people["manager"]

    def issue(month: str, who: str = "manager") -> str:
        return issue_bulletin(office.database, office.people[who], month, now=office.now)

    issue("2026-02")
    assert refusal(lambda: issue("2026-02")) == (Refused, ("document.occasion_issued",))
    for month in ("2026-01", "2026-04"):
        assert refusal(lambda month=month: issue(month)) == (Refused, ("bulletin.month_closed",))
    for month in ("2026-13", "2026-3", "März"):
        assert refusal(lambda month=month: issue(month)) == (Invalid, ("bulletin.month_wrong",))
    assert refusal(lambda: issue("2026-03", "clerk")) == (Forbidden, ("access.forbidden",))
    assert [entry[2] for entry in trail(office.database, "bulletin:issue") if entry[1] == manager.name] == [
        "done", "refused", "refused", "refused",
    ]  # fmt: skip
