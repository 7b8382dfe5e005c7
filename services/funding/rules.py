"""Arithmetic of public money in integer fen: instalments, and postings that always sum to zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

HUNDRED_YUAN_FEN = 10_000
MAXIMUM_FEN = 10**14 - 1
"""The largest single amount: twelve digits of yuan, which leaves sums far below the limit of a 64-bit column."""


class AmountRefused(ValueError):
    """An amount that is no positive whole number of fen, or percentages that do not make a plan."""


class BalanceRefused(ValueError):
    """An entry that does not sum to zero."""


class Account(StrEnum):
    """The accounts of a budget line.

    What was appropriated is either available, committed to an award, payable (instructed), paid, or paid and
    returned; recoveries decided but not repaid stand on a pair of their own. APPROPRIATED, RETURNED and RECOVERY_DUE
    carry negative balances, the others positive ones.
    """

    APPROPRIATED = "APPROPRIATED"
    AVAILABLE = "AVAILABLE"
    COMMITTED = "COMMITTED"
    PAID = "PAID"
    PAYABLE = "PAYABLE"
    RECEIVABLE = "RECEIVABLE"
    RECOVERY_DUE = "RECOVERY_DUE"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: a signed `amount_fen` on an account of a budget line, for an award where there is one."""

    account: Account
    line_id: str
    award_id: str | None
    amount_fen: int


Postings = tuple[Posting, ...]


# Instalments --------------------------------------------------------------------------------------


