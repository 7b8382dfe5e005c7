"""I1 and I2: what was answered is on record, and what is on record under a request was answered, once."""

from typing import Any

from sqlalchemy import select

from services.cases.models import answered_requests, case_moves
from services.database.work import Work
from services.invariants.findings import Report

_BATCH = 1_000


def check_requests(work: Work, report: Report) -> None:
    """Match answered requests and moves by the request's id; the audit trail is matched to the moves elsewhere."""
    answered = (
        select(
            answered_requests.c.request_id, answered_requests.c.actor_id.label("asked_by"), answered_requests.c.answer,
            case_moves.c.case_id, case_moves.c.sequence, case_moves.c.trigger, case_moves.c.dest, case_moves.c.actor_id,
        )
        .outerjoin(case_moves, case_moves.c.request_id == answered_requests.c.request_id)
        .order_by(answered_requests.c.request_id)
    )  # fmt: skip
    previous = None
    with work.connection.execute(answered.execution_options(yield_per=_BATCH)) as rows:
        for row in rows:
            if row.request_id == previous:
                report.add("I2", f"request {row.request_id} moved more than once")
            elif not _matches(row):
                report.add("I1", f"request {row.request_id} was answered, but no move of it is on record")
            previous = row.request_id
    unanswered = (
        select(case_moves.c.request_id, case_moves.c.case_id, case_moves.c.sequence)
        .outerjoin(answered_requests, answered_requests.c.request_id == case_moves.c.request_id)
        .where(case_moves.c.request_id != "", answered_requests.c.request_id.is_(None))
    )
    with work.connection.execute(unanswered.execution_options(yield_per=_BATCH)) as rows:
        for row in rows:
            report.add(
                "I2", f"move {row.sequence} of {row.case_id} names request {row.request_id}, which was not answered"
            )


def _matches(row: Any) -> bool:
    answer = row.answer
    told = (answer["case_id"], answer["version"], answer["trigger"], answer["state"], row.asked_by)
    return bool(told == (row.case_id, row.sequence, row.trigger, row.dest, row.actor_id))
