"""Vetoes: claimed on a sheet, proved with a file, confirmed by lead, another evaluator and manager, or struck."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.assessments.models import score_sheets, seats, veto_confirmations, veto_findings
from services.assessments.queries import Round, round_by_id
from services.database.base import new_id
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.people.queries import names_of

PARTS = ("lead", "evaluator", "manager")
"""Whose confirmation a veto needs, in this order: the panel comes before the manager."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One confirmation: as what, by whom, when."""

    part: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """One claimed veto of a concluded round; standing: claimed, confirmed or refuted (struck, with the reason)."""

    id: str
    veto: str
    standing: str
    claimants: tuple[str, ...]
    evidence_sha256: str
    evidence_extension: str
    evidence_note: str
    confirmations: tuple[Confirmation, ...]
    decided_by: str
    decided_at: datetime | None
    reason: str

    @property
    def claims(self) -> int:
        """How many evaluators claim it."""
        return len(self.claimants)

    @property
    def awaits(self) -> str:
        """What is needed next: evidence, lead, evaluator or manager; nothing once it is decided."""
        if self.standing != "claimed":
            return ""
        if not self.evidence_sha256:
            return "evidence"
        given = {one.part for one in self.confirmations}
        return next((part for part in PARTS if part not in given), "")

    def confirmable_by(self, person_id: str, seat_part: str) -> bool:
        """Whether an evaluator with that seat can confirm now: there is evidence, and the part was not played yet."""
        part = "lead" if seat_part == "lead" else "evaluator"
        played = any(one.part == part for one in self.confirmations)
        alone = part == "evaluator" and self.claimants == (person_id,)
        return self.standing == "claimed" and bool(self.evidence_sha256) and not played and not alone


def open_findings(work: Work, assessment_id: str, claimed: Iterable[str]) -> None:
    """Open a finding for every claimed veto that has none yet."""
    known = set(
        work.connection.execute(
            select(veto_findings.c.veto).where(veto_findings.c.assessment_id == assessment_id)
        ).scalars()
    )
    for veto in sorted(set(claimed) - known):
        work.connection.execute(
            insert(veto_findings).values(
                id=new_id(), assessment_id=assessment_id, veto=veto, standing="claimed", claimed_at=work.now,
                evidence_note="", reason="",
            )
        )  # fmt: skip


def decided_vetoes(work: Work, assessment_id: str) -> tuple[frozenset[str], frozenset[str]]:
    """The vetoes of a round that were confirmed, and those that were refuted."""
    rows = work.connection.execute(
        select(veto_findings.c.veto, veto_findings.c.standing).where(veto_findings.c.assessment_id == assessment_id)
    ).all()
    confirmed, refuted = (
        frozenset(row.veto for row in rows if row.standing == standing) for standing in ("confirmed", "refuted")
    )
    return confirmed, refuted


def findings_of(work: Work, assessment_id: str) -> tuple[Finding, ...]:
    """Every claimed veto of a round, in alphabetical order; none while the round is not concluded."""
    rows = work.connection.execute(
        select(veto_findings).where(veto_findings.c.assessment_id == assessment_id).order_by(veto_findings.c.veto)
    ).all()
    if not rows:
        return ()
    given = work.connection.execute(
        select(veto_confirmations)
        .where(veto_confirmations.c.finding_id.in_([row.id for row in rows]))
        .order_by(veto_confirmations.c.id)
    ).all()
    names = names_of(work, {one.person_id for one in given} | {row.decided_by for row in rows if row.decided_by})
    claimants = _claimants(work, assessment_id)
    return tuple(
        Finding(
            row.id, row.veto, row.standing, claimants.get(row.veto, ()), row.evidence_sha256 or "",
            row.evidence_extension or "", row.evidence_note,
            tuple(
                Confirmation(one.part, names[one.person_id], one.confirmed_at)
                for one in given
                if one.finding_id == row.id
            ),
            names.get(row.decided_by, ""), row.decided_at, row.reason,
        )
        for row in rows
    )  # fmt: skip


