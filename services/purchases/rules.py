"""What may be bought, who may take it, who wins and what is due for it: pure rules of service purchase."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.calendar.rules import months_later

CIVIL_AFFAIRS, STREET = "civil_affairs", "street"


# What may not be bought -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NotPurchasable:
    """One kind of thing that 政府购买服务管理办法 Art. 10 keeps out; `words` give it away in a title or standard."""

    key: str
    zh: str
    en: str
    words: tuple[str, ...]


NOT_PURCHASABLE: tuple[NotPurchasable, ...] = (
    NotPurchasable("out_of_duty", "不属于政府职责范围的服务事项", "services outside the office's duty", ()),
    NotPurchasable(
        "own_duty", "应当由政府直接履职的事项", "duties the office must perform itself",
        ("行政许可", "行政处罚", "行政强制", "行政审批", "行政裁决", "行政执法"),
    ),
    NotPurchasable(
        "goods_or_works", "货物和工程，以及将工程和服务打包的项目", "goods, works, or works bundled with services",
        ("设备采购", "货物采购", "物资采购", "装修", "新建", "改建", "扩建", "工程施工"),
    ),
    NotPurchasable("financing", "融资行为", "financing", ("融资", "贷款", "担保")),
    NotPurchasable(
        "staffing", "人员招聘、以劳务派遣方式用工和设置公益性岗位", "hiring, labour dispatch and public-welfare posts",
        ("劳务派遣", "公益性岗位", "人员招聘", "人员聘用"),
    ),
    NotPurchasable("banned", "法律、行政法规和国务院规定的其他不得购买的事项", "what other law bans from purchase", ()),
)  # fmt: skip
"""财政部令第102号 Art. 10, closed: what is none of these may be bought."""


def not_purchasable(title: str, standard: str = "", declared: str = "") -> NotPurchasable | None:
    """The rule that keeps a thing out of the catalogue, as its drafter declares it or as its words say; else None."""
    text = title + standard
    for one in NOT_PURCHASABLE:
        if one.key == declared or any(word in text for word in one.words):
            return one
    return None


# Who may take it ----------------------------------------------------------------------------------------------


def contractor_reasons(
    *, legal_status: str, on_committee: bool, is_operator: bool, listed: bool, granted: bool
) -> tuple[str, ...]:
    """Why an organization may not take a purchase; nothing when it may.

    Only a legal person is a contractor: a filed organization comes as the partner of a registered body or of a
    residents' or villagers' committee. Who runs the centre that buys may not sell to it, who is on a list may not take
    public money, and what a grant already pays for is not bought again.
    """
    asked = (
        (legal_status == "REGISTERED" or (legal_status == "FILED" and on_committee), "purchase.filed_sole_contractor"),
        (not is_operator, "purchase.operator_sells_to_itself"),
        (not listed, "purchase.bidder_on_list"),
        (not granted, "purchase.granted_already"),
    )
    return tuple(code for open_, code in asked if not open_)


# The evaluation -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Criterion:
    """One item of the evaluation form; the price is reckoned, the others are given by evaluators."""

    key: str
    zh: str
    en: str
    maximum: int


PRICE = Criterion("price", "报价", "price", 20)
CRITERIA: tuple[Criterion, ...] = (
    Criterion("plan", "服务方案", "service plan", 40),
    Criterion("capacity", "履约能力", "capacity", 25),
    Criterion("record", "信誉和业绩", "record", 15),
)
FEWEST_EVALUATORS = 3


def _half_up(part: int, of: int) -> int:
    return (2 * part + of) // (2 * of)


def _hundredths(part: int, of: int) -> Decimal:
    return Decimal(_half_up(part, of)).scaleb(-2)


def price_points(price_fen: int, lowest_fen: int) -> Decimal:
    """The lowest price earns every point, another one in proportion (综合评分法)."""
    return _hundredths(PRICE.maximum * 100 * lowest_fen, price_fen)


def means_of(points: Mapping[str, Sequence[Decimal]]) -> dict[str, Decimal]:
    """Item to the mean of what the evaluators gave, rounded half up to a hundredth."""
    return {
        key: _hundredths(int(sum(given, Decimal(0)).scaleb(2)), len(given)) for key, given in points.items() if given
    }


# Who wins -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranked:
    """One opened bid with its mean for each item, price included."""

    id: str
    price_fen: int
    federation: bool
    means: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """What the items add up to."""
        return sum(self.means.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class Won:
    """Who wins and why: highest_score | lower_price | federation_first | drawn; `tied` are those it was equal with."""

    bid_id: str
    why: str
    tied: tuple[str, ...] = ()


def winner(bids: Collection[Ranked], *, purchaser: str, announced: bool, seed: str) -> Won | None:
    """The bid that wins; None without bids.

    The highest total wins; of equal totals the lower price. Where total, every single score and price are equal, a
    federation goes first if and only if civil affairs buys and the call said so: other things being equal, never a
    share kept for federations. What is equal after that is decided by the lot of the seed laid down at the opening.
    """
    if not bids:
        return None
    best = max(one.total for one in bids)
    level = [one for one in bids if one.total == best]
    if len(level) == 1:
        return Won(level[0].id, "highest_score")
    price = min(one.price_fen for one in level)
    cheapest = [one for one in level if one.price_fen == price]
    if len(cheapest) == 1:
        return Won(cheapest[0].id, "lower_price", tuple(sorted(one.id for one in level)))
    tied = tuple(sorted(one.id for one in cheapest))
    first = [one for one in cheapest if one.federation] if purchaser == CIVIL_AFFAIRS and announced else []
    if first and _all_scores_equal(cheapest):
        return Won(_lot(first, seed), "federation_first" if len(first) < len(cheapest) else "drawn", tied)
    return Won(_lot(cheapest, seed), "drawn", tied)


def _all_scores_equal(bids: Sequence[Ranked]) -> bool:
    return all(dict(one.means) == dict(bids[0].means) for one in bids)


def _lot(bids: Iterable[Ranked], seed: str) -> str:
    """The same bid for whoever holds the seed and the list, whatever order they stand in."""
    return min((one.id for one in bids), key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())


# The contract and what is due -------------------------------------------------------------------------------------


def longest_end(start: date, *, stable: bool, budget_secured: bool) -> date:
    """The last day a contract may have: a year, three where the need is stable and the money is secured (Art. 24)."""
    months = 36 if stable and budget_secured else 12
    return date.fromordinal(months_later(start, months).toordinal() - 1)


def due_fen(*, contract_fen: int, quantity: int, accepted: int, quality: int) -> int:
    """What is paid: the accepted share of the contract, in full from 80 points of quality, in proportion below.

    Rounded half up to a fen, never more than the contract. ValueError for more than was asked.
    """
    if not 0 <= accepted <= quantity or not 0 <= quality <= 100:
        raise ValueError("more was accepted than asked for")
    return _half_up(contract_fen * accepted * min(quality, FULL_QUALITY), quantity * FULL_QUALITY)


FULL_QUALITY = 80
PASSING_QUALITY = 60


# The supplier catalogue -------------------------------------------------------------------------------------------

CONDITIONS = ("legal_person", "one_year", "inspected", "unlisted", "staffed")
"""What an organization in the supplier catalogue is; each is answered yes or no with a reason."""


@dataclass(frozen=True, slots=True)
class Known:
    """What our own books say of an applicant."""

    legal_status: str
    months: int | None
    list_standing: str
    staff: int
    stars: int = 0
    grade: int = 0

    @property
    def bonus(self) -> bool:
        """Three stars or 3A: worth a mention, never a condition."""
        return self.stars >= 3 or self.grade >= 3


def contradicted(answers: Mapping[str, bool], known: Known) -> tuple[str, ...]:
    """The conditions answered yes although our own books say no."""
    books = {
        "legal_person": known.legal_status == "REGISTERED",
        "one_year": known.months is None or known.months >= 12,
        "unlisted": known.list_standing == "normal",
        "staffed": known.staff > 0,
    }
    return tuple(key for key in CONDITIONS if answers.get(key) and not books.get(key, True))
