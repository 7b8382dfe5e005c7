"""Calls for awards, the terms and the budget table of each award, what was spent, its audit, and who operates a centre.

Awards that were there before are put under a call of their programme that ran the whole year.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Fen, Id, Json, Moment, id_column

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _calls()
    _audits()
    _expenses()
    op.create_table(
        "centre_operators",
        id_column(),
        sa.Column("centre_id", Id, sa.ForeignKey("centres.id"), nullable=False),
        sa.Column("organization_id", Id, sa.ForeignKey("organizations.id"), nullable=False),
        sa.Column("operates_from", sa.Date, nullable=False),
        sa.Column("operates_to", sa.Date),
        sa.Column("entered_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Index("ix_centre_operators_centre", "centre_id"),
        sa.CheckConstraint("operates_to is null or operates_to >= operates_from", name="time_in_order"),
    )
    _known()


def _calls() -> None:
    op.create_table(
        "fund_calls",
        id_column(),
        sa.Column("program_id", Id, sa.ForeignKey("fund_programs.id"), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("asked_for", sa.String(1000), nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("opens_on", sa.Date, nullable=False),
        sa.Column("closes_on", sa.Date, nullable=False),
        sa.Column("ceiling_fen", Fen, nullable=False),
        sa.Column("rolling", sa.Boolean, nullable=False),
        sa.Column("opened_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("created_at", Moment, nullable=False),
        sa.Index("ix_fund_calls_program", "program_id"),
        sa.CheckConstraint("closes_on >= opens_on", name="window_in_order"),
        sa.CheckConstraint("ceiling_fen > 0", name="ceiling_positive"),
    )
    op.create_table(
        "award_terms",
        sa.Column("case_id", Id, sa.ForeignKey("awards.case_id"), primary_key=True),
        sa.Column("call_id", Id, sa.ForeignKey("fund_calls.id"), nullable=False),
        sa.Column("plan", Json, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("advised_fen", Fen),
        sa.Column("accepted_hundredths", sa.Integer),
        sa.Column("vetoed", sa.Boolean, nullable=False),
        sa.Index("ix_award_terms_call", "call_id"),
        sa.CheckConstraint("ends_on > starts_on", name="project_in_order"),
        sa.CheckConstraint("advised_fen is null or advised_fen > 0", name="advised_positive"),
        sa.CheckConstraint(
            "accepted_hundredths is null or accepted_hundredths between 0 and 10000", name="score_in_range"
        ),
    )
    op.create_table(
        "award_budget_items",
        id_column(),
        sa.Column("award_id", Id, sa.ForeignKey("award_terms.case_id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("asked_fen", Fen, nullable=False),
        sa.Column("amount_fen", Fen, nullable=False),
        sa.UniqueConstraint("award_id", "place"),
        sa.UniqueConstraint("award_id", "name"),
        sa.CheckConstraint("asked_fen > 0", name="asked_positive"),
        sa.CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
    )


def _audits() -> None:
    op.create_table(
        "award_audits",
        sa.Column("award_id", Id, sa.ForeignKey("award_terms.case_id"), primary_key=True),
        sa.Column("because", sa.String(10), nullable=False),
        sa.Column("seed", sa.String(40), nullable=False),
        sa.Column("lot", sa.Integer, nullable=False),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("firm", sa.String(200), nullable=False, server_default=""),
        sa.Column("report_number", sa.String(200), nullable=False, server_default=""),
        sa.Column("opinion", sa.String(10)),
        sa.Column("recorded_on", sa.Date),
        sa.CheckConstraint("because in ('amount','drawn','neither')", name="because_known"),
        sa.CheckConstraint("lot between 0 and 9999", name="lot_in_range"),
        sa.CheckConstraint(
            "opinion is null or opinion in ('clean','qualified','adverse','none')", name="opinion_known"
        ),
        sa.CheckConstraint("(opinion is null) = (recorded_on is null)", name="recorded_whole"),
    )


def _expenses() -> None:
    op.create_table(
        "expenses",
        id_column(),
        sa.Column("award_id", Id, sa.ForeignKey("award_terms.case_id"), nullable=False),
        sa.Column("item_id", Id, sa.ForeignKey("award_budget_items.id"), nullable=False),
        sa.Column("spent_on", sa.Date, nullable=False),
        sa.Column("what", sa.String(120), nullable=False),
        sa.Column("amount_fen", Fen, nullable=False),
        sa.Column("invoice_number", sa.String(40), nullable=False),
        sa.Column("payee", sa.String(80), nullable=False),
        sa.Column("in_cash", sa.Boolean, nullable=False),
        sa.Column("file_sha256", sa.String(64), sa.ForeignKey("stored_files.sha256"), nullable=False),
        sa.Column("file_extension", sa.String(8), nullable=False),
        sa.Column("entered_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("entered_at", Moment, nullable=False),
        sa.Column("struck_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("struck_at", Moment),
        sa.Column("struck_because", sa.String(400), nullable=False, server_default=""),
        sa.Index("ix_expenses_award", "award_id", "spent_on"),
        # One invoice counts once, on whatever award; one that was struck out may be entered again.
        sa.Index(
            "uq_expenses_invoice_number",
            "invoice_number",
            unique=True,
            sqlite_where=sa.text("struck_at is null"),
            postgresql_where=sa.text("struck_at is null"),
        ),
        sa.CheckConstraint("amount_fen > 0", name="amount_positive"),
        sa.CheckConstraint("(struck_by is null) = (struck_at is null)", name="struck_whole"),
    )
    op.create_table(
        "budget_shifts",
        id_column(),
        sa.Column("award_id", Id, sa.ForeignKey("award_terms.case_id"), nullable=False),
        sa.Column("from_item_id", Id, sa.ForeignKey("award_budget_items.id"), nullable=False),
        sa.Column("to_item_id", Id, sa.ForeignKey("award_budget_items.id"), nullable=False),
        sa.Column("amount_fen", Fen, nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("asked_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("decided_by", Id, sa.ForeignKey("persons.id")),
        sa.Column("decided_at", Moment),
        sa.Column("answer", sa.String(400), nullable=False, server_default=""),
        sa.Index("ix_budget_shifts_award", "award_id"),
        sa.CheckConstraint("amount_fen > 0", name="amount_positive"),
        sa.CheckConstraint("from_item_id <> to_item_id", name="two_items"),
        sa.CheckConstraint("standing in ('free','waiting','agreed','refused')", name="standing_known"),
        sa.CheckConstraint("(decided_by is null) = (standing in ('free','waiting'))", name="decided_whole"),
        sa.CheckConstraint("decided_by is null or decided_by <> asked_by", name="two_people"),
    )
    op.create_table(
        "expense_reports",
        id_column(),
        sa.Column("award_id", Id, sa.ForeignKey("award_terms.case_id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("spent_fen", Fen, nullable=False),
        sa.Column("summary", sa.String(1000), nullable=False),
        sa.Column("reported_by", Id, sa.ForeignKey("persons.id"), nullable=False),
        sa.Column("reported_at", Moment, nullable=False),
        sa.UniqueConstraint("award_id", "number"),
        sa.CheckConstraint("number > 0", name="number_positive"),
        sa.CheckConstraint("spent_fen >= 0", name="spent_not_negative"),
    )


def _known() -> None:
    """Terms for the awards that were there before: applied for in the year of their programme, over twelve months."""
    work, meta = op.get_bind(), sa.MetaData()
    names = ("fund_programs", "fund_calls", "awards", "award_terms", "award_budget_items", "cases")
    programs, calls, awards, terms, items, cases = (_table(name, meta) for name in names)
    found: dict[str, str] = {}
    now = datetime.now(UTC)
    for row in work.execute(sa.select(programs.c.id, programs.c.name, programs.c.year)).all():
        found[row.id] = str(uuid.uuid4())
        work.execute(
            sa.insert(calls).values(
                id=found[row.id], program_id=row.id, title=f"{row.year}年度{row.name}申报"[:80],
                asked_for="按年度项目资金管理规定支持的项目", categories=[], opens_on=date(row.year, 1, 1),
                closes_on=date(row.year, 12, 31), ceiling_fen=10**14 - 1, rolling=True, created_at=now,
            )
        )  # fmt: skip
    rows = work.execute(sa.select(awards, cases.c.opened_at).join(cases, cases.c.id == awards.c.case_id)).all()
    for row in rows:
        starts_on = row.opened_at.date()
        work.execute(
            sa.insert(terms).values(
                case_id=row.case_id, call_id=found[row.program_id], plan=[50, 30, 20], starts_on=starts_on,
                ends_on=starts_on + timedelta(days=365), advised_fen=row.amount_fen, vetoed=False,
            )
        )  # fmt: skip
        work.execute(
            sa.insert(items).values(
                id=str(uuid.uuid4()), award_id=row.case_id, place=1, name=row.project[:60],
                asked_fen=row.requested_fen, amount_fen=row.amount_fen or row.requested_fen,
            )
        )  # fmt: skip


COLUMNS: dict[str, dict[str, Any]] = {
    "fund_programs": {"id": Id, "name": sa.String, "year": sa.Integer},
    "fund_calls": {
        "id": Id, "program_id": Id, "title": sa.String, "asked_for": sa.String, "categories": Json, "opens_on": sa.Date,
        "closes_on": sa.Date, "ceiling_fen": Fen, "rolling": sa.Boolean, "created_at": Moment,
    },
    "awards": {
        "case_id": Id, "program_id": Id, "project": sa.String, "requested_fen": Fen, "amount_fen": Fen,
    },
    "award_terms": {
        "case_id": Id, "call_id": Id, "plan": Json, "starts_on": sa.Date, "ends_on": sa.Date, "advised_fen": Fen,
        "vetoed": sa.Boolean,
    },
    "award_budget_items": {
        "id": Id, "award_id": Id, "place": sa.Integer, "name": sa.String, "asked_fen": Fen, "amount_fen": Fen,
    },
    "cases": {"id": Id, "opened_at": Moment},
}  # fmt: skip


def _table(name: str, meta: sa.MetaData) -> sa.Table:
    return sa.Table(name, meta, *(sa.Column(column, kind) for column, kind in COLUMNS[name].items()))
