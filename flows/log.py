"""The log of flows and relay: one structured line per event on standard error, wherever that leads at that moment."""

import sys
from typing import Any

import structlog


def to_standard_error(*_arguments: Any) -> Any:
    """A printer onto what is standard error now; for `logger_factory`."""
    # Asked for at each line: a stream kept from start-up may have been closed or replaced since.
    return structlog.PrintLogger(sys.stderr)


def log(name: str) -> Any:
    """A logger whose lines carry keyword facts; never pass personal data to it."""
    if not structlog.is_configured():
        structlog.configure(logger_factory=to_standard_error)
    return structlog.get_logger(name)
