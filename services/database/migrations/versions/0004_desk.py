"""The desk: claims, requests among colleagues, copies, nudges, filters, settings, absences, acts for others."""

from alembic import op
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)

from services.database.base import Id, Json, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OPEN_CLAIM = text("ended_at is null")
OPEN_REQUEST = text("standing = 'open'")


def upgrade() -> None:
    op.create_table(
        "desk_claims",
        Column("id", Id, primary_key=True),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("version", Integer, nullable=False),
        Column("claimed_at", Moment, nullable=False),
        Column("touched_at", Moment, nullable=False),
        Column("ended_at", Moment),
        Column("ended_by", Id, ForeignKey("persons.id")),
        CheckConstraint("touched_at >= claimed_at", name="touched_after_claimed"),
    )
    op.create_table(
        "desk_requests",
        Column("id", Id, primary_key=True),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("kind", String(12), nullable=False),
        Column("by_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("to_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("version", Integer, nullable=False),
        Column("question", Text, nullable=False),
        Column("asked_at", Moment, nullable=False),
        Column("standing", String(12), nullable=False),
        Column("opinion", String(12)),
        Column("answer", Text, nullable=False, server_default=""),
        Column("closed_at", Moment),
        CheckConstraint("kind in ('hand_over','delegate','countersign')", name="kind_known"),
        CheckConstraint("standing in ('open','answered','withdrawn','overtaken')", name="standing_known"),
        CheckConstraint("opinion is null or opinion in ('agree','disagree','done','declined')", name="opinion_known"),
        CheckConstraint("(standing = 'open') = (closed_at is null)", name="closed_when_not_open"),
        CheckConstraint("by_id <> to_id", name="two_people"),
    )
    op.create_table(
        "desk_copies",
        Column("id", Id, primary_key=True),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("by_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("to_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("note", Text, nullable=False),
        Column("sent_at", Moment, nullable=False),
    )
    op.create_table(
        "desk_nudges",
        Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
        Column("on_date", Date, primary_key=True),
        Column("by_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("at", Moment, nullable=False),
        Column("told", Integer, nullable=False),
    )
    op.create_table(
        "desk_filters",
        Column("id", Id, primary_key=True),
        Column("owner_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("name", String(40), nullable=False),
        Column("query", String(400), nullable=False),
        Column("role", String(40)),
        Column("created_at", Moment, nullable=False),
        UniqueConstraint("owner_id", "name"),
    )
    op.create_table(
        "desk_settings",
        Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
        Column("keys_on", Boolean, nullable=False),
        Column("filter_id", Id, ForeignKey("desk_filters.id")),
    )
    op.create_table(
        "absences",
        Column("id", Id, primary_key=True),
        Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("substitute_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("roles", Json, nullable=False),
        Column("starts_on", Date, nullable=False),
        Column("ends_on", Date, nullable=False),
        Column("reason", String(200), nullable=False),
        Column("declared_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("declared_at", Moment, nullable=False),
        Column("revoked_at", Moment),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("person_id <> substitute_id", name="two_people"),
    )
    op.create_table(
        "acted_for",
        Column("move_id", Id, ForeignKey("case_moves.id"), primary_key=True),
        Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    )
    _indexes()
    _only_add()


def _indexes() -> None:
    op.create_index("ix_case_moves_actor", "case_moves", ["actor_id", "case_id", "sequence"])
    op.create_index("ix_desk_claims_case", "desk_claims", ["case_id", "claimed_at"])
    op.create_index("ix_desk_claims_person", "desk_claims", ["person_id"])
    op.create_index(
        "uq_desk_claims_open",
        "desk_claims",
        ["case_id"],
        unique=True,
        sqlite_where=OPEN_CLAIM,
        postgresql_where=OPEN_CLAIM,
    )
    op.create_index("ix_desk_requests_case", "desk_requests", ["case_id", "asked_at"])
    op.create_index("ix_desk_requests_to", "desk_requests", ["to_id", "standing"])
    op.create_index("ix_desk_requests_by", "desk_requests", ["by_id", "standing"])
    op.create_index(
        "uq_desk_requests_open",
        "desk_requests",
        ["case_id", "kind", "to_id"],
        unique=True,
        sqlite_where=OPEN_REQUEST,
        postgresql_where=OPEN_REQUEST,
    )
    op.create_index("ix_desk_copies_case", "desk_copies", ["case_id"])
    op.create_index("ix_desk_copies_to", "desk_copies", ["to_id", "case_id"])
    op.create_index("ix_desk_filters_role", "desk_filters", ["role"])
    op.create_index("ix_absences_person", "absences", ["person_id"])
    op.create_index("ix_absences_substitute", "absences", ["substitute_id"])
    op.create_index("ix_acted_for_case", "acted_for", ["case_id"])
    op.create_index("ix_acted_for_person", "acted_for", ["person_id", "case_id"])


def _only_add() -> None:
    """Whose act a move was, is never changed afterwards, as the move itself."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger acted_for_refuses_{act} before {act} on acted_for begin "
                "select raise(abort, 'acted_for is append-only: a row is never changed or deleted'); end"
            )
        return
    op.execute(
        "create trigger acted_for_refuses_change before update or delete or truncate on acted_for "
        "for each statement execute function refuse_change()"
    )
