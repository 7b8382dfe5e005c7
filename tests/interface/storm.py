"""A storm of requests made from the interface's own description, and what came of them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from fastapi import FastAPI
from schemathesis.engine import events, from_schema

EXPECTED_REFUSALS = ["2xx", "304", "401", "403", "404", "409", "412", "422", "429"]
"""What a well-formed request may get: rules that no schema can say (a name that is taken) answer 409 and 422."""


@schemathesis.serializer("application/pdf")
def _pdf(_context: Any, value: Any) -> bytes:
    """A file is sent as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


SIGN_OUT = {"method": "DELETE", "path": "/api/v1/sign-in"}


REJECTIONS = ["400", "401", "403", "404", "405", "409", "412", "415", "422", "428", "429"]


@dataclass
class Outcome:
    """How many requests were sent, what was answered, which checks were made, and what failed."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.cases} cases over {len(self.operations)} operations, {len(self.failures)} failures; "
            f"answers {dict(sorted(self.statuses.items()))}; checks {dict(self.checks)}"
        )


def storm(
    app: FastAPI,
    token: str,
    *,
    examples: int,
    seed: int,
    known: dict[str, Any] | None = None,
    only: str = "",
    everything: bool = False,
) -> Outcome:
    """Send about `examples` well-formed and as many malformed requests to each operation as the holder of the token.

    `known` gives ids and numbers that exist, tried beside made-up ones; with `everything` each boundary of each
    field is tried too; `only` names the one address to be tried.
    """
    outcome = Outcome()
    config = schemathesis.Config.from_dict(_config(token, examples, seed, known or {}, everything))
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    # Signing out ends the token of all others, so it comes last.
    parts = (schema.include(path=only),) if only else (schema.exclude(**SIGN_OUT), schema.include(**SIGN_OUT))
    for part in parts:
        for event in from_schema(part).execute():
            if isinstance(event, events.ScenarioFinished):
                _note(outcome, event.recorder)
            elif isinstance(event, (events.NonFatalError, events.FatalError)):
                outcome.failures.append(str(event))
    return outcome


def _config(token: str, examples: int, seed: int, known: dict[str, Any], everything: bool) -> dict[str, Any]:
    return {
        "seed": seed,
        "suppress-health-check": ["all"],
        "continue-on-failure": True,
        "auth": {"openapi": {"bearer": {"bearer": token}}},
        "generation": {"mode": "all", "max-examples": examples, "no-shrink": True, "database": "none"},
        "dictionaries": {name: {"values": values} for name, values in known.items()},
        "parameters": {f"path.{name}": {"dictionary": name, "probability": 0.7} for name in known},
        "phases": {"stateful": {"enabled": False}, "coverage": {"enabled": everything}},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": EXPECTED_REFUSALS},
            # A body too large to be looked at is rejected too.
            "negative_data_rejection": {"expected-statuses": [*REJECTIONS, "413"]},
            "missing_required_header": {"expected-statuses": ["401", "403", "404", "422", "428"]},
        },
    }


def _note(outcome: Outcome, recorder: Any) -> None:
    for identity, node in recorder.cases.items():
        outcome.cases += 1
        outcome.operations.add(node.value.operation.label)
        interaction = recorder.interactions.get(identity)
        if interaction is not None and interaction.response is not None:
            outcome.statuses[interaction.response.status_code] += 1
    for identity, nodes in recorder.checks.items():
        for node in nodes:
            outcome.checks[node.name] += 1
            if node.failure_info is not None:
                case = recorder.cases[identity].value
                outcome.failures.append(
                    f"{case.operation.label}: {node.failure_info.failure}\n{node.failure_info.code_sample}"
                )
