"""Papers of a star rating: the counter's, the publicity, the result and the certificate, issued by civil affairs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from sqlalchemy import select

from documents.context import Basis, Head, Remedy
from documents.kind import Kind
from documents.kinds.acceptance_notice import AcceptanceNotice
from documents.kinds.correction_notice import CorrectionNotice
from documents.kinds.non_acceptance_notice import NonAcceptanceNotice
from documents.kinds.publicity_notice import PublicityEntry, PublicityNotice
from documents.kinds.receipt_slip import ReceiptSlip, ReceivedMaterial
from documents.kinds.star_certificate import StarCertificate
from documents.kinds.star_result_notice import StarItem, StarResultNotice
from services.calendar.rules import Limit, start
from services.cases.facts.star import item_means, present_round
from services.cases.models import case_materials
from services.cases.papers import parts
from services.cases.turn import Turn
from services.database.work import OFFICE_TIME
from services.issuance.commands import Numbered
from services.organizations.models import divisions
from services.stars.queries import Rating, RoundLine, rating_of, round_line
from services.stars.rules import FILED, VETOED

APPLICATION = "星级评定申报"
BASIS = Basis(title=parts.POLICY.title, number=parts.POLICY.number, article="第三部分第（五）项")
RESULT: dict[str, Literal["rated", "not_rated", "lowered", "cancelled"]] = {
    "CONFIRMED": "rated",
    "NOT_RATED": "not_rated",
    "DOWNGRADED": "lowered",
    "CANCELLED": "cancelled",
}
CAPS = {
    "assessment.cap_item_too_low": "有单项得分低于该项满分的六成，不评为五星级",
    "assessment.cap_too_young": "成立（备案、登记）未满规定年限，不评为五星级",
    FILED: "仅备案的组织，按规定的最高星级评定",
    VETOED: "经确认有一票否决情形，不予评星",
}
STARS = ("", "一", "二", "三", "四", "五")
CENT = Decimal("0.01")


def _round(turn: Turn) -> RoundLine:
    return round_line(turn.work, rating_of(turn.work, turn.case.id).round_id)


def _bureau(turn: Turn) -> str:
    """The office that announced the round: civil affairs of the county, after its city."""
    present = _round(turn)
    above = select(divisions.c.parent_code).where(divisions.c.code == present.division_code).scalar_subquery()
    city = turn.work.connection.execute(select(divisions.c.name).where(divisions.c.code == above)).scalar()
    return f"{city or ''}{present.county}民政局"


def _head(turn: Turn, kind: Kind, number: Numbered, **others: str) -> Head:
    return replace(parts.head(turn, kind, number, **others), issuer_name=_bureau(turn))


def _remedy(turn: Turn) -> Remedy:
    """Decisions of civil affairs are open to reconsideration by the county's government, or to a suit."""
    return Remedy(
        kind="statutory", body=f"{_round(turn).county}人民政府", period="60日", court="有管辖权的人民法院",
        court_period="六个月",
    )  # fmt: skip


def _applied_on(turn: Turn) -> date:
    last = turn.subject.last("apply_star")
    return last.on_date if last else turn.work.today


def _due(turn: Turn, key: str) -> date:
    length, unit = turn.rules.limit(key)
    clock = start(turn.calendar, key, limit=Limit(length, unit), today=turn.work.today)  # type: ignore[arg-type]
    return clock.due_on or turn.work.today


def receipt_slip(turn: Turn, kind: Kind, number: Numbered) -> ReceiptSlip:
    """D01: what came in with the application, and until when it is checked."""
    rows = turn.work.connection.execute(
        select(case_materials).where(case_materials.c.case_id == turn.case.id).order_by(case_materials.c.id)
    )
    return ReceiptSlip(
        head=_head(turn, kind, number),
        application=APPLICATION,
        materials=tuple(ReceivedMaterial(name=row.name, copies=row.copies, original=row.original) for row in rows),
        received_at=turn.work.now.astimezone(OFFICE_TIME).replace(tzinfo=None),
        next_step_due=_due(turn, "star_intake"),
    )


def correction_notice(turn: Turn, kind: Kind, number: Numbered) -> CorrectionNotice:
    """D03: every item at once, and the last day."""
    earlier = sum(move.trigger == turn.move.trigger for move in turn.subject.moves)
    return CorrectionNotice(
        head=_head(turn, kind, number),
        application=APPLICATION,
        applied_on=_applied_on(turn),
        items=parts.correction_items(turn),
        due_on=_due(turn, "star_correction"),
        round=earlier + 1,
        effect_if_late="视为撤回本次申报",
    )


