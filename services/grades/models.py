"""The table of national grades: what was announced, how long it holds, and how it ended."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from services.database.base import METADATA, Id, Moment, id_column

national_grades = Table(
    "national_grades",
    METADATA,
    id_column(),
    Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("announced_on", Date, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("scheme", String(30), nullable=False),
    Column("level", String(12), nullable=False),
    Column("assessor", String(80), nullable=False),
    Column("basis", String(200), nullable=False),
    Column("standing", String(12), nullable=False),
    Column("ended_on", Date),
    Column("ended_reason", Text),
    Column("barred_to", Date),
    Column("return_by", Date),
    Column("returned_on", Date),
    Column("replaces_id", Id, ForeignKey("national_grades.id")),
    Column("recorded_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    UniqueConstraint("organization_id", "announced_on", "grade"),
    Index("ix_national_grades_ending", "standing", "valid_to"),
    CheckConstraint("grade between 1 and 5", name="grade_in_range"),
    CheckConstraint("valid_to > valid_from and valid_from >= announced_on", name="validity_in_order"),
    CheckConstraint("level in ('national','province','prefecture','county')", name="level_known"),
    CheckConstraint("standing in ('held','lowered','cancelled')", name="standing_known"),
    CheckConstraint("standing = 'held' or ended_on is not null", name="ended_has_day"),
)
