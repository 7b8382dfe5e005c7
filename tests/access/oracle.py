"""What each visitor of each route must get, worked out again from the tables alone and apart from the code under test.

It reads `policy.csv`, `routes.csv` and the process tables as a person would read them, and knows nothing of the
services: a person sees a case when one of the person's roles reaches it in the scope that the table gives that role.
"""

import csv
from functools import cache
from pathlib import Path

import services
import web
from statemachines.registry import CURRENT
from tests.access.province import Case, Held, Someone

SIGN_IN, FORBIDDEN, HIDDEN, IN, BROKEN = "asks to sign in", "forbidden", "not found", "in", "broken"

OPEN_TO_WHOEVER_SEES = frozenset({"/cases/{number}"} | {
    f"/api/v1/cases/{{number}}{page}" for page in ("", "/timeline", "/documents", "/awards", "/objections")
})  # fmt: skip
"""Parts of a case for whoever sees it; others may show less to some and are then not found."""

NEEDS_WORDS = frozenset({"/reveals/new", "/verify/keys.pem", "/verify/revocations.json"})
"""Pages that are about something named behind the question mark, or about keys where somebody signs."""


@cache
def policy() -> dict[tuple[str, str], str]:
    """(action, role) to scope, as the file says."""
    text = Path(str(services.__file__)).parent / "authority" / "policy.csv"
    return {(row["action"], row["role"]): row["scope"] for row in csv.DictReader(text.read_text("utf-8").splitlines())}


@cache
def routes() -> dict[tuple[str, str], str]:
    """(method, path) to action, as the file says."""
    text = Path(str(web.__file__)).parent / "routes.csv"
    return {(row["method"], row["path"]): row["action"] for row in csv.DictReader(text.read_text("utf-8").splitlines())}


MAY_HAVE_NONE = ("/delivery", "/second-signature", "/signed-copy")
"""What not every paper has: whoever may see the paper may still find nothing there."""


def lies_in(home: str, division: str) -> bool:
    """Whether a place lies in a division: a prefecture's code ends in noughts that its counties' codes do not share."""
    if not division:
        return False
    digits = division[:4] if len(division) == 6 and division.endswith("00") else division
    return home.startswith(digits)


def touches(held: Held, scope: str, someone: Someone, case: Case) -> bool:
    """Whether one role, in the scope the table gives it, reaches the case."""
    if scope == "own":
        return held.organization == case.organization
    if scope == "territory":
        return lies_in(case.home, held.division)
    if scope == "seated":
        # A review member is seated on reviews, and none of these cases is one.
        return someone.username in case.seated and held.role != "review_member"
    return scope in ("centre", "any")


def holds(someone: Someone, action: str) -> bool:
    """Whether the person may do the action anywhere."""
    return someone.able and any((action, one.role) in policy() for one in someone.held)


def reaches(someone: Someone, action: str, case: Case) -> bool:
    """Whether the person may do the action on that case."""
    return someone.able and any(
        touches(one, policy().get((action, one.role), ""), someone, case) for one in someone.held
    )


def gate(someone: Someone, method: str, path: str) -> str:
    """What the door in front of every route says."""
    action = routes()[method, path]
    if action == "anyone" or (action, "anyone") in policy():
        return IN
    if not someone.enters:
        return SIGN_IN
    return IN if action == "signed_in" or holds(someone, action) else FORBIDDEN


def expected(someone: Someone, method: str, path: str, case: Case | None) -> frozenset[str]:
    """Every answer that is right in that cell: one, wherever the tables decide it."""
    said = gate(someone, method, path)
    if said != IN:
        return frozenset({said})
    if case is None:
        return _at_large(method, path)
    if "/publicity/" in path:
        return frozenset({IN if case.situation == "published" else HIDDEN})
    if "{number}" in path:
        return _on_case(someone, method, path, case)
    if "{document_id}" in path and not _reads(someone, case):
        return frozenset({HIDDEN})
    if "{document_id}" in path:
        # How a paper was served is known of those that are served at all.
        return frozenset({IN, HIDDEN} if path.endswith(MAY_HAVE_NONE) else {IN})
    if "{assessment_id}" in path:
        return _on_assessment(someone, method, path, case)
    return frozenset({IN, HIDDEN})


