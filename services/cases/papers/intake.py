"""Papers of the counter: receipt, acceptance, correction, non-acceptance, panel notice, publicity."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import select

from documents.kind import Kind
from documents.kinds.acceptance_notice import AcceptanceNotice
from documents.kinds.correction_notice import CorrectionNotice
from documents.kinds.non_acceptance_notice import NonAcceptanceNotice
from documents.kinds.publicity_notice import PublicityEntry, PublicityNotice
from documents.kinds.receipt_slip import ReceiptSlip, ReceivedMaterial
from documents.kinds.review_notice import PanelMember, ReviewNotice
from services.cases.corrections import rounds_so_far
from services.cases.models import case_materials
from services.cases.papers import parts
from services.cases.turn import Turn
from services.database.work import OFFICE_TIME
from services.issuance.commands import Numbered
from services.people.models import role_grants
from statemachines.incubation.verbs import ASSISTED
from statemachines.roles import Role

AGENDA = ("申请组织陈述10分钟", "专家提问和答复15分钟", "专家独立评分", "评审组合议")


def _application(turn: Turn) -> str:
    return "出壳申请" if turn.source.startswith("GRADUATION") or turn.move.trigger == "apply_graduation" else "入驻申请"


def receipt_slip(turn: Turn, kind: Kind, number: Numbered) -> ReceiptSlip:
    """D01: what came in, when, and until when it will be answered."""
    rows = turn.work.connection.execute(
        select(case_materials).where(case_materials.c.case_id == turn.case.id).order_by(case_materials.c.id)
    )
    received = tuple(ReceivedMaterial(name=row.name, copies=row.copies, original=row.original) for row in rows)
    key = "intake" if turn.dest == "SUBMITTED" else "graduation_intake"
    return ReceiptSlip(
        head=parts.head(turn, kind, number),
        application=_application(turn),
        materials=received or (ReceivedMaterial(name=_application(turn)),),
        received_at=turn.work.now.astimezone(OFFICE_TIME).replace(tzinfo=None),
        next_step_due=turn.calendar.add_working_days(turn.work.today, turn.rules.limit(key)[0]),
        handler="" if Role.APPLICANT in turn.roles else turn.actor.name,
        assisted=turn.move.trigger in ASSISTED,
    )


def acceptance_notice(turn: Turn, kind: Kind, number: Numbered) -> AcceptanceNotice:
    """D02: accepted from today, to be decided within the promised working days."""
    days = turn.rules.limit("admission_review")[0]
    return AcceptanceNotice(
        head=parts.head(turn, kind, number),
        application=_application(turn),
        applied_on=parts.applied_on(turn),
        accepted_on=turn.work.today,
        due_on=turn.calendar.add_working_days(turn.work.today, days),
        clock_rule="补正、评审和公示时间另计",
        query_code=turn.case.number,
        working_days=days,
    )


def correction_notice(turn: Turn, kind: Kind, number: Numbered) -> CorrectionNotice:
    """D03: every item at once, the last day, and what happens after it."""
    graduating = turn.dest.startswith("GRADUATION")
    key = "graduation_correction" if graduating else "correction"
    earlier = len(rounds_so_far(turn.subject, turn.move.trigger))
    return CorrectionNotice(
        head=parts.head(turn, kind, number),
        application=_application(turn),
        applied_on=parts.applied_on(turn),
        items=parts.correction_items(turn),
        due_on=turn.calendar.add_working_days(turn.work.today, turn.rules.limit(key)[0]),
        round=earlier + 1,
        effect_if_late="视为撤回出壳申请，继续孵化" if graduating else "视为撤回申请",
    )


def non_acceptance_notice(turn: Turn, kind: Kind, number: Numbered) -> NonAcceptanceNotice:
    """D04: why, on what basis, where to turn instead, and how to have it reviewed."""
    return NonAcceptanceNotice(
        head=parts.head(turn, kind, number),
        application=_application(turn),
        applied_on=parts.applied_on(turn),
        reason_code=turn.details["reason_code"],
        reason=turn.details["reason"],
        remedy=parts.internal_remedy(turn),
        basis=(parts.POLICY,),
        proper_body=turn.details.get("proper_body", ""),
    )


def review_notice(turn: Turn, kind: Kind, number: Numbered) -> ReviewNotice:
    """D05: the panel by name, when and where it meets, until when a recusal may be asked for."""
    form: Literal["admission", "graduation"] = "admission" if turn.dest == "ADMISSION_REVIEW" else "graduation"
    present = parts.round_of(turn, form)
    ids = [seat.person_id for seat in present.sitting]
    units = {
        row.person_id: row.office
        for row in turn.work.connection.execute(
            select(role_grants.c.person_id, role_grants.c.office).where(
                role_grants.c.person_id.in_(ids), role_grants.c.role == Role.EVALUATOR.value
            )
        )
    }
    return ReviewNotice(
        head=parts.head(turn, kind, number),
        assessment=form,
        panel=tuple(PanelMember(name=seat.name, unit=units.get(seat.person_id, "")) for seat in present.sitting),
        meets_on=date.fromisoformat(turn.details["meets_on"]),
        meets_at=turn.details["meets_at"],
        place=turn.details["place"],
        recusal_due_on=date.fromisoformat(turn.details["recusal_due_on"]),
        agenda=AGENDA,
    )


def publicity_notice(turn: Turn, kind: Kind, number: Numbered) -> PublicityNotice:
    """D07: the result as intended, from tomorrow for the working days of the rule set, and where objections go."""
    graduating = turn.dest == "GRADUATION_PUBLICITY"
    days = turn.rules.limit("publicity")[0]
    centre = turn.subject.centre
    what = "出壳" if graduating else "入驻"
    return PublicityNotice(
        head=parts.head(turn, kind, number, addressee="", title=f"关于拟{what}社区社会组织名单的公示"),
        subject="graduation" if graduating else "admission",
        entries=(
            PublicityEntry(
                organization=turn.subject.organization.name, result="拟准予出壳" if graduating else "拟同意入驻"
            ),
        ),
        starts_on=turn.work.today + timedelta(days=1),
        ends_on=turn.calendar.add_working_days(turn.work.today, days),
        working_days=days,
        objection_channel=f"{centre.name}，联系人{centre.contact}，电话{centre.phone}",
    )


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "acceptance_notice": acceptance_notice,
    "correction_notice": correction_notice,
    "non_acceptance_notice": non_acceptance_notice,
    "publicity_notice": publicity_notice,
    "receipt_slip": receipt_slip,
    "review_notice": review_notice,
}
