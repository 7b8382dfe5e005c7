"""What each move of an award case writes beside the state: amount, score, signature."""

from collections.abc import Callable
from decimal import Decimal

from services.cases.turn import Turn
from services.funding.commands import amend_award


def set_amount(turn: Turn) -> None:
    """The amount proposed and the mean score it rests on."""
    score = int(Decimal(turn.details["score"]) * 100)
    amend_award(turn.work, turn.case.id, amount_fen=turn.details["amount_fen"], score_hundredths=score)


def sign(turn: Turn) -> None:
    """The payee's signature."""
    amend_award(turn.work, turn.case.id, signed_by_payee_on=turn.work.today)


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {"propose": set_amount, "sign_award": sign}
