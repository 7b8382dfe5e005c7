"""What a plain page of the office is made of: a table, and forms of labelled inputs; one template draws them all."""

from collections.abc import Sequence
from dataclasses import dataclass

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its label is the text `set_up.<name>`, its hint `set_up.<name>_hint` where there is one."""

    name: str
    kind: str = "text"
    options: Choices | None = None
    needed: bool = True
    value: str = ""
    longest: int = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form: where it is posted, its inputs, what its buttons say (the second one tries without writing)."""

    title: str
    path: str
    inputs: tuple[Input, ...]
    submit: str = "save"
    trial: str = ""
    upload: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """A button on a row: where it is posted and what it says."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `act` is what may be done about it, `link` leads on (its name is a whole key of a text)."""

    cells: tuple[str, ...]
    act: Act | None = None
    link: Act | None = None

    @property
    def leads_on(self) -> bool:
        """Whether the row's last column holds something."""
        return self.act is not None or self.link is not None


@dataclass(frozen=True, slots=True)
class Listing:
    """A table: the keys of its columns (texts `set_up.<key>`) and its rows; amounts stand to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    amounts: frozenset[str] = frozenset()
