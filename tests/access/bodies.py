"""The smallest body each route takes, made from the interface's own description, so that a new route is asked too."""

from functools import cache
from typing import Any

from fastapi import FastAPI

WORDS = {"date": "2026-12-01", "date-time": "2026-12-01T01:00:00Z", "uuid": "01900000-0000-7000-8000-000000000000"}

PANEL = ["evaluator1", "evaluator2", "evaluator3"]
KNOWN = {"usernames": PANEL, "leaving": "evaluator1", "coming": "the_evaluator", "username": "the_evaluator"}
"""Names of people who exist, wherever a body asks for one: nobody must be found missing for their sake."""


@cache
def _description(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def body_of(app: FastAPI, method: str, path: str) -> Any:
    """A body in which everything required is there and nothing else; None for a route that takes none."""
    operation = _description(app)["paths"].get(path, {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return None if content is None else _smallest(app, content["schema"])


def _smallest(app: FastAPI, schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _smallest(app, _description(app)["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _smallest(app, schema[choice][0])
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        return {
            name: KNOWN[name] if name in KNOWN else _smallest(app, properties[name])
            for name in schema.get("required", ())
        }
    if schema.get("type") == "array":
        return [_smallest(app, schema["items"]) for _ in range(schema.get("minItems", 0))]
    if schema.get("type") == "string":
        return WORDS.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
    return {"integer": schema.get("minimum", 1), "number": 1, "boolean": False}.get(schema.get("type", ""))
