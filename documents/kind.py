"""What a document kind is: its code, its names, its layout family, its number and its context."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Family = Literal["A", "B", "C", "D"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One document kind.

    code: catalogue code ("D08"). name: folder and code name. family: A official letter, B centre notice, C form
    or report, D certificate. number_key: the 类 characters of 发文字号 ("入"); certificates use letters of their own
    number (CQ), or a word (星证), and are then numbered as letters are.
    context: the frozen dataclass a page is filled from. sample: a full fictional context, used by tests and previews.
    number_pattern: how an office writes the number where it is neither that of a letter nor of a certificate, with
    {prefix}, {year} and {serial}; an office may set another (`chuke config show`). pages: of a certificate, always
    so many. holder: a "person" is shown to strangers with the name masked.
    unprinted: paths of text fields the page leaves out on purpose ("head.phone"); tests expect every other one
    on the paper. second_party: of an agreement, the field of its context with the other side, which signs as
    well. of_others: another than the office signs it.
    """

    code: str
    name: str
    title_zh: str
    title_en: str
    family: Family
    number_key: str
    context: type[Any]
    sample: Callable[[], Any]
    number_pattern: str = ""
    pages: int = 1
    holder: Literal["organization", "person"] = "organization"
    unprinted: frozenset[str] = frozenset()
    second_party: str = ""
    of_others: bool = False

    @property
    def is_sealed(self) -> bool:
        """Whether the office seals it: letters, notices, certificates. Forms and reports are kept on file unsealed."""
        return self.family != "C" and not self.of_others

    @property
    def two_parties(self) -> bool:
        """Whether it is an agreement, which the other side signs as well."""
        return bool(self.second_party)
