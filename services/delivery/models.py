"""Tables of delivery: an organization's drawer, who of its people opened what, and each try to serve a paper."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, Table, UniqueConstraint

from services.database.base import METADATA, Id, Json, Moment, id_column

paper_deliveries = Table(
    "paper_deliveries",
    METADATA,
    id_column(),
    Column("document_id", Id, ForeignKey("issued_documents.id"), nullable=False),
    Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
    Column("put_at", Moment, nullable=False),
    Column("standing", String(10), nullable=False),
    Column("due_on", Date),
    Column("served_on", Date),
    Column("served_at", Moment),
    Column("mode", String(12), nullable=False, server_default=""),
    UniqueConstraint("document_id", "organization_id"),
    Index("ix_paper_deliveries_drawer", "organization_id", "document_id"),
    Index("ix_paper_deliveries_standing", "standing", "due_on"),
    CheckConstraint("standing in ('kept','to_serve','under_way','returned','served')", name="standing_known"),
    CheckConstraint("mode in ('','drawer','click','direct','left','post','publication')", name="mode_known"),
    CheckConstraint("(standing = 'served') = (served_on is not null)", name="served_with_day"),
    CheckConstraint("(standing = 'served') = (mode <> '')", name="served_with_mode"),
    CheckConstraint("(standing = 'kept') = (due_on is null)", name="due_when_to_be_served"),
)

paper_openings = Table(
    "paper_openings",
    METADATA,
    Column("delivery_id", Id, ForeignKey("paper_deliveries.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
    Column("opened_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
)

delivery_tries = Table(
    "delivery_tries",
    METADATA,
    id_column(),
    Column("delivery_id", Id, ForeignKey("paper_deliveries.id"), nullable=False),
    Column("mode", String(12), nullable=False),
    Column("begun_on", Date, nullable=False),
    Column("place", String(200), nullable=False, server_default=""),
    Column("tracking", String(60), nullable=False, server_default=""),
    Column("reason", String(400), nullable=False, server_default=""),
    Column("proof_id", Id, ForeignKey("issued_documents.id")),
    Column("begun_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("outcome", String(10)),
    Column("ended_on", Date),
    Column("received_at", Moment),
    Column("receiver", String(60), nullable=False, server_default=""),
    Column("relation", String(20), nullable=False, server_default=""),
    Column("refusal", String(400), nullable=False, server_default=""),
    Column("witnesses", Json),
    Column("scan_sha256", String(64), ForeignKey("stored_files.sha256")),
    Column("scan_extension", String(8), nullable=False, server_default=""),
    Column("ended_by", Id, ForeignKey("persons.id")),
    Column("ended_at", Moment),
    Index("ix_delivery_tries_delivery", "delivery_id", "begun_at"),
    CheckConstraint("mode in ('direct','post','publication')", name="mode_known"),
    CheckConstraint("outcome in ('served','left','returned','overtaken')", name="outcome_known"),
    CheckConstraint("(outcome is null) = (ended_at is null)", name="ended_with_time"),
    CheckConstraint("outcome <> 'left' or mode = 'direct'", name="left_after_direct"),
    CheckConstraint("mode <> 'post' or tracking <> ''", name="post_has_number"),
)
