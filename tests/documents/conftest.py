"""Draws the sample of every kind once a session."""

from __future__ import annotations

from functools import cache

import pytest

from documents import pdf
from documents.registry import KINDS


@cache
def drawn(name: str) -> pdf.Rendered:
    """The sample of a kind, drawn once."""
    return pdf.render(name, KINDS[name].sample())


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    """The name of every kind in turn."""
    return str(request.param)


@pytest.fixture
def rendered(kind: str) -> pdf.Rendered:
    """The drawn sample of the kind at hand."""
    return drawn(kind)
