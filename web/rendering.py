"""Turns a page's data into HTML: the templates, the filters they may use, and what every page carries."""

import hashlib
import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from operator import contains
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from documents import format as chinese
from documents.registry import KINDS
from services.authority.rules import scopes
from services.database.work import OFFICE_TIME
from services.errors import ServiceError
from services.issuance.rules import grouped
from services.notices.queries import unread
from services.outbox.reasons import told
from statemachines.layout import STAGES_EN
from statemachines.registry import CURRENT
from statemachines.roles import ROLES, Role
from web.navigation import ITEMS, SIGNED_IN, Item
from web.visitor import Visitor
from web.wording import label, said, say, sentences, words

STAGES_ZH = {"无": "未入驻"}
"""What a stage is called where it stands by itself; the others as they are."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | str | None, lang: str) -> str:
    """2026年11月23日 or 23 Nov 2026; a dash for no day."""
    if not value:
        return "—"
    one = date.fromisoformat(value) if isinstance(value, str) else value
    return chinese.chinese_date(one) if lang == "zh" else f"{one.day} {MONTHS[one.month - 1]} {one.year}"


def moment(value: datetime | None, lang: str) -> str:
    """An instant as the office's clock showed it."""
    if value is None:
        return "—"
    local = value.astimezone(OFFICE_TIME)
    return f"{day(local.date(), lang)} {local:%H:%M}"


def headed(text: str) -> str:
    """The text with a capital first letter, as a heading or a button begins; Chinese has none."""
    return text[:1].upper() + text[1:]


def name(thing: object, lang: str) -> str:
    """The label of a state, a move or a field, standing by itself."""
    return headed(label(thing, lang))


def stage_name(stage: str, lang: str) -> str:
    """The policy's stage."""
    return STAGES_ZH.get(stage, stage) if lang == "zh" else headed(STAGES_EN.get(stage, stage))


def visible(text: str) -> str:
    """The text with every character that prints nothing or turns the text around shown by its number: ‹U+202E›."""
    if text.isprintable() and not _HIDDEN.search(text):
        return text
    return _UNSEEN.sub(lambda found: f"‹U+{ord(found.group()):04X}›", text)


_HIDDEN = re.compile("[\u115f\u1160\u3164\uffa0\u2800]")
_UNSEEN = re.compile(
    "[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def role_names(roles: tuple[Role, ...], lang: str) -> str:
    """Role labels in a row."""
    return headed(("、" if lang == "zh" else ", ").join(label(ROLES[role], lang) for role in roles))


def kind_name(kind: str, lang: str) -> str:
    """The kind of a case."""
    return name(CURRENT[kind], lang)


def paper_name(kind: str, lang: str) -> str:
    """The title of a kind of paper; the code name while its folder is missing."""
    found = KINDS.get(kind)
    return kind if found is None else found.title_zh if lang == "zh" else found.title_en


def points(value: Decimal | None) -> str:
    """77.67; a dash while there is no result."""
    return "—" if value is None else chinese.score(value)


@cache
def static(file: str) -> str:
    """The address of a file of ours, changing with its content so that it can be kept for ever."""
    digest = hashlib.sha256(files("web").joinpath("static", file).read_bytes()).hexdigest()[:10]
    return f"/static/{file}?v={digest}"


@cache
def templates() -> Environment:
    """The templates: everything escaped, a name that is not there is an error."""
    environment = Environment(
        loader=PackageLoader("web"), autoescape=select_autoescape(default=True), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    tools: dict[str, Any] = {
        "static": static, "label": name, "stage_name": stage_name, "role_names": role_names, "kind_name": kind_name,
        "paper_name": paper_name, "points": points, "money": chinese.money, "capitals": capitals, "grouped": grouped,
        "day": day, "moment": moment, "query": query, "address": _address,
    }  # fmt: skip
    environment.globals.update(tools)
    environment.filters["headed"] = headed
    environment.filters["visible"] = visible
    environment.filters["path"] = lambda text: quote(str(text), safe="")
    return environment


def capitals(fen: int | None) -> str:
    """大写 of an amount; nothing for none and for what no paper would print."""
    return chinese.amount_in_capitals(fen) if fen and fen > 0 else ""


def query(**values: str | None) -> str:
    """The values as they stand in an address; empty ones are left out."""
    return urlencode({name: value for name, value in values.items() if value})


def _address(filters: dict[str, str], **changed: str) -> str:
    return query(**{**filters, **changed})


def show(request: Request, visitor: Visitor, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The page, with navigation for what this person may do."""
    lang = visitor.lang
    shared = {
        "lang": lang,
        "t": partial(_say, lang),
        "said": partial(_reason, lang),
        "why_failed": partial(_why_failed, lang),
        "has_text": partial(contains, words(lang)),
        "visitor": visitor,
        "here": request.url.path,
        "back": visitor.path if request.method == "GET" else "/",
        "may": partial(_may, visitor),
        "ways": partial(ways, visitor),
        "unread": _unread(visitor),
        "today": visitor.today,
        "request_id": getattr(request.state, "request_id", ""),
    }
    html = templates().get_template(template).render({**shared, **context})
    return HTMLResponse(html, status_code=status)


def _say(lang: str, key: str, **facts: object) -> str:
    return say(key, lang, **facts)


def _reason(lang: str, code: str) -> str:
    return said(code, lang)


def _why_failed(lang: str, reason: str | None) -> str:
    return told(reason, lang)


def _may(visitor: Visitor, action: str) -> bool:
    return visitor.actor is not None and bool(scopes(visitor.actor, action))


def ways(visitor: Visitor, place: str) -> tuple[Item, ...]:
    """Where this person may go from there."""
    if visitor.actor is None:
        return ()
    found = [one for one in ITEMS if one.action == SIGNED_IN or _may(visitor, one.action)]
    on_top = {one.path for one in found if one.place == "bar"} if place == "own" else set()
    return tuple(one for one in found if one.place == place and one.path not in on_top)


def _unread(visitor: Visitor) -> int:
    if visitor.actor is None:
        return 0
    with visitor.reading() as work:
        return unread(work, visitor.actor.id)


def bare(template: str, lang: str, **context: Any) -> str:
    """A page without a visitor: for answers that must not need the database."""
    shared: dict[str, Any] = {"lang": lang, "t": partial(_say, lang)}
    return templates().get_template(template).render({**shared, **context})


def go(path: str, *, note: str = "") -> RedirectResponse:
    """After a post: look at the result with a fresh request, which may be reloaded without doing anything again."""
    joined = f"{path}{'&' if '?' in path else '?'}done={note}" if note else path
    return RedirectResponse(joined, status_code=303)


def refusal(error: ServiceError, visitor: Visitor) -> tuple[str, ...]:
    """The sentences of a refusal for this visitor."""
    return sentences(error, visitor.lang)
