"""What each move of an incubation case writes beside the state: term, plan, suspension, extension, graduation."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from services.calendar.rules import months_later
from services.cases.clocks import lengthen
from services.cases.models import cases, incubations
from services.cases.turn import Turn
from services.cases.versions import keep_version
from services.errors import Invalid
from services.funding.queries import awards_of, kept_fen


def _write(turn: Turn, **values: Any) -> None:
    turn.work.connection.execute(update(incubations).where(incubations.c.case_id == turn.case.id).values(**values))


def _row(turn: Turn) -> Any:
    return turn.work.connection.execute(select(incubations).where(incubations.c.case_id == turn.case.id)).one()


def take_over(turn: Turn) -> None:
    """The case manager who begins the review manages the case from then on."""
    turn.work.connection.execute(update(cases).where(cases.c.id == turn.case.id).values(manager_id=turn.actor.id))


def set_place(turn: Turn) -> None:
    """Mode and room are decided with the admission."""
    _write(turn, mode=turn.details.get("mode", "resident"), room=turn.details.get("room", ""))


def start_term(turn: Turn) -> None:
    """Term of the rule set from the agreed day; half term is due on the corresponding day half the months later."""
    starts_on = date.fromisoformat(turn.details["starts_on"])
    if starts_on < turn.work.today - timedelta(days=31) or starts_on > turn.work.today + timedelta(days=92):
        raise Invalid("input.out_of_range", field="starts_on", label="孵化开始日", label_en="starts on")
    months = turn.rules.number("incubation.term_months")
    ends_on = months_later(starts_on, months) - timedelta(days=1)
    _write(turn, starts_on=starts_on, ends_on=ends_on, midterm_on=months_later(starts_on, months // 2))


def pass_midterm(turn: Turn) -> None:
    """From now on the graduation gate G3 holds and no second midterm is due."""
    _write(turn, midterm_passed_on=turn.work.today)


def begin_suspension(turn: Turn) -> None:
    """At most the months of the rule set, whatever was expected."""
    longest = months_later(turn.work.today, turn.rules.number("incubation.suspension_months"))
    expected = date.fromisoformat(turn.details["expected_to"])
    _write(turn, suspended_on=turn.work.today, suspended_to=min(longest, max(expected, turn.work.today)))


def end_suspension(turn: Turn) -> None:
    """The end of the term, and the half term still to come, move by the days suspended."""
    row = _row(turn)
    days = (turn.work.today - row.suspended_on).days
    midterm = row.midterm_on
    if row.midterm_passed_on is None and midterm is not None:
        midterm += timedelta(days=days)
    _write(
        turn,
        suspended_on=None,
        suspended_to=None,
        suspended_days=row.suspended_days + days,
        ends_on=row.ends_on + timedelta(days=days),
        midterm_on=midterm,
    )


def extend_term(turn: Turn) -> None:
    """Once, by at most the months of the rule set; Invalid when more is asked."""
    months = int(turn.details["months"])
    if not 1 <= months <= turn.rules.number("incubation.extension_months"):
        raise Invalid("input.out_of_range", field="months", label="延期月数", label_en="months")
    row = _row(turn)
    _write(turn, extended=True, ends_on=months_later(row.ends_on + timedelta(days=1), months) - timedelta(days=1))


def extend_rectification(turn: Turn) -> None:
    """The running clock gets the extra days of the rule set, once."""
    clock = turn.subject.clocks.get("rectification")
    if clock is not None and clock.standing == "running":
        lengthen(turn.work, turn.calendar, clock, extra=turn.rules.limit("rectification_extension")[0])


def graduate(turn: Turn) -> None:
    """The day of graduation starts the months within which it can be revoked."""
    _write(turn, graduated_on=turn.work.today)


def bar(turn: Turn) -> None:
    """Until when the organization may not apply again."""
    months = turn.rules.number(f"reentry_months.{turn.dest}")
    _write(turn, barred_to=months_later(turn.work.today, months))


def expel(turn: Turn) -> None:
    """As `bar`; Invalid when the decision asks back more than was paid and has not come back."""
    kept = sum(kept_fen(turn.work, award.case_id) for award in awards_of(turn.work, turn.case.id))
    if turn.details.get("recovery_fen", 0) > kept:
        raise Invalid("input.out_of_range", field="recovery_fen", label="应追回资助款", label_en="money to come back")
    bar(turn)


def reopen_by_review(turn: Turn) -> None:
    """A decision that was set aside bars nobody."""
    _write(turn, barred_to=None)


def change_by_review(turn: Turn) -> None:
    """As above; a midterm found passed on review counts from today."""
    _write(turn, barred_to=None)
    if turn.source == "RECTIFYING":
        pass_midterm(turn)


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "admit": set_place,
    "begin_preliminary_review": take_over,
    "change_by_review": change_by_review,
    "close_rectification": pass_midterm,
    "confirm_graduation": graduate,
    "expel": expel,
    "extend_rectification": extend_rectification,
    "grant_extension": extend_term,
    "pass_midterm": pass_midterm,
    "reopen_by_review": reopen_by_review,
    "resubmit": keep_version,
    "resubmit_assisted": keep_version,
    "resume": end_suspension,
    "revoke_graduation": bar,
    "start_incubation": start_term,
    "submit": keep_version,
    "submit_assisted": keep_version,
    "suspend": begin_suspension,
}


def dated_limits(turn: Turn) -> dict[str, date | None]:
    """Half term (while it is not passed), end of term and end of suspension."""
    row = _row(turn)
    midterm = None if row.midterm_passed_on is not None else row.midterm_on
    return {"midterm": midterm, "term": row.ends_on, "suspension": row.suspended_to}