def split_instalments(total_fen: int, percentages: tuple[int, ...]) -> tuple[int, ...]:
    """Share an award out over its instalments, in fen.

    All but the last are rounded half up to a fen; the last is what remains, so the sum is the award exactly.
    Refuses (AmountRefused) percentages that are not positive whole numbers totalling 100, and an award too small
    to leave every instalment at least one fen.
    """
    _refuse_amount(total_fen)
    if any(type(percent) is not int or percent < 1 for percent in percentages) or sum(percentages) != 100:
        raise AmountRefused(f"instalment percentages are positive and total 100, not {percentages}")
    first = [(total_fen * percent * 2 + 100) // 200 for percent in percentages[:-1]]
    shares = (*first, total_fen - sum(first))
    if min(shares) < 1:
        raise AmountRefused(f"{total_fen} fen are too few to share out as {percentages}")
    return shares


def advised_award(advised_fen: Sequence[int], *, requested_fen: int, step_fen: int = HUNDRED_YUAN_FEN) -> int:
    """The award a panel advises: the median of the advised amounts, rounded down to 100 yuan, at most the request.

    Refuses (AmountRefused) no advice, an amount that is none, and a result of nothing.
    """
    for amount in (requested_fen, *advised_fen):
        _refuse_amount(amount)
    if not advised_fen:
        raise AmountRefused("no evaluator advised an amount")
    ordered = sorted(advised_fen)
    upper, lower = ordered[len(ordered) // 2], ordered[(len(ordered) - 1) // 2]
    award = min((upper + lower) // 2, requested_fen) // step_fen * step_fen
    _refuse_amount(award)
    return award


# Postings: each function returns one balanced entry ---------------------------------------------------


def appropriate(line_id: str, amount_fen: int) -> Postings:
    """Money is put on a budget line and becomes available."""
    return _entry(line_id, None, amount_fen, moves=((Account.APPROPRIATED, Account.AVAILABLE),))


def commit(line_id: str, award_id: str, *, amount_fen: int) -> Postings:
    """An award is approved: available money is bound to it."""
    return _entry(line_id, award_id, amount_fen, moves=((Account.AVAILABLE, Account.COMMITTED),))


def release_commitment(line_id: str, award_id: str, *, amount_fen: int) -> Postings:
    """An instalment is cancelled: what was bound to it becomes available again."""
    return _entry(line_id, award_id, amount_fen, moves=((Account.COMMITTED, Account.AVAILABLE),))


def instruct(line_id: str, award_id: str, *, amount_fen: int) -> Postings:
    """The bank is instructed: committed money becomes payable."""
    return _entry(line_id, award_id, amount_fen, moves=((Account.COMMITTED, Account.PAYABLE),))


def pay(line_id: str, award_id: str, *, amount_fen: int) -> Postings:
    """The bank confirms: payable money is paid."""
    return _entry(line_id, award_id, amount_fen, moves=((Account.PAYABLE, Account.PAID),))


def bank_return(line_id: str, award_id: str, *, amount_fen: int) -> Postings:
    """The bank refuses an instruction: payable money is committed again, to be instructed anew."""
    return _entry(line_id, award_id, amount_fen, moves=((Account.PAYABLE, Account.COMMITTED),))


def refund(line_id: str, award_id: str, *, amount_fen: int) -> Postings:
    """Unspent money comes back to its source: it is available again, and the payment stays on the books."""
    return _entry(line_id, award_id, amount_fen, moves=((Account.RETURNED, Account.AVAILABLE),))


def recovery_decided(line_id: str, award_id: str, *, amount_fen: int) -> Postings:
    """A recovery is decided: the organization owes the amount."""
    return _entry(line_id, award_id, amount_fen, moves=((Account.RECOVERY_DUE, Account.RECEIVABLE),))


def recovery_repaid(line_id: str, award_id: str, *, amount_fen: int) -> Postings:
    """A recovery is repaid in whole or part: the debt shrinks and the money is available at its source again."""
    moves = ((Account.RECEIVABLE, Account.RECOVERY_DUE), (Account.RETURNED, Account.AVAILABLE))
    return _entry(line_id, award_id, amount_fen, moves=moves)


def recovery_written_off(line_id: str, award_id: str, *, amount_fen: int) -> Postings:
    """What is still owed is written off: the debt is gone, and no money came for it."""
    return _entry(line_id, award_id, amount_fen, moves=((Account.RECEIVABLE, Account.RECOVERY_DUE),))


def reverse(postings: Iterable[Posting]) -> Postings:
    """The entry that undoes another; a posted entry itself is never edited."""
    return tuple(Posting(p.account, p.line_id, p.award_id, -p.amount_fen) for p in postings)


# Balances -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """The printed figures of a line, an award or everything, in fen; all are positive when the books are sound."""

    appropriated: int
    available: int
    committed: int
    payable: int
    paid: int
    returned: int
    receivable: int

    @property
    def net_paid(self) -> int:
        """Paid less returned."""
        return self.paid - self.returned


@dataclass(frozen=True)
class Balances:
    """What postings add up to, by account, line and award; an immutable value."""

    amounts: Mapping[tuple[Account, str, str | None], int]

    def of(self, account: Account, *, line_id: str | None = None, award_id: str | None = None) -> int:
        """The signed balance of an account in fen, over everything or one line, one award, or both."""
        return sum(
            amount
            for (posted_account, posted_line, posted_award), amount in self.amounts.items()
            if posted_account is account
            and (line_id is None or posted_line == line_id)
            and (award_id is None or posted_award == award_id)
        )

    def figures(self, *, line_id: str | None = None, award_id: str | None = None) -> Figures:
        """The printed figures; for an award, `available` counts what it gave back less what it took."""

        def signed(account: Account) -> int:
            return self.of(account, line_id=line_id, award_id=award_id)

        return Figures(
            appropriated=-signed(Account.APPROPRIATED),
            available=signed(Account.AVAILABLE),
            committed=signed(Account.COMMITTED),
            payable=signed(Account.PAYABLE),
            paid=signed(Account.PAID),
            returned=-signed(Account.RETURNED),
            receivable=signed(Account.RECEIVABLE),
        )

    def post(self, postings: Iterable[Posting]) -> Balances:
        """The balances after one entry. Refuses (BalanceRefused) one that does not sum to zero on each line."""
        return fold([postings], onto=self)


NOTHING = Balances(MappingProxyType({}))


def fold(entries: Iterable[Iterable[Posting]], *, onto: Balances = NOTHING) -> Balances:
    """The balances after all entries, in one pass. Refuses (BalanceRefused) an entry that does not sum to zero."""
    amounts = dict(onto.amounts)
    for entry in entries:
        sums: dict[str, int] = {}
        for posting in entry:
            key = (posting.account, posting.line_id, posting.award_id)
            amounts[key] = amounts.get(key, 0) + posting.amount_fen
            sums[posting.line_id] = sums.get(posting.line_id, 0) + posting.amount_fen
        if any(sums.values()):
            raise BalanceRefused(f"an entry does not sum to zero: {sums}")
    return Balances(MappingProxyType({key: amount for key, amount in amounts.items() if amount}))


def floor_reasons(balances: Balances, line_id: str, award_id: str | None) -> list[str]:
    """The reason codes of all floors that the balances of a line, and of an award on it, break; sorted."""
    line = balances.figures(line_id=line_id)
    reasons = {"ledger.appropriated_below_zero"} if line.appropriated < 0 else set[str]()
    if line.available < 0:
        reasons.add("ledger.available_below_zero")
    if award_id is not None:
        award = balances.figures(line_id=line_id, award_id=award_id)
        below = {
            "ledger.committed_below_zero": award.committed,
            "ledger.payable_below_zero": award.payable,
            "ledger.paid_below_zero": award.paid,
            "ledger.returned_below_zero": award.returned,
            "ledger.receivable_below_zero": award.receivable,
            "ledger.returned_above_paid": award.net_paid,
            "ledger.receivable_above_paid": award.net_paid - award.receivable,
        }
        reasons |= {code for code, amount in below.items() if amount < 0}
    return sorted(reasons)


def identity_holds(balances: Balances, *, line_id: str | None = None) -> bool:
    """True when appropriated = available + committed + payable + paid - returned, and each debt has its counterpart."""
    f = balances.figures(line_id=line_id)
    owed = f.receivable + balances.of(Account.RECOVERY_DUE, line_id=line_id)
    return owed == 0 and f.appropriated == f.available + f.committed + f.payable + f.paid - f.returned


def _entry(
    line_id: str, award_id: str | None, amount_fen: int, *, moves: tuple[tuple[Account, Account], ...]
) -> Postings:
    _refuse_amount(amount_fen)
    postings: list[Posting] = []
    for source, dest in moves:
        postings.append(Posting(source, line_id, award_id, -amount_fen))
        postings.append(Posting(dest, line_id, award_id, amount_fen))
    return tuple(postings)


def _refuse_amount(amount_fen: int) -> None:
    if type(amount_fen) is not int or not 1 <= amount_fen <= MAXIMUM_FEN:
        raise AmountRefused(f"an amount is a whole number of fen from 1 to {MAXIMUM_FEN}, not {amount_fen!r}")
