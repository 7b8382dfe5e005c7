"""Tables of editions: what was written, who proposed and approved it, and which paper is drawn from which."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from services.database.base import METADATA, Id, Moment, id_column

template_editions = Table(
    "template_editions",
    METADATA,
    id_column(),
    Column("kind", String(40), nullable=False),
    Column("edition", Integer),
    Column("based_on", Integer, nullable=False),
    Column("page", Text, nullable=False),
    Column("style", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("reason", String(400), nullable=False),
    Column("wanted_from", Date),
    Column("standing", String(10), nullable=False),
    Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("proposed_at", Moment),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("decided_because", String(400), nullable=False, server_default=""),
    Column("in_force_from", Moment),
    Column("retired_by", Id, ForeignKey("persons.id")),
    Column("retired_at", Moment),
    Column("retired_because", String(400), nullable=False, server_default=""),
    UniqueConstraint("kind", "edition"),
    CheckConstraint("standing in ('draft','waiting','approved','refused','withdrawn')", name="standing_known"),
    CheckConstraint("(standing = 'approved') = (edition is not null)", name="approved_with_number"),
    CheckConstraint("(standing = 'approved') = (in_force_from is not null)", name="approved_with_time"),
    CheckConstraint("standing not in ('approved','refused') or decided_by <> proposed_by", name="two_people"),
    CheckConstraint("retired_at is null or standing = 'approved'", name="retired_was_approved"),
)

paper_editions = Table(
    "paper_editions",
    METADATA,
    Column("document_id", Id, ForeignKey("issued_documents.id"), primary_key=True),
    Column("edition_id", Id, ForeignKey("template_editions.id"), nullable=False),
    Index("ix_paper_editions_edition", "edition_id"),
)
