"""Papers of an award beside its money: the correction, the publicity, the agreement, the report of the acceptance."""

from collections.abc import Callable
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from documents.format import masked_account
from documents.kind import Kind
from documents.kinds.acceptance_report import AcceptanceReport, Output, SpentRow
from documents.kinds.award_agreement import AwardAgreement, BudgetRow
from documents.kinds.correction_notice import CorrectionNotice
from documents.kinds.publicity_notice import PublicityEntry, PublicityNotice
from documents.parts.blocks import ItemMean
from services.awards.queries import AuditLine, audit_of, budget_of, spent_by_item, terms_of
from services.cases.award_results import present_round
from services.cases.corrections import rounds_so_far
from services.cases.facts.star import item_means
from services.cases.papers import parts
from services.cases.papers.money import account_of, number_of, planned
from services.cases.turn import Turn
from services.funding.queries import award
from services.funding.sources import sources
from services.issuance.commands import Numbered
from services.ledger.queries import balances
from services.organizations.queries import account_number_of

APPLICATION = "资助申请"
OPINIONS = {"clean": "无保留意见", "qualified": "保留意见", "adverse": "否定意见", "none": "无法表示意见"}


def correction_notice(turn: Turn, kind: Kind, number: Numbered) -> CorrectionNotice:
    """D03: every item at once, and the last day."""
    applied = turn.subject.last("apply_award")
    return CorrectionNotice(
        head=parts.head(turn, kind, number),
        application=APPLICATION,
        applied_on=applied.on_date if applied else turn.work.today,
        items=parts.correction_items(turn),
        due_on=turn.calendar.add_working_days(turn.work.today, turn.rules.limit("correction")[0]),
        round=len(rounds_so_far(turn.subject, turn.move.trigger)) + 1,
        effect_if_late="视为撤回资助申请",
    )


def publicity_notice(turn: Turn, kind: Kind, number: Numbered) -> PublicityNotice:
    """D07: who is about to get what, for which project, and how to object."""
    centre, days = turn.subject.centre, turn.rules.limit("publicity")[0]
    line = award(turn.work, turn.case.id)
    yuan = f"{Decimal(line.amount_fen or 0) / 100:,.2f}"
    return PublicityNotice(
        head=parts.head(turn, kind, number, title="关于拟资助社区社会组织项目的公示", addressee=""),
        subject="award",
        entries=(
            PublicityEntry(organization=turn.subject.organization.name, result=f"项目“{line.project}”，拟资助¥{yuan}"),
        ),
        starts_on=turn.work.today + timedelta(days=1),
        ends_on=turn.calendar.add_working_days(turn.work.today, days),
        working_days=days,
        objection_channel=f"{centre.name}，联系人{centre.contact}，电话{centre.phone}",
    )


def award_agreement(turn: Turn, kind: Kind, number: Numbered) -> AwardAgreement:
    """D30: the parties, the budget, the parts with capitals, the payee, acceptance, recovery."""
    line, terms = award(turn.work, turn.case.id), terms_of(turn.work, turn.case.id)
    rules = turn.rules
    account = account_of(turn, line.account_id)
    first, second = parts.both_parties(turn)
    return AwardAgreement(
        head=parts.head(turn, kind, number),
        centre=first,
        organization=second,
        program=f"{line.year}年度{line.program}",
        project=line.project,
        source=sources()[line.source].printed,
        amount_fen=line.amount_fen or 0,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        budget=tuple(BudgetRow(name=one.name, amount_fen=one.amount_fen) for one in budget_of(turn.work, turn.case.id)),
        plan=planned(line),
        payee=account.holder_name,
        bank=account.bank,
        account=masked_account(account_number_of(account)),
        custodian=account.kind == "custody",
        purpose=line.purpose,
        from_lottery=bool(sources()[line.source].label),
        award_number=number_of(turn, turn.case.id, "award_notice"),
        basis=(parts.POLICY,),
        shift_percent=rules.number("money.shift_percent"),
        cash_to_fen=rules.number("money.cash_to_fen"),
        report_days=rules.limit("award_final_report")[0],
        receipt_working_days=rules.limit("instalment_receipt")[0],
        pass_mark=rules.mark("score.acceptance_pass"),
        audited_from_fen=rules.number("audit.from_fen"),
        audited_percent=rules.number("audit.drawn_percent"),
    )


def acceptance_report(turn: Turn, kind: Kind, number: Numbered) -> AcceptanceReport:
    """D33: what was agreed, reached and spent, the score, the opinion, and what goes back."""
    line, terms = award(turn.work, turn.case.id), terms_of(turn.work, turn.case.id)
    handed = turn.subject.last("request_acceptance")
    said = handed.details if handed else {}
    spent = spent_by_item(turn.work, turn.case.id)
    book = balances(turn.work, award_id=turn.case.id)
    paid = book.get("PAID", 0)
    failed = turn.dest == "TERMINATED"
    open_parts = paid < (line.amount_fen or 0)
    return AcceptanceReport(
        head=parts.head(turn, kind, number),
        program=f"{line.year}年度{line.program}",
        project=line.project,
        source=sources()[line.source].printed,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        amount_fen=line.amount_fen or 0,
        paid_fen=paid,
        rows=tuple(
            SpentRow(name=one.name, budget_fen=one.amount_fen, spent_fen=spent.get(one.id, 0))
            for one in budget_of(turn.work, turn.case.id)
        ),
        outputs=tuple(
            Output(output=one["output"], agreed=one["agreed"], reached=one["reached"])
            for one in said.get("outputs", ())
        ),
        score=Decimal(terms.accepted_hundredths or 0) / 100,
        result="fail" if failed else _result(turn, terms.accepted_hundredths or 0),
        opinion=_opinion(turn),
        balance_fen=max(paid + book.get("RETURNED", 0) - sum(spent.values()), 0),
        items=_items(turn),
        beneficiaries=said.get("beneficiaries"),
        satisfaction=said.get("satisfied", ""),
        report=said.get("report", ""),
        audit=_audited(audit_of(turn.work, turn.case.id)),
        last_instalment="none" if not open_parts else "cancel" if failed else "release",
        remedy=parts.internal_remedy(turn) if failed else None,
    )


def _result(turn: Turn, hundredths: int) -> Literal["good", "pass"]:
    return "good" if hundredths >= turn.rules.mark("score.acceptance_good") * 100 else "pass"


def _opinion(turn: Turn) -> str:
    """The opinion of this move; of a failure that is confirmed, the reason it was proposed for."""
    proposed = turn.subject.last("fail_acceptance")
    if turn.dest == "TERMINATED" and proposed is not None:
        return str(proposed.details["reason"])
    return str(turn.details.get("opinion") or "")


def _audited(found: AuditLine | None) -> str:
    if found is None or found.opinion is None:
        return ""
    why = "资助金额达到规定限额" if found.because == "amount" else "经随机抽取"
    return f"{why}，由{found.firm}审计（{found.report_number}），{OPINIONS[found.opinion]}"


def _items(turn: Turn) -> tuple[ItemMean, ...]:
    present = present_round(turn.work, turn.subject, "acceptance")
    if present is None:
        return ()
    return tuple(
        ItemMean(
            code=one.id, label=one.label_zh, maximum=int(one.maximum),
            mean=one.mean.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
        )
        for one in item_means(turn.work, present)
    )  # fmt: skip


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "acceptance_report": acceptance_report,
    "award_agreement": award_agreement,
    "correction_notice": correction_notice,
    "publicity_notice": publicity_notice,
}
