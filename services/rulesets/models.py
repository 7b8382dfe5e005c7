"""Tables of rule sets: the numbers in force for a jurisdiction, proposals for new ones, and versions taken back."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, Table, UniqueConstraint

from services.database.base import METADATA, Id, Json, Moment, id_column

rule_sets = Table(
    "rule_sets",
    METADATA,
    id_column(),
    Column("jurisdiction", String(12), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("numbers", Json, nullable=False),
    Column("source", String(200), nullable=False),
    UniqueConstraint("jurisdiction", "valid_from"),
    CheckConstraint("valid_to is null or valid_to >= valid_from", name="dates_in_order"),
)

rule_set_proposals = Table(
    "rule_set_proposals",
    METADATA,
    id_column(),
    Column("jurisdiction", String(12), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("numbers", Json, nullable=False),
    Column("source", String(200), nullable=False),
    Column("based_on", Id, ForeignKey("rule_sets.id"), nullable=False),
    Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("standing", String(10), nullable=False),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("reason", String(400), nullable=False, server_default=""),
    Column("rule_set_id", Id, ForeignKey("rule_sets.id")),
    UniqueConstraint("rule_set_id"),
    CheckConstraint("standing in ('waiting','approved','refused','withdrawn')", name="standing_known"),
    CheckConstraint("(standing = 'waiting') = (decided_at is null)", name="decided_with_time"),
    CheckConstraint("(standing = 'approved') = (rule_set_id is not null)", name="approved_with_rule_set"),
    CheckConstraint("standing <> 'approved' or decided_by <> proposed_by", name="two_people"),
)

rule_set_withdrawals = Table(
    "rule_set_withdrawals",
    METADATA,
    id_column(),
    Column("rule_set_id", Id, ForeignKey("rule_sets.id"), nullable=False),
    Column("reason", String(400), nullable=False),
    Column("asked_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("standing", String(10), nullable=False),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("decided_because", String(400), nullable=False, server_default=""),
    Index("ix_rule_set_withdrawals_rule_set", "rule_set_id"),
    CheckConstraint("standing in ('waiting','done','refused')", name="standing_known"),
    CheckConstraint("(standing = 'waiting') = (decided_at is null)", name="decided_with_time"),
    CheckConstraint("decided_by is null or decided_by <> asked_by", name="two_people"),
)