def _claimants(work: Work, assessment_id: str) -> dict[str, tuple[str, ...]]:
    """Veto to the persons whose counting sheet claims it."""
    found: dict[str, tuple[str, ...]] = {}
    rows = work.connection.execute(
        select(seats.c.person_id, score_sheets.c.veto)
        .join(seats, seats.c.id == score_sheets.c.seat_id)
        .where(
            score_sheets.c.assessment_id == assessment_id, seats.c.vacated_at.is_(None),
            score_sheets.c.locked_at.is_not(None),
        )
        .order_by(seats.c.id)
    )  # fmt: skip
    for row in rows:
        for veto in row.veto:
            found[veto] = (*found.get(veto, ()), row.person_id)
    return found


def finding_by_id(work: Work, finding_id: str) -> tuple[Round, Finding]:
    """A finding and the round it belongs to; NotFound when there is none."""
    assessment_id = work.connection.execute(
        select(veto_findings.c.assessment_id).where(veto_findings.c.id == finding_id)
    ).scalar()
    if assessment_id is None:
        raise NotFound("document.not_found")
    found = next(one for one in findings_of(work, assessment_id) if one.id == finding_id)
    return round_by_id(work, assessment_id), found


def attach_evidence(
    work: Work, actor: Actor, finding: Finding, *, sha256: str, extension: str, note: str
) -> None:  # fmt: skip
    """Keep the file that proves a claimed veto; an earlier one gives way until somebody confirmed by it.

    Refused once the finding is decided or confirmed by anyone; Invalid without a word on what the file shows.
    """
    _still_claimed(finding)
    if finding.confirmations:
        raise Refused("assessment.veto_confirmed_already")
    if not note.strip():
        raise Invalid("assessment.veto_note_missing")
    work.connection.execute(
        update(veto_findings)
        .where(veto_findings.c.id == finding.id)
        .values(
            evidence_sha256=sha256, evidence_extension=extension, evidence_note=note.strip()[:400],
            evidence_by=actor.id, evidence_at=work.now,
        )
    )  # fmt: skip


def confirm(work: Work, actor: Actor, finding: Finding, *, present: Round, manager: bool) -> str:
    """Confirm a veto as the panel's lead, as one more evaluator, or (last) as the manager; answers as what.

    Refused without evidence, twice, for the only claimant as the other evaluator, and for the manager before the panel.
    With the manager's confirmation the veto is confirmed.
    """
    _still_claimed(finding)
    part = _part(actor, finding, present, manager=manager)
    if not finding.evidence_sha256:
        raise Refused("assessment.veto_evidence_missing")
    given = {one.part for one in finding.confirmations}
    if part in given:
        raise Refused("assessment.veto_confirmed_already")
    if part == "manager" and not given >= {"lead", "evaluator"}:
        raise Refused("assessment.veto_panel_first")
    work.connection.execute(
        insert(veto_confirmations).values(
            id=new_id(), finding_id=finding.id, part=part, person_id=actor.id, confirmed_at=work.now
        )
    )
    if part == "manager":
        _decide(work, actor, finding, standing="confirmed", reason="")
    return part


def refute(work: Work, actor: Actor, finding: Finding, *, present: Round, manager: bool, reason: str) -> None:
    """Strike a claimed veto, with the reason: the panel's lead or the manager may. Refused once it is decided."""
    _still_claimed(finding)
    if not manager and not any(one.person_id == actor.id and one.part == "lead" for one in present.sitting):
        raise Refused("assessment.veto_lead_or_manager")
    if not reason.strip():
        raise Invalid("assessment.veto_reason_missing")
    _decide(work, actor, finding, standing="refuted", reason=reason.strip()[:400])


def _part(actor: Actor, finding: Finding, present: Round, *, manager: bool) -> str:
    if manager:
        return "manager"
    seat = next((one for one in present.sitting if one.person_id == actor.id), None)
    if seat is None:
        raise NotFound("assessment.not_found")
    if seat.part == "lead":
        return "lead"
    if finding.claimants == (actor.id,):
        raise Refused("assessment.veto_own_claim")
    return "evaluator"


def _still_claimed(finding: Finding) -> None:
    if finding.standing != "claimed":
        raise Refused("assessment.veto_decided")


def _decide(work: Work, actor: Actor, finding: Finding, **values: Any) -> None:
    work.connection.execute(
        update(veto_findings)
        .where(veto_findings.c.id == finding.id)
        .values(decided_by=actor.id, decided_at=work.now, **values)
    )
