"""What each source of public money may be spent for, may never be spent on, and has to show; read from sources.toml."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from services.errors import Refused

SOURCES = ("county_budget", "street_budget", "welfare_lottery", "donation", "self_raised", "higher_level_transfer")


@dataclass(frozen=True, slots=True)
class ForbiddenUse:
    """One use that a source may never be spent on; `words` are how it is called."""

    code: str
    zh: str
    en: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The rules of one source: how papers call it, its purposes, the label it has to show, and what it never pays.

    `purposes` is empty where any may be named; `needs_donor`: each of its budget lines carries the
    purpose that the donor of the money named.
    """

    name: str
    printed: str
    needs_purpose: bool
    purposes: tuple[str, ...] = ()
    needs_donor: bool = False
    label: str = ""
    photo: bool = False
    yearly_notice: bool = False
    forbidden: tuple[ForbiddenUse, ...] = ()


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Every source by its name."""
    told = tomllib.loads(files("services.funding").joinpath("sources.toml").read_text(encoding="utf-8"))
    uses = {
        name: tuple(ForbiddenUse(**use | {"words": tuple(use["words"])}) for use in listed)
        for name, listed in told.pop("forbidden").items()
    }
    return {
        name: Source(**told[name] | {
            "name": name, "purposes": tuple(told[name].get("purposes", ())), "forbidden": uses.get(name, ()),
        })
        for name in SOURCES
    }  # fmt: skip


def forbidden_use(source: str, item: str) -> ForbiddenUse | None:
    """The forbidden use that an item of expense or of a budget names, by what it is called; None when it names none."""
    called = "".join(unicodedata.normalize("NFKC", item).split())
    return next((use for use in sources()[source].forbidden if any(word in called for word in use.words)), None)


def refuse_forbidden(source: str, item: str) -> None:
    """Refused("budget.use_forbidden") for an item that this source may never pay for."""
    use = forbidden_use(source, item)
    if use is not None:
        raise Refused("budget.use_forbidden", item=item, use=use.zh, use_en=use.en)


def purpose_of_award(source: str, *, line: str, asked: str) -> str:
    """The purpose an award is given for: its own, or else that of its line, within what the source allows.

    Refused for a purpose that is missing, that the source does not serve, or that is another than the line's.
    """
    rules, purpose = sources()[source], asked or line
    if rules.needs_purpose and not purpose:
        raise Refused("budget.purpose_missing", purposes="、".join(rules.purposes))
    _refuse_unserved(rules, purpose)
    if line and purpose != line:
        raise Refused("budget.purpose_of_another_line", purpose=line)
    return purpose


def refuse_purpose(source: str, purpose: str) -> None:
    """Refused for the purpose of a budget line that its source does not serve, and for gifts without their donor's.

    A line of any other source may leave the purpose to its awards.
    """
    rules = sources()[source]
    if rules.needs_donor and not purpose:
        raise Refused("budget.donor_purpose_missing")
    _refuse_unserved(rules, purpose)


def _refuse_unserved(rules: Source, purpose: str) -> None:
    if purpose and rules.purposes and purpose not in rules.purposes:
        raise Refused("budget.purpose_not_served", purpose=purpose, purposes="、".join(rules.purposes))
