"""What may stand in a posting, which kinds are property, and how a donor is called in public."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

KINDS = ("money", "goods", "venue_hours", "volunteers", "equipment_loan")
PROPERTY = frozenset({"money", "goods"})
"""Kinds that pass into somebody's ownership: they have a stated value and need a receiver that can own."""

UNITS = {"money": "元", "goods": "件", "venue_hours": "小时", "volunteers": "人次", "equipment_loan": "台"}
"""What a kind is counted in unless somebody says otherwise."""

FUNDRAISING = (
    "公开募捐", "公开募集", "公开劝募", "公募", "募捐", "劝募", "募款", "众筹", "筹款", "集资", "网络捐款",
    "面向社会募集", "面向公众募集", "向社会募集", "扫码捐款", "捐款二维码", "义演募", "义卖募",
)  # fmt: skip
"""What only a charity qualified for public fundraising may call for (慈善法第二十二条、第二十三条)."""

_BETWEEN = re.compile(r"[\s\W_]+")

SERVES: dict[str, tuple[str, ...]] = {
    "money": ("筹资", "财务", "项目"),
    "goods": ("项目", "筹资"),
    "venue_hours": ("项目", "传播", "党建"),
    "volunteers": ("团队", "治理", "财务", "传播", "使命"),
    "equipment_loan": ("项目", "传播"),
}
"""The areas of the needs assessment (D11) that a kind of offer answers."""
LOW = 3
"""An area at this level or below is a need."""


@dataclass(frozen=True, slots=True)
class Need:
    """One area of an organization's needs assessment with its level, 1 (weak) to 5."""

    area: str
    level: int


def fundraising_words(*texts: str) -> tuple[str, ...]:
    """The words of public fundraising in these texts, however they are spaced, widened or broken up."""
    folded = [_BETWEEN.sub("", unicodedata.normalize("NFKC", one)) for one in texts]
    return tuple(word for word in FUNDRAISING if any(word in one for one in folded))


def answered_needs(kind: str, needs: Sequence[Need]) -> tuple[Need, ...]:
    """The needs an offer of that kind answers, the weakest area first."""
    words = SERVES[kind]
    found = [one for one in needs if one.level <= LOW and any(word in one.area for word in words)]
    return tuple(sorted(found, key=lambda one: (one.level, one.area)))


def called(unit_name: str, *, anonymous: bool, lang: str = "zh") -> str:
    """How a donor is called in public: a unit by its name, a natural person never by theirs."""
    if unit_name and not anonymous:
        return unit_name
    if unit_name:
        return "爱心单位（不具名）" if lang == "zh" else "a unit that stays unnamed"
    return "爱心居民" if lang == "zh" else "a resident"


def may_own(legal_status: str, list_standing: str) -> bool:
    """Whether an organization can receive property itself: a legal person that is on no list."""
    return legal_status == "REGISTERED" and list_standing == "normal"


def may_use(kind: str, legal_status: str) -> bool:
    """Whether an organization can be given this without a body between: hours, people and loans stay the giver's."""
    return kind not in PROPERTY and legal_status in ("FILED", "REGISTERED")


def fits_line(source: str, *, appropriated_fen: int, given_fen: Collection[int], value_fen: int) -> bool:
    """Whether given money can stand on a budget line: a donation line that it does not overfill."""
    return source == "donation" and sum(given_fen) + value_fen <= appropriated_fen
