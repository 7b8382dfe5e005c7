"""Tables of people: persons, dated role grants, sign-ins and failed attempts."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from services.database.base import METADATA, Id, Moment, id_column, index_column, sealed_column

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
    Index("ix_sign_ins_person", "person_id"),
)

sign_in_failures = Table(
    "sign_in_failures",
    METADATA,
    Column("subject", String(120), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)
