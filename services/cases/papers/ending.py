"""Papers of an end that was not graduation's own: prior notice, expulsion, and the handover that follows every end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import select

from documents.context import Basis, from_json
from documents.format import chinese_date, mark, score
from documents.kind import Kind
from documents.kinds.exit_confirmation import ExitConfirmation, HandedOver
from documents.kinds.expulsion_decision import ExpulsionDecision
from documents.kinds.prior_notice import PriorNotice
from documents.registry import kind_of
from services.assessments.concluding import confirmed_vetoes, decisive_mean
from services.cases.instalment_parts import CANCELLABLE, parts_of
from services.cases.papers import parts
from services.cases.papers.money import number_of
from services.cases.papers.term import about_to_hold_fen, held_fen, row_now
from services.cases.turn import Turn
from services.funding.queries import awards_of, kept_fen
from services.issuance.commands import Numbered
from services.issuance.models import issued_documents
from services.ledger.queries import balances
from services.organizations.models import divisions
from statemachines.table import HoldPayments

# The article of our own agreement (D10) that each way to an expulsion rests on.
ARTICLES = {
    "expel_after_suspension": "第十条",
    "expel_expired": "第十条",
    "fail_graduation": "第七条、第十条",
    "fail_rectification": "第九条",
    "start_expulsion": "第九条",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What an intended decision rests on."""

    facts: str
    evidence: tuple[str, ...]
    rule: str = ""


def prior_notice(turn: Turn, kind: Kind, number: Numbered) -> PriorNotice:
    """D19: what was found, what is intended, and until when the organization may answer."""
    revokes = turn.move.trigger == "approve_revocation"
    ground, days = GROUNDS[turn.move.trigger](turn), turn.rules.limit("hearing")[0]
    dest = "GRADUATION_REVOKED" if revokes else "EXPELLED"
    holds = any(isinstance(effect, HoldPayments) for effect in turn.move.then)
    return PriorNotice(
        head=parts.head(turn, kind, number, title="拟撤销出壳事先告知书" if revokes else "拟清退事先告知书"),
        measure="revocation" if revokes else "expulsion",
        facts=ground.facts,
        evidence=ground.evidence,
        basis=(parts.POLICY,) if revokes else (parts.POLICY, *_agreed(turn, ARTICLES[turn.move.trigger])),
        days=days,
        hearing_due=turn.calendar.add_working_days(turn.work.today, days),
        barred_months=turn.rules.number(f"reentry_months.{dest}"),
        rule=ground.rule,
        handover_days=0 if revokes else turn.rules.limit("handover")[0],
        held_fen=held_fen(turn) + (about_to_hold_fen(turn) if holds else 0),
        certificate_number=number_of(turn, turn.case.id, "graduation_certificate") if revokes else "",
    )


def _agreed(turn: Turn, article: str) -> tuple[Basis, ...]:
    """The signed agreement as what the decision rests on; nothing for a case that has none of ours."""
    number = number_of(turn, turn.case.id, "incubation_agreement")
    return (Basis(title="社区社会组织孵化协议", number=number, article=article),) if number else ()


def _papers(turn: Turn, *kinds: str) -> tuple[str, ...]:
    """The latest papers of these kinds on the case, as evidence: title and number."""
    found = ((kind_of(kind).title_zh, number_of(turn, turn.case.id, kind)) for kind in kinds)
    return tuple(f"{title}（{number}）" for title, number in found if number)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _proposed(turn: Turn) -> Ground:
    said = turn.details
    return Ground(said["facts"], _lines(said["evidence"]), said["basis"])


def _not_rectified(turn: Turn) -> Ground:
    """The findings left open by the recheck, or that nothing was reported by the last day."""
    reported, clock = turn.subject.in_stay("report_recheck"), turn.subject.clocks.get("rectification")
    evidence = _papers(turn, "rectification_notice")
    if reported is None:
        due = f"期限已于{chinese_date(clock.due_on)}届满，" if clock is not None and clock.due_on is not None else ""
        return Ground(f"整改通知书所列问题，{due}未改正。", evidence)
    left = "；".join(one["finding"].rstrip("。；") for one in reported.details["rechecks"] if not one["closed"])
    checked = chinese_date(reported.on_date)
    return Ground(f"经{checked}复核，整改通知书所列的下列问题未改正：{left}。", (*evidence, f"{checked}整改复核记录"))


def _not_graduated(turn: Turn) -> Ground:
    present = parts.round_of(turn, "graduation")
    vetoes, mean = confirmed_vetoes(present), decisive_mean(present, turn.rules)
    facts = "出壳评估不合格"
    if mean is not None:
        facts += f"：平均得分{score(mean)}分，低于{mark(turn.rules.mark('score.graduation_floor'))}分"
    if vetoes:
        facts += f"，经确认有一票否决情形（{'；'.join(vetoes)}）"
    return Ground(f"{facts}。", _papers(turn, "graduation_report"))


