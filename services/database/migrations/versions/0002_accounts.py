"""Accounts: roles and people proposed by one and confirmed by another, second factors, known browsers, tokens."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, Json, Moment, id_column

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TWO_PEOPLE = "outcome is null or outcome <> 'confirmed' or decided_by <> proposed_by"
OUTCOMES = "outcome in ('confirmed','refused')"
DECIDED = "(outcome is null) = (decided_by is null) and (outcome is null) = (decided_at is null)"


def upgrade() -> None:
    _widen()
    _add_proposals()
    _add_factors()
    _add_ways_in()
    _add_tokens()


def _person(*, primary_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey("persons.id")
    if primary_key:
        return sa.Column("person_id", Id, key, primary_key=True)
    return sa.Column("person_id", Id, key, nullable=False)


def _widen() -> None:
    op.add_column("role_grants", sa.Column("ended_at", Moment))
    op.add_column("sign_ins", sa.Column("reference", Id))
    for name, longest, default in (("browser", 60, ""), ("address", 60, ""), ("how", 20, "password")):
        op.add_column("sign_ins", sa.Column(name, sa.String(longest), nullable=False, server_default=default))
    op.add_column("sign_ins", sa.Column("factor_at", Moment))
    op.add_column("sign_in_failures", sa.Column("noted_at", Moment))


def _proposed() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("proposed_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("proposed_at", Moment, nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("decided_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("decided_at", Moment),
    )


def _two_people() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint(OUTCOMES, name="outcome_known"),
        sa.CheckConstraint(DECIDED, name="decided_whole"),
        sa.CheckConstraint(TWO_PEOPLE, name="two_people"),
    )


def _add_proposals() -> None:
    op.create_table(
        "grant_proposals",
        id_column(),
        _person(),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("office", sa.String(60), nullable=False, server_default=""),
        sa.Column("organization_id", Id, sa.ForeignKey("organizations.id")),
        sa.Column("division_code", sa.String(12)),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        *_proposed(),
        sa.Column("grant_id", Id, sa.ForeignKey("role_grants.id")),
        *_two_people(),
        sa.CheckConstraint("valid_to is null or valid_to >= valid_from", name="dates_in_order"),
    )
    op.create_index("ix_grant_proposals_person", "grant_proposals", ["person_id"])
    op.create_table(
        "person_proposals",
        id_column(),
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        *_proposed(),
        sa.Column("person_id", Id, sa.ForeignKey("persons.id")),
        sa.CheckConstraint("language in ('zh','en')", name="language_known"),
        *_two_people(),
    )


def _add_factors() -> None:
    op.create_table(
        "code_factors",
        _person(primary_key=True),
        sa.Column("secret_sealed", sa.Text, nullable=False, server_default=""),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("confirmed_at", Moment),
        sa.Column("last_step", sa.BigInteger),
    )
    op.create_table(
        "recovery_codes",
        _person(primary_key=True),
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
    )
    op.create_table(
        "passkeys",
        id_column(),
        _person(),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.UniqueConstraint("credential_id"),
    )
    op.create_index("ix_passkeys_person", "passkeys", ["person_id"])


def _add_ways_in() -> None:
    op.create_table(
        "sign_in_steps",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("person_id", Id, sa.ForeignKey("persons.id")),
        sa.Column("content", Json, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.CheckConstraint("purpose in ('factor','passkey','sign_on','link')", name="purpose_known"),
    )
    op.create_table(
        "known_browsers",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _person(primary_key=True),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
    )
    op.create_table(
        "linked_identities",
        id_column(),
        _person(),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("linked_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.UniqueConstraint("issuer", "subject"),
    )
    op.create_index("ix_linked_identities_person", "linked_identities", ["person_id"])


def _add_tokens() -> None:
    op.create_table(
        "access_tokens",
        id_column(),
        _person(),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("ending", sa.String(8), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.Column("ended_at", Moment),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_access_tokens_person", "access_tokens", ["person_id"])
