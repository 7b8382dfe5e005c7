"""Appoints an evaluator: adds the term to the pool and, in the same commit, issues the letter of appointment (D41)."""

from datetime import datetime
from typing import Any

from documents.kinds.appointment_letter import DUTIES, AppointmentLetter
from documents.registry import kind_of
from services.actors import Actor
from services.cases.occasions import head_apart, issue_on, issuing_centre
from services.database.engine import Database
from services.database.work import Work
from services.evaluators.acts import Appointed, NewTerm, add_term, end_term
from services.issuance.commands import Numbered, revoke_issued_on

KIND = kind_of("appointment_letter")
FIELDS = {"SERVICE": "生活服务", "CULTURE_SPORT": "文体活动", "CHARITY": "公益慈善", "SUPPORT_HUB": "支持平台"}
"""What the fields of service are called on the letter."""


def appoint(database: Database, actor: Actor, new: NewTerm, *, now: datetime, centre: str = "") -> str:
    """Add the term and issue its letter into the evaluator's drawer; answers the term's id.

    A term whose letter was issued on paper before (its number is given) gets no second one. Refuses what `add_term`
    refuses, and (document.centre_needed) several centres of which none is named.
    """

    def letter(work: Work, term: Appointed) -> str:
        issuer = issuing_centre(work, centre)
        if issuer is None:
            return ""

        def build(number: Numbered) -> Any:
            head = head_apart(work, issuer, KIND, number, holder=term.person.name, title="聘书")
            return AppointmentLetter(
                head=head, body=new.body.strip(), fields=tuple(FIELDS[one] for one in FIELDS if one in new.fields),
                valid_from=new.term_from, valid_to=new.term_to, duties=DUTIES,
            )  # fmt: skip

        occasion = _occasion(term.term_id)
        return issue_on(work, occasion=occasion, kind=KIND, centre=issuer, build=build, to=(term.person.id,)).number

    return add_term(database, actor, new, now=now, letter=letter)


def dismiss(database: Database, actor: Actor, *, term_id: str, reason: str, now: datetime) -> None:
    """End the term today and revoke its letter in the same commit. Refuses what `end_term` refuses."""

    def revoke(work: Work, why: str) -> None:
        revoke_issued_on(work, _occasion(term_id), reason=why)

    end_term(database, actor, term_id=term_id, reason=reason, now=now, also=revoke)


def _occasion(term_id: str) -> str:
    return f"evaluator:{term_id}"
