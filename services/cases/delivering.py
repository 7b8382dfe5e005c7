"""送达: the addressee confirms by a click, the office serves in person, by post or by publication; what runs from then.

Each act is one unit of work with one entry in the audit trail; the clocks that begin with a paper are counted from the
day it was served in the same transaction.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from services.actors import Actor
from services.applications.inspection import Upload, inspect
from services.applications.scanning import Scanner
from services.authority.rules import demand, scopes
from services.calendar import rules as calendar_rules
from services.calendar.queries import load_calendar
from services.cases.clocks import begin_at_delivery, length_of
from services.cases.proofs import issue_proof
from services.cases.queries import document_for
from services.cases.turn import load_subject
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import OFFICE_TIME, Work
from services.delivery.commands import begin_try, end_try, mark_served, note_confirmed, note_opened
from services.delivery.queries import Delivery, Try, addressed_to, deliveries_of, delivery_of_try, represented
from services.delivery.rules import DAYS_OF_PUBLICATION, MODES, MUST_BE_SERVED, Result, Way, check_result
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.funding.commands import amend_finding
from services.funding.queries import recovery_of
from services.issuance.commands import note_received
from services.issuance.files import file_bytes, store_file
from services.issuance.queries import DocumentLine, documents_of
from services.organizations.queries import at_home_within
from services.people.acts import act, allowed, note, told
from services.rulesets.commands import rule_set_on, rules_of
from services.rulesets.rules import Rules

ResultT = TypeVar("ResultT")
CONFIRM, SERVE = "delivery:confirm", "delivery:serve"
PLACE, TRACKING, REASON = ("送达地点", "place"), ("邮件号码", "tracking number"), ("理由", "reason")
RECEIVER, REFUSAL, WITNESS = (
    ("签收人", "received by"),
    ("拒收或者退回的情况", "refusal or return"),
    ("见证人", "witness"),
)


def open_paper(work: Work, actor: Actor, document_id: str) -> None:
    """Note that a person it is addressed to looked at the paper, in whatever form; it serves nothing."""
    note_opened(work, actor, document_id)
    note_received(work, document_id=document_id, person_id=actor.id)


def confirm_receipt(database: Database, actor: Actor, document_id: str, *, now: datetime) -> Delivery:
    """The addressee confirms that the paper was received: from this instant on it is served, once and for all.

    Forbidden for who acts for no organization, NotFound for what is not in that organization's drawer, Refused for a
    paper that needs no receipt or holds no more. A paper that was served before stays as it is.
    """

    def unit(work: Work) -> Delivery:
        demand(actor, CONFIRM)
        paper = document_for(work, actor, document_id)
        found = _locked(work, paper, represented(actor))
        if found.standing == "kept":
            raise Refused("delivery.needs_none", number=paper.number)
        if found.paper.standing != "issued":
            raise Refused("delivery.no_longer_holds", number=paper.number)
        note_confirmed(work, actor, delivery_id=found.id, document_id=paper.id)
        if found.standing != "served":
            served(work, actor, found, mode="click", at=work.now)
            _note(work, actor, CONFIRM, found, {"mode": "click"})
        return deliveries_of(work, (paper.id,), person_id=actor.id)[0]

    return _acting(database, actor, unit, now=now, action=CONFIRM, object_=document_id)


def begin_delivery(database: Database, actor: Actor, document_id: str, way: Way, *, now: datetime) -> str:
    """Set out to serve a paper; answers the id of the try. In person a numbered 送达回证 is issued to be signed.

    NotFound for a paper out of reach, Forbidden for one of no case to an organization outside the own territory;
    Refused when it needs no delivery, is served or on its way, and by publication before another way failed; Invalid
    for a letter without its number or a day that cannot be.
    """
    clean = Way(
        way.mode, told(PLACE, way.place, longest=200, needed=way.mode == "direct"),
        told(TRACKING, way.tracking, longest=60, needed=way.mode == "post"),
        told(REASON, way.reason, longest=400, needed=way.mode == "publication"), way.begun_on,
    )  # fmt: skip
    if way.mode not in MODES:
        raise Invalid("input.not_a_choice", field="mode", label="送达方式", label_en="mode")

    def unit(work: Work) -> str:
        allowed(work, actor, SERVE)
        paper = document_for(work, actor, document_id)
        _demand_within(work, actor, paper)
        found = _locked(work, paper)
        _may_be_served(found)
        if clean.mode == "publication" and not any(one.outcome == "returned" for one in found.tries):
            raise Refused("delivery.publication_last", number=paper.number)
        begun_on = clean.begun_on or work.today
        if not paper.decided_on <= begun_on <= work.today:
            raise Invalid("delivery.day_unlikely", field="begun_on", day=begun_on)
        identity = new_id()
        proof_id = issue_proof(work, found, try_id=identity, way=clean) if clean.mode == "direct" else None
        begin_try(work, actor, try_id=identity, delivery_id=found.id, way=clean, begun_on=begun_on, proof_id=proof_id)
        _note(work, actor, SERVE, found, {"mode": clean.mode, "tracking": clean.tracking, "reason": clean.reason})
        return identity

    return _acting(database, actor, unit, now=now, action=SERVE, object_=document_id)


def record_result(
    database: Database, actor: Actor, try_id: str, result: Result, *, scan: Upload | None, scanner: Scanner,
    now: datetime,
) -> None:  # fmt: skip
    """Write down what came of a try, with the scan of what was signed; served or left, the paper's clocks begin.

    NotFound for a try out of reach; Refused when it ended before and for a publication that is still running; Invalid
    for a result that its mode or its proof does not bear, and a day before it was begun or still to come.
    """
    clean = Result(
        result.outcome, result.at, told(RECEIVER, result.receiver, longest=60, needed=False), result.relation,
        told(REFUSAL, result.refusal, longest=400, needed=False),
        tuple(told(WITNESS, one, longest=60) for one in result.witnesses if one.strip()),
    )  # fmt: skip
    sound = None if scan is None else inspect(scan)
    if sound is not None and scanner.finds(sound.content):
        raise Invalid("upload.infected")

    def unit(work: Work) -> None:
        allowed(work, actor, SERVE)
        found, made = _reachable(work, actor, try_id)
        _demand_within(work, actor, found.paper)
        if made.outcome is not None:
            raise Refused("delivery.try_over", number=found.paper.number)
        check_result(made.mode, clean, scanned=sound is not None)
        ended = _published(work, found, made, clean) if made.mode == "publication" else clean
        day = ended.at.astimezone(OFFICE_TIME).date()
        # Of a letter only the day is known; of what was signed the hour too.
        future = ended.at > work.now if made.mode == "direct" else day > work.today
        if future or day < made.begun_on:
            raise Invalid("delivery.day_unlikely", field="at", day=day)
        kept = None
        if sound is not None:
            kept = (store_file(work, sound.content, media_type=sound.media_type), sound.extension)
        end_try(work, actor, delivery_id=found.id, try_id=try_id, result=ended, scan=kept)
        mode = "left" if ended.outcome == "left" else made.mode
        if ended.outcome != "returned":
            served(work, actor, found, mode=mode, at=ended.at)
        _note(work, actor, SERVE, found, {"mode": mode, "outcome": ended.outcome, "sha256": kept[0] if kept else ""})

    _acting(database, actor, unit, now=now, action=SERVE, object_=try_id)


def scan_of(work: Work, actor: Actor, try_id: str) -> tuple[bytes, str]:
    """The scan of a signed proof (bytes, extension), for whoever may read the paper; NotFound for everybody else."""
    found, made = delivery_of_try(work, try_id)
    document_for(work, actor, found.paper.id)
    if made.scan_sha256 is None:
        raise NotFound("document.not_found")
    return file_bytes(work, made.scan_sha256), made.scan_extension


def served(work: Work, actor: Actor, found: Delivery, *, mode: str, at: datetime) -> None:
    """Mark the paper as served and count what begins with it from that day."""
    if mark_served(work, delivery_id=found.id, mode=mode, at=at):
        _begin_clocks(work, actor, found.paper, at.astimezone(OFFICE_TIME).date())


def _begin_clocks(work: Work, actor: Actor, paper: DocumentLine, served_on: date) -> None:
    must = MUST_BE_SERVED.get(paper.code)
    if must is None or not must.begins or paper.case_id is None:
        return
    latest = [one for one in documents_of(work, case_ids=(paper.case_id,)) if one.code == paper.code][-1]
    if latest.id != paper.id:
        return
    subject, calendar = load_subject(work, case_id=paper.case_id), load_calendar(work)
    moved: dict[str, Any] = {}
    for key in must.begins:
        row = subject.clocks.get(key)
        planned = key == "recovery_repayment" and recovery_of(work, subject.case.id).plan
        if row is None or planned:
            continue
        due_on = begin_at_delivery(work, calendar, row, served_on=served_on)
        if due_on is None:
            continue
        if key == "recovery_repayment":
            amend_finding(work, subject.case.id, due_on=due_on)
        moved[key] = {"before": str(row.due_on), "now": str(due_on)}
    if moved:
        note(work, actor, "delivery:begin_clocks", stream=subject.case.id, object=subject.case.number, details=moved)


def _published(work: Work, found: Delivery, made: Try, result: Result) -> Result:
    """A published paper counts as served when its days are over, on the last of them; Refused before."""
    limit = length_of(_rules(work, found.paper), DAYS_OF_PUBLICATION)
    until = calendar_rules.start(load_calendar(work), DAYS_OF_PUBLICATION, limit=limit, today=made.begun_on).due_on
    if until is None or work.today <= until:
        raise Refused("delivery.publication_running", number=found.paper.number, until=until)
    noon = datetime(until.year, until.month, until.day, 12, tzinfo=OFFICE_TIME)
    return Result(result.outcome, noon, refusal=result.refusal)


def _demand_within(work: Work, actor: Actor, paper: DocumentLine) -> None:
    """Of the papers that belong to no case a territory's office serves those to organizations at home there."""
    if paper.case_id is not None or "centre" in scopes(actor, SERVE):
        return
    if not addressed_to(work, (paper.id,), at_home_within(actor, SERVE)):
        raise Forbidden("access.forbidden", action=SERVE)


