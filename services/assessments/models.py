"""Tables of assessments: rounds with their own copy of the form, seats, hidden and locked score sheets, outcomes."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from services.database.base import METADATA, Id, Json, Moment, id_column

assessments = Table(
    "assessments",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("form", String(30), nullable=False),
    Column("round", Integer, nullable=False),
    Column("form_copy", Json, nullable=False),
    Column("appointed_at", Moment),
    Column("opened_at", Moment),
    Column("concluded_at", Moment),
    Column("outcome", Json),
    Column("mean_hundredths", Integer),
    Column("arbitration_open", Boolean, nullable=False, default=False),
    UniqueConstraint("case_id", "form", "round"),
    # The copy of the form in every row is long: what asks for open rounds shall not have to read past it.
    Index(
        "ix_assessments_open",
        "opened_at",
        "concluded_at",
        "case_id",
        "id",
        sqlite_where=text("concluded_at is null"),
        postgresql_where=text("concluded_at is null"),
    ),
    CheckConstraint("mean_hundredths is null or mean_hundredths between 0 and 10000", name="mean_in_range"),
)

seats = Table(
    "seats",
    METADATA,
    id_column(),
    Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("part", String(10), nullable=False),
    Column("interest", String(12), nullable=False),
    Column("interest_note", String(400), nullable=False, server_default=""),
    Column("declared_at", Moment),
    Column("vacated_at", Moment),
    Column("replaces_id", Id, ForeignKey("seats.id")),
    Column("situations", Json),
    UniqueConstraint("assessment_id", "person_id"),
    Index("ix_seats_person", "person_id"),
    Index("ix_seats_held", "assessment_id", "vacated_at", "person_id", "id"),
    CheckConstraint("part in ('lead','member','extra')", name="part_known"),
    CheckConstraint("interest in ('undeclared','none','conflict')", name="interest_known"),
)

score_sheets = Table(
    "score_sheets",
    METADATA,
    id_column(),
    Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False),
    Column("seat_id", Id, ForeignKey("seats.id"), nullable=False, unique=True),
    Column("items", Json, nullable=False),
    Column("comments", Json, nullable=False),
    Column("veto", Json, nullable=False),
    Column("total_hundredths", Integer),
    Column("saved_at", Moment, nullable=False),
    Column("locked_at", Moment),
    Column("commitment", String(64)),
    Index("ix_score_sheets_assessment", "assessment_id"),
    Index("ix_score_sheets_locked", "seat_id", "locked_at"),
    CheckConstraint("locked_at is null or total_hundredths is not null", name="locked_has_total"),
    CheckConstraint("total_hundredths is null or total_hundredths between 0 and 10000", name="total_in_range"),
)
