"""Tables of the audit log: entries chained per stream, and the global Merkle log the sealer writes."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from services.database.base import METADATA, Id, Json, Moment, id_column

audit_entries = Table(
    "audit_entries",
    METADATA,
    id_column(),
    Column("stream", String(60), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor_id", Id, ForeignKey("persons.id")),
    Column("actor_name", String(60), nullable=False),
    Column("role", String(40), nullable=False),
    Column("action", String(80), nullable=False),
    Column("object", String(80), nullable=False),
    Column("result", String(8), nullable=False),
    Column("reasons", Json, nullable=False),
    Column("request_id", String(200), nullable=False),
    Column("details", Json, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("stream", "sequence"),
    Index("ix_audit_entries_object", "object"),
    Index("ix_audit_entries_at", "at"),
    CheckConstraint("result in ('done','refused')", name="result_known"),
)

log_leaves = Table(
    "log_leaves",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", Id, ForeignKey("audit_entries.id"), nullable=False, unique=True),
    Column("leaf_hash", String(64), nullable=False),
)

log_heads = Table(
    "log_heads",
    METADATA,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", String(64), nullable=False),
    Column("frontier", Json, nullable=False),
    Column("at", Moment, nullable=False),
)