def _may_be_served(found: Delivery) -> None:
    number = found.paper.number
    if found.standing == "kept":
        raise Refused("delivery.needs_none", number=number)
    if found.paper.standing != "issued":
        raise Refused("delivery.no_longer_holds", number=number)
    if found.standing == "served":
        raise Refused("delivery.served_before", number=number, day=found.served_on)
    if found.standing == "under_way":
        raise Refused("delivery.under_way", number=number)


def _locked(work: Work, paper: DocumentLine, organizations: frozenset[str] | None = None) -> Delivery:
    """The delivery of the paper (to one of these organizations), with its case locked."""
    if paper.case_id is not None:
        load_subject(work, case_id=paper.case_id, lock=True)
    for one in deliveries_of(work, (paper.id,)):
        if organizations is None or one.organization_id in organizations:
            return one
    raise NotFound("document.not_found")


def _reachable(work: Work, actor: Actor, try_id: str) -> tuple[Delivery, Try]:
    found, _ = delivery_of_try(work, try_id)
    paper = document_for(work, actor, found.paper.id)
    locked = _locked(work, paper)
    return locked, next(one for one in locked.tries if one.id == try_id)


def _rules(work: Work, paper: DocumentLine) -> Rules:
    if paper.case_id is None:
        return rule_set_on(work, work.today)
    return rules_of(work, load_subject(work, case_id=paper.case_id).case.rule_set_id)


def _note(work: Work, actor: Actor, action: str, found: Delivery, details: dict[str, Any]) -> None:
    stream = found.paper.case_id or "deliveries"
    said = {"paper": found.paper.number, "to": found.organization, **{key: one for key, one in details.items() if one}}
    note(work, actor, action, stream=stream, object=found.paper.number, details=said)


def _acting(
    database: Database, actor: Actor, unit: Callable[[Work], ResultT], *, now: datetime, action: str, object_: str
) -> ResultT:
    return act(database, actor, unit, now=now, action=action, stream="deliveries", object=object_)
