"""The shapes of what goes in and out of the interface: strict bodies, frozen replies, problem documents."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


MOST_FIELDS = 100
DEEPEST = 6
MOST_PARTS = 5000


class Body(BaseModel):
    """What a caller sends: nothing undeclared, no type guessed from another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, given: Any) -> Any:
        # Each undeclared field is told of by itself; a million of them would be a million sentences.
        if isinstance(given, dict) and len(given) > MOST_FIELDS:
            raise ValueError("has too many fields")
        return given


class Reply(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(frozen=True)


class Problem(BaseModel):
    """Why something was not done (RFC 9457). `type` is a stable URN; `detail` is said in the caller's language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = Field(pattern=r"^urn:chuke:problem:[a-z0-9_.]+$")
    title: str
    status: int
    detail: str
    codes: list[str] = Field(description="Every reason, as stable codes")
    errors: list["Pointed"] = Field(description="Where in the request something is wrong")


class Pointed(BaseModel):
    """One place of the request (a JSON Pointer as a fragment) and what is wrong there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pointer: str
    detail: str


def _without_zero(text: str) -> str:
    if "\x00" in text or any(0xD800 <= ord(one) <= 0xDFFF for one in text):
        raise ValueError("holds a character that no text of ours holds")
    return text


def _written_day(value: Any) -> Any:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("is not a day written as 2026-11-23")


def _bearable(details: dict[str, Any]) -> dict[str, Any]:
    level: list[Any] = [details]
    parts = 0
    for _ in range(DEEPEST):
        parts += len(level)
        if parts > MOST_PARTS:
            raise ValueError("has too many parts")
        level = [one for part in level for one in _parts_of(part)]
        if not level:
            return details
    raise ValueError("is nested too deeply")


def _parts_of(part: Any) -> list[Any]:
    if isinstance(part, dict):
        return [*part, *part.values()]
    if isinstance(part, str):
        _without_zero(part)
    return part if isinstance(part, list) else []


Details = Annotated[dict[str, Any], AfterValidator(_bearable)]
"""Fields whose names and kinds the case tells; here only their number, depth and characters are looked at."""

Clean = AfterValidator(_without_zero)
"""Refuses the zero character and halves of characters, which no database takes."""

Day = Annotated[date, BeforeValidator(_written_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day written as 2026-11-23."""

Identity = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", examples=[
        "019ab2f0-0000-7000-8000-000000000000"])
]  # fmt: skip
"""An id of ours: a UUID of version 7, written in small letters."""

Number = Annotated[str, Field(min_length=1, max_length=40), Clean]
"""The number of a case, as it is printed on papers."""

Username = Annotated[str, Field(min_length=1, max_length=60), Clean]


class Identified(Reply):
    """The id of what was made."""

    id: str
