"""Papers of public money: award notice, disbursement notice, receipt confirmation."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from documents.format import masked_account
from documents.kind import Kind
from documents.kinds.award_notice import AwardNotice
from documents.kinds.disbursement_notice import DisbursementNotice
from documents.kinds.receipt_confirmation import ReceiptConfirmation
from documents.parts.blocks import PlannedInstalment
from services.awards.rules import ACCEPTED, HALFWAY, SIGNED, stage_of
from services.cases.models import cases
from services.cases.papers import parts
from services.cases.turn import Turn
from services.funding.models import awards
from services.funding.queries import AwardLine, InstalmentLine, award, award_of_instalment
from services.funding.sources import sources
from services.issuance.commands import Numbered
from services.issuance.models import issued_documents
from services.organizations.models import payee_accounts
from services.organizations.queries import account_number_of

CONDITIONS = {
    SIGNED: "签订资金资助协议",
    HALFWAY: "中期评估（检查）达到合格线",
    ACCEPTED: "出壳评估合格或者结项验收通过",
}
AT_ONCE = "活动结束并通过验收"
DUTIES = (
    "资助款专款专用、单独记账，按批准的预算使用",
    "每期用款后报送用款说明和凭证，接受检查和审计",
    "项目结束后结余资金按原渠道退回",
)


def account_of(turn: Turn, account_id: str | None) -> Any:
    """The payee account an award is paid into."""
    return turn.work.connection.execute(select(payee_accounts).where(payee_accounts.c.id == account_id)).one()


def payee_called(account: Any) -> str:
    """The holder of the account, and whether it keeps the money for somebody else."""
    return f"{account.holder_name}（代管）" if account.kind == "custody" else str(account.holder_name)


def planned(line: AwardLine) -> tuple[PlannedInstalment, ...]:
    """The parts of an award with what earns each of them."""
    count = len(line.instalments)
    return tuple(
        PlannedInstalment(
            number=one.number, amount_fen=one.amount_fen,
            condition=AT_ONCE if count == 1 else CONDITIONS[stage_of(one.number, count)],
        )
        for one in line.instalments
    )  # fmt: skip


def award_notice(turn: Turn, kind: Kind, number: Numbered) -> AwardNotice:
    """D29: programme, source, amount with capitals, the plan, conditions, and the label duty of lottery money."""
    line = award(turn.work, turn.case.id)
    row = turn.work.connection.execute(select(awards).where(awards.c.case_id == turn.case.id)).one()
    applied = turn.subject.last("apply_award")
    signing = turn.rules.limit("award_signing")[0]
    return AwardNotice(
        head=parts.head(turn, kind, number),
        program=f"{line.year}年度{line.program}",
        project=line.project,
        source=sources()[line.source].printed,
        amount_fen=row.amount_fen,
        plan=planned(line),
        purpose=line.purpose,
        from_lottery=bool(sources()[line.source].label),
        applied_on=applied.on_date if applied else None,
        score=None if row.score_hundredths is None else Decimal(row.score_hundredths) / 100,
        payee=payee_called(account_of(turn, row.account_id)),
        conditions=DUTIES,
        sign_before=turn.calendar.add_working_days(turn.work.today, signing),
        basis=(parts.POLICY,),
        remedy=parts.internal_remedy(turn),
    )


def _parts_of(turn: Turn) -> tuple[AwardLine, InstalmentLine, int]:
    line = award_of_instalment(turn.work, turn.case.id)
    own = next(one for one in line.instalments if one.case_id == turn.case.id)
    paid = sum(one.amount_fen for one in line.instalments if one.value_date is not None and one.case_id != own.case_id)
    return line, own, paid


def number_of(turn: Turn, case_id: str, *kinds: str) -> str:
    """The printed number of the latest paper of these kinds on the case; empty when there is none."""
    found = turn.work.connection.execute(
        select(issued_documents.c.number)
        .where(issued_documents.c.case_id == case_id, issued_documents.c.kind.in_(kinds))
        .order_by(issued_documents.c.decided_at.desc())
        .limit(1)
    ).scalar()
    return found or ""


def disbursement_notice(turn: Turn, kind: Kind, number: Numbered) -> DisbursementNotice:
    """D31: which instalment of how many, to whom, what was paid before and what remains; the account masked."""
    line, own, paid = _parts_of(turn)
    account = account_of(turn, line.account_id)
    gone = sum(one.amount_fen for one in line.instalments if _cancelled(turn, one.case_id))
    return DisbursementNotice(
        head=parts.head(turn, kind, number),
        copy_for="applicant",
        project=line.project,
        source=sources()[line.source].printed,
        instalment_number=own.number,
        instalment_count=len(line.instalments),
        amount_fen=own.amount_fen,
        payee=payee_called(account),
        bank=account.bank,
        account=masked_account(account_number_of(account)),
        paid_before_fen=paid,
        remaining_fen=(line.amount_fen or 0) - paid - own.amount_fen - gone,
        award_number=number_of(turn, line.case_id, "award_notice", "purchase_contract"),
        confirm_working_days=turn.rules.limit("instalment_receipt")[0],
        purpose=line.purpose,
        for_contract=_bought(turn, line),
    )


def _bought(turn: Turn, line: AwardLine) -> bool:
    kind = turn.work.connection.execute(select(cases.c.kind).where(cases.c.id == line.case_id)).scalar_one()
    return bool(kind == "purchase")


def _cancelled(turn: Turn, case_id: str) -> bool:
    state = turn.work.connection.execute(select(cases.c.state).where(cases.c.id == case_id)).scalar_one()
    return bool(state == "CANCELLED")


def receipt_confirmation(turn: Turn, kind: Kind, number: Numbered) -> ReceiptConfirmation:
    """D32: the payee confirms what came in, when and under which bank serial."""
    line, own, _ = _parts_of(turn)
    return ReceiptConfirmation(
        head=parts.head(turn, kind, number),
        project=line.project,
        instalment_number=own.number,
        instalment_count=len(line.instalments),
        amount_fen=own.amount_fen,
        payee=payee_called(account_of(turn, line.account_id)),
        received_on=date.fromisoformat(turn.details["received_on"]),
        bank_serial=own.bank_serial or "",
        disbursement_number=number_of(turn, turn.case.id, "disbursement_notice"),
        source=sources()[line.source].printed,
        confirmed_by=turn.details["confirmed_by"],
        for_contract=_bought(turn, line),
    )


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "award_notice": award_notice,
    "disbursement_notice": disbursement_notice,
    "receipt_confirmation": receipt_confirmation,
}
