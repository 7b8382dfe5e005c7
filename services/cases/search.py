"""Finds organizations and cases by what people know of them, the surest find first."""

from dataclasses import dataclass

from services.actors import Actor
from services.authority.rules import demand, scopes
from services.cases.lists import CaseFilter, CaseLine, filtered
from services.database.work import Work
from services.organizations.queries import OrganizationLine, organization_lines
from services.organizations.rules import fold

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Found:
    """What a text finds: cases and organizations, and the one case whose number it is."""

    cases: tuple[CaseLine, ...]
    organizations: tuple[OrganizationLine, ...]
    exact: CaseLine | None


def search(work: Work, actor: Actor, text: str, *, limit: int = 30) -> Found:
    """Cases and organizations this person may know of, found by part of a name, its sound (`fuhua`, `fhzx`), a number
    of a case, a paper, a filing or a credit code, or the leader's name; never by a telephone number.

    A whole number or name stands before the beginning of one, that before the rest. Nothing is found by nothing.
    """
    demand(actor, "case:list")
    wanted = text.strip()[:LONGEST]
    if not fold(wanted):
        return Found((), (), None)
    found = filtered(work, actor, CaseFilter(text=wanted), limit=limit)
    known = organization_lines(work, actor, find=wanted, limit=limit) if scopes(actor, "organization:list") else ()
    exact = next((one for one in found if fold(one.number) == fold(wanted)), None)
    return Found(found, known, exact)
