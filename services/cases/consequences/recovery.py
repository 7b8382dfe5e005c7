"""What each move of a recovery writes beside the state: what was asked back, the last day, the plan, and its end."""

from collections.abc import Callable
from datetime import date
from itertools import accumulate
from typing import Any

from services.calendar import rules as calendar_rules
from services.cases.clocks import length_of, redate
from services.cases.turn import Turn
from services.errors import Invalid
from services.funding.commands import amend_finding, decide_recovery, record_repayment
from services.funding.queries import kept_fen, recovery_of

CLOCK = "recovery_repayment"
LONGEST_SERIAL = 60


def notice(turn: Turn) -> None:
    """What the organization keeps today, what of it was spent as agreed, and so what is asked back."""
    kept = kept_fen(turn.work, recovery_of(turn.work, turn.case.id).award_id)
    compliant = int(turn.details.get("compliant_fen", 0))
    amend_finding(turn.work, turn.case.id, kept_fen=kept, compliant_fen=compliant, asked_fen=kept - compliant)


def decided(turn: Turn) -> None:
    """What is owed, by whose proposal and decision, and by when: a day of rest moves to the next working day."""
    proposal = turn.subject.last("propose_recovery")
    assert proposal is not None  # no way leads into PROPOSED but a proposal
    decide_recovery(
        turn.work, actor=turn.actor, case_id=turn.case.id, proposed_by=proposal.actor_id,
        amount_fen=proposal.details["amount_fen"], reason=proposal.details["reason"],
    )  # fmt: skip
    clock = calendar_rules.start(turn.calendar, CLOCK, limit=length_of(turn.rules, CLOCK), today=turn.work.today)
    amend_finding(turn.work, turn.case.id, due_on=clock.due_on)


def planned(turn: Turn) -> None:
    """With a plan its last day takes the place of the one decided, and the clock shows the next part."""
    agreed = turn.details.get("plan")
    if not agreed:
        return
    came = recovery_of(turn.work, turn.case.id).repaid_fen
    sums = accumulate((one["amount_fen"] for one in agreed), initial=came)
    next(sums)
    plan: list[dict[str, Any]] = [{**one, "until_fen": until} for one, until in zip(agreed, sums, strict=True)]
    due_on = date.fromisoformat(agreed[-1]["due_on"])
    amend_finding(turn.work, turn.case.id, plan=plan, due_on=due_on)
    show_next_day(turn)


def show_next_day(turn: Turn) -> None:
    """The running clock shows the day of the next part that has not come back in full."""
    clock, due_on = turn.subject.clocks.get(CLOCK), recovery_of(turn.work, turn.case.id).next_due_on
    if clock is not None and clock.standing == "running" and due_on is not None:
        redate(turn.work, clock, due_on=due_on)


def repaid(turn: Turn) -> None:
    """What came in and under which serial; the last repayment closes the recovery. Invalid for a day still to come."""
    received_on = date.fromisoformat(turn.details["received_on"])
    if received_on > turn.work.today:
        raise Invalid("input.out_of_range", field="received_on", label="到账日期", label_en="day received")
    serial = turn.details["bank_serial"]
    if len(serial) > LONGEST_SERIAL:
        raise Invalid(
            "input.too_long", field="bank_serial", label="银行流水号", label_en="bank serial", longest=LONGEST_SERIAL
        )
    record_repayment(
        turn.work, actor=turn.actor, case_id=turn.case.id, amount_fen=turn.details["amount_fen"], bank_serial=serial,
        received_on=received_on,
    )  # fmt: skip
    if turn.dest == "REPAID":
        close(turn)
    else:
        show_next_day(turn)


def taken_back(turn: Turn) -> None:
    """It is open again, and the clock shows the day of the part that is owed again."""
    amend_finding(turn.work, turn.case.id, closed_on=None)
    show_next_day(turn)


def close(turn: Turn) -> None:
    """The recovery is over; another may be opened on the award."""
    amend_finding(turn.work, turn.case.id, closed_on=turn.work.today)


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "agree_plan": planned,
    "approve_write_off": close,
    "decide_recovery": decided,
    "drop_finding": close,
    "record_repayment": repaid,
    "serve_notice": notice,
    "start_repayment": planned,
    "take_back_repayment": taken_back,
}


def dated_limits(turn: Turn) -> dict[str, date | None]:
    """The day by which the next part has to be repaid."""
    return {CLOCK: recovery_of(turn.work, turn.case.id).next_due_on}
