"""Assessment forms as files: reads, checks and copies criteria, gates and veto findings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from importlib.resources import files
from itertools import pairwise

FULL_MARKS = Decimal(100)
STEP = Decimal("0.5")


class FormRefused(ValueError):
    """A form file or a stored copy of one breaks the rules of a form."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What earns a score from that share of the maximum upwards, up to the next anchor."""

    from_percent: int
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One scored item of a form; `maximum` is a multiple of half a point, `anchors` run from the best down to nothing.

    A copy kept from an edition that had no anchors has none.
    """

    id: str
    label_zh: str
    label_en: str
    maximum: Decimal
    guidance_zh: str
    guidance_en: str
    anchors: tuple[Anchor, ...] = ()

    def stretches(self) -> tuple[tuple[Decimal, Decimal, Anchor], ...]:
        """(lowest score, highest score, anchor), best first; together they hold every score of the criterion once."""
        found: list[tuple[Decimal, Decimal, Anchor]] = []
        highest = self.maximum
        for anchor in self.anchors:
            steps = (self.maximum * anchor.from_percent / FULL_MARKS / STEP).to_integral_value(ROUND_CEILING)
            found.append((steps * STEP, highest, anchor))
            highest = steps * STEP - STEP
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that must be true, with evidence, before scores count at all."""

    id: str
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Veto:
    """A finding that, once confirmed, fails the case whatever its score."""

    id: str
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form in one edition. The maxima of its criteria total 100 points; marks come from rule sets, not from here.

    Refuses (FormRefused) maxima that do not total 100 or are no positive multiple of half a point, an id used
    twice, an empty label, anchors that do not run down to nothing.
    """

    key: str
    edition: int
    label_zh: str
    label_en: str
    criteria: tuple[Criterion, ...]
    gates: tuple[Gate, ...]
    vetoes: tuple[Veto, ...]

    def __post_init__(self) -> None:
        parts = (*self.criteria, *self.gates, *self.vetoes)
        if len({part.id for part in parts}) != len(parts):
            raise FormRefused(f"form {self.key}: an id is used twice")
        texts = [self.label_zh, self.label_en, *(text for part in parts for text in (part.label_zh, part.label_en))]
        texts += [text for criterion in self.criteria for text in (criterion.guidance_zh, criterion.guidance_en)]
        if not all(text.strip() for text in texts):
            raise FormRefused(f"form {self.key}: a label or guidance is empty")
        for criterion in self.criteria:
            if criterion.maximum <= 0 or criterion.maximum % STEP:
                raise FormRefused(f"form {self.key}: {criterion.id} allows {criterion.maximum}, no multiple of {STEP}")
            _check_anchors(self.key, criterion)
        total = sum((criterion.maximum for criterion in self.criteria), Decimal(0))
        if total != FULL_MARKS:
            raise FormRefused(f"form {self.key}: the criteria total {total}, not {FULL_MARKS}")


def _check_anchors(key: str, criterion: Criterion) -> None:
    levels = [anchor.from_percent for anchor in criterion.anchors]
    texts = [text for anchor in criterion.anchors for text in (anchor.text_zh, anchor.text_en)]
    if levels and (levels[-1] != 0 or levels[0] >= FULL_MARKS or any(a <= b for a, b in pairwise(levels))):
        raise FormRefused(f"form {key}: the anchors of {criterion.id} do not run from the best down to nothing")
    if not all(text.strip() for text in texts):
        raise FormRefused(f"form {key}: an anchor of {criterion.id} says nothing")
    if any(low > high for low, high, _ in criterion.stretches()):
        raise FormRefused(f"form {key}: an anchor of {criterion.id} is left without a score")


def form_keys() -> tuple[str, ...]:
    """The keys of the shipped forms, in alphabetical order."""
    folder = files("services.assessments").joinpath("forms")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load_form(key: str) -> Form:
    """The shipped form called `key`. Refuses (FormRefused) an unknown key and a file that is no form."""
    if key not in form_keys():
        raise FormRefused(f"there is no form {key}; the forms are {', '.join(form_keys())}")
    text = files("services.assessments").joinpath("forms", f"{key}.toml").read_text(encoding="utf-8")
    form = form_from_toml(text)
    if form.key != key:
        raise FormRefused(f"the file {key}.toml holds the form {form.key}")
    return form


def form_from_toml(text: str) -> Form:
    """The form written in `text`. Refuses (FormRefused) text that is no TOML, lacks a field or has one too many."""
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise FormRefused(f"the form is not valid TOML: {error}") from error
    renamed = {"criteria": "criterion", "gates": "gate", "vetoes": "veto"}
    parts = {plural: content.pop(singular, []) for plural, singular in renamed.items()}
    return _form(content | parts)


def to_json(form: Form) -> dict[str, object]:
    """The form as a value JSON can hold, maxima as text: the copy an assessment keeps when it opens."""
    return {
        "key": form.key,
        "edition": form.edition,
        "label_zh": form.label_zh,
        "label_en": form.label_en,
        "criteria": [
            asdict(one) | {"maximum": str(one.maximum), "anchors": [asdict(anchor) for anchor in one.anchors]}
            for one in form.criteria
        ],
        "gates": [asdict(gate) for gate in form.gates],
        "vetoes": [asdict(veto) for veto in form.vetoes],
    }


def from_json(content: object) -> Form:
    """The form kept by `to_json`. Refuses (FormRefused) what is no such copy."""
    return _form(content)


def _form(content: object) -> Form:
    fields = _fields(content, ("key", "edition", "label_zh", "label_en", "criteria", "gates", "vetoes"))
    edition = fields["edition"]
    if type(edition) is not int or edition < 1:
        raise FormRefused(f"the edition of a form is a whole number from 1, not {edition!r}")
    return Form(
        key=_text(fields["key"]),
        edition=edition,
        label_zh=_text(fields["label_zh"]),
        label_en=_text(fields["label_en"]),
        criteria=tuple(_criterion(item) for item in _items(fields["criteria"])),
        gates=tuple(Gate(**_labels(item)) for item in _items(fields["gates"])),
        vetoes=tuple(Veto(**_labels(item)) for item in _items(fields["vetoes"])),
    )


def _criterion(content: object) -> Criterion:
    names = ("id", "label_zh", "label_en", "maximum", "guidance_zh", "guidance_en")
    anchors: object = []
    if isinstance(content, Mapping):
        content = dict(content)
        anchors = content.pop("anchors", [])
    fields = dict(_fields(content, names))
    try:
        maximum = Decimal(str(fields.pop("maximum")))
    except InvalidOperation as error:
        raise FormRefused("the maximum of a criterion is no number") from error
    if not maximum.is_finite():
        raise FormRefused("the maximum of a criterion is no finite number")
    told = tuple(_anchor(item) for item in _items(anchors))
    return Criterion(**{name: _text(value) for name, value in fields.items()}, maximum=maximum, anchors=told)


def _anchor(content: object) -> Anchor:
    fields = _fields(content, ("from_percent", "text_zh", "text_en"))
    share = fields["from_percent"]
    if type(share) is not int:
        raise FormRefused(f"an anchor begins at a whole percentage, not {share!r}")
    return Anchor(share, _text(fields["text_zh"]), _text(fields["text_en"]))


def _labels(content: object) -> dict[str, str]:
    return {name: _text(value) for name, value in _fields(content, ("id", "label_zh", "label_en")).items()}


def _fields(content: object, names: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(content, Mapping) or set(content) != set(names):
        raise FormRefused(f"a form part has exactly the fields {', '.join(names)}")
    return {name: content[name] for name in names}


def _items(content: object) -> list[object]:
    if not isinstance(content, list):
        raise FormRefused("criteria, gates and vetoes are lists")
    return list(content)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise FormRefused(f"a text was expected in a form, not {value!r}")
    return value
