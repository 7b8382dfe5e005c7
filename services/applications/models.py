"""Tables of applications: what was written and kept, consents, files, sign-offs, versions, ratings, questions asked."""

from sqlalchemy import (
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

from services.database.base import METADATA, Id, Json, Moment, id_column, sealed_column

applications = Table(
    "applications",
    METADATA,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("begun_at", Moment, nullable=False),
    Column("begun_by", Id, ForeignKey("persons.id"), nullable=False),
)

application_sections = Table(
    "application_sections",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("applications.case_id"), nullable=False),
    Column("section", String(20), nullable=False),
    sealed_column("content", needed=True),
    Column("complete", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("saved_by", Id, ForeignKey("persons.id"), nullable=False),
    UniqueConstraint("case_id", "section"),
)

consents = Table(
    "consents",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("applications.case_id"), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("text_version", String(20), nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Index("ix_consents_case", "case_id"),
)

application_files = Table(
    "application_files",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("material", String(60), nullable=False),
    Column("sha256", String(64), ForeignKey("stored_files.sha256"), nullable=False),
    Column("extension", String(5), nullable=False),
    Column("size", Integer, nullable=False),
    Column("uploaded_at", Moment, nullable=False),
    Column("uploaded_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("replaced_at", Moment),
    Column("kept_in", Integer),
    Index("ix_application_files_case", "case_id", "material"),
    Index("ix_application_files_sha256", "sha256"),
)

sign_offs = Table(
    "sign_offs",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("applications.case_id"), nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("signed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("signed_at", Moment, nullable=False),
    Index("ix_sign_offs_case", "case_id"),
)

application_versions = Table(
    "application_versions",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("number", Integer, nullable=False),
    sealed_column("content", needed=True),
    Column("content_sha256", String(64), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("submitted_by", Id, ForeignKey("persons.id"), nullable=False),
    UniqueConstraint("case_id", "number"),
)

ratings = Table(
    "ratings",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("topic", String(20), nullable=False),
    Column("level", Integer, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("text", Text, nullable=False),
    Column("given_on", Date, nullable=False),
    UniqueConstraint("case_id", "topic"),
    CheckConstraint("level between 1 and 5", name="level_in_range"),
)

progress_questions = Table(
    "progress_questions",
    METADATA,
    Column("subject", String(80), primary_key=True),
    Column("asked", Integer, nullable=False),
    Column("since", Moment, nullable=False),
)