def _not_resumed(turn: Turn) -> Ground:
    row = turn.subject.incubation
    assert row is not None
    facts = (
        f"自{chinese_date(row.suspended_on)}起中止孵化，中止期限于{chinese_date(row.suspended_to)}届满，仍未恢复孵化。"
    )
    return Ground(facts, _papers(turn, "suspension_notice"))


def _not_applied(turn: Turn) -> Ground:
    row = turn.subject.incubation
    assert row is not None
    facts = f"孵化期于{chinese_date(row.ends_on)}届满，期满前未申请出壳评估，也未获准延期。"
    return Ground(facts, _papers(turn, "incubation_agreement", "extension_decision"))


def _not_deserved(turn: Turn) -> Ground:
    return Ground(turn.details["reason"], _lines(turn.details.get("evidence", "")))


GROUNDS: dict[str, Callable[[Turn], Ground]] = {
    "approve_revocation": _not_deserved,
    "expel_after_suspension": _not_resumed,
    "expel_expired": _not_applied,
    "fail_graduation": _not_graduated,
    "fail_rectification": _not_rectified,
    "start_expulsion": _proposed,
}
"""What each move that gives notice rests on: what the office said with it, or what the case itself shows."""


def expulsion_decision(turn: Turn, kind: Kind, number: Numbered) -> ExpulsionDecision:
    """D20: the facts as they were told before, the answer to them, what has to be done by when, and the remedy."""
    noticed, said = _noticed(turn), turn.details
    awards = awards_of(turn.work, turn.case.id)
    return ExpulsionDecision(
        head=parts.head(turn, kind, number),
        facts=noticed.facts if noticed else said["reason"],
        reason=said["reason"],
        basis=noticed.basis if noticed else (parts.POLICY,),
        handover_by=_handover_by(turn),
        barred_until=row_now(turn).barred_to,
        remedy=parts.internal_remedy(turn),
        defence_summary=said.get("defence_summary", ""),
        rule=noticed.rule if noticed else "",
        recovery_fen=said.get("recovery_fen", 0),
        paid_fen=sum(kept_fen(turn.work, award.case_id) for award in awards),
        notice_number=noticed.head.number if noticed else "",
        noticed_on=noticed.head.issued_on if noticed else None,
        copied_to=_street_of(turn),
    )


def _noticed(turn: Turn) -> PriorNotice | None:
    """The last notice of this expulsion as it was issued; None on a case that was given notice without a paper."""
    inputs = turn.work.connection.execute(
        select(issued_documents.c.inputs)
        .where(issued_documents.c.case_id == turn.case.id, issued_documents.c.kind == "prior_notice")
        .order_by(issued_documents.c.move_sequence.desc())
        .limit(1)
    ).scalar()
    return None if inputs is None else from_json(kind_of("prior_notice"), inputs)


def _handover_by(turn: Turn) -> date:
    return turn.calendar.add_working_days(turn.work.today, turn.rules.limit("handover")[0])


def _street_of(turn: Turn) -> str:
    """The office of the street or township the organization is at home in."""
    code = turn.subject.organization.home_division[:9]
    name = turn.work.connection.execute(select(divisions.c.name).where(divisions.c.code == code)).scalar()
    return f"{name}{'办事处' if name.endswith('街道') else '人民政府'}" if name else ""


REASONS: dict[str, Literal["withdrawal", "graduation", "expulsion", "suspension"]] = {
    "close_after_suspension": "suspension",
    "confirm_graduation": "graduation",
    "confirm_withdrawal": "withdrawal",
    "expel": "expulsion",
}


def exit_confirmation(turn: Turn, kind: Kind, number: Numbered) -> ExitConfirmation:
    """D21: what was handed back and settled; where the handover is still to come, the list to fill in at it."""
    said, incubation, organization = turn.details, turn.subject.incubation, turn.subject.organization
    awards = awards_of(turn.work, turn.case.id)
    books = [balances(turn.work, award_id=award.case_id) for award in awards]
    unpaid = [part for award in parts_of(turn.work, awards) for part in award if part.state in CANCELLABLE]
    assert incubation is not None
    return ExitConfirmation(
        head=parts.head(turn, kind, number),
        reason=REASONS[turn.move.trigger],
        ended_on=turn.work.today,
        centre_name=turn.subject.centre.name,
        leader=organization.leader_name,
        room=incubation.room or "",
        handover_by=None if turn.move.trigger == "confirm_withdrawal" else _handover_by(turn),
        assets=tuple(
            HandedOver(name=one["name"], quantity=one["quantity"], unit=one.get("unit", ""), state=one.get("state", ""))
            for one in said.get("assets", ())
        ),
        keys=said.get("keys", 0),
        deposit_fen=said.get("deposit_fen", 0),
        paid_fen=sum(book.get("PAID", 0) for book in books),
        balance_fen=-sum(book.get("RETURNED", 0) for book in books),
        unpaid_fen=sum(part.amount_fen for part in unpaid),
        remark=said.get("handover", ""),
    )


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "exit_confirmation": exit_confirmation,
    "expulsion_decision": expulsion_decision,
    "prior_notice": prior_notice,
}
