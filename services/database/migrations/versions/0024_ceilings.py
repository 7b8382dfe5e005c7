"""Counters of every ceiling on public money, and which of them each award counts on; fills them from the book."""

import uuid
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Fen, Id, id_column

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CEILINGS = sa.Table(
    "funding_ceilings", sa.MetaData(), sa.Column("id", Id), sa.Column("kind", sa.String), sa.Column("key", sa.String),
    sa.Column("year", sa.Integer), sa.Column("limit_fen", Fen), sa.Column("used_fen", Fen),
)  # fmt: skip
USES = sa.Table("ceiling_uses", sa.MetaData(), sa.Column("ceiling_id", Id), sa.Column("award_id", Id))

COMMITTED = """
    select a.case_id, a.amount_fen, a.committed_at, a.program_id, p.year, p.funding_type, l.source, l.office,
        c.organization_id,
        (select sum(amount_fen) from instalments i where i.award_id = a.case_id) as planned,
        (select sum(amount_fen) from ledger_postings x where x.award_id = a.case_id
            and x.account in ('COMMITTED','PAYABLE','PAID','RETURNED')) as spent,
        (select sum(amount_fen) from ledger_postings x where x.award_id = a.case_id
            and x.account in ('PAYABLE','PAID')) as at_bank,
        (select posted_on from ledger_entries e where e.key = 'commit:' || {id}) as committed_on
    from awards a join budget_lines l on l.id = a.budget_line_id join fund_programs p on p.id = l.program_id
    join cases c on c.id = a.case_id where a.committed_at is not null"""


def upgrade() -> None:
    op.create_table(
        "funding_ceilings",
        id_column(),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("key", sa.String(140), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("limit_fen", Fen),
        sa.Column("used_fen", Fen, nullable=False),
        sa.UniqueConstraint("kind", "key", "year"),
        sa.CheckConstraint("kind in ('programme','year','office','organization','plan','award')", name="kind_known"),
        sa.CheckConstraint("used_fen >= 0", name="used_not_negative"),
        sa.CheckConstraint("limit_fen is null or used_fen <= limit_fen", name="never_over"),
    )
    op.create_table(
        "ceiling_uses",
        sa.Column("ceiling_id", Id, sa.ForeignKey("funding_ceilings.id"), primary_key=True),
        sa.Column("award_id", Id, sa.ForeignKey("awards.case_id"), primary_key=True),
        sa.Index("ix_ceiling_uses_award", "award_id"),
    )
    _fill()


def _fill() -> None:
    bind = op.get_bind()
    sqlite = bind.dialect.name == "sqlite"
    # Keys carry the id with its dashes; SQLite keeps ids as plain hexadecimal digits.
    dashed = (
        "substr(a.case_id,1,8)||'-'||substr(a.case_id,9,4)||'-'||substr(a.case_id,13,4)||'-'||substr(a.case_id,17,4)"
        "||'-'||substr(a.case_id,21)"
    )
    used: dict[tuple[str, str, int], int] = defaultdict(int)
    limits: dict[tuple[str, str, int], int] = {}
    uses: list[tuple[tuple[str, str, int], str]] = []
    for row in bind.execute(sa.text(COMMITTED.format(id=dashed if sqlite else "a.case_id::text"))):
        of_year = int(str(row.committed_on or row.committed_at)[:4])
        award = str(uuid.UUID(str(row.case_id)))
        for key in _above(row, of_year):
            used[key] += int(row.spent or 0)
            uses.append((key, award))
        for kind, amount in (("plan", row.planned), ("award", row.at_bank)):
            used[kind, award, of_year] = int(amount or 0)
            limits[kind, award, of_year] = row.amount_fen
    ids = {key: str(uuid.uuid4()) for key in used}
    if used:
        op.bulk_insert(
            CEILINGS,
            [
                {
                    "id": ids[key],
                    "kind": key[0],
                    "key": key[1],
                    "year": key[2],
                    "limit_fen": limits.get(key),
                    "used_fen": fen,
                }
                for key, fen in used.items()
            ],
        )
        op.bulk_insert(USES, [{"ceiling_id": ids[key], "award_id": award} for key, award in uses])


def _above(row: Any, of_year: int) -> list[tuple[str, str, int]]:
    found = [
        ("programme", str(uuid.UUID(str(row.program_id))), row.year),
        ("year", "*", of_year),
        ("office", f"{row.source} {row.office}", of_year),
    ]
    if row.funding_type != "purchase":
        found.append(("organization", str(uuid.UUID(str(row.organization_id))), of_year))
    return found
