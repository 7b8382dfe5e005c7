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


SCALES = ("points", "levels")
"""How a form is filled in: points that total 100, or levels from one upwards that are never added up."""


class FormRefused(ValueError):
    """A form file or a stored copy of one breaks the rules of a form."""


@dataclass(frozen=True, slots=True)
class CommentRules:
    """When a comment is mandatory: an item below that share of its maximum, a total below or above those points."""

    item_below_percent: int = 60
    total_below: Decimal = Decimal(60)
    total_above: Decimal = Decimal(95)


@dataclass(frozen=True, slots=True)
class Part:
    """What within a criterion earns how many of its points; the evaluator still gives one score for the criterion."""

    label_zh: str
    label_en: str
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class Cap:
    """What a band needs beside its mark: every item from that share of its maximum on, and years of life.

    A result that lacks one of them falls to the band `falls_to`.
    """

    band: str
    falls_to: str
    each_item_from_percent: int
    life_years_from: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """What earns a score from that share of the maximum upwards, up to the next anchor."""

    from_percent: int
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One item of a form; `maximum` is a multiple of its step, `anchors` run from the best down to nothing.

    A copy kept from an edition that had no anchors or parts has none. The maxima of its parts total its own.
    """

    id: str
    label_zh: str
    label_en: str
    maximum: Decimal
    guidance_zh: str
    guidance_en: str
    anchors: tuple[Anchor, ...] = ()
    parts: tuple[Part, ...] = ()
    step: Decimal = STEP

    def stretches(self) -> tuple[tuple[Decimal, Decimal, Anchor], ...]:
        """(lowest score, highest score, anchor), best first; together they hold every score of the criterion once."""
        found: list[tuple[Decimal, Decimal, Anchor]] = []
        highest = self.maximum
        for anchor in self.anchors:
            steps = (self.maximum * anchor.from_percent / FULL_MARKS / self.step).to_integral_value(ROUND_CEILING)
            found.append((steps * self.step, highest, anchor))
            highest = (steps - 1) * self.step
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
    """A form in one edition. Where it gives points, the maxima of its criteria total 100; marks come from rule sets.

    Refuses (FormRefused) maxima that do not total 100 or are no positive multiple of the step, an id used twice, an
    empty label, anchors that do not run down to nothing, parts that do not total their criterion.
    """

    key: str
    edition: int
    label_zh: str
    label_en: str
    criteria: tuple[Criterion, ...]
    gates: tuple[Gate, ...]
    vetoes: tuple[Veto, ...]
    scale: str = "points"
    step: Decimal = STEP
    comments: CommentRules = CommentRules()
    caps: tuple[Cap, ...] = ()
    asks_amount: bool = False
    """Whether each evaluator also advises an amount of money beside the points."""

    def __post_init__(self) -> None:
        if self.scale not in SCALES or self.step <= 0:
            raise FormRefused(f"form {self.key}: the scale is one of {', '.join(SCALES)}, its step more than nothing")
        parts = (*self.criteria, *self.gates, *self.vetoes)
        if len({part.id for part in parts}) != len(parts):
            raise FormRefused(f"form {self.key}: an id is used twice")
        texts = [self.label_zh, self.label_en, *(text for part in parts for text in (part.label_zh, part.label_en))]
        texts += [text for criterion in self.criteria for text in (criterion.guidance_zh, criterion.guidance_en)]
        if not all(text.strip() for text in texts):
            raise FormRefused(f"form {self.key}: a label or guidance is empty")
        for criterion in self.criteria:
            if criterion.maximum <= 0 or criterion.maximum % self.step:
                raise FormRefused(
                    f"form {self.key}: {criterion.id} allows {criterion.maximum}, no multiple of {self.step}"
                )
            _check_anchors(self.key, criterion)
            _check_parts(self.key, criterion)
        if self.scale == "points":
            _check_total(self)


def _check_total(form: Form) -> None:
    """Name what is missing or too much, and every weight, so that whoever edits the file sees where."""
    total = sum((criterion.maximum for criterion in form.criteria), Decimal(0))
    if total == FULL_MARKS:
        return
    weights = ", ".join(f"{one.id} {one.maximum}" for one in form.criteria)
    short = f"{FULL_MARKS - total} missing" if total < FULL_MARKS else f"{total - FULL_MARKS} too many"
    raise FormRefused(f"form {form.key}: the criteria total {total}, not {FULL_MARKS} ({short}): {weights}")


def _check_parts(key: str, criterion: Criterion) -> None:
    total = sum((part.maximum for part in criterion.parts), Decimal(0))
    if criterion.parts and total != criterion.maximum:
        raise FormRefused(f"form {key}: the parts of {criterion.id} total {total}, not {criterion.maximum}")
    if not all(part.label_zh.strip() and part.label_en.strip() for part in criterion.parts):
        raise FormRefused(f"form {key}: a part of {criterion.id} has no label")


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


def scored_keys() -> tuple[str, ...]:
    """The keys of the forms that a panel scores, in alphabetical order."""
    return tuple(key for key in form_keys() if load_form(key).scale == "points")


def load_form(key: str, *, category: str = "") -> Form:
    """The shipped form called `key`, with what it asks of organizations of that category where it tells them apart.

    Refuses (FormRefused) an unknown key and a file that is no form.
    """
    if key not in form_keys():
        raise FormRefused(f"there is no form {key}; the forms are {', '.join(form_keys())}")
    text = files("services.assessments").joinpath("forms", f"{key}.toml").read_text(encoding="utf-8")
    form = form_from_toml(text, category=category)
    if form.key != key:
        raise FormRefused(f"the file {key}.toml holds the form {form.key}")
    return form


def form_from_toml(text: str, *, category: str = "") -> Form:
    """The form written in `text`, for that category; a category without a variant gets the form as it stands.

    Refuses (FormRefused) text that is no TOML, lacks a field or has one too many, in whichever variant.
    """
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise FormRefused(f"the form is not valid TOML: {error}") from error
    renamed = {"criteria": "criterion", "gates": "gate", "vetoes": "veto", "caps": "cap"}
    variants = _items(content.pop("variant", []))
    parts = {plural: content.pop(singular, []) for plural, singular in renamed.items()}
    base = content | parts
    found = {"": _form(base)}
    for one in variants:
        fields = _fields(one, ("category", "criterion"))
        found[_text(fields["category"])] = _form(base | {"criteria": _varied(base, _items(fields["criterion"]))})
    return found.get(category, found[""])


def _varied(base: Mapping[str, object], others: list[object]) -> list[object]:
    """The criteria of the form with those replaced that the variant words in its own way."""
    own = {one["id"]: one for one in others if isinstance(one, Mapping) and "id" in one}
    criteria = [one for one in _items(base["criteria"]) if isinstance(one, Mapping)]
    if strange := own.keys() - {one.get("id") for one in criteria}:
        raise FormRefused(f"a variant words {', '.join(sorted(map(str, strange)))}, which the form does not have")
    return [own.get(one.get("id"), one) for one in criteria]


def to_json(form: Form) -> dict[str, object]:
    """The form as a value JSON can hold, maxima as text: the copy an assessment keeps when it opens."""
    return {
        "key": form.key,
        "edition": form.edition,
        "label_zh": form.label_zh,
        "label_en": form.label_en,
        "scale": form.scale,
        "step": str(form.step),
        "comments": {
            "item_below_percent": form.comments.item_below_percent,
            "total_below": str(form.comments.total_below),
            "total_above": str(form.comments.total_above),
        },
        "criteria": [_criterion_json(one) for one in form.criteria],
        "gates": [asdict(gate) for gate in form.gates],
        "vetoes": [asdict(veto) for veto in form.vetoes],
        "caps": [asdict(cap) for cap in form.caps],
        "asks_amount": form.asks_amount,
    }


def _criterion_json(one: Criterion) -> dict[str, object]:
    content: dict[str, object] = {
        **asdict(one),
        "maximum": str(one.maximum),
        "anchors": [asdict(anchor) for anchor in one.anchors],
        "parts": [asdict(part) | {"maximum": str(part.maximum)} for part in one.parts],
    }
    content.pop("step")
    return content


def from_json(content: object) -> Form:
    """The form kept by `to_json`, in whichever edition. Refuses (FormRefused) what is no such copy."""
    return _form(content)


LATER: dict[str, object] = {"scale": "points", "step": "0.5", "comments": {}, "caps": [], "asks_amount": False}
"""What copies of earlier editions do not say, and what held for them."""


def _form(content: object) -> Form:
    if isinstance(content, Mapping):
        content = LATER | dict(content)
    fields = _fields(content, ("key", "edition", "label_zh", "label_en", "criteria", "gates", "vetoes", *LATER))
    edition, step = fields["edition"], _decimal(fields["step"], "the step of a form")
    if type(edition) is not int or edition < 1:
        raise FormRefused(f"the edition of a form is a whole number from 1, not {edition!r}")
    return Form(
        key=_text(fields["key"]),
        edition=edition,
        label_zh=_text(fields["label_zh"]),
        label_en=_text(fields["label_en"]),
        criteria=tuple(_criterion(item, step) for item in _items(fields["criteria"])),
        gates=tuple(Gate(**_labels(item)) for item in _items(fields["gates"])),
        vetoes=tuple(Veto(**_labels(item)) for item in _items(fields["vetoes"])),
        scale=_text(fields["scale"]),
        step=step,
        comments=_comments(fields["comments"]),
        caps=tuple(_cap(item) for item in _items(fields["caps"])),
        asks_amount=fields["asks_amount"] is True,
    )


def _comments(content: object) -> CommentRules:
    if content == {}:
        return CommentRules()
    fields = _fields(content, ("item_below_percent", "total_below", "total_above"))
    return CommentRules(
        _whole(fields["item_below_percent"]), _decimal(fields["total_below"], "a total"),
        _decimal(fields["total_above"], "a total"),
    )  # fmt: skip


def _cap(content: object) -> Cap:
    fields = _fields(content, ("band", "falls_to", "each_item_from_percent", "life_years_from"))
    return Cap(
        _text(fields["band"]), _text(fields["falls_to"]), _whole(fields["each_item_from_percent"]),
        _whole(fields["life_years_from"]),
    )  # fmt: skip


def _criterion(content: object, step: Decimal) -> Criterion:
    names = ("id", "label_zh", "label_en", "maximum", "guidance_zh", "guidance_en")
    anchors: object = []
    parts: object = []
    if isinstance(content, Mapping):
        content = dict(content)
        anchors, parts = content.pop("anchors", []), content.pop("parts", [])
    fields = dict(_fields(content, names))
    maximum = _decimal(fields.pop("maximum"), "the maximum of a criterion")
    told = tuple(_anchor(item) for item in _items(anchors))
    weighed = tuple(_part(item) for item in _items(parts))
    texts = {name: _text(value) for name, value in fields.items()}
    return Criterion(**texts, maximum=maximum, anchors=told, parts=weighed, step=step)


def _part(content: object) -> Part:
    fields = _fields(content, ("label_zh", "label_en", "maximum"))
    return Part(_text(fields["label_zh"]), _text(fields["label_en"]), _decimal(fields["maximum"], "a part"))


def _decimal(value: object, what: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise FormRefused(f"{what} is no number") from error
    if not number.is_finite():
        raise FormRefused(f"{what} is no finite number")
    return number


def _whole(value: object) -> int:
    if type(value) is not int:
        raise FormRefused(f"a whole number was expected in a form, not {value!r}")
    return value


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
