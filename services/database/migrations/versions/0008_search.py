"""What organizations are found by and sorted by, and the indexes of the longest lists."""

import unicodedata

from alembic import op
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    String,
    Text,
    Uuid,
    column,
    insert,
    select,
    table,
    text,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = Uuid(as_uuid=False)
SEARCH = table("organization_search", column("organization_id", ID), column("folded"), column("sort_key"))
KNOWN = table(
    "organizations", column("id", ID), column("name"), column("name_pinyin"), column("name_initials"),
    column("filing_number"), column("credit_code"), column("leader_name"),
)  # fmt: skip


def upgrade() -> None:
    """Make the table, fill it from the organizations there are, and add the indexes."""
    op.create_table(
        "organization_search",
        Column("organization_id", ID, nullable=False),
        Column("folded", Text().with_variant(Text(collation="C"), "postgresql"), nullable=False),
        Column("sort_key", String(300).with_variant(String(300, collation="C"), "postgresql"), nullable=False),
        ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_organization_search_organization_id"),
        PrimaryKeyConstraint("organization_id", name="pk_organization_search"),
    )
    op.create_index("ix_organization_search_sort_key", "organization_search", ["sort_key"])
    op.create_index("ix_cases_moved", "cases", ["moved_at"])
    op.create_index("ix_cases_stage", "cases", ["kind", "stage"])
    op.create_index("ix_cases_due", "cases", ["due_on"])
    op.create_index("ix_cases_manager", "cases", ["manager_id"])
    op.create_index("ix_case_moves_day", "case_moves", ["on_date", "source", "dest", "case_id"])
    op.create_index("ix_case_moves_path", "case_moves", ["case_id", "sequence", "source", "dest", "on_date"])
    op.create_index("ix_case_moves_dest", "case_moves", ["dest", "case_id"])
    unread = text("read_at is null")
    op.create_index("ix_notices_unread", "notices", ["person_id"], sqlite_where=unread, postgresql_where=unread)
    still_open = text("concluded_at is null")
    op.create_index(
        "ix_assessments_open", "assessments", ["opened_at"], sqlite_where=still_open, postgresql_where=still_open
    )
    rows = [
        {
            "organization_id": row.id,
            "folded": _found_by(
                row.name, row.name_pinyin, row.name_initials, row.filing_number, row.credit_code, row.leader_name
            ),
            "sort_key": row.name_pinyin.casefold(),
        }
        for row in op.get_bind().execute(select(KNOWN))
    ]
    if rows:
        op.get_bind().execute(insert(SEARCH), rows)


def _found_by(*parts: str | None) -> str:
    """As the register folds them when this step was written."""
    folded = (_fold(part) for part in parts if part)
    return "\n" + "\n".join(dict.fromkeys(one for one in folded if one)) + "\n"


def _fold(text: str) -> str:
    dashes = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2015\uff0d", "-" * 7)
    return "".join(unicodedata.normalize("NFKC", text.translate(dashes)).casefold().split())
