"""The panel block of the reports: totals by seat, mean of each item, arbitration in words."""

from decimal import ROUND_HALF_UP, Decimal

from documents.parts.blocks import Arbitration, CommitteeVote, ItemMean, Panel, Seat
from services.assessments.committee import meeting_of
from services.assessments.concluding import confirmed_vetoes, explanation
from services.assessments.queries import Round
from services.cases.papers import parts
from services.cases.turn import Turn
from services.messages import sentence

CENT = Decimal("0.01")


def panel_of(turn: Turn, present: Round, *, form: str) -> Panel:
    """What the panel of a concluded round came to; evaluators appear as 专家1 to n."""
    outcome = present.outcome or {}
    locked = tuple(seat for seat in present.sitting if seat.locked_at is not None)
    if not locked:
        return Panel(pass_mark=turn.rules.mark(f"score.{form}_pass"))
    fates = parts.kept_marks(locked, tuple(outcome.get("dropped", ())))
    return Panel(
        seats=tuple(
            Seat(
                name=f"专家{place}",
                total=seat.total or Decimal(0),
                fate=fates[seat.seat_id],
                added=seat.part == "extra",
            )
            for place, seat in enumerate(locked, start=1)
        ),
        items=_item_means(turn, present),
        mean=present.mean,
        spread=Decimal(str(outcome["range"])) if "range" in outcome else None,
        pass_mark=turn.rules.mark(f"score.{form}_pass"),
        vetoes=confirmed_vetoes(present),
        arbitration=_arbitration(outcome),
        explanation=explanation(present, "zh"),
        votes=votes_of(turn, present),
    )


def votes_of(turn: Turn, present: Round) -> tuple[CommitteeVote, ...]:
    """The committee's votes by name, where it had to decide."""
    meeting = meeting_of(turn.work, present.id)
    if meeting is None:
        return ()
    said = {"pass": "合格", "conditional": "有条件", "fail": "不合格", "absent": "缺席"}
    return tuple(CommitteeVote(one.member, said[one.choice], one.reason) for one in meeting.votes)


def _item_means(turn: Turn, present: Round) -> tuple[ItemMean, ...]:
    rows = tuple(parts.sheets_by_seat(turn, present).values())
    means = []
    for one in present.form_copy["criteria"]:
        total = sum((Decimal(row.items[one["id"]]) for row in rows), Decimal(0))
        mean = (total / len(rows)).quantize(CENT, rounding=ROUND_HALF_UP)
        means.append(
            ItemMean(code=one["id"], label=one["label_zh"], maximum=int(Decimal(str(one["maximum"]))), mean=mean)
        )
    return tuple(means)


def _arbitration(outcome: dict[str, object]) -> Arbitration | None:
    minutes, reasons = outcome.get("minutes"), outcome.get("first_reasons") or outcome.get("arbitration_reasons")
    if not minutes or not isinstance(reasons, list):
        return None
    return Arbitration(reasons=tuple(sentence(code, "zh") for code in reasons), minutes=str(minutes))
