"""What one person could do on a case now: every move of the own roles, open or not, with the reasons why not."""

from dataclasses import dataclass, field
from typing import Any

from services.actors import Actor
from services.calendar.queries import load_calendar
from services.cases.award_results import HOPED
from services.cases.corrections import asks
from services.cases.facts import GATHER
from services.cases.gates import Closed, colleagues_on
from services.cases.turn import Subject
from services.database.work import Work
from services.rulesets.commands import rules_of
from statemachines.engine import Standing, offered
from statemachines.roles import Role
from statemachines.table import Field, Verb


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One move leaving the present state for a role the person holds; `reasons` empty means it is open."""

    trigger: str
    row: str
    zh: str
    en: str
    form: tuple[Field, ...]
    reasons: tuple[str, ...]
    verb: Verb
    words: dict[str, Any] = field(default_factory=dict)
    """The facts of the sentences of those reasons that lie with colleagues."""
    by: tuple[Role, ...] = ()


def offers(work: Work, actor: Actor, subject: Subject, *, standing: Standing) -> tuple[OfferLine, ...]:
    """Every move this person could pull from here, open or not, with the reasons why not; nothing is changed."""
    rules = rules_of(work, subject.case.rule_set_id)
    calendar = load_calendar(work)
    facts = GATHER[subject.case.kind](work, subject, details=_hoped(subject), rules=rules, calendar=calendar)
    colleagues = colleagues_on(work, subject)
    found: dict[str, OfferLine] = {}
    for offer in offered(subject.process, subject.case.state, standing=standing, facts=facts):
        move = offer.move
        form = subject.process.forms.get(move.trigger, ())
        closed = colleagues.gate(actor, subject, move) or Closed(())
        line = OfferLine(
            move.trigger, move.code, move.zh, move.en, form, tuple(dict.fromkeys((*offer.reasons, *closed.reasons))),
            subject.process.verbs[move.trigger], closed.words, move.by,
        )  # fmt: skip
        if move.trigger not in found or len(line.reasons) < len(found[move.trigger].reasons):
            found[move.trigger] = line
    return tuple(found.values())


def _hoped(subject: Subject) -> dict[str, Any]:
    """What people will say with the move itself must not close it beforehand: assume it will be said."""
    process = subject.process
    asked = subject.last(*(one for one in process.triggers() if asks(process, one)))
    return {
        "privacy_notice_accepted": True,
        "commitments_accepted": True,
        "lists_checked": True,
        "visitors": 2,
        "assets_returned": True,
        "items": (asked.details.get("items") if asked and "CORRECTION" in subject.case.state else None) or [{}],
        "answers": [{}] * 100,
        "bank_serial": "0",
        "delay_excused": True,
        "score": "0",
        "sheets": HOPED,
    }