def acceptance_notice(turn: Turn, kind: Kind, number: Numbered) -> AcceptanceNotice:
    """D02: fit for the round, and what follows."""
    return AcceptanceNotice(
        head=_head(turn, kind, number),
        application=APPLICATION,
        applied_on=_applied_on(turn),
        accepted_on=turn.work.today,
        due_on=_due(turn, "star_site_review"),
        clock_rule="以上为实地查看的期限，居民评议、专家评分和公示时间另计；评定不收取任何费用",
        query_code=turn.case.number,
    )


def non_acceptance_notice(turn: Turn, kind: Kind, number: Numbered) -> NonAcceptanceNotice:
    """D04: which condition is not met, and how to have it reviewed."""
    return NonAcceptanceNotice(
        head=_head(turn, kind, number),
        application=APPLICATION,
        applied_on=_applied_on(turn),
        reason_code="conditions",
        reason=turn.details["reason"],
        remedy=_remedy(turn),
        basis=(BASIS,),
    )


def publicity_notice(turn: Turn, kind: Kind, number: Numbered) -> PublicityNotice:
    """D07: the stars as intended, from tomorrow for the calendar days of the rule set."""
    rating, centre = rating_of(turn.work, turn.case.id), turn.subject.centre
    return PublicityNotice(
        head=replace(_head(turn, kind, number, title="关于拟评定星级社区社会组织名单的公示"), addressee=""),
        subject="star",
        entries=(
            PublicityEntry(organization=turn.subject.organization.name, result=f"拟评为{STARS[rating.stars or 0]}星级"),
        ),
        starts_on=turn.work.today + timedelta(days=1),
        ends_on=_due(turn, "star_publicity"),
        working_days=turn.rules.limit("star_publicity")[0],
        unit="calendar_days",
        objection_channel=f"{_bureau(turn)}，联系人{centre.contact}，电话{centre.phone}",
    )


def star_result_notice(turn: Turn, kind: Kind, number: Numbered) -> StarResultNotice:
    """D27: the result with its items, or the measure with its reason."""
    rating, result = rating_of(turn.work, turn.case.id), RESULT[turn.dest]
    scored = result in ("rated", "not_rated")
    back = None if scored else _due(turn, "star_return")
    return StarResultNotice(
        head=_head(turn, kind, number),
        round_title=_round(turn).title,
        result=result,
        stars=0 if result == "cancelled" else rating.stars or 0,
        total=rating.total if scored else None,
        items=_items(turn) if scored else (),
        caps=tuple(CAPS[one] for one in rating.capped_by) if scored else (),
        valid_from=_first_day(turn, rating, result),
        valid_to=rating.valid_to if result in ("rated", "lowered") else None,
        reason=_reason(turn, result),
        basis=(BASIS,),
        remedy=_remedy(turn),
        return_by=back,
        barred_to=rating.barred_to,
    )


def _first_day(turn: Turn, rating: Rating, result: str) -> date | None:
    if result == "lowered":
        return turn.work.today
    return rating.valid_from if result == "rated" else None


def _reason(turn: Turn, result: str) -> str:
    if result == "rated":
        return turn.details.get("opinion") or "经实地查看、居民评议、专家评分和公示，确认上述星级"
    return str(turn.details["reason"])


def _items(turn: Turn) -> tuple[StarItem, ...]:
    present = present_round(turn.work, turn.subject)
    if present is None:
        return ()
    return tuple(
        StarItem(
            code=one.id, label=one.label_zh, maximum=one.maximum,
            mean=one.mean.quantize(CENT, rounding=ROUND_HALF_UP),
        )
        for one in item_means(turn.work, present)
    )  # fmt: skip


def star_certificate(turn: Turn, kind: Kind, number: Numbered) -> StarCertificate:
    """D28: the stars and how long they hold."""
    rating = rating_of(turn.work, turn.case.id)
    identity, identity_number = parts.identity_of(turn)
    assert rating.valid_from is not None
    assert rating.valid_to is not None
    return StarCertificate(
        head=_head(turn, kind, number),
        identity=identity,
        identity_number=identity_number,
        round_title=_round(turn).title,
        stars=rating.stars or 1,
        valid_from=rating.valid_from,
        valid_to=rating.valid_to,
    )


BUILDERS: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "acceptance_notice": acceptance_notice,
    "correction_notice": correction_notice,
    "non_acceptance_notice": non_acceptance_notice,
    "publicity_notice": publicity_notice,
    "receipt_slip": receipt_slip,
    "star_certificate": star_certificate,
    "star_result_notice": star_result_notice,
}
