"""What a change of the interface's description would break for programs that are written against the older one."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """Every break, as a line a person reads; empty when each program that worked still works.

    A break: an address, a method, an answer, a parameter or a field is gone or of another type; something is newly
    required of the caller; a choice is no longer taken.
    """
    found: list[str] = []
    for path, methods in old["paths"].items():
        for method, operation in methods.items():
            place = f"{method.upper()} {path}"
            other = new["paths"].get(path, {}).get(method)
            found += [f"{place} is gone"] if other is None else _operation(operation, other, place, old, new)
    return found


def _operation(old: Schema, new: Schema, place: str, of_old: Schema, of_new: Schema) -> Iterator[str]:
    known = {(one["in"], one["name"]): one for one in old.get("parameters", ())}
    now = {(one["in"], one["name"]): one for one in new.get("parameters", ())}
    for key, one in known.items():
        if key not in now:
            yield f"{place}: parameter {key[1]} is gone"
        else:
            yield from _shape(one["schema"], now[key]["schema"], f"{place}: {key[1]}", of_old, of_new, asked=True)
    for key, one in now.items():
        if one.get("required") and not known.get(key, {}).get("required"):
            yield f"{place}: parameter {key[1]} is newly required"
    yield from _contents(old.get("requestBody"), new.get("requestBody"), f"{place}: body", of_old, of_new, asked=True)
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            yield f"{place}: answer {status} is gone"
        else:
            yield from _contents(
                answer, new["responses"][status], f"{place}: answer {status}", of_old, of_new, asked=False
            )


def _contents(
    old: Schema | None, new: Schema | None, place: str, of_old: Schema, of_new: Schema, *, asked: bool
) -> Iterator[str]:
    if old is None:
        if new is not None and new.get("required"):
            yield f"{place} is newly required"
        return
    before, after = _resolved(old, of_old).get("content", {}), _resolved(new or {}, of_new).get("content", {})
    for kind, one in before.items():
        if kind not in after:
            yield f"{place}: {kind} is gone"
        else:
            yield from _shape(one.get("schema", {}), after[kind].get("schema", {}), place, of_old, of_new, asked=asked)


def _shape(
    old: Schema, new: Schema, place: str, of_old: Schema, of_new: Schema, *, asked: bool,
    within: frozenset[str] = frozenset(),
) -> Iterator[str]:  # fmt: skip
    name = str(old.get("$ref", ""))
    if name and name in within:
        return
    before, after, within = _resolved(old, of_old), _resolved(new, of_new), within | {name}
    if before.get("type") != after.get("type") or len(before.get("anyOf", ())) != len(after.get("anyOf", ())):
        yield f"{place} is of another type"
        return
    if asked:
        yield from (
            f"{place} no longer takes {one}" for one in before.get("enum", ()) if one not in after.get("enum", ())
        )
        needed = set(after.get("required", ())) - set(before.get("required", ()))
        yield from (f"{place}.{one} is newly required" for one in sorted(needed))
    for field, one in before.get("properties", {}).items():
        if field not in after.get("properties", {}):
            yield f"{place}.{field} is gone"
        else:
            yield from _shape(
                one, after["properties"][field], f"{place}.{field}", of_old, of_new, asked=asked, within=within
            )
    if "items" in before:
        yield from _shape(
            before["items"], after.get("items", {}), f"{place}[]", of_old, of_new, asked=asked, within=within
        )
    for one, other in zip(before.get("anyOf", ()), after.get("anyOf", ()), strict=True):
        yield from _shape(one, other, place, of_old, of_new, asked=asked, within=within)


def _resolved(part: Schema, whole: Schema) -> Schema:
    while "$ref" in part:
        found: Any = whole
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found.get(name, {})
        part = found
    return part
