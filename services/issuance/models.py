"""Tables of papers: what was decided and numbered, the bytes that were drawn, and who was given them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.database.base import METADATA, Id, Json, Moment, id_column

stored_files = Table(
    "stored_files",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("media_type", String(60), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("stored_at", Moment, nullable=False),
)

issued_documents = Table(
    "issued_documents",
    METADATA,
    id_column(),
    Column("kind", String(40), nullable=False),
    Column("code", String(4), nullable=False),
    Column("series", String(80), nullable=False),
    Column("serial", Integer, nullable=False),
    Column("number", String(60), nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("move_sequence", Integer),
    Column("organization_id", Id, ForeignKey("organizations.id")),
    Column("inputs", Json, nullable=False),
    Column("inputs_sha256", String(64), nullable=False),
    Column("verify_code", String(16), nullable=False, unique=True),
    Column("standing", String(12), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("drawn_at", Moment),
    Column("file_sha256", String(64), ForeignKey("stored_files.sha256")),
    Column("pages", Integer),
    Column("engine", String(200)),
    Column("revoked_at", Moment),
    Column("revoked_reason", String(400)),
    Column("replaced_by_id", Id, ForeignKey("issued_documents.id")),
    Column("occasion", String(120)),
    UniqueConstraint("series", "serial"),
    UniqueConstraint("case_id", "move_sequence", "kind"),
    Index("ix_issued_documents_organization", "organization_id"),
    Index("ix_issued_documents_occasion", "occasion", unique=True),
    CheckConstraint("standing in ('decided','issued','replaced','revoked','void')", name="standing_known"),
    CheckConstraint("standing = 'decided' or standing = 'void' or file_sha256 is not null", name="issued_has_file"),
    CheckConstraint(
        "(move_sequence is null or case_id is not null) and (move_sequence is null) = (occasion is not null)",
        name="move_or_occasion",
    ),
)

deliveries = Table(
    "deliveries",
    METADATA,
    id_column(),
    Column("document_id", Id, ForeignKey("issued_documents.id"), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("received_at", Moment),
    UniqueConstraint("document_id", "person_id"),
    Index("ix_deliveries_person", "person_id"),
)

seal_keys = Table(
    "seal_keys",
    METADATA,
    Column("fingerprint", String(64), primary_key=True),
    Column("purpose", String(12), nullable=False),
    Column("holder", String(200), nullable=False),
    Column("pem", Text, nullable=False),
    Column("known_since", Moment, nullable=False),
    Column("retired_at", Moment),
    CheckConstraint("purpose in ('seal','statement')", name="purpose_known"),
)
"""Certificates and public keys of ours, for ever: what an old key signed is checked with the old key."""

signatures = Table(
    "signatures",
    METADATA,
    Column("document_id", Id, ForeignKey("issued_documents.id"), primary_key=True),
    Column("sha256_unsigned", String(64), nullable=False),
    Column("sha256", String(64), ForeignKey("stored_files.sha256"), nullable=False),
    Column("fingerprint", String(64), ForeignKey("seal_keys.fingerprint"), nullable=False),
    Column("level", String(4), nullable=False),
    Column("signed_at", Moment, nullable=False),
    CheckConstraint("level in ('B-B','B-T','B-LT')", name="level_known"),
    CheckConstraint("sha256 <> sha256_unsigned", name="bytes_were_signed"),
)

second_signatures = Table(
    "second_signatures",
    METADATA,
    Column("document_id", Id, ForeignKey("issued_documents.id"), primary_key=True),
    Column("way", String(12), nullable=False),
    Column("signer", String(200), nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("sha256", String(64), ForeignKey("stored_files.sha256"), nullable=False),
    Column("extension", String(8), nullable=False),
    Column("fingerprint", String(64), nullable=False, server_default=""),
    Column("authority", String(200), nullable=False, server_default=""),
    Column("recorded_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    CheckConstraint("way in ('electronic','by_hand')", name="way_known"),
    CheckConstraint("(way = 'electronic') = (fingerprint <> '')", name="electronic_by_certificate"),
)
"""How the other side of an agreement signed: in the file itself, or by hand on paper, of which this is the scan."""

document_receipts = Table(
    "document_receipts",
    METADATA,
    Column("document_id", Id, ForeignKey("issued_documents.id"), primary_key=True),
    Column("receipt", String(400), nullable=False),
    Column("signed_at", Moment, nullable=False),
)

document_changes = Table(
    "document_changes",
    METADATA,
    id_column(),
    Column("document_id", Id, ForeignKey("issued_documents.id"), nullable=False),
    Column("act", String(10), nullable=False),
    Column("reason", String(400), nullable=False),
    Column("corrections", Json, nullable=False),
    Column("two_people", Boolean, nullable=False),
    Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("standing", String(10), nullable=False),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("decided_because", String(400), nullable=False, server_default=""),
    Column("successor_id", Id, ForeignKey("issued_documents.id")),
    Index("ix_document_changes_document", "document_id"),
    CheckConstraint("act in ('void','reissue')", name="act_known"),
    CheckConstraint("standing in ('waiting','done','refused')", name="standing_known"),
    CheckConstraint("(standing = 'waiting') = (decided_at is null)", name="decided_with_time"),
    CheckConstraint("not two_people or standing <> 'done' or decided_by <> proposed_by", name="two_people_decide"),
)

revocation_lists = Table(
    "revocation_lists",
    METADATA,
    id_column(),
    Column("as_of", Moment, nullable=False, unique=True),
    Column("entries", Integer, nullable=False),
    Column("newest_at", Moment),
    Column("content", Text, nullable=False),
)

scrubs = Table(
    "scrubs",
    METADATA,
    id_column(),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("files", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("damaged", Json, nullable=False),
    Column("restored", Json, nullable=False),
)
