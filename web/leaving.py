"""How a list leaves as a file: the page that asks why, and the file once the door let it out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import Response

from services.authority.rules import scopes
from services.database.work import Work
from services.errors import Refused
from services.exports.commands import Taking, let_out
from services.exports.queries import ASK, usable
from services.exports.rules import MOST_ROWS
from web.exporting import Sheet, download
from web.forms.posted import Posted
from web.rendering import moment, refusal, show
from web.requests import known_id
from web.visitor import Visitor
from web.wording import say


@dataclass(frozen=True, slots=True)
class Going:
    """A list somebody wants to take along: which, its filters, how many rows, where it is posted and called."""

    list: str
    count: int
    path: str
    file: str
    back: str
    filters: Mapping[str, str] = field(default_factory=dict)
    """As the log may show them: what was typed is masked."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """What the form posts again, where the filters do not stand in the address."""
    names: bool = False
    """Whether the file names people, who are masked unless two people agreed to more."""


def ask(
    request: Request, visitor: Visitor, going: Going, *, form: Posted | None = None, error: Refused | None = None
) -> Response:
    """The page that asks for the reason; where the list is too long, how leave for it is asked and used."""
    with visitor.reading() as work:
        leaves = usable(work, visitor.person, list=going.list, filters=dict(going.filters))
    return show(
        request, visitor, "exports/ask.html", status=error.http_status if error else 200, going=going, leaves=leaves,
        most=MOST_ROWS, form=form or Posted({}),
        may_ask=bool(scopes(visitor.person, ASK)), problems=refusal(error, visitor) if error else (),
    )  # fmt: skip


def leave(
    request: Request, visitor: Visitor, going: Going, form: Posted, build: Callable[[Work, bool], Sheet], *, kind: str
) -> Response:
    """The file, noted with its reason and with a last line of who took it; refused, the asking page again."""
    given = form.text("leave")
    unmasked = form.text("unmasked") == "yes"
    taking = Taking(
        going.list, form.text("reason"), dict(going.filters), unmasked, known_id(given) if given else ""
    )  # fmt: skip

    def unit(work: Work) -> Sheet:
        sheet = build(work, unmasked)
        let_out(work, visitor.person, taking, count=going.count)
        return sheet

    try:
        sheet = visitor.write(unit)
    except Refused as error:
        return ask(request, visitor, going, form=form, error=error)
    return download(sheet, kind=kind, name=going.file)


def taken(visitor: Visitor, count: int) -> str:
    """The last line of a file: who took it, when, and how many rows it holds."""
    lang = visitor.lang
    return say("list.taken", lang, name=visitor.person.name, moment=moment(visitor.now, lang), count=count)
