"""Carries out errands, one transaction each: what is done and that it is done commit together."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import select

from documents.receipt import Statement
from services.actors import SYSTEM
from services.assessments.commands import open_round
from services.cases import account_changes, objections, occasions, paper_changes, payee_accounts, recusals
from services.cases.addressees import recipients
from services.cases.advance import AdvanceCase, advance
from services.cases.instalment_parts import CANCELLABLE, Part, parts_of, to_hold
from services.cases.models import cases
from services.cases.recovering import open_findings
from services.cases.turn import Subject, load_subject
from services.database.work import Work
from services.delivery.commands import put_in_drawer
from services.delivery.rules import MUST_BE_SERVED
from services.errors import Broken, Refused
from services.funding.queries import AwardLine, awards_of
from services.funding.queries import award as award_line
from services.issuance.commands import Drawn, deliver, store_drawn
from services.issuance.queries import DocumentToDraw, document_line, document_to_draw, statement_about
from services.issuance.signatures import Sealed
from services.messages import notice
from services.notices.commands import tell
from services.outbox.commands import finish_errand
from services.outbox.rules import Errand
from services.reviews.queries import review_of, suspended_by_review
from services.rulesets.commands import rule_set_on, rules_of
from statemachines.registry import process_of
from statemachines.roles import Role

BY_REVIEW = {"remanded": "reopen_by_review", "changed": "change_by_review"}
"""Result of a review to the trigger it pulls in the case complained about."""

NOTICES = (
    "assessment_opened", "deadline_near", "deadline_overdue", "panel_needed", "paper_issued", "recovery_found",
    "remark_written",
    *objections.NOTICES,
    *occasions.NOTICES,
    *paper_changes.NOTICES,
    *payee_accounts.NOTICES,
    *recusals.NOTICES,
)  # fmt: skip
"""What errands and messages tell people, beside the notices the tables name."""

INSTRUCTED = ("INSTRUCTED", "SENT", "UNKNOWN")


def _tell(work: Work, subject: Subject, *, key: str, message: str, roles: list[str], facts: dict[str, Any]) -> int:
    told = 0
    known = {
        "organization_name": subject.organization.name,
        "case_number": subject.case.number,
        "due_on": subject.case.due_on,
        "reason": facts.get("reason"),
        **facts,
    }
    for role in roles:
        for person in recipients(work, subject, Role(role)):
            title, body = notice(message, person.language, **known)
            told += tell(
                work, key=key, person_id=person.id, case_id=subject.case.id, message=message, title=title, body=body
            )
    return told


def send_notice(work: Work, errand: Errand) -> None:
    """Tell everyone of the named roles on the case; nobody is told twice under the errand's key."""
    subject = load_subject(work, case_id=errand.case_id)
    move = next((move for move in reversed(subject.moves) if move.sequence == errand.move_sequence), None)
    said = move.details if move is not None else {}
    due_on = _due_after(subject, move.dest) if move is not None else None
    reason = said.get("reason") or said.get("cause") or said.get("opinion")
    _tell(
        work,
        subject,
        key=errand.key,
        message=errand.payload["message"],
        roles=errand.payload["to"],
        facts={"reason": reason, "due_on": due_on or subject.case.due_on},
    )


def _due_after(subject: Subject, state: str) -> date | None:
    """The due day the case got when it came into that state, even when it has left it since."""
    keys = [limit.key for limit in subject.process.state(state).limits]
    days = [subject.clocks[key].due_on for key in keys if key in subject.clocks]
    return min((day for day in days if day is not None), default=None)


def remind(work: Work, errand: Errand) -> None:
    """Remind whoever is waited for that a due day is near or past, unless the case has moved on meanwhile."""
    subject = load_subject(work, case_id=errand.case_id)
    clock = subject.clocks.get(errand.payload["clock"])
    if clock is None or clock.standing != "running":
        return
    message = "deadline_overdue" if errand.payload["mark"] == "overdue" else "deadline_near"
    _tell(work, subject, key=errand.key, message=message, roles=errand.payload["to"], facts={"due_on": clock.due_on})


