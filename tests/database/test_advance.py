"""The one door: what a move writes, what it refuses, and that a refusal leaves nothing behind but its audit entry."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from services.cases.advance import AdvanceCase
from services.cases.models import case_moves
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused, Stale
from services.issuance.models import issued_documents
from services.organizations.commands import record_post
from tests.database.office import Office, open_office
from tests.database_fixtures import last_number


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    yield from open_office(database)


def test_a_move_writes_state_move_audit_paper_and_errands_together(office: Office) -> None:
    number = office.apply()
    advanced = office.move("applicant1", number, "submit", privacy_notice_accepted=True, commitments_accepted=True)
    subject = office.subject(number)
    assert (subject.case.state, subject.case.version, subject.organization.incubation_stage) == (
        "SUBMITTED",
        1,
        "ENTERING",
    )
    assert [move.row for move in subject.moves] == ["T01"]
    assert [errand.effect for errand in office.errands(number)] == ["issue_document", "send_notice"]
    assert advanced.documents[0]["document"] == "receipt_slip"
    assert office.trail(number)[-1].action == "case:move:submit"


def test_a_missing_paper_is_refused_with_its_reason_and_only_the_refusal_is_noted(office: Office) -> None:
    number = office.apply(2)
    with reading(office.database, office.now) as work:
        before = work.connection.execute(select(func.count()).select_from(issued_documents)).scalar_one()
    with pytest.raises(Refused) as refused:
        office.move("applicant2", number, "submit", privacy_notice_accepted=True, commitments_accepted=False)
    assert refused.value.codes == ("application.commitments_not_accepted",)
    assert office.subject(number).case.version == 0
    assert office.errands(number) == ()
    last = office.trail(number)[-1]
    assert (last.result, last.reasons) == ("refused", ("application.commitments_not_accepted",))
    with reading(office.database, office.now) as work:
        assert work.connection.execute(select(func.count()).select_from(issued_documents)).scalar_one() == before
        assert last_number(work, f"document-样孵收-{work.today.year}") == 0


def test_another_role_is_forbidden(office: Office) -> None:
    number = office.submitted()
    with pytest.raises(Forbidden) as refused:
        office.move("payer", number, "accept_application")
    assert refused.value.codes == ("case.role_missing",)


def test_an_applicant_acts_only_for_the_own_organization(office: Office) -> None:
    number = office.apply(1)
    with pytest.raises(Forbidden):
        office.move("applicant2", number, "submit", privacy_notice_accepted=True, commitments_accepted=True)


def test_a_trigger_of_another_state_is_refused_and_an_unknown_one_is_invalid(office: Office) -> None:
    number = office.submitted()
    with pytest.raises(Refused) as elsewhere:
        office.move("manager", number, "confirm_graduation")
    assert elsewhere.value.codes == ("case.move_not_from_this_state",)
    with pytest.raises(Invalid) as unknown:
        office.move("manager", number, "to_GRADUATED")
    assert unknown.value.codes == ("case.trigger_unknown",)


def test_an_unknown_case_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.move("clerk", "YL-1999-0001", "accept_application")


def test_a_stale_click_is_refused_with_the_present_version(office: Office) -> None:
    number = office.submitted()
    office.send("clerk", AdvanceCase(number, "accept_application", 1))
    with pytest.raises(Stale) as refused:
        office.send("clerk", AdvanceCase(number, "accept_application", 1))
    assert refused.value.facts["version"] == 2


def test_the_same_request_is_answered_once_and_for_all(office: Office) -> None:
    number = office.submitted()
    wish = AdvanceCase(number, "accept_application", 1, {}, "request-1")
    first, again = office.send("clerk", wish), office.send("clerk", wish)
    assert (first.replayed, again.replayed) == (False, True)
    assert (again.version, again.documents) == (first.version, first.documents)
    with reading(office.database, office.now) as work:
        statement = select(func.count()).select_from(case_moves).where(case_moves.c.trigger == "accept_application")
        assert work.connection.execute(statement).scalar_one() == 1


def test_the_same_request_id_with_another_wish_is_refused(office: Office) -> None:
    number = office.submitted()
    office.send("clerk", AdvanceCase(number, "accept_application", 1, {}, "request-1"))
    with pytest.raises(Invalid) as refused:
        office.send("clerk", AdvanceCase(number, "accept_application", 1, {"opinion": "另一"}, "request-1"))
    assert refused.value.codes == ("case.frozen_request_reused",)


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({}, "input.missing"),
        ({"items": [{"field": "章程", "problem": "缺页"}]}, "input.missing"),
        ({"items": "章程"}, "input.not_a_list"),
        ({"items": [{"field": "章程\x00", "problem": "缺页", "how_to_fix": "补齐"}]}, "input.control_character"),
        ({"items": [{"field": "章" * 201, "problem": "缺页", "how_to_fix": "补齐"}]}, "input.too_long"),
        ({"items": [{"field": "章程", "problem": "缺页", "how_to_fix": "补齐"}], "amount": "1"}, "input.unknown_field"),
    ],
)
def test_what_is_said_with_a_move_is_checked_before_anything_is_written(
    office: Office, details: dict[str, object], code: str
) -> None:
    number = office.submitted()
    with pytest.raises(Invalid) as refused:
        office.move("clerk", number, "request_correction", **details)
    assert refused.value.codes == (code,)
    assert office.subject(number).case.version == 1


def test_who_accepted_a_case_may_not_decide_it(office: Office) -> None:
    number = office.submitted()
    clerk = office.people["clerk"]
    office.people["both"] = type(clerk)(
        clerk.id, clerk.username, clerk.name, "zh", (*clerk.grants, *office.people["manager"].grants)
    )
    office.move("both", number, "propose_not_accepting", reason="不属社区社会组织")
    with pytest.raises(Forbidden) as refused:
        office.move("both", number, "not_accept", reason_code="scope", reason="不属社区社会组织")
    assert refused.value.codes == ("case.duties_must_be_separate",)
    office.move("manager", number, "not_accept", reason_code="scope", reason="不属社区社会组织")


def test_nobody_acts_for_the_centre_on_an_organization_they_belong_to(office: Office) -> None:
    number = office.submitted()
    with unit_of_work(office.database, office.now) as work:
        record_post(
            work, organization_id=office.city.organization_ids[0], person_id=office.people["clerk"].id, post="founder",
            held_from=work.today,
        )  # fmt: skip
    with pytest.raises(Forbidden) as refused:
        office.move("clerk", number, "accept_application")
    assert refused.value.codes == ("case.duties_must_be_separate",)


def test_one_organization_has_one_live_incubation(office: Office) -> None:
    office.submitted()
    second = office.apply()
    with pytest.raises(Refused) as refused:
        office.move("applicant1", second, "submit", privacy_notice_accepted=True, commitments_accepted=True)
    assert refused.value.codes == ("application.other_case_live",)


def test_papers_are_numbered_without_gaps_over_refusals(office: Office) -> None:
    first, second = office.submitted(1), office.submitted(2)
    with pytest.raises(Forbidden):
        office.move("payer", first, "accept_application")
    numbers = [office.move("clerk", one, "accept_application").documents[0]["number"] for one in (first, second)]
    assert numbers == ["样孵受〔2026〕1号", "样孵受〔2026〕2号"]
