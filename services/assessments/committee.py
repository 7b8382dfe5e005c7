"""The committee's vote by name, which decides a round that is still divided after the extra evaluator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from sqlalchemy import insert, select

from services.actors import Actor
from services.assessments.models import committee_meetings, committee_votes
from services.assessments.queries import Round
from services.database.base import new_id
from services.database.work import Work
from services.errors import Invalid, Refused

FEWEST_MEMBERS = 3
ABSENT = "absent"
CHOICES = ("pass", "conditional", "fail", ABSENT)
"""What a member may have said; a member who was absent counts among all members and for nothing."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One member by name, what the member voted for, and why."""

    member: str
    choice: str
    reason: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the committee: its day, its minutes, every vote, and what more than half of all members chose."""

    held_on: date
    minutes: str
    votes: tuple[Vote, ...]
    result: str

    @property
    def count(self) -> int:
        """How many voted for the result."""
        return sum(vote.choice == self.result for vote in self.votes)


def majority(votes: Sequence[Vote]) -> str | None:
    """What more than half of all members chose, the absent counted; None when nothing did."""
    tally = {choice: sum(vote.choice == choice for vote in votes) for choice in CHOICES if choice != ABSENT}
    choice, count = max(tally.items(), key=itemgetter(1))
    return choice if count * 2 > len(votes) else None


def record_meeting(
    work: Work, actor: Actor, present: Round, *, held_on: date, minutes: str, votes: Sequence[Vote],
    choices: frozenset[str],
) -> str:  # fmt: skip
    """Keep the meeting with every vote; answers what was decided.

    Refused while no arbitration is open, before the extra evaluator has locked, while a veto waits to be decided, for a
    member who scored, and without a majority of all members. Invalid for fewer than three members, one named twice, a
    vote without a reason or for something this form does not know, missing minutes, or a day that is still to come.
    """
    _due(present)
    said = tuple(Vote(one.member.strip()[:60], one.choice, one.reason.strip()[:400]) for one in votes)
    _sound(work, present, said, held_on=held_on, minutes=minutes, choices=choices)
    result = majority(said)
    if result is None:
        raise Refused("assessment.no_majority", members=len(said))
    identity = new_id()
    work.connection.execute(
        insert(committee_meetings).values(
            id=identity, assessment_id=present.id, held_on=held_on, minutes=minutes.strip()[:2000], result=result,
            recorded_by=actor.id, recorded_at=work.now,
        )
    )  # fmt: skip
    for place, vote in enumerate(said, start=1):
        work.connection.execute(
            insert(committee_votes).values(
                id=new_id(), meeting_id=identity, place=place, member=vote.member, choice=vote.choice,
                reason=vote.reason,
            )
        )  # fmt: skip
    return result


def _due(present: Round) -> None:
    if not present.arbitration_open:
        raise Refused("assessment.no_arbitration_open")
    if not any(seat.part == "extra" and seat.locked_at is not None for seat in present.sitting):
        raise Refused("assessment.extra_first")
    if any(seat.locked_at is None for seat in present.sitting):
        raise Refused("assessment.sheets_not_locked")
    reasons = (present.outcome or {}).get("arbitration_reasons", ())
    if {"assessment.veto_claimed_once", "assessment.veto_unconfirmed"} & set(reasons):
        raise Refused("assessment.veto_first")


def _sound(
    work: Work, present: Round, votes: Sequence[Vote], *, held_on: date, minutes: str, choices: frozenset[str]
) -> None:
    names = [vote.member for vote in votes]
    if len(votes) < FEWEST_MEMBERS:
        raise Invalid("assessment.committee_too_small", fewest=FEWEST_MEMBERS)
    if len(set(names)) != len(names) or not all(names):
        raise Invalid("assessment.member_twice")
    if not minutes.strip():
        raise Invalid("assessment.minutes_missing")
    if held_on > work.today:
        raise Invalid("assessment.meeting_to_come")
    if any(vote.choice not in choices for vote in votes):
        raise Invalid("input.not_a_choice", field="choice", label="表决意见", label_en="vote")
    if any(not vote.reason and vote.choice != ABSENT for vote in votes):
        raise Invalid("assessment.vote_reason_missing")
    if scored := sorted(set(names) & {seat.name for seat in present.seats}):
        raise Refused("assessment.member_scored", name=scored[0])


def meeting_of(work: Work, assessment_id: str) -> Meeting | None:
    """The meeting that decided the round, with every vote in the order of the minutes; None when there was none."""
    row = work.connection.execute(
        select(committee_meetings).where(committee_meetings.c.assessment_id == assessment_id)
    ).one_or_none()
    if row is None:
        return None
    votes = work.connection.execute(
        select(committee_votes).where(committee_votes.c.meeting_id == row.id).order_by(committee_votes.c.place)
    )
    said = tuple(Vote(one.member, one.choice, one.reason) for one in votes)
    return Meeting(row.held_on, row.minutes, said, row.result)
