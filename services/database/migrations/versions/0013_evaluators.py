"""The pool of evaluators, contacts and recorded ties, draws of panels, petitions for recusal, voided sheets."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from services.database.migrations.first.base import Id, Json, Moment, id_column

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _pool()
    _panels()


def _pool() -> None:
    op.create_table(
        "pool_terms",
        id_column(),
        Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("fields", Json, nullable=False),
        Column("body", String(80), nullable=False, server_default=""),
        Column("appointment", String(40), nullable=False, server_default=""),
        Column("term_from", Date, nullable=False),
        Column("term_to", Date, nullable=False),
        Column("most_seats", Integer, nullable=False),
        Column("added_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("added_at", Moment, nullable=False),
        Column("ended_by", Id, ForeignKey("persons.id")),
        Column("ended_on", Date),
        Column("ended_reason", String(200), nullable=False, server_default=""),
        Index("ix_pool_terms_person", "person_id"),
        CheckConstraint("term_to >= term_from", name="dates_in_order"),
        CheckConstraint("most_seats between 1 and 50", name="seats_in_range"),
    )
    op.create_table(
        "contacts",
        id_column(),
        Column("person_id", Id, ForeignKey("persons.id")),
        Column("organization_id", Id, ForeignKey("organizations.id")),
        Column("kind", String(10), nullable=False),
        Column("value_sealed", Text, nullable=False, server_default=""),
        Column("value_index", String(90)),
        Column("value_leader_phone_index", String(90)),
        Column("value_account_number_index", String(90)),
        Column("held_to", Date),
        Column("noted_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("noted_at", Moment, nullable=False),
        Index("ix_contacts_person", "person_id"),
        Index("ix_contacts_organization", "organization_id"),
        CheckConstraint("kind in ('phone','address','account')", name="kind_known"),
        CheckConstraint("(person_id is null) <> (organization_id is null)", name="one_party"),
    )
    op.create_table(
        "ties",
        id_column(),
        Column("kind", String(10), nullable=False),
        Column("person_id", Id, ForeignKey("persons.id")),
        Column("body_id", Id, ForeignKey("organizations.id")),
        Column("other_person_id", Id, ForeignKey("persons.id")),
        Column("organization_id", Id, ForeignKey("organizations.id")),
        Column("held_to", Date),
        Column("source", String(200), nullable=False),
        Column("noted_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("noted_at", Moment, nullable=False),
        Index("ix_ties_person", "person_id"),
        Index("ix_ties_body", "body_id"),
        Index("ix_ties_other_person", "other_person_id"),
        Index("ix_ties_organization", "organization_id"),
        CheckConstraint("kind in ('family','founder','donor','supplier','paid','rival','declared')", name="kind_known"),
        CheckConstraint("(person_id is null) <> (body_id is null)", name="one_end"),
        CheckConstraint("(other_person_id is null) <> (organization_id is null)", name="other_end"),
    )


def _panels() -> None:
    op.create_table(
        "panel_draws",
        id_column(),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False),
        Column("purpose", String(12), nullable=False),
        Column("record", Json, nullable=False),
        Column("digest", String(64), nullable=False),
        Column("drawn_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("drawn_at", Moment, nullable=False),
        Column("by_hand", String(400), nullable=False, server_default=""),
        Index("ix_panel_draws_case", "case_id"),
        CheckConstraint("purpose in ('panel','replacement','extra')", name="purpose_known"),
    )
    op.create_table(
        "recusal_petitions",
        id_column(),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False),
        Column("seat_id", Id, ForeignKey("seats.id"), nullable=False),
        Column("petitioner_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("grounds", Text, nullable=False),
        Column("lodged_at", Moment, nullable=False),
        Column("ruling", String(10)),
        Column("ruling_reason", Text, nullable=False, server_default=""),
        Column("ruled_by", Id, ForeignKey("persons.id")),
        Column("ruled_at", Moment),
        Index("ix_recusal_petitions_assessment", "assessment_id", "ruling"),
        Index("ix_recusal_petitions_case", "case_id"),
        CheckConstraint("ruling in ('granted','refused')", name="ruling_known"),
        CheckConstraint("(ruling is null) = (ruled_by is null)", name="ruled_whole"),
    )
    op.create_table(
        "voided_sheets",
        id_column(),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False),
        Column("seat_id", Id, ForeignKey("seats.id"), nullable=False),
        Column("ground", String(16), nullable=False),
        Column("evidence", Text, nullable=False),
        Column("before", Json),
        Column("without", Json),
        Column("state", String(40), nullable=False),
        Column("voided_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("voided_at", Moment, nullable=False),
        UniqueConstraint("seat_id"),
        Index("ix_voided_sheets_case", "case_id"),
    )