def open_assessment(work: Work, errand: Errand) -> None:
    """Open the round for its seated evaluators; while no panel sits, the secretary is asked to appoint one."""
    subject = load_subject(work, case_id=errand.case_id, lock=True)
    opened = open_round(work, case_id=subject.case.id, form=errand.payload["form"])
    if opened is None:
        _tell(work, subject, key=errand.key, message="panel_needed", roles=["assessment_secretary"], facts={})
    else:
        _tell(work, subject, key=errand.key, message="assessment_opened", roles=["evaluator"], facts={})


def _parts(work: Work, errand: Errand) -> Iterator[tuple[Part, ...]]:
    """The instalments of each award beside the case (of the award itself when the errand is its own), in order."""
    return parts_of(work, awards_of(work, str(errand.case_id)) or _own_award(work, errand))


def _own_award(work: Work, errand: Errand) -> tuple[AwardLine, ...]:
    kind = work.connection.execute(select(cases.c.kind).where(cases.c.id == errand.case_id)).scalar()
    return (award_line(work, str(errand.case_id)),) if kind in ("award", "purchase") else ()


def _pull(work: Work, errand: Errand, trigger: str, part: Part, **details: str) -> None:
    """Move one instalment as the system; the request id makes it happen once however often the errand runs."""
    request_id = f"{errand.key}:{part.place}:{trigger}"
    advance(work, SYSTEM, AdvanceCase(part.number, trigger, None, details, request_id))


def hold_payments(work: Work, errand: Errand) -> None:
    """Hold what is on its way to the bank, and of what is still to be earned the next part alone."""
    for parts in _parts(work, errand):
        for part in to_hold(parts):
            _pull(work, errand, "hold", part, reason="孵化个案状态变更，暂缓拨付")


def lift_hold(work: Work, errand: Errand) -> None:
    """Let every held instalment go on from where it stood; one earned while held is released at once."""
    for parts in _parts(work, errand):
        for part in parts:
            if part.state == "HELD":
                _pull(work, errand, "lift_hold", part, reason="暂缓原因已消除")
            if part.earned:
                _release(work, part.case_id, errand.key)


def release_instalment(work: Work, errand: Errand) -> None:
    """Open the earned instalments for request; one that is held waits for its hold to be lifted."""
    for case_id in errand.payload["instalments"]:
        _release(work, case_id, errand.key)


def _release(work: Work, case_id: str, key: str) -> None:
    row = work.connection.execute(select(cases.c.number, cases.c.state).where(cases.c.id == case_id)).one()
    if row.state == "PLANNED":
        advance(work, SYSTEM, AdvanceCase(row.number, "release", None, {}, f"{key}:release:{case_id}"))


def carry_out_review(work: Work, errand: Errand) -> None:
    """Do in the case complained about what the review decided: one move of that case, by the system, once.

    Nothing is done for a decision that stands. Refused (and parked for a person) where that case has gone elsewhere
    meanwhile.
    """
    subject = load_subject(work, case_id=errand.case_id)
    review = review_of(work, subject.case.id)
    if review.orders and review.result:
        decided = subject.last("decide_review")
        details = {"review": subject.case.number, "reason": decided.details["found"] if decided else ""}
        number = work.connection.execute(select(cases.c.number).where(cases.c.id == review.decision_case_id)).scalar()
        advance(work, SYSTEM, AdvanceCase(str(number), BY_REVIEW[review.result], None, details, errand.key))


def cancel_unpaid(work: Work, errand: Errand) -> None:
    """Cancel what was not paid. Refused (and tried again later) while an instruction is at the bank, and while a
    review of the expulsion keeps its effect waiting.
    """
    if suspended_by_review(work, (str(errand.case_id),)):
        raise Refused("review.effect_waits", case_number=errand.case_number)
    for parts in _parts(work, errand):
        for part in parts:
            if part.state in INSTRUCTED:
                raise Refused("instalment.at_the_bank", case_number=part.number)
            if part.state in CANCELLABLE:
                _pull(work, errand, "cancel", part)


def advance_case(work: Work, errand: Errand) -> None:
    """Pull a trigger of the case that something below cases asked for, by the system, once."""
    command = AdvanceCase(errand.case_number, errand.payload["trigger"], None, {}, errand.key)
    advance(work, SYSTEM, command)