def _at_large(method: str, path: str) -> frozenset[str]:
    """A page about everything lets in; an address made of ids that nobody has is not found. What proves who somebody is
    (a link, a passkey, a code) is refused to everybody who does not have it.
    """
    if path.startswith(("/sign-in", "/account/confirm")):
        return frozenset({IN, HIDDEN, FORBIDDEN})
    if "{" not in path and path not in NEEDS_WORDS:
        return frozenset({IN}) if method == "GET" else frozenset({IN, HIDDEN})
    return frozenset({IN, HIDDEN})


def _on_case(someone: Someone, method: str, path: str, case: Case) -> frozenset[str]:
    if not reaches(someone, "case:list", case):
        return frozenset({HIDDEN})
    if path.endswith("/{trigger}"):
        return frozenset({IN if may_pull(someone, "admit", case) else FORBIDDEN})
    if not reaches(someone, routes()[method, path], case):
        return frozenset({FORBIDDEN, HIDDEN})
    if path in ("/cases/{number}/midterm-report", "/api/v1/cases/{number}/midterm-report"):
        return frozenset({IN if any(one.role == "applicant" for one in someone.held) else FORBIDDEN})
    if path in OPEN_TO_WHOEVER_SEES or path.endswith(("/materials", "/panels")):
        return frozenset({IN})
    return frozenset({IN, FORBIDDEN, HIDDEN})


def may_pull(someone: Someone, trigger: str, case: Case) -> bool:
    """Whether the table of the process names one of the person's roles there; from other states nobody is forbidden."""
    rows = [one for one in CURRENT["incubation"].moves if one.trigger == trigger and case.state in one.sources]
    roles = {one.role for one in someone.held if touches(one, _natural(one), someone, case)}
    return not rows or any(roles & {role.value for role in row.by} for row in rows)


def _natural(held: Held) -> str:
    """How far a role reaches by its nature."""
    if held.organization:
        return "own"
    if held.division:
        return "territory"
    return "seated" if held.role in ("evaluator", "review_member") else "centre"


def _reads(someone: Someone, case: Case) -> bool:
    """The offices read what they see; everybody else what was put into the own drawer."""
    if not reaches(someone, "case:list", case):
        return False
    scopes = {policy().get(("document:read", one.role)) for one in someone.held}
    given = frozenset().union(*case.given_to.values()) if case.given_to else frozenset()
    return bool(scopes & {"centre", "territory"}) or someone.username in given


def _on_assessment(someone: Someone, method: str, path: str, case: Case) -> frozenset[str]:
    action = routes()[method, path]
    if action != "assessment:score":
        return frozenset({IN}) if reaches(someone, action, case) else frozenset({HIDDEN, FORBIDDEN})
    return frozenset({IN}) if someone.username in case.seated else frozenset({HIDDEN, FORBIDDEN})


def relation(someone: Someone, case: Case | None) -> str:
    """How the person stands to the case, for counting that every relation is asked about."""
    if case is None:
        return "no case"
    if not someone.enters:
        return "nobody"
    if not someone.held:
        return "no role"
    held = someone.held[0]
    if held.organization:
        if held.organization != case.organization:
            return "other organization"
        return "own" if someone.username == case.organization else "same organization"
    if held.division:
        return _place(held.division, case.home)
    if held.role == "evaluator":
        return "seated" if someone.username in case.seated else "not seated"
    return "at the centre"


def _place(division: str, home: str) -> str:
    if lies_in(home, division):
        return "same street" if division == home else "above"
    if home[:6] == division[:6]:
        return "same county"
    return "other county" if home[:4] == division[:4] else "other city"
