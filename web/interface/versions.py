"""A case's version as ETag, If-Match and If-None-Match; who may not see a case learns nothing of it by acting."""

from fastapi import Response

from services.cases.queries import demand_seen
from web.visitor import Visitor


def tag(version: int) -> str:
    """The strong ETag of a version."""
    return f'"{version}"'


def version_in(header: str | None) -> int | None:
    """The version in an If-Match header; None when there is none or it is not one of ours."""
    text = (header or "").strip().removeprefix("W/").strip('"')
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def fresh(header: str | None, version: int) -> Response | None:
    """The 304 for an If-None-Match that names this version; None when the whole answer is wanted."""
    named = [one.strip().removeprefix("W/") for one in (header or "").split(",")]
    return Response(status_code=304, headers={"ETag": tag(version)}) if tag(version) in named or "*" in named else None


def demand_visible(visitor: Visitor, number: str) -> None:
    """NotFound for a case this person may not see: trying to act on it tells nothing about it either."""
    with visitor.reading() as work:
        demand_seen(work, visitor.person, number)
