"""A score sheet on paper: the secretary types it off its scan, the evaluator or a second secretary countersigns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.actors import Actor
from services.applications.inspection import Upload, inspect
from services.applications.scanning import Scanner
from services.assessments import commands as assessments
from services.assessments import paper_sheets
from services.assessments.paper_sheets import Entry, PaperSheet
from services.assessments.queries import round_by_id, sheet_to_score
from services.authority.rules import demand, scopes
from services.cases.noting import acted, noted
from services.cases.panels import acted_on
from services.cases.queries import case_number_of
from services.cases.starring import points_given
from services.cases.turn import load_subject
from services.database.engine import Database
from services.database.work import Work, reading
from services.errors import Forbidden, Invalid, NotFound
from services.issuance.files import file_bytes, store_file
from services.people.queries import actor_named
from services.rulesets.commands import rules_of


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """What was typed off the paper: points and comments by criterion, claimed vetoes."""

    items: Mapping[str, str]
    comments: Mapping[str, str]
    veto: Sequence[str] = ()


def enter_paper_sheet(
    database: Database, actor: Actor, *, assessment_id: str, evaluator: str, typed: TypedSheet, scan: Upload,
    scanner: Scanner, now: datetime,
) -> str:  # fmt: skip
    """Keep what the sheet of that evaluator (a username) says, with its scan; answers the paper sheet's id.

    It counts for nothing until it is countersigned. Forbidden for whoever is no assessment secretary; Invalid for a
    scan that is no honest file, an evaluator who does not sit, and whatever would keep the sheet from being locked.
    """
    demand(actor, "assessment:enter_paper")
    sound = inspect(scan)
    if scanner.finds(sound.content):
        raise Invalid("upload.infected")

    def unit(work: Work) -> str:
        present = round_by_id(work, assessment_id)
        subject = load_subject(work, case_id=present.case_id, lock=True)
        person = _seated(work, assessment_id, evaluator)
        sheet = sheet_to_score(work, person_id=person.id, assessment_id=assessment_id)
        digest = store_file(work, sound.content, media_type=sound.media_type)
        entry = Entry(typed.items, typed.comments, typed.veto, digest, sound.extension)
        identity = paper_sheets.enter(work, actor, sheet, entry)
        acted(
            work, actor, subject, "assessment:enter_paper",
            {"evaluator": evaluator, "sha256": digest, "form": present.form, "round": present.number},
        )  # fmt: skip
        return identity

    with reading(database, now) as work:
        number = case_number_of(work, round_by_id(work, assessment_id).case_id)
    return noted(database, actor, unit, now=now, number=number, action="assessment:enter_paper")


def countersign(
    database: Database, actor: Actor, *, paper_id: str, agrees: bool, reason: str = "", now: datetime
) -> None:  # fmt: skip
    """Countersign what was typed off a paper sheet, so that it is locked and counts, or send it back with a reason.

    The evaluator whose sheet it is may, or a secretary other than the one who typed it; NotFound for everybody else.
    A person with a duty on the case that excludes scoring is refused as with every sheet.
    """
    with reading(database, now) as work:
        paper = readable(work, actor, paper_id)
        number = case_number_of(work, paper.case_id)

    def unit(work: Work) -> None:
        subject = load_subject(work, case_id=paper.case_id, lock=True)
        present = readable(work, actor, paper_id)
        paper_sheets.decide(work, actor, present, agrees=agrees, reason=reason)
        action = "assessment:countersign" if agrees else "assessment:refuse_paper"
        acted(work, actor, subject, action, {"evaluator": present.evaluator_username, "reason": reason.strip()[:400]})
        if not agrees:
            return
        evaluator = actor_named(work, present.evaluator_username)
        if evaluator.id in acted_on(subject):
            raise Forbidden("case.duties_must_be_separate", case_number=subject.case.number)
        assessments.save_sheet(
            work, actor=evaluator, assessment_id=present.assessment_id,
            items=present.items | points_given(work, subject), comments=present.comments, veto=present.veto,
        )  # fmt: skip
        rules = rules_of(work, subject.case.rule_set_id)
        assessments.lock_sheet(work, actor=evaluator, assessment_id=present.assessment_id, rules=rules)

    noted(database, actor, unit, now=now, number=number, action="assessment:countersign")


def readable(work: Work, actor: Actor, paper_id: str) -> PaperSheet:
    """A paper sheet for a secretary, or for the evaluator whose it is; NotFound for everybody else."""
    found = paper_sheets.paper_by_id(work, paper_id)
    own = found.evaluator_id == actor.id and scopes(actor, "assessment:score")
    if not own and not scopes(actor, "assessment:enter_paper"):
        raise NotFound("assessment.not_found")
    return found


def scan_of(work: Work, actor: Actor, paper_id: str) -> tuple[bytes, str]:
    """The scan of a paper sheet and its extension, for those who may read the sheet."""
    found = readable(work, actor, paper_id)
    return file_bytes(work, found.scan_sha256), found.scan_extension


def _seated(work: Work, assessment_id: str, username: str) -> Actor:
    seated = {one.person_id for one in round_by_id(work, assessment_id).sitting}
    try:
        person = actor_named(work, username)
    except NotFound:
        person = None
    if person is None or person.id not in seated:
        raise Invalid("input.not_a_choice", field="evaluator", label="评审专家", label_en="evaluator")
    return person
