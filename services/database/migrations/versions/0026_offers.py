"""Offers of donors and resident units: what is given, who gets it, and on which budget line given money stands."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text

from services.database.migrations.first.base import Id

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offers",
        Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
        Column("donor_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("unit_name", String(60), nullable=False, server_default=""),
        Column("anonymous", Boolean, nullable=False),
        Column("kind", String(20), nullable=False),
        Column("title", String(60), nullable=False),
        Column("quantity", Integer, nullable=False),
        Column("unit", String(10), nullable=False),
        Column("value_fen", BigInteger),
        Column("proof", String(200), nullable=False, server_default=""),
        Column("purpose", String(200), nullable=False),
        Column("description", Text, nullable=False, server_default=""),
        Column("open_until", Date, nullable=False),
        Column("wished_id", Id, ForeignKey("organizations.id")),
        Column("host_id", Id, ForeignKey("organizations.id"), nullable=False),
        Column("receiver_id", Id, ForeignKey("organizations.id")),
        Column("through_id", Id, ForeignKey("organizations.id")),
        Column("match_reason", Text, nullable=False, server_default=""),
        Column("received_quantity", Integer),
        Column("delivered_on", Date),
        Column("budget_line_id", Id, ForeignKey("budget_lines.id")),
        Column("bank_serial", String(60), unique=True),
        Index("ix_offers_donor", "donor_id"),
        Index("ix_offers_receiver", "receiver_id"),
        Index("ix_offers_budget_line", "budget_line_id"),
        CheckConstraint("kind in ('money','goods','venue_hours','volunteers','equipment_loan')", name="kind_known"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("value_fen is null or value_fen > 0", name="value_positive"),
        CheckConstraint("kind not in ('money','goods') or value_fen is not null", name="value_stated"),
        CheckConstraint("budget_line_id is null or kind = 'money'", name="line_for_money_only"),
        CheckConstraint(
            "received_quantity is null or received_quantity between 1 and quantity", name="received_in_range"
        ),
    )
