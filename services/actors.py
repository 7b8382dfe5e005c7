"""Who acts: the person behind a command, the roles held today, and for whom; a plain value every service takes."""

from dataclasses import dataclass, field
from datetime import date

from statemachines.roles import Role

SYSTEM_ID = "00000000-0000-7000-8000-000000000001"
"""The person row under which timers and errands act; it has no password and holds only the system role."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of a person: for which office, organization or territory it is held."""

    role: Role
    office: str = ""
    organization_id: str | None = None
    division_code: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person (or the system) with the grants valid on the day of the act."""

    id: str
    username: str
    name: str
    language: str = "zh"
    grants: tuple[Grant, ...] = ()
    on: date | None = field(default=None, compare=False)
    only: frozenset[str] | None = field(default=None, compare=False)
    """What a program may do that acts by a token of this person; None for the person."""

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held on that day, for whatever office, organization or territory."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_system(self) -> bool:
        """True for timers and errands."""
        return self.id == SYSTEM_ID


SYSTEM = Actor(SYSTEM_ID, "system", "系统", grants=(Grant(Role.SYSTEM),))
