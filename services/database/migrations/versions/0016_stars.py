"""The rounds and ratings of stars, and the record of national grades."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from services.database.migrations.first.base import Id, Json, Moment, id_column

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _stars()
    _grades()


def _stars() -> None:
    op.create_table(
        "star_rounds",
        id_column(),
        Column("division_code", String(12), ForeignKey("divisions.code"), nullable=False),
        Column("centre_id", Id, ForeignKey("centres.id"), nullable=False),
        Column("year", Integer, nullable=False),
        Column("title", String(80), nullable=False),
        Column("rules_text", Text, nullable=False),
        Column("opens_on", Date, nullable=False),
        Column("closes_on", Date, nullable=False),
        Column("announced_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("announced_at", Moment, nullable=False),
        UniqueConstraint("division_code", "year"),
        CheckConstraint("closes_on >= opens_on", name="window_in_order"),
    )
    op.create_table(
        "star_ratings",
        Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
        Column("round_id", Id, ForeignKey("star_rounds.id"), nullable=False),
        Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
        Column("category", String(20), nullable=False),
        Column("self_scores", Json, nullable=False),
        Column("recognized_on", Date),
        Column("survey_points_hundredths", Integer),
        Column("total_hundredths", Integer),
        Column("stars", Integer),
        Column("capped_by", Json),
        Column("valid_from", Date),
        Column("valid_to", Date),
        Column("ended_on", Date),
        Column("ended_as", String(12)),
        Column("barred_to", Date),
        Index("ix_star_ratings_organization", "organization_id", "valid_from"),
        Index("ix_star_ratings_round", "round_id"),
        CheckConstraint("stars is null or stars between 0 and 5", name="stars_in_range"),
        CheckConstraint("valid_to is null or valid_to > valid_from", name="validity_in_order"),
        CheckConstraint("ended_as is null or ended_as in ('expired','cancelled')", name="ended_as_known"),
    )


def _grades() -> None:
    op.create_table(
        "national_grades",
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
