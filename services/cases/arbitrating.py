"""Acts that settle a divided round: the proof of a veto and its confirmations, and the committee's vote by name."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from services.actors import Actor
from services.applications.inspection import Upload, inspect
from services.applications.scanning import Scanner
from services.assessments import vetoes
from services.assessments.committee import Vote, record_meeting
from services.assessments.concluding import choices_of, conclude
from services.assessments.queries import Round, round_by_id, sheet_to_score
from services.authority.rules import demand, scopes
from services.cases.lists import may_see
from services.cases.noting import acted, noted
from services.cases.queries import case_number_of
from services.cases.turn import Subject, load_subject
from services.database.engine import Database
from services.database.work import Work, reading
from services.errors import Invalid, NotFound
from services.issuance.files import file_bytes, store_file
from services.rulesets.commands import rules_of


def prove_veto(
    database: Database, actor: Actor, *, assessment_id: str, veto: str, upload: Upload, note: str, scanner: Scanner,
    now: datetime,
) -> None:  # fmt: skip
    """Keep the file that proves a claimed veto. Invalid for what is no honest file, for an unknown veto, and without a
    note on what it shows; Refused once it is decided or somebody confirmed by it.
    """
    demand(actor, "assessment:prove_veto")
    sound = inspect(upload)
    if scanner.finds(sound.content):
        raise Invalid("upload.infected")

    def unit(work: Work) -> None:
        present, subject = _locked(work, assessment_id)
        digest = store_file(work, sound.content, media_type=sound.media_type)
        found = _claimed(work, present, veto)
        vetoes.attach_evidence(work, actor, found, sha256=digest, extension=sound.extension, note=note)
        acted(work, actor, subject, "assessment:prove_veto", {"veto": veto, "sha256": digest})

    _run(database, actor, unit, assessment_id=assessment_id, action="assessment:prove_veto", now=now)


def confirm_veto(database: Database, actor: Actor, *, assessment_id: str, veto: str, now: datetime) -> None:
    """Confirm a claimed veto as an evaluator of the round: its lead, or one more. Refusals as `vetoes.confirm`."""

    def unit(work: Work) -> None:
        demand(actor, "assessment:score")
        sheet_to_score(work, person_id=actor.id, assessment_id=assessment_id)
        present, subject = _locked(work, assessment_id)
        part = vetoes.confirm(work, actor, _claimed(work, present, veto), present=present, manager=False)
        acted(work, actor, subject, "assessment:confirm_veto", {"veto": veto, "part": part})

    _run(database, actor, unit, assessment_id=assessment_id, action="assessment:confirm_veto", now=now)


def refute_veto(
    database: Database, actor: Actor, *, assessment_id: str, veto: str, reason: str, now: datetime
) -> None:  # fmt: skip
    """Strike a claimed veto as the lead of the panel; the round is reckoned anew. Refused for any other evaluator."""

    def unit(work: Work) -> None:
        demand(actor, "assessment:score")
        sheet_to_score(work, person_id=actor.id, assessment_id=assessment_id)
        present, subject = _locked(work, assessment_id)
        found = _claimed(work, present, veto)
        vetoes.refute(work, actor, found, present=present, manager=False, reason=reason)
        acted(work, actor, subject, "assessment:refute_veto", {"veto": veto, "reason": reason.strip()[:400]})
        conclude(work, present, rules_of(work, subject.case.rule_set_id))

    _run(database, actor, unit, assessment_id=assessment_id, action="assessment:refute_veto", now=now)


def rule_on_veto(
    database: Database, actor: Actor, *, assessment_id: str, veto: str, upheld: bool, reason: str = "", now: datetime
) -> None:
    """The manager's word on a claimed veto: the last confirmation, or striking it with a reason; the round is reckoned
    anew. Refused before the panel confirmed what is to be upheld.
    """

    def unit(work: Work) -> None:
        demand(actor, "assessment:rule_veto")
        present, subject = _locked(work, assessment_id)
        found = _claimed(work, present, veto)
        if upheld:
            vetoes.confirm(work, actor, found, present=present, manager=True)
        else:
            vetoes.refute(work, actor, found, present=present, manager=True, reason=reason)
        action = "assessment:confirm_veto" if upheld else "assessment:refute_veto"
        acted(work, actor, subject, action, {"veto": veto, "part": "manager", "reason": reason.strip()[:400]})
        conclude(work, present, rules_of(work, subject.case.rule_set_id))

    _run(database, actor, unit, assessment_id=assessment_id, action="assessment:rule_veto", now=now)


def record_committee_vote(
    database: Database, actor: Actor, *, assessment_id: str, held_on: date, minutes: str, votes: Sequence[Vote],
    now: datetime,
) -> None:  # fmt: skip
    """Keep the committee's meeting with each vote by name; what more than half of all members chose decides the round.

    Refusals as `committee.record_meeting`.
    """

    def unit(work: Work) -> None:
        demand(actor, "assessment:record_vote")
        present, subject = _locked(work, assessment_id)
        result = record_meeting(
            work, actor, present, held_on=held_on, minutes=minutes, votes=votes, choices=choices_of(present.form)
        )
        details = {
            "held_on": held_on.isoformat(), "result": result,
            "votes": [{"member": one.member, "choice": one.choice} for one in votes],
        }  # fmt: skip
        acted(work, actor, subject, "assessment:record_vote", details)
        conclude(work, present, rules_of(work, subject.case.rule_set_id))

    _run(database, actor, unit, assessment_id=assessment_id, action="assessment:record_vote", now=now)


def evidence(work: Work, actor: Actor, finding_id: str) -> tuple[bytes, str]:
    """The file that proves a veto, and its extension, for whoever reads scores or sits on the round; else NotFound."""
    present, found = vetoes.finding_by_id(work, finding_id)
    seated = any(seat.person_id == actor.id for seat in present.sitting)
    reads = scopes(actor, "assessment:read_scores") and may_see(work, actor, case_number_of(work, present.case_id))
    if not found.evidence_sha256 or not (reads or (seated and scopes(actor, "assessment:score"))):
        raise NotFound("document.not_found")
    return file_bytes(work, found.evidence_sha256), found.evidence_extension


def _claimed(work: Work, present: Round, veto: str) -> vetoes.Finding:
    found = next((one for one in vetoes.findings_of(work, present.id) if one.veto == veto), None)
    if found is None:
        raise Invalid("input.not_a_choice", field="veto", label="一票否决情形", label_en="veto")
    return found


def _locked(work: Work, assessment_id: str) -> tuple[Round, Subject]:
    """The round, read again once nobody else can touch its case."""
    subject = load_subject(work, case_id=round_by_id(work, assessment_id).case_id, lock=True)
    return round_by_id(work, assessment_id), subject


def _run(
    database: Database, actor: Actor, unit: Callable[[Work], None], *, assessment_id: str, action: str, now: datetime
) -> None:  # fmt: skip
    with reading(database, now) as work:
        number = case_number_of(work, round_by_id(work, assessment_id).case_id)
    noted(database, actor, unit, now=now, number=number, action=action)
