"""What each move of a review writes beside the state: the panel, the result, and that it is over."""

from collections.abc import Callable

from services.cases.facts.review import candidates_for
from services.cases.review_orders import row_of
from services.cases.turn import Turn
from services.errors import Broken, Refused
from services.reviews import commands
from services.reviews.queries import review_of


def seat(turn: Turn) -> None:
    """Seat the members who were named, in that order."""
    review = review_of(turn.work, turn.case.id)
    known = {one.username: one.id for one in candidates_for(turn.work, turn.subject, review)}
    named = dict.fromkeys(one["username"] for one in turn.details["members"])
    commands.seat_members(turn.work, case_id=turn.case.id, person_ids=[known[name] for name in named])


def replace(turn: Turn) -> None:
    """Seat another in the place of a member; Refused when that one does not sit here."""
    review = review_of(turn.work, turn.case.id)
    leaving = next((one for one in review.sitting if one.username == turn.details["leaving"]), None)
    if leaving is None:
        raise Refused("review.not_a_member", username=turn.details["leaving"])
    known = {one.username: one.id for one in candidates_for(turn.work, turn.subject, review)}
    commands.replace_member(
        turn.work, case_id=turn.case.id, member_id=leaving.id, part=leaving.part,
        coming_id=known[turn.details["coming"]],
    )  # fmt: skip


def decide(turn: Turn) -> None:
    """The result of the vote, and the state the case complained about goes to."""
    review = review_of(turn.work, turn.case.id)
    if review.majority is None:
        raise Broken(f"{turn.case.number} is decided without a majority")
    row, _, _ = row_of(turn.work, review)
    orders = {"remanded": row.remands_to, "changed": row.changes_to}.get(review.majority, "")
    commands.record_result(turn.work, case_id=turn.case.id, result=review.majority, orders=orders)


def close(turn: Turn) -> None:
    """What the review kept waiting goes on."""
    commands.close_review(turn.work, case_id=turn.case.id)


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "decide_review": decide,
    "find_inadmissible": close,
    "form_panel": seat,
    "replace_member": replace,
    "serve_review": close,
    "withdraw_review": close,
}
