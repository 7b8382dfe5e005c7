"""Tables of people: persons, roles and who proposed them, sign-ins, and what a person is known by."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.database.base import METADATA, Id, Json, Moment, id_column, index_column, new_id, sealed_column

persons = Table(
    "persons",
    METADATA,
    id_column(),
    Column("username", String(60), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("password_hash", String(300)),
    Column("language", String(5), nullable=False, server_default="zh"),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    sealed_column("phone"),
    index_column("phone"),
    Index("ix_persons_phone_index", "phone_index"),
    CheckConstraint("language in ('zh','en')", name="language_known"),
)

role_grants = Table(
    "role_grants",
    METADATA,
    id_column(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("office", String(60), nullable=False, server_default=""),
    Column("organization_id", Id, ForeignKey("organizations.id")),
    Column("division_code", String(12)),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("ended_at", Moment),
    Index("ix_role_grants_person", "person_id"),
    Index("ix_role_grants_role", "role"),
    CheckConstraint("valid_to is null or valid_to >= valid_from", name="dates_in_order"),
)

sign_ins = Table(
    "sign_ins",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("reference", Id, default=new_id),
    Column("browser", String(60), nullable=False, server_default=""),
    Column("address", String(60), nullable=False, server_default=""),
    Column("how", String(20), nullable=False, server_default="password"),
    Column("factor_at", Moment),
    Index("ix_sign_ins_person", "person_id"),
)

sign_in_failures = Table(
    "sign_in_failures",
    METADATA,
    Column("subject", String(120), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("noted_at", Moment),
)

_TWO_PEOPLE = "outcome is null or outcome <> 'confirmed' or decided_by <> proposed_by"
_OUTCOMES = "outcome in ('confirmed','refused')"
_DECIDED = "(outcome is null) = (decided_by is null) and (outcome is null) = (decided_at is null)"

grant_proposals = Table(
    "grant_proposals",
    METADATA,
    id_column(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("office", String(60), nullable=False, server_default=""),
    Column("organization_id", Id, ForeignKey("organizations.id")),
    Column("division_code", String(12)),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("reason", String(200), nullable=False),
    Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("outcome", String(20)),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("grant_id", Id, ForeignKey("role_grants.id")),
    CheckConstraint(_OUTCOMES, name="outcome_known"),
    CheckConstraint(_DECIDED, name="decided_whole"),
    CheckConstraint(_TWO_PEOPLE, name="two_people"),
    CheckConstraint("valid_to is null or valid_to >= valid_from", name="dates_in_order"),
    Index("ix_grant_proposals_person", "person_id"),
)

person_proposals = Table(
    "person_proposals",
    METADATA,
    id_column(),
    Column("username", String(60), nullable=False),
    Column("name", String(60), nullable=False),
    Column("language", String(5), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("outcome", String(20)),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("person_id", Id, ForeignKey("persons.id")),
    CheckConstraint("language in ('zh','en')", name="language_known"),
    CheckConstraint(_OUTCOMES, name="outcome_known"),
    CheckConstraint(_DECIDED, name="decided_whole"),
    CheckConstraint(_TWO_PEOPLE, name="two_people"),
)

code_factors = Table(
    "code_factors",
    METADATA,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    sealed_column("secret", needed=True),
    Column("made_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("last_step", BigInteger),
)

recovery_codes = Table(
    "recovery_codes",
    METADATA,
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("code_hash", String(64), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
)

passkeys = Table(
    "passkeys",
    METADATA,
    id_column(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("credential_id", String(1400), nullable=False),
    Column("public_key", Text, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(60), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
    UniqueConstraint("credential_id"),
    Index("ix_passkeys_person", "person_id"),
)

sign_in_steps = Table(
    "sign_in_steps",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id")),
    Column("content", Json, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    CheckConstraint("purpose in ('factor','passkey','sign_on','link')", name="purpose_known"),
)

known_browsers = Table(
    "known_browsers",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

linked_identities = Table(
    "linked_identities",
    METADATA,
    id_column(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("issuer", String(200), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("linked_at", Moment, nullable=False),
    Column("used_at", Moment),
    UniqueConstraint("issuer", "subject"),
    Index("ix_linked_identities_person", "person_id"),
)

access_tokens = Table(
    "access_tokens",
    METADATA,
    id_column(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("ending", String(8), nullable=False),
    Column("scopes", Json, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("ended_at", Moment),
    UniqueConstraint("token_hash"),
    Index("ix_access_tokens_person", "person_id"),
)
