"""Service purchase: purchasers, the catalogues of services and suppliers, purchases with bids and points."""

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

from services.database.migrations.first.base import Fen, Id, Json, Moment, id_column

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _catalogues()
    _purchases()


def _catalogues() -> None:
    op.create_table(
        "purchasers",
        id_column(),
        Column("kind", String(20), nullable=False),
        Column("name", String(60), nullable=False, unique=True),
        Column("division_code", String(12), ForeignKey("divisions.code"), nullable=False),
        Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False, unique=True),
        Column("centre_id", Id, ForeignKey("centres.id"), nullable=False),
        Column("entered_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("entered_at", Moment, nullable=False),
        CheckConstraint("kind in ('civil_affairs','street')", name="kind_known"),
    )
    op.create_table(
        "catalogue_items",
        id_column(),
        Column("division_code", String(12), ForeignKey("divisions.code"), nullable=False),
        Column("year", Integer, nullable=False),
        Column("code", String(20), nullable=False),
        Column("version", Integer, nullable=False),
        Column("title", String(60), nullable=False),
        Column("unit", String(10), nullable=False),
        Column("price_fen", Fen, nullable=False),
        Column("standard", Text, nullable=False),
        Column("state", String(12), nullable=False),
        Column("drafted_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("drafted_on", Date, nullable=False),
        Column("consulted_on", Date),
        Column("consulted_note", Text, nullable=False, server_default=""),
        Column("approved_by", Id, ForeignKey("persons.id")),
        Column("approved_on", Date),
        Column("published_on", Date),
        Column("superseded_on", Date),
        UniqueConstraint("division_code", "year", "code", "version"),
        Index("ix_catalogue_items_state", "state", "year", "code"),
        CheckConstraint("price_fen > 0", name="price_positive"),
        CheckConstraint("state in ('DRAFT','CONSULTED','APPROVED','PUBLISHED','SUPERSEDED')", name="state_known"),
        CheckConstraint("approved_by is null or approved_by <> drafted_by", name="two_people"),
        CheckConstraint(
            "state not in ('APPROVED','PUBLISHED') or approved_by is not null", name="approved_by_somebody"
        ),
    )
    op.create_table(
        "suppliers",
        Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
        Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
        Column("year", Integer, nullable=False),
        Column("services", String(200), nullable=False),
        Column("staff", Integer, nullable=False),
        Column("checked", Json),
        Column("listed_on", Date),
        Column("reviewed_on", Date),
        Column("ended_on", Date),
        Index("ix_suppliers_organization", "organization_id", "listed_on"),
        CheckConstraint("staff >= 0", name="staff_not_negative"),
    )


def _purchases() -> None:
    op.create_table(
        "bids",
        id_column(),
        Column("purchase_id", Id, ForeignKey("cases.id"), nullable=False),
        Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
        Column("partner_id", Id, ForeignKey("organizations.id")),
        Column("committee_code", String(12), ForeignKey("divisions.code")),
        Column("received_at", Moment, nullable=False),
        Column("submitted_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("price_fen", Fen),
        Column("plan", Text),
        Column("capacity", Text),
        Column("offer_sealed", Text, nullable=False, server_default=""),
        UniqueConstraint("purchase_id", "organization_id"),
        Index("ix_bids_organization", "organization_id"),
        CheckConstraint("price_fen is null or price_fen > 0", name="price_positive"),
        CheckConstraint("partner_id is null or partner_id <> organization_id", name="partner_is_another"),
    )
    op.create_table(
        "purchases",
        Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
        Column("purchaser_id", Id, ForeignKey("purchasers.id"), nullable=False),
        Column("item_id", Id, ForeignKey("catalogue_items.id"), nullable=False),
        Column("title", String(60), nullable=False),
        Column("need", Text, nullable=False),
        Column("quantity", Integer, nullable=False),
        Column("procurement", Boolean, nullable=False),
        Column("federation_rule", Boolean, nullable=False),
        Column("published_on", Date),
        Column("closes_at", Moment),
        Column("opened_at", Moment),
        Column("seed", String(64), nullable=False, server_default=""),
        Column("bid_id", Id, ForeignKey("bids.id")),
        Column("why", String(30), nullable=False, server_default=""),
        Column("contract_from", Date),
        Column("contract_to", Date),
        Column("notice_on", Date),
        Column("notice_where", String(120), nullable=False, server_default=""),
        Column("done_quantity", Integer),
        Column("accepted_quantity", Integer),
        Column("quality", Integer),
        Column("assessed_hundredths", Integer),
        Index("ix_purchases_purchaser", "purchaser_id"),
        Index("ix_purchases_closing", "closes_at"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("contract_to is null or contract_to >= contract_from", name="term_in_order"),
        CheckConstraint("accepted_quantity is null or accepted_quantity <= quantity", name="never_more_than_asked"),
        CheckConstraint("quality is null or quality between 0 and 100", name="quality_in_range"),
    )
    op.create_table(
        "bid_points",
        Column("bid_id", Id, ForeignKey("bids.id"), primary_key=True),
        Column("evaluator_id", Id, ForeignKey("persons.id"), primary_key=True),
        Column("item", String(12), primary_key=True),
        Column("points_hundredths", Integer, nullable=False),
        Column("entered_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("entered_at", Moment, nullable=False),
        Index("ix_bid_points_evaluator", "evaluator_id"),
        CheckConstraint("points_hundredths >= 0", name="points_not_negative"),
        CheckConstraint("entered_by <> evaluator_id", name="entered_by_another"),
    )
