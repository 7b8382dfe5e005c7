"""All document kinds by name, found from the folders in documents/kinds/."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import documents.kinds
from documents.kind import Kind

__all__ = ["KINDS", "Kind", "kind_of"]


def _discover() -> Mapping[str, Kind]:
    found: dict[str, Kind] = {}
    for module in sorted(pkgutil.iter_modules(documents.kinds.__path__), key=lambda module: module.name):
        kind = import_module(f"documents.kinds.{module.name}").KIND
        if kind.name != module.name:
            raise ValueError(f"documents/kinds/{module.name} calls itself {kind.name}")
        if any(kind.code == other.code for other in found.values()):
            raise ValueError(f"two document kinds have the code {kind.code}")
        found[kind.name] = kind
    return MappingProxyType(found)


KINDS: Mapping[str, Kind] = _discover()


def kind_of(name: str) -> Kind:
    """The kind called `name`. Refuses (KeyError naming all kinds) an unknown one."""
    try:
        return KINDS[name]
    except KeyError:
        raise KeyError(f"no document kind {name!r}; there are: {', '.join(KINDS)}") from None
