"""Draws an edition with a sample or with stored inputs for whoever looks at it, and keeps the last few files."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from documents.context import from_json, to_json
from documents.editions.source import Source, SourceRefused
from documents.registry import kind_of
from documents.trial import Trial, tried
from services.settings import settings
from services.templates.rules import unfit, unprinted

KEPT = 12
"""Drawn previews that are kept in this process, the one least looked at goes first."""

_kept: OrderedDict[str, Trial] = OrderedDict()
_lock = threading.Lock()


def check(kind: str, source: Source) -> int:
    """Draw the sample of the kind; answers how many pages it has.

    Invalid for a source that may not stand, breaks, or leaves a field unprinted.
    """
    try:
        trial = tried(kind, kind_of(kind).sample(), source, extra_fonts=settings().font_folder, fields=True)
    except SourceRefused as refused:
        raise unfit(refused.findings) from refused
    if trial.missing:
        raise unprinted(trial.missing)
    return trial.pages


def drawn(kind: str, source: Source, inputs: Mapping[str, Any] | None) -> Trial:
    """The paper with these stored inputs, or the sample when there are none. Invalid as `check` says."""
    data = inputs if inputs is not None else to_json(kind_of(kind).sample())
    key = hashlib.sha256(f"{kind}{source.digest}{json.dumps(data, sort_keys=True)}".encode()).hexdigest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    try:
        trial = tried(kind, from_json(kind_of(kind), data), source, extra_fonts=settings().font_folder)
    except SourceRefused as refused:
        raise unfit(refused.findings) from refused
    with _lock:
        _kept[key] = trial
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return trial
