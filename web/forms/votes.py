"""Reads the posted votes of a committee: `member`, `choice.N` and `reason.N`, one row a member."""

from itertools import count

from services.assessments.committee import Vote
from web.forms.posted import Posted


def votes_of(form: Posted) -> list[Vote]:
    """Every row in which something was written; a row that was left empty is no member."""
    found = []
    for place, member in zip(count(1), form.all("member"), strict=False):
        choice, reason = form.text(f"choice.{place}"), form.text(f"reason.{place}")
        if member.strip() or reason:
            found.append(Vote(member.strip(), choice, reason))
    return found
