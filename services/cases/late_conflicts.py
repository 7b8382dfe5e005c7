"""事后发现的回避情形: voids a locked sheet with evidence, keeps what the outcome would have been, re-runs the round."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from services.actors import Actor
from services.assessments import commands as assessments
from services.assessments.concluding import conclude, outcome_without
from services.assessments.queries import Round, SeatLine, round_by_id
from services.authority.rules import demand
from services.cases.noting import acted
from services.cases.objections import Objection, keep_objection
from services.cases.panels import named_person
from services.cases.recusals import seat_instead
from services.cases.turn import Subject, load_subject
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work, run
from services.errors import Invalid, Refused
from services.evaluators.acts import write_tie
from services.evaluators.models import voided_sheets
from services.evaluators.rules import KINDS
from services.people.acts import told
from services.rulesets.commands import rules_of

VOID = "assessment:void_sheet"


def void_sheet(
    database: Database, actor: Actor, *, assessment_id: str, evaluator: str, ground: str, evidence: str,
    coming: str = "", by_hand: str = "", now: datetime,
) -> None:  # fmt: skip
    """Void the locked sheet of an evaluator in whom a conflict was found later, and run the round again.

    The sheet is kept and marked, never deleted; beside it stand the outcome that was and the one without it (none when
    fewer remain than a panel needs). Another evaluator is drawn or named; when the pool has nobody, the round concludes
    from the rest if they are enough, else nothing is computed. During a publicity the finding is lodged as an objection
    of the office, so that nothing goes on before it is ruled on.

    Invalid without evidence or with an unknown ground; Refused when the sheet is not locked (late_conflict.not_locked:
    replace the evaluator instead) or the person does not sit.
    """
    proof = told(("证据", "evidence"), evidence, longest=2000)
    if ground not in KINDS:
        raise Invalid("late_conflict.ground_unknown")

    def unit(work: Work) -> None:
        demand(actor, VOID)
        present = round_by_id(work, assessment_id)
        subject = load_subject(work, case_id=present.case_id, lock=True)
        seat = _locked_seat(work, present, evaluator)
        rules = rules_of(work, subject.case.rule_set_id)
        _keep(work, actor, subject, present, seat=seat, ground=ground, evidence=proof)
        assessments.vacate(work, seat.seat_id)
        assessments.reopen(work, present.id)
        write_tie(
            work, actor, kind="declared", source=f"事后查明：{proof}"[:200], held_to=work.today,
            person_id=seat.person_id, organization_id=subject.case.organization_id,
        )  # fmt: skip
        details = {
            "evaluator": evaluator,
            "ground": ground,
            **_instead(work, actor, subject, seat, present, coming, by_hand),
        }
        conclude(work, round_by_id(work, present.id), rules)
        if subject.case.state.endswith("_PUBLICITY"):
            details["objection"] = _object(work, actor, subject, ground)
        acted(work, actor, subject, VOID, details)

    run(database, now, unit)


def _locked_seat(work: Work, present: Round, evaluator: str) -> SeatLine:
    person = named_person(work, evaluator)
    seat = next((one for one in present.sitting if one.person_id == person), None)
    if seat is None:
        raise Refused("late_conflict.not_sitting")
    if seat.locked_at is None:
        raise Refused("late_conflict.not_locked")
    return seat


def _keep(
    work: Work, actor: Actor, subject: Subject, present: Round, *, seat: SeatLine, ground: str, evidence: str
) -> None:
    rules = rules_of(work, subject.case.rule_set_id)
    work.connection.execute(
        insert(voided_sheets).values(
            id=new_id(), case_id=subject.case.id, assessment_id=present.id, seat_id=seat.seat_id, ground=ground,
            evidence=evidence, before=present.outcome if present.concluded_at else None,
            without=outcome_without(work, present, rules, seat.seat_id), state=subject.case.state, voided_by=actor.id,
            voided_at=work.now,
        )
    )  # fmt: skip


def _instead(
    work: Work, actor: Actor, subject: Subject, seat: SeatLine, present: Round, coming: str, by_hand: str
) -> dict[str, Any]:
    """Seat somebody else; when nobody was named and the pool has nobody, the seat stays empty for now."""
    try:
        return dict(
            seat_instead(
                work, actor, subject, assessment_id=present.id, seat_id=seat.seat_id, coming=coming, by_hand=by_hand
            )
        )
    except Refused as refused:
        if "evaluator.too_few_to_draw" not in refused.codes:
            raise
        return {"replacement": "none"}


def _object(work: Work, actor: Actor, subject: Subject, ground: str) -> str:
    """The finding as an objection of the office: the publicity cannot end before the manager has ruled on it."""
    found = Objection(
        actor.name, "评审秘书",
        f"公示期间查明评审专家应当回避（{KINDS[ground][0]}），该专家的评分表已作废，评审结果须重新计算。",
    )  # fmt: skip
    return keep_objection(work, subject, found, channel="letter", entered_by=actor.id, received_on=work.today)
