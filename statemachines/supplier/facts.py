"""Everything the guards of a supplier case may ask, gathered once and frozen."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class SupplierFacts:
    """The facts of one entry on one day.

    `answered_no`: conditions the office answered no to; `contradicted`: answered yes although our own books say no.
    """

    today: date
    already_listed: bool = False
    is_registered: bool = True
    answered_no: int = 0
    contradicted: int = 0
    publicity_over: bool = False
    objections_open: int = 0
    objection_upheld: bool = False
    review_due: bool = False
    overdue: frozenset[str] = field(default_factory=frozenset)
