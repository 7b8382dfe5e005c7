"""What every command can be asked with: who acts, when, in which language, as text or JSON; and the open database."""

import csv
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from services.actors import Actor
    from services.database.engine import Database
    from services.database.work import Work

Language = Literal["zh", "en"]


class SetUpMissing(Exception):
    """The installation is not ready for the command; the text says what to do (exit status 3)."""


class WronglyAsked(Exception):
    """The command line itself cannot be understood (exit status 2)."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Asking:
    """Options that every command has."""

    lang: Annotated[Language, Parameter(name="--lang", env_var="CHUKE_LANG")] = "zh"
    """语言 language of sentences and labels."""
    json: Annotated[bool, Parameter(name="--json", negative="")] = False
    """以 JSON 输出 print the result as JSON."""
    as_: Annotated[str, Parameter(name="--as", env_var="CHUKE_AS")] = ""
    """办理人用户名 username of the person who acts."""
    on: Annotated[str, Parameter(name="--on")] = ""
    """演示和培训用：按此日期办理 act on this day (2026-11-23 or 2026-11-23T09:00), for demonstrations only."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Plain:
    """Options of commands that print data but act for nobody."""

    lang: Annotated[Language, Parameter(name="--lang", env_var="CHUKE_LANG")] = "zh"
    """语言 language of sentences and labels."""
    json: Annotated[bool, Parameter(name="--json", negative="")] = False
    """以 JSON 输出 print the result as JSON."""


def language_of(tokens: list[str]) -> Language:
    """The language an error is said in, even when the command line could not be understood."""
    said = os.environ.get("CHUKE_LANG", "zh")
    for position, token in enumerate(tokens):
        if token == "--lang" and position + 1 < len(tokens):
            said = tokens[position + 1]
        elif token.startswith("--lang="):
            said = token.removeprefix("--lang=")
    return "en" if said == "en" else "zh"


def instant(asking: Asking) -> datetime:
    """The instant the command acts at: now, or what `--on` says, which is then announced on stderr."""
    from services.database.work import OFFICE_TIME, office_now

    if not asking.on:
        return office_now()
    try:
        told = datetime.fromisoformat(asking.on if "T" in asking.on else f"{asking.on}T09:00")
    except ValueError:
        raise WronglyAsked(f"--on {asking.on}: 2026-11-23 | 2026-11-23T09:00") from None
    told = told if told.tzinfo else told.replace(tzinfo=OFFICE_TIME)
    said = f"{told.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}"
    print(
        f"!!! 按指定日期办理，仅供演示和培训 · acting as if it were {said}, for demonstrations only !!!",
        file=sys.stderr,
    )
    return told


@contextmanager
def opened() -> Iterator["Database"]:
    """The database of the settings, at this edition's schema. An embedded SQLite file is brought there by itself.

    Raises SetUpMissing when it cannot be reached, was never made, or is older or newer than the code.
    """
    from services.database.engine import open_database
    from services.settings import settings

    database = open_database(settings().database)
    try:
        _bring_up_to_date(database)
        yield database
    finally:
        database.close()


def _bring_up_to_date(database: "Database") -> None:
    from services.database.schema import SchemaNewer, standing, upgrade

    try:
        if standing(database).at_head:
            return
        if database.is_sqlite:
            upgrade(database)
            return
    except SchemaNewer:
        raise
    except Exception as error:
        # Whatever the driver says, the person can only look at the address and the server.
        raise SetUpMissing(f"数据库无法打开 the database cannot be opened: {type(error).__name__}") from error
    raise SetUpMissing("数据库结构需要升级，请运行 the schema is not current, please run: chuke db upgrade")


def acting(work: "Work", asking: Asking) -> "Actor":
    """The person named by `--as` with the roles of the day. Raises WronglyAsked when nobody is named."""
    from services.people.queries import actor_named

    if not asking.as_:
        raise WronglyAsked("请用 --as 用户名 或 CHUKE_AS 指明办理人 · name the acting person with --as or CHUKE_AS")
    return actor_named(work, asking.as_)


@contextmanager
def acting_on(asking: Asking) -> Iterator[tuple["Database", "Actor"]]:
    """The database for one act and whoever acts, with the roles of the instant; raises as `opened` and `acting` do."""
    from services.database.work import reading

    with opened() as database:
        with reading(database, instant(asking)) as work:
            actor = acting(work, asking)
        yield database, actor


def looking(work: "Work", asking: Asking) -> "Actor":
    """Who looks: the person named by `--as`, else the operator of this machine, who may see everything."""
    from services.actors import SYSTEM
    from services.people.queries import actor_named

    return actor_named(work, asking.as_) if asking.as_ else SYSTEM


def managing(work: "Work", asking: Asking) -> "Actor":
    """As `acting`; while the installation has no security administrator, nobody needs to be named.

    Whoever runs this machine then founds it: people, divisions and the centre (services/people/acts.py, FOUNDING).
    """
    from services.actors import SYSTEM
    from services.people.acts import founding

    return SYSTEM if not asking.as_ and founding(work) else acting(work, asking)


def fen_given(text: str, *, option: str = "--yuan") -> int:
    """Yuan as typed, with or without separators and fen, in fen. Raises WronglyAsked for anything else."""
    from documents.format import fen_of

    try:
        fen = fen_of(text)
    except ValueError:
        raise WronglyAsked(f"{option} {text}") from None
    if not fen:
        raise WronglyAsked(f"{option} {text}")
    return fen


def rows_given(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """(line, cell by column) of a CSV file in UTF-8 or, as Excel saves it here, GB 18030; blank lines are skipped.

    Raises WronglyAsked when it cannot be read or a column has no heading.
    """
    content = file_given(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="", strict=True)
    try:
        headings = [(name or "").strip() for name in reader.fieldnames or ()]
        if missing := [name for name in columns if name not in headings]:
            raise WronglyAsked(f"{path}: 缺少列 columns missing: {', '.join(missing)}")
        reader.fieldnames = headings
        rows = [(reader.line_num, {name: (row[name] or "").strip() for name in columns}) for row in reader]
    except csv.Error as error:
        raise WronglyAsked(f"{path}: {error}") from None
    return [(line, row) for line, row in rows if any(row.values())]


def file_given(path: Path) -> bytes:
    """The bytes of a file named on the command line. Raises WronglyAsked when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise WronglyAsked(f"{path}: {error.strerror}") from None
