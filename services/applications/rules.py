"""What an application must hold, without a database: which sections, which digest, what a correction points at."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from services.applications.form import NAMES, SECTIONS

OPEN_STATES = ("DRAFT", "CORRECTION")
"""Where an application is with its applicant, who may write in it."""

LONGEST_TYPED = 4000
MOST_ROWS = 100
LEVELS = (5, 4, 3, 2, 1)
REASONS = {
    "good": ("fast", "clear", "kind", "once", "fair"),
    "bad": ("slow", "unclear", "unkind", "often", "unfair"),
}
"""Why somebody is content (levels 5 to 3) or not (2 and 1)."""


@dataclass(frozen=True, slots=True)
class PrivacyNotice:
    """The text people agree to, its version, and the digest that is kept with each consent."""

    version: str
    zh: str
    en: str
    sha256: str


@cache
def privacy_notice() -> PrivacyNotice:
    """The notice in force."""
    told = tomllib.loads(files("services.applications").joinpath("privacy.toml").read_text(encoding="utf-8"))
    digest = hashlib.sha256(f"{told['version']}\n{told['zh']}\n{told['en']}".encode()).hexdigest()
    return PrivacyNotice(told["version"], told["zh"].strip(), told["en"].strip(), digest)


@dataclass(frozen=True, slots=True)
class Sample:
    """The specimen of one material, to be copied or printed and filled in."""

    key: str
    name: str
    text: str


@cache
def samples() -> tuple[Sample, ...]:
    """Every specimen there is; a material without one is a certificate that somebody else gave out."""
    told = tomllib.loads(files("services.applications").joinpath("samples.toml").read_text(encoding="utf-8"))
    return tuple(Sample(one["key"], one["name"], one["text"].strip()) for one in told["sample"])


def content_digest(content: Mapping[str, Any]) -> str:
    """The fingerprint a sign-off is bound to; any change of a word or a file changes it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sections_open(complete: Mapping[str, bool]) -> tuple[str, ...]:
    """Names of the written sections that are not complete yet, in the order of the form."""
    return tuple(name for name in NAMES if name != "materials" and not complete.get(name, False))


def target_of(text: str, materials: Sequence[str]) -> tuple[str, str]:
    """What the clerk's words "material or field" point at: ("material", name), ("section", name) or ("", "").

    The clerk writes by hand; a name that is named in part is found too.
    """
    plain = re.sub(r"[\s“”\"《》（）()]", "", text)
    for name in materials:
        bare = re.sub(r"[\s（）()]", "", name)
        if plain and (plain in bare or bare in plain or bare.split("及", maxsplit=1)[0] in plain):
            return "material", name
    for section in SECTIONS:
        words = (section.zh, *(one.zh for one in section.fields))
        if any(word in plain or (len(plain) > 1 and plain in word) for word in words):
            return "section", section.name
    return "", ""


def reasons_for(level: int) -> tuple[str, ...]:
    """The reasons one may tick with that level."""
    return REASONS["good" if level >= LEVELS[2] else "bad"]
