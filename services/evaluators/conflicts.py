"""Finds what keeps people from assessing or reviewing an organization, without opening a single sealed value."""

from collections.abc import Collection

from sqlalchemy import or_, select

from services.database.work import Work
from services.errors import Refused
from services.evaluators.models import contacts, ties
from services.evaluators.rules import Finding, Known, Mark, Post, Tie, findings, own_bodies, relatives, told
from services.organizations.models import organization_posts, organizations, payee_accounts
from services.people.models import role_grants
from services.people.queries import names_of
from statemachines.roles import Role


def conflicts_of(work: Work, *, people: Collection[str], organization_id: str) -> dict[str, tuple[Finding, ...]]:
    """What is found today between each of these people and the organization, in the same few questions for all.

    Equal telephones, addresses and accounts are found by their keyed index alone; no finding tells the value.
    """
    known = known_today(work, people=people, organization_id=organization_id)
    return {one: findings(known, person=one, organization=organization_id) for one in people}


def refuse_conflicts(work: Work, *, person_id: str, organization_id: str) -> None:
    """Refused("assessment.evaluator_has_conflict") with the kinds found; for panels and for reviews alike."""
    found = conflicts_of(work, people=(person_id,), organization_id=organization_id)[person_id]
    if found:
        zh, en = told(found)
        name = names_of(work, {person_id}).get(person_id)
        raise Refused("assessment.evaluator_has_conflict", name=name, found=zh, found_en=en)


def known_today(work: Work, *, people: Collection[str], organization_id: str) -> Known:
    """Posts, ties and marks that can lie between any of these people and the organization.

    Refused("protection.keys_changing") while some of the marks are still those of an older key.
    """
    posts = _posts(work, people=people, organizations=(organization_id,))
    family = _ties(work, people=people, organizations=())
    begun = Known(work.today, posts, family)
    near = frozenset().union(*(relatives(begun, one) for one in people)) if people else frozenset()
    bodies = frozenset().union(*(own_bodies(begun, one) for one in people)) if people else frozenset()
    inside = {one.person for one in posts if one.organization == organization_id}
    everyone = {*people, *near, *inside}
    bodies |= {organization_id}
    marks = _marks(work, people=everyone, organizations=bodies)
    # Under two keys equal values look different: nobody is cleared by that.
    if len({one.mark.partition(".")[0] for one in marks}) > 1:
        raise Refused("protection.keys_changing")
    return Known(work.today, posts, _ties(work, people={*people, *near}, organizations=bodies), marks)


def _posts(work: Work, *, people: Collection[str], organizations: Collection[str]) -> tuple[Post, ...]:
    recorded = organization_posts.c
    rows = work.connection.execute(
        select(recorded.person_id, recorded.organization_id, recorded.post, recorded.held_to).where(
            or_(recorded.person_id.in_(people), recorded.organization_id.in_(organizations))
        )
    )
    found = [Post(one.person_id, one.organization_id, one.post, one.held_to) for one in rows]
    held = role_grants.c
    grants = work.connection.execute(
        select(held.person_id, held.organization_id, held.valid_to).where(
            held.role == Role.APPLICANT.value,
            held.organization_id.is_not(None),
            or_(held.person_id.in_(people), held.organization_id.in_(organizations)),
        )
    )
    found += [Post(one.person_id, str(one.organization_id), "applicant", one.valid_to, "grant") for one in grants]
    return tuple(found)


def _ties(work: Work, *, people: Collection[str], organizations: Collection[str]) -> tuple[Tie, ...]:
    ends = (ties.c.person_id.in_(people), ties.c.other_person_id.in_(people), ties.c.body_id.in_(organizations))
    rows = work.connection.execute(
        select(ties.c.kind, ties.c.person_id, ties.c.body_id, ties.c.other_person_id, ties.c.organization_id,
               ties.c.held_to).where(or_(*ends, ties.c.organization_id.in_(organizations)))
    )  # fmt: skip
    return tuple(
        Tie(one.kind, one.person_id or one.body_id, one.other_person_id or one.organization_id, one.held_to)
        for one in rows
    )


def _marks(work: Work, *, people: Collection[str], organizations: Collection[str]) -> tuple[Mark, ...]:
    """Indexes of sealed values; each is named after the place it belongs to, so that only equal places meet."""
    found: list[Mark] = []
    noted = work.connection.execute(
        select(contacts.c.person_id, contacts.c.organization_id, contacts.c.kind, contacts.c.held_to,
               contacts.c.value_index, contacts.c.value_leader_phone_index, contacts.c.value_account_number_index)
        .where(or_(contacts.c.person_id.in_(people), contacts.c.organization_id.in_(organizations)))
    )  # fmt: skip
    for one in noted:
        party = str(one.person_id or one.organization_id)
        indexes = (one.value_index, one.value_leader_phone_index, one.value_account_number_index)
        found += [Mark(party, one.kind, index, one.held_to) for index in indexes if index]
    phones = select(_ORGANIZATION.id, _ORGANIZATION.leader_phone_index).where(
        _ORGANIZATION.id.in_(organizations), _ORGANIZATION.leader_phone_index.is_not(None)
    )
    found += [Mark(one.id, "phone", one.leader_phone_index) for one in work.connection.execute(phones)]
    accounts = select(_ACCOUNT.holder_organization_id, _ACCOUNT.account_number_index).where(
        _ACCOUNT.holder_organization_id.in_(organizations), _ACCOUNT.account_number_index.is_not(None)
    )
    # An account belongs to who holds it: bodies whose money one custodian keeps share nothing by that.
    rows = work.connection.execute(accounts)
    return (*found, *(Mark(one.holder_organization_id, "account", one.account_number_index) for one in rows))


_ORGANIZATION, _ACCOUNT = organizations.c, payee_accounts.c
