"""G6: a page that asks for too much is refused within its budget or does no harm, read before or not."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import pytest

from documents import renderer as pool
from documents import trial
from documents.context import to_json
from documents.editions.filling import inspect
from documents.editions.source import Source, SourceRefused
from documents.registry import KINDS
from documents.rendered import OverBudget, RenderFailed
from documents.renderer import Renderer

from .hostile_pages import HOSTILE

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
nightly = pytest.mark.skipif(not NIGHTLY, reason="minutes of CPU; nightly")
KIND = KINDS["admission_notice"]
HARMLESS = Source('<html lang="zh-Hans"><head><title>x</title></head><body>一</body></html>', "")


@pytest.fixture(scope="module")
def kept() -> Iterator[Renderer]:
    one = Renderer(processes=1)
    yield one
    one.close()


@pytest.fixture
def unread(kept: Renderer, monkeypatch: pytest.MonkeyPatch) -> Renderer:
    """A renderer with the budget of papers whose children draw any page as it stands."""
    monkeypatch.setattr(pool, "_COMMAND", (sys.executable, "-m", "tests.documents.bare_child"))
    return kept


def end_of(one: Renderer, source: Source) -> str:
    """How the drawing of the page ends: `drawn`, the limit it broke, or the words it was refused with."""
    try:
        one.render(KIND.name, to_json(KIND.sample()), source=source)
    except OverBudget as over:
        return over.limit
    except RenderFailed as failure:
        return str(failure)
    return "drawn"


@nightly
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_nobody_read_costs_no_more_than_its_budget(name: str, unread: Renderer) -> None:
    hostile, begun = HOSTILE[name], time.monotonic()
    end = end_of(unread, hostile.source())
    print(f"{name}: {end[:160]}, {time.monotonic() - begun:.1f} s")
    assert any(word in end for word in hostile.ends), end
    assert end_of(unread, HARMLESS) == "drawn"


def edition(body: str, style: str = "") -> Source:
    """A page of an administrator that the inspection has nothing against."""
    source = Source(f'{{% extends "parts/letter.html" %}}\n{{% block body %}}\n{body}\n{{% endblock %}}', style)
    assert inspect(KIND, source) == ()
    return source


LONG = (
    '{% set a = "一二三四五六七八九十" %}'
    + "{% set a = a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a ~ a %}" * 4
    + "<p>{{ a }}</p>" * 8
)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (edition(LONG), "drawn_slowly"),
        pytest.param(
            edition('<p class="one">一</p>' * 201, ".one { break-after: page }"), "drawn_large", marks=nightly
        ),
        pytest.param(edition("<p>一</p>", "p { width: 3 }"), "drawn_badly", marks=nightly),
    ],
    ids=["without end", "over two hundred pages", "with a complaint of the engine"],
)
def test_a_page_on_trial_that_passes_every_reading_is_still_held_to_its_time_and_size(
    source: Source, code: str
) -> None:
    with pytest.raises(SourceRefused) as refused:
        trial.tried(KIND.name, KIND.sample(), source, seconds=1 if code == "drawn_slowly" else 10)
    assert [one.code for one in refused.value.findings] == [code]
