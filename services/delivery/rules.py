"""Which papers must be served, what waits for it and what begins with it, and the last day of a remedy."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from services.calendar import rules as calendar_rules
from services.calendar.rules import Limit, Unit, WorkingCalendar
from services.errors import Invalid

Why = Literal["remedy", "duty", "effect"]


@dataclass(frozen=True, slots=True)
class MustBeServed:
    """Why papers of one kind must be served, and what hangs on it.

    why: `remedy` a decision that can be contested, `duty` a notice that asks for something within a period, `effect`
    a decision that changes a right without either. begins: the limits (keys of the rule set) whose days count from
    the delivery, not from the decision. holds: the moves that
    wait for it while one of these limits runs: an answer of the organization ends that, since it knows.
    """

    why: Why
    begins: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


# fmt: off
MUST_BE_SERVED: dict[str, MustBeServed] = {
    "D03": MustBeServed("duty", ("correction", "graduation_correction", "star_correction"),
                        ("lapse_uncorrected", "lapse_graduation_correction", "lapse_star", "lapse_award")),
    "D04": MustBeServed("remedy"),
    "D08": MustBeServed("duty", ("signing",), ("lapse_unsigned",)),
    "D09": MustBeServed("remedy"),
    "D12": MustBeServed("remedy"),
    "D13": MustBeServed("duty", ("rectification",), ("fail_rectification",)),
    "D15": MustBeServed("effect"),
    "D16": MustBeServed("remedy"),
    "D17": MustBeServed("remedy"),
    "D19": MustBeServed("duty", ("hearing",), ("approve_expulsion", "expel")),
    "D20": MustBeServed("remedy"),
    "D22": MustBeServed("effect"),
    "D24": MustBeServed("remedy"),
    "D25": MustBeServed("remedy"),
    "D27": MustBeServed("remedy"),
    "D29": MustBeServed("remedy"),
    "D33": MustBeServed("remedy"),
    "D34": MustBeServed("remedy", ("recovery_reply", "recovery_repayment"),
                        ("propose_recovery", "enforce_recovery")),
    "D36a": MustBeServed("remedy"),
}
# fmt: on
"""By catalogue code. What is not named lies in the drawer and needs no proof: receipts, reports, agreements (signed by
both), certificates, letters that advise. A test reads every kind: one whose page can carry a remedy stands here.
"""

BEGUN_BY = {key: code for code, one in MUST_BE_SERVED.items() for key in one.begins}
"""Limit to the code of the paper whose delivery it begins with."""

HELD_BY = {trigger: code for code, one in MUST_BE_SERVED.items() for trigger in one.holds}
"""Move to the code of the paper it waits for."""


def awaited(trigger: str, running: Collection[str]) -> str:
    """The code of the paper that this move waits for where these limits run; empty when it waits for none."""
    code = HELD_BY.get(trigger, "")
    return code if code and set(MUST_BE_SERVED[code].begins) & set(running) else ""


DAYS_TO_SERVE = "paper_delivery"
"""The limit (rule set) within which a paper must have been served before it stands in the work list."""

DAYS_OF_PUBLICATION = "publication_delivery"
"""The limit after which a published paper counts as served."""

MODES = ("direct", "post", "publication")
"""How the office serves; the addressee serves itself by a click."""

OUTCOMES: dict[str, tuple[str, ...]] = {
    "direct": ("served", "left", "returned"),
    "post": ("served", "returned"),
    "publication": ("served",),
}
RELATIONS = ("leader", "agent", "staff", "family")
"""Who took the paper: who leads the organization, an agent with a written power, its staff, a grown-up of the household
(for an organization that is still being founded).
"""
WITNESSES = 2
_PERIOD = re.compile(r"(\d{1,3})(个工作日|个月|日)")
_UNITS: dict[str, Unit] = {"个工作日": "working_days", "个月": "months", "日": "calendar_days"}
_AHEAD = timedelta(days=400)


def remedy_until(calendar: WorkingCalendar, remedy: dict[str, Any] | None, served_on: date | None) -> date | None:
    """The last day on which the remedy printed on a paper may be asked for; None without one, before it is served,
    and where the years to count over are not in the calendar.

    The day of delivery is not counted (Civil Code Art. 201); a last day of rest moves on (Art. 203).
    """
    found = _PERIOD.search(str((remedy or {}).get("period", "")))
    if found is None or served_on is None or not calendar.knows(served_on, served_on + _AHEAD):
        return None
    limit = Limit(int(found[1]), _UNITS[found[2]])
    return calendar_rules.start(calendar, "remedy", limit=limit, today=served_on).due_on


def waits(standing: str) -> bool:
    """Whether a paper still has to be served."""
    return standing in ("to_serve", "under_way", "returned")


@dataclass(frozen=True, slots=True)
class Way:
    """How the office sets out to serve a paper: in person with a 送达回证, by post, or by publication, and why so."""

    mode: str
    place: str = ""
    tracking: str = ""
    reason: str = ""
    begun_on: date | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: when, who took it and as what, why it was refused, who saw that it was left."""

    outcome: str
    at: datetime
    receiver: str = ""
    relation: str = ""
    refusal: str = ""
    witnesses: tuple[str, ...] = ()


def check_result(mode: str, result: Result, *, scanned: bool) -> None:
    """Refuse (Invalid) a result its mode cannot come to, and one whose proof lacks what makes it a proof.

    In person: who took it and as what, with the signed 送达回证; left behind (留置): the refusal and two witnesses,
    with the 送达回证; returned: why.
    """
    if result.outcome not in OUTCOMES[mode]:
        raise Invalid("input.not_a_choice", field="outcome", label="送达结果", label_en="result")
    if result.outcome == "served" and mode == "direct":
        if not result.receiver:
            raise Invalid("input.missing", field="receiver", label="签收人", label_en="received by")
        if result.relation not in RELATIONS:
            raise Invalid("input.not_a_choice", field="relation", label="签收人身份", label_en="received as")
    if result.outcome in ("left", "returned") and not result.refusal:
        raise Invalid("input.missing", field="refusal", label="拒收或者退回的情况", label_en="refusal or return")
    if result.outcome == "left" and len(set(result.witnesses)) != WITNESSES:
        raise Invalid("delivery.two_witnesses", field="witnesses")
    if mode == "direct" and result.outcome in ("served", "left") and not scanned:
        raise Invalid("delivery.scan_missing", field="file")
