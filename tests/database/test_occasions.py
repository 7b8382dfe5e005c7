"""Papers that no move of a case earns: issued once for an occasion, given to people, verified like any other."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from documents.kind import Kind
from documents.registry import kind_of
from services.actors import Actor
from services.cases.errands import deliver_paper, file_paper, paper_to_draw
from services.cases.occasions import issue_on
from services.cases.queries import document_for
from services.database.base import new_id
from services.database.work import Work
from services.delivery.queries import papers_in_drawer
from services.errors import NotFound, Refused
from services.invariants.findings import Report
from services.invariants.owed import check_occasions
from services.issuance.commands import Numbered
from services.issuance.queries import documents_apart, issued_on
from services.issuance.verifying import verification
from services.notices.queries import notices_for
from services.organizations.queries import CentreLine
from services.outbox.commands import claim_errands
from services.outbox.rules import Errand
from services.people.models import persons
from services.people.queries import actor_by_id
from tests.database.office import stand_in
from tests.database_fixtures import NOW

CENTRE = CentreLine(new_id(), "青檐市河湾区社区社会组织孵化中心", "229902", 12, "青河孵", "青河民", "QYFH")
KIND = kind_of("star_certificate")


def filled(number: Numbered) -> Any:
    return _numbered(KIND, number)


def _numbered(kind: Kind, number: Numbered) -> Any:
    example = kind.sample()
    head = replace(example.head, number=number.number, verify_code=number.printed_code)
    return replace(example, head=head)


def issued(work: Work, to: str, occasion: str = "evaluator:one") -> Errand:
    issue_on(work, occasion=occasion, kind=KIND, centre=CENTRE, build=filled, to=(to,))
    return claim_errands(work, worker="here")[0]


def file(work: Work, errand: Errand) -> None:
    file_paper(work, errand, stand_in(paper_to_draw(work, errand)))


def test_a_paper_without_a_case_is_numbered_drawn_given_and_verified(work: Work, clerk: Actor) -> None:
    errand = issued(work, clerk.id)
    assert (errand.case_id, errand.case_number, errand.move_sequence) == (None, "", None)
    file(work, errand)
    paper = papers_in_drawer(work, clerk)[0]
    assert (paper.case_id, paper.move_sequence, paper.organization_id) == (None, None, None)
    assert paper.standing == "issued"
    assert [one.message for one in notices_for(work, clerk.id)] == ["paper_given"]
    assert paper.number in notices_for(work, clerk.id)[0].body
    found = verification(work, paper.verify_code)
    assert found is not None
    assert found.holder == KIND.sample().head.organization_name
    assert documents_apart(work) == (paper,)


def test_a_person_s_paper_is_verified_with_the_name_masked(work: Work, clerk: Actor) -> None:
    kind = kind_of("training_certificate")
    issue_on(work, occasion="training:one", kind=kind, centre=CENTRE, build=lambda number: _numbered(kind, number))
    file(work, claim_errands(work, worker="here")[0])
    paper = issued_on(work, "training:one")
    assert paper is not None
    found = verification(work, paper.verify_code)
    assert found is not None
    assert found.holder == "田**"


def test_a_filing_number_is_written_by_its_own_pattern(work: Work) -> None:
    kind, street = kind_of("filing_certificate"), replace(CENTRE, number_prefix="229902001")
    made = issue_on(work, occasion="filing:1", kind=kind, centre=street, build=lambda number: _numbered(kind, number))
    assert made.number == "229902001-2026-0001"


def test_giving_it_again_changes_nothing(work: Work, clerk: Actor) -> None:
    errand = issued(work, clerk.id)
    file(work, errand)
    deliver_paper(work, errand)
    assert len(papers_in_drawer(work, clerk)) == len(notices_for(work, clerk.id)) == 1


def test_the_same_occasion_issues_once_and_the_refusal_names_the_paper(work: Work, clerk: Actor) -> None:
    issued(work, clerk.id)
    first = issued_on(work, "evaluator:one")
    assert first is not None
    with pytest.raises(Refused) as refused:
        issued(work, clerk.id)
    assert refused.value.codes == ("document.occasion_issued",)
    assert refused.value.facts == {"document_number": first.number}


def test_whoever_it_was_not_given_to_does_not_learn_of_it(work: Work, clerk: Actor) -> None:
    other = {"id": new_id(), "username": "other", "name": "旁人", "created_at": NOW}
    work.connection.execute(insert(persons), other)
    errand = issued(work, str(other["id"]))
    file(work, errand)
    stranger = actor_by_id(work, clerk.id)
    with pytest.raises(NotFound):
        document_for(work, stranger, errand.payload["document_id"])
    assert document_for(work, actor_by_id(work, str(other["id"])), errand.payload["document_id"]).code == KIND.code


def test_a_paper_is_of_a_move_or_of_an_occasion_never_of_neither_or_both(work: Work, clerk: Actor) -> None:
    issued(work, clerk.id)
    savepoint = work.connection.begin_nested()
    with pytest.raises(IntegrityError, match="move_or_occasion"):
        work.connection.execute(text("update issued_documents set occasion = null"))
    savepoint.rollback()
    savepoint = work.connection.begin_nested()
    with pytest.raises(IntegrityError, match="move_or_occasion"):
        work.connection.execute(text("update issued_documents set move_sequence = 1"))
    savepoint.rollback()


@pytest.mark.parametrize(
    "planted",
    [
        "update errands set key = 'paper:another'",
        "update errands set done_at = null",
    ],
)
def test_a_paper_nobody_owes_or_that_is_drawn_and_still_owed_is_found(planted: str, work: Work, clerk: Actor) -> None:
    errand = issued(work, clerk.id)
    file(work, errand)
    assert _findings(work, check_occasions) == []
    work.connection.execute(text(planted))
    assert _findings(work, check_occasions) == ["I6"]


def _findings(work: Work, look: Callable[[Work, Report], None]) -> list[str]:
    report = Report()
    look(work, report)
    return [one.code for one in report.findings()]
