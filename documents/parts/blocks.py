"""Data several kinds share: what a panel concluded, a plan of instalments, and the parties of an agreement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Fate = Literal["kept", "dropped_high", "dropped_low"]


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One evaluator's total of 100 points. name: masked, or 专家1. added: joined for the arbitration."""

    name: str
    total: Decimal
    fate: Fate = "kept"
    added: bool = False


@dataclass(frozen=True, kw_only=True)
class ItemMean:
    """One item of the form (M1, R1), its most points and the panel's mean points for it."""

    code: str
    label: str
    maximum: int
    mean: Decimal


@dataclass(frozen=True, kw_only=True)
class Arbitration:
    """Why the totals had to be discussed again, and the minutes of how it was settled; minutes may have several
    lines.
    """

    reasons: tuple[str, ...]
    minutes: str = ""


@dataclass(frozen=True)
class CommitteeVote:
    """One member of the committee by name, what the member voted for, and why; without a reason when absent."""

    member: str
    choice: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What a panel concluded: totals by seat, mean of the kept ones, spread (highest less lowest total).

    mean and spread are None when nothing was scored (no self-report, or a veto before scoring). vetoes: confirmed
    ones only. explanation: how the result was reckoned, a sentence a line. votes: of the committee, where it decided.
    """

    seats: tuple[Seat, ...] = ()
    items: tuple[ItemMean, ...] = ()
    mean: Decimal | None = None
    spread: Decimal | None = None
    pass_mark: Decimal = Decimal(70)
    vetoes: tuple[str, ...] = ()
    arbitration: Arbitration | None = None
    explanation: tuple[str, ...] = ()
    votes: tuple[CommitteeVote, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlannedInstalment:
    """One instalment of an award. condition: what must be done before it is paid; due_on: when that is expected."""

    number: int
    amount_fen: int
    condition: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Party:
    """One side. identity: what identity_number is, 统一社会信用代码 or 备案号; "none" for a founding team.

    Every text but the name may be empty; the page then leaves a rule to write on.
    """

    name: str
    identity: Literal["uscc", "filing_number", "none"] = "none"
    identity_number: str = ""
    address: str = ""
    leader: str = ""
    contact: str = ""
    phone: str = ""
