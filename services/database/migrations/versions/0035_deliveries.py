"""Drawers of organizations, who of their people opened what, and how papers are served.

What lay in the drawers of an organization's people moves into the organization's own; by the rule of that time it was
served when it was put there.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id, Json, Moment, id_column

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SERVED = ("D03", "D04", "D08", "D09", "D12", "D13", "D17", "D22", "D27", "D29", "D33", "D34")
"""Codes that had to be served and were issued before this step."""
OFFICE = timedelta(hours=8)


def upgrade() -> None:
    op.create_table(
        "paper_deliveries",
        id_column(),
        sa.Column("document_id", Id, sa.ForeignKey("issued_documents.id"), nullable=False),
        sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("put_at", Moment, nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("served_on", sa.Date),
        sa.Column("served_at", Moment),
        sa.Column("mode", sa.String(12), nullable=False, server_default=""),
        sa.UniqueConstraint("document_id", "organization_id"),
        sa.Index("ix_paper_deliveries_drawer", "organization_id", "document_id"),
        sa.Index("ix_paper_deliveries_standing", "standing", "due_on"),
        sa.CheckConstraint("standing in ('kept','to_serve','under_way','returned','served')", name="standing_known"),
        sa.CheckConstraint("mode in ('','drawer','click','direct','left','post','publication')", name="mode_known"),
        sa.CheckConstraint("(standing = 'served') = (served_on is not null)", name="served_with_day"),
        sa.CheckConstraint("(standing = 'served') = (mode <> '')", name="served_with_mode"),
        sa.CheckConstraint("(standing = 'kept') = (due_on is null)", name="due_when_to_be_served"),
    )
    op.create_table(
        "paper_openings",
        sa.Column("delivery_id", Id, sa.ForeignKey("paper_deliveries.id"), primary_key=True),
        sa.Column("person_id", Id, sa.ForeignKey("persons.id"), primary_key=True),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("confirmed_at", Moment),
    )
    op.create_table(
        "delivery_tries",
        id_column(),
        sa.Column("delivery_id", Id, sa.ForeignKey("paper_deliveries.id"), nullable=False),
        sa.Column("mode", sa.String(12), nullable=False),
        sa.Column("begun_on", sa.Date, nullable=False),
        sa.Column("place", sa.String(200), nullable=False, server_default=""),
        sa.Column("tracking", sa.String(60), nullable=False, server_default=""),
        sa.Column("reason", sa.String(400), nullable=False, server_default=""),
        sa.Column("proof_id", Id, sa.ForeignKey("issued_documents.id")),
        sa.Column("begun_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("begun_at", Moment, nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("ended_on", sa.Date),
        sa.Column("received_at", Moment),
        sa.Column("receiver", sa.String(60), nullable=False, server_default=""),
        sa.Column("relation", sa.String(20), nullable=False, server_default=""),
        sa.Column("refusal", sa.String(400), nullable=False, server_default=""),
        sa.Column("witnesses", Json),
        sa.Column("scan_sha256", sa.String(64), sa.ForeignKey("stored_files.sha256")),
        sa.Column("scan_extension", sa.String(8), nullable=False, server_default=""),
        sa.Column("ended_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("ended_at", Moment),
        sa.Index("ix_delivery_tries_delivery", "delivery_id", "begun_at"),
        sa.CheckConstraint("mode in ('direct','post','publication')", name="mode_known"),
        sa.CheckConstraint("outcome in ('served','left','returned','overtaken')", name="outcome_known"),
        sa.CheckConstraint("(outcome is null) = (ended_at is null)", name="ended_with_time"),
        sa.CheckConstraint("outcome <> 'left' or mode = 'direct'", name="left_after_direct"),
        sa.CheckConstraint("mode <> 'post' or tracking <> ''", name="post_has_number"),
    )
    _move_drawers()


_DOCUMENTS = sa.table(
    "issued_documents", sa.column("id", Id), sa.column("code", sa.String), sa.column("organization_id", Id)
)
_DRAWERS = sa.table(
    "deliveries", sa.column("id", Id), sa.column("document_id", Id), sa.column("person_id", Id),
    sa.column("sent_at", Moment), sa.column("received_at", Moment),
)  # fmt: skip
_GRANTS = sa.table(
    "role_grants", sa.column("person_id", Id), sa.column("role", sa.String), sa.column("organization_id", Id)
)
_DELIVERIES = sa.table(
    "paper_deliveries", sa.column("id", Id), sa.column("document_id", Id), sa.column("organization_id", Id),
    sa.column("put_at", Moment), sa.column("standing", sa.String), sa.column("due_on", sa.Date),
    sa.column("served_on", sa.Date), sa.column("served_at", Moment), sa.column("mode", sa.String),
)  # fmt: skip
_OPENINGS = sa.table(
    "paper_openings", sa.column("delivery_id", Id), sa.column("person_id", Id), sa.column("opened_at", Moment)
)


def _move_drawers() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(
            _DRAWERS.c.id, _DRAWERS.c.document_id, _DRAWERS.c.person_id, _DRAWERS.c.sent_at, _DRAWERS.c.received_at,
            _DOCUMENTS.c.code, _DOCUMENTS.c.organization_id,
        )
        .join(_DOCUMENTS, _DOCUMENTS.c.id == _DRAWERS.c.document_id)
        .where(
            sa.exists().where(
                _GRANTS.c.person_id == _DRAWERS.c.person_id, _GRANTS.c.role == "applicant",
                _GRANTS.c.organization_id == _DOCUMENTS.c.organization_id,
            )
        )
        .order_by(_DRAWERS.c.sent_at, _DRAWERS.c.id)
    ).all()  # fmt: skip
    made: dict[str, str] = {}
    for row in rows:
        if row.document_id not in made:
            made[row.document_id] = _identity()
            connection.execute(sa.insert(_DELIVERIES).values(_delivery(row, made[row.document_id])))
        if row.received_at is not None:
            opened = {"delivery_id": made[row.document_id], "person_id": row.person_id, "opened_at": row.received_at}
            connection.execute(sa.insert(_OPENINGS).values(opened))
        connection.execute(sa.delete(_DRAWERS).where(_DRAWERS.c.id == row.id))


def _delivery(row: Any, identity: str) -> dict[str, Any]:
    served = row.code in SERVED
    sent_at = row.sent_at.replace(tzinfo=UTC) if row.sent_at.tzinfo is None else row.sent_at.astimezone(UTC)
    day = (sent_at + OFFICE).date()
    return {
        "id": identity, "document_id": row.document_id, "organization_id": row.organization_id, "put_at": row.sent_at,
        "standing": "served" if served else "kept", "due_on": day if served else None,
        "served_on": day if served else None, "served_at": row.sent_at if served else None,
        "mode": "drawer" if served else "",
    }  # fmt: skip


def _identity() -> str:
    stamp = int(datetime.now(UTC).timestamp() * 1000)
    rest = uuid.uuid4().int & ((1 << 74) - 1)
    value = (stamp << 80) | (0x7 << 76) | ((rest >> 62) << 64) | (0b10 << 62) | (rest & ((1 << 62) - 1))
    return str(uuid.UUID(int=value))
