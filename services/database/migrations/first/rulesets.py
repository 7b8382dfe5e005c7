"""As first released: table of rule sets: the numbers in force for a jurisdiction between two dates."""

from sqlalchemy import CheckConstraint, Column, Date, String, Table, UniqueConstraint

from services.database.migrations.first.base import METADATA, Json, id_column

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
