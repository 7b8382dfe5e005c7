"""A posted form as plain text values, with at most one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from fastapi import Request

from documents.format import fen_of
from services.applications.inspection import Upload
from services.errors import Invalid

MOST_FIELDS = 2000


@dataclass(frozen=True, slots=True)
class Posted:
    """Name to the values posted under it, in order; `file` holds the bytes of an uploaded file called `file_name`."""

    values: Mapping[str, tuple[str, ...]]
    file: bytes | None = None
    file_name: str = ""

    def text(self, name: str, fallback: str = "") -> str:
        """The first value under that name, without white space around it."""
        return next(iter(self.values.get(name, ())), fallback).strip()

    def upload(self) -> Upload | None:
        """The uploaded file; None when none was chosen."""
        return Upload(self.file_name, self.file) if self.file and self.file_name else None

    def needed_upload(self) -> Upload:
        """The uploaded file; Invalid when none was chosen."""
        if self.file is None or not self.file_name:
            raise Invalid("upload.empty")
        return Upload(self.file_name, self.file)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value under that name that is not empty."""
        return tuple(value.strip() for value in self.values.get(name, ()) if value.strip())

    def day(self, name: str, label: tuple[str, str]) -> date:
        """The date under that name; Invalid, with the label in both languages, when it is missing or none."""
        text = self.text(name)
        try:
            return date.fromisoformat(text)
        except ValueError:
            code = "input.not_a_date" if text else "input.missing"
            raise Invalid(code, field=name, label=label[0], label_en=label[1]) from None

    def optional_day(self, name: str, label: tuple[str, str]) -> date | None:
        """As `day`; None when nothing was typed."""
        return self.day(name, label) if self.text(name) else None

    def whole(self, name: str, label: tuple[str, str]) -> int:
        """The whole number under that name; Invalid when it is missing or none."""
        text = self.text(name)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            code = "input.not_a_number" if text else "input.missing"
            raise Invalid(code, field=name, label=label[0], label_en=label[1])
        return int(text)

    def fen(self, name: str, label: tuple[str, str]) -> int:
        """An amount typed in yuan, with or without separators and fen, in fen; Invalid when it is missing or none."""
        text = self.text(name)
        try:
            return fen_of(text)
        except ValueError:
            code = "input.not_a_number" if text else "input.missing"
            raise Invalid(code, field=name, label=label[0], label_en=label[1]) from None

    def version(self) -> int:
        """The version of the case that was on the screen; Invalid when the form does not say it."""
        seen = self.text("seen_version")
        if not (seen.isascii() and seen.isdigit() and len(seen) < 10):
            raise Invalid("input.not_a_number", field="seen_version", label="版本", label_en="version")
        return int(seen)


async def posted(request: Request) -> Posted:
    """Read the form of the request (a dependency: only reading the body waits, handlers stay plain functions)."""
    found: dict[str, list[str]] = {}
    content: bytes | None = None
    file_name = ""
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        for name, value in form.multi_items():
            if not isinstance(value, str):
                content, file_name = await value.read(), value.filename or ""
            elif "\x00" in value or "\x00" in name:
                raise Invalid("input.control_character", field=name.replace("\x00", ""), label=name)
            else:
                found.setdefault(name, []).append(value)
    return Posted({name: tuple(values) for name, values in found.items()}, content, file_name)


def fresh_request_id() -> str:
    """A number for one drawn form, so that sending it twice does it once."""
    return uuid4().hex
