"""Tables of stars: the rounds announced, and each application with its survey, its result and its validity."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from services.database.base import METADATA, Id, Json, Moment, id_column

star_rounds = Table(
    "star_rounds",
    METADATA,
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

star_ratings = Table(
    "star_ratings",
    METADATA,
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
