"""Reviews of decisions: what is complained about, who sits on the panel, and the named ballots, which only grow."""

from alembic import op
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from services.database.migrations.first.base import Id, Moment, id_column

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
        Column("decision_case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("decision_sequence", Integer, nullable=False),
        Column("code", String(4), nullable=False),
        Column("document_id", Id, ForeignKey("issued_documents.id")),
        Column("served_on", Date, nullable=False),
        Column("due_on", Date, nullable=False),
        Column("suspends", Boolean, nullable=False),
        Column("result", String(10)),
        Column("orders", String(40), nullable=False, server_default=""),
        Column("closed_on", Date),
        Index("ix_reviews_decision", "decision_case_id", "decision_sequence"),
        CheckConstraint("result is null or result in ('upheld','changed','remanded')", name="result_known"),
        CheckConstraint("due_on > served_on", name="due_after_service"),
    )
    op.create_table(
        "review_members",
        id_column(),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("part", String(10), nullable=False),
        Column("seated_at", Moment, nullable=False),
        Column("vacated_at", Moment),
        UniqueConstraint("case_id", "person_id"),
        Index("ix_review_members_person", "person_id", "vacated_at", "case_id"),
        CheckConstraint("part in ('lead','member')", name="part_known"),
    )
    op.create_table(
        "review_ballots",
        id_column(),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("member_id", Id, ForeignKey("review_members.id"), nullable=False),
        Column("result", String(10), nullable=False),
        Column("reason", Text, nullable=False),
        Column("cast_at", Moment, nullable=False),
        Index("ix_review_ballots_case", "case_id"),
        CheckConstraint("result in ('upheld','changed','remanded')", name="result_known"),
    )
    _keep_ballots()


def _keep_ballots() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger review_ballots_refuses_{act} before {act} on review_ballots begin "
                "select raise(abort, 'review_ballots is append-only: a row is never changed or deleted'); end"
            )
        return
    op.execute(
        "create trigger review_ballots_refuses_change before update or delete or truncate on review_ballots "
        "for each statement execute function refuse_change()"
    )
