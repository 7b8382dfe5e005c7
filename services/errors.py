"""The few ways in which the services say no, and whether trying again can help."""

from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why one line of a file cannot be taken over; lines count from 1 with the headings, `facts` fill the sentence."""

    line: int
    code: str
    facts: dict[str, Any] = field(default_factory=dict)


class ServiceError(Exception):
    """Something was not done; `codes` are reason codes of the message catalogue, `facts` fill their sentences."""

    http_status: ClassVar[int] = 500
    exit_status: ClassVar[int] = 1
    retry: ClassVar[bool] = False

    def __init__(self, *codes: str, **facts: Any) -> None:
        super().__init__(", ".join(codes) or self.__doc__)
        self.codes = codes
        self.facts = facts


class Refused(ServiceError):
    """A rule says no, and a person can act on it: the reasons say what to do."""

    http_status = 409
    exit_status = 4


class Invalid(Refused):
    """What was handed in cannot be read or is out of range; nothing was changed."""

    http_status = 422


class Stale(Refused):
    """Someone else changed the case since it was shown; look again, then decide."""

    http_status = 412


class Forbidden(Refused):
    """Not for this person here, whatever the state of the case."""

    http_status = 403


class NotFound(ServiceError):
    """No such thing, or none that this person may know of."""

    http_status = 404
    exit_status = 5


class Broken(ServiceError):
    """A rule of our own was broken; never shown raw to a person."""


class Unavailable(ServiceError):
    """The outside world did not answer; the same request may succeed later."""

    http_status = 503
    exit_status = 75
    retry = True