def open_recovery(work: Work, errand: Errand) -> None:
    """Open a finding on each award of the case that was paid something. Refused (and tried again later) while a review
    of the expulsion keeps its effect waiting.
    """
    if suspended_by_review(work, (str(errand.case_id),)):
        raise Refused("review.effect_waits", case_number=errand.case_number)
    owners = awards_of(work, str(errand.case_id)) or _own_award(work, errand)
    for one in open_findings(work, [owner.case_id for owner in owners], cause=errand.payload["cause"]):
        found, roles = load_subject(work, case_id=one.id), ["case_manager", "centre_manager"]
        _tell(work, found, key=errand.key, message="recovery_found", roles=roles, facts={})


def paper_to_draw(work: Work, errand: Errand) -> DocumentToDraw:
    """The stored inputs of the paper an errand is about."""
    return document_to_draw(work, errand.payload["document_id"])


def statement_of(work: Work, errand: Errand) -> Statement:
    """What the receipt of the paper states: the edition of its case's process among it."""
    found = work.connection.execute(select(cases.c.kind, cases.c.edition).where(cases.c.id == errand.case_id)).first()
    digest = process_of(found.kind, found.edition).digest() if found else ""
    return statement_about(work, errand.payload["document_id"], edition=digest)


def file_paper(work: Work, errand: Errand, drawn: Drawn, sealed: Sealed | None = None, *, receipt: str = "") -> None:
    """Store the final paper, put it into its addressees' drawers, tell them, and finish the errand: one commit.

    A paper that was made void while it was drawn is neither stored nor delivered.
    """
    if document_to_draw(work, errand.payload["document_id"], lock=True).void:
        finish_errand(work, errand.id, fence=errand.fence)
        return
    store_drawn(work, errand.payload["document_id"], drawn, sealed, receipt=receipt)
    deliver_paper(work, errand)
    finish_errand(work, errand.id, fence=errand.fence)


def deliver_paper(work: Work, errand: Errand) -> None:
    """Put a drawn paper into its addressees' drawers (the applicant's is that of the organization) and tell them: those
    of the case, or the people it was issued to where no move of a case earned it.
    """
    if errand.move_sequence is None:
        _put_apart(work, errand)
        occasions.deliver_to_people(work, errand)
        return
    subject, identity = load_subject(work, case_id=errand.case_id), errand.payload["document_id"]
    for role in errand.payload["to"]:
        if role == Role.APPLICANT:
            put_in_drawer(
                work, document_id=identity, code=document_line(work, identity).code,
                organization_id=subject.case.organization_id, rules=rules_of(work, subject.case.rule_set_id),
            )  # fmt: skip
            continue
        for person in recipients(work, subject, Role(role)):
            deliver(work, document_id=identity, person_id=person.id)
    facts = {"document_number": errand.payload["number"]}
    _tell(work, subject, key=errand.key, message="paper_issued", roles=errand.payload["to"], facts=facts)


def _put_apart(work: Work, errand: Errand) -> None:
    """A paper that no move earned and that must be served goes into its organization's drawer."""
    paper = document_line(work, errand.payload["document_id"])
    if paper.organization_id is not None and paper.code in MUST_BE_SERVED:
        rules = rule_set_on(work, work.today)
        put_in_drawer(
            work, document_id=paper.id, code=paper.code, organization_id=paper.organization_id, rules=rules
        )  # fmt: skip


PERFORM: dict[str, Callable[[Work, Errand], None]] = {
    payee_accounts.FOLLOW: account_changes.follow_account_change,
    "advance_case": advance_case,
    "cancel_unpaid": cancel_unpaid,
    "carry_out_review": carry_out_review,
    "hold_payments": hold_payments,
    "lift_hold": lift_hold,
    "open_assessment": open_assessment,
    "open_recovery": open_recovery,
    "release_instalment": release_instalment,
    "remind": remind,
    "send_notice": send_notice,
    objections.TELL: objections.tell_of_objection,
}
"""Every errand that is one transaction; issuing a paper is two, because it is drawn outside of any."""


def perform(work: Work, errand: Errand) -> None:
    """Carry out an errand and finish it, in one commit. Broken for an effect nobody carries out."""
    if errand.effect not in PERFORM:
        raise Broken(f"nobody carries out {errand.effect}")
    PERFORM[errand.effect](work, errand)
    finish_errand(work, errand.id, fence=errand.fence)
