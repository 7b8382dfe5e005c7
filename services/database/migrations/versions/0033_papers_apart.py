"""Papers that no move of a case earns: issued once for an occasion, beside a case or without one."""

import sqlalchemy as sa
from alembic import op

from services.database.migrations.first.base import Id

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NAME = "ck_issued_documents_move_or_occasion"
RULE = "(move_sequence is null or case_id is not null) and (move_sequence is null) = (occasion is not null)"
NOT_NEEDED_ANY_MORE = (("case_id", Id), ("move_sequence", sa.Integer), ("organization_id", Id))


def upgrade() -> None:
    op.add_column("issued_documents", sa.Column("occasion", sa.String(120)))
    op.create_index("ix_issued_documents_occasion", "issued_documents", ["occasion"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_the_description()
        return
    for name, kind in NOT_NEEDED_ANY_MORE:
        op.alter_column("issued_documents", name, existing_type=kind, nullable=True)
    op.create_check_constraint(op.f(NAME), "issued_documents", RULE)


def _rewrite_the_description() -> None:
    """Take three NOT NULL out and put the rule in, as sqlite.org/lang_altertable.html (7) tells for exactly this.

    Copying the table instead would drop it, which its foreign keys forbid inside of the one transaction of an upgrade;
    nothing of the rows themselves changes.
    """
    connection = op.get_bind()
    version = connection.exec_driver_sql("pragma schema_version").scalar_one()
    described = connection.exec_driver_sql(
        "select sql from sqlite_schema where type = 'table' and name = 'issued_documents'"
    ).scalar_one()
    for column in ("case_id CHAR(32)", "move_sequence INTEGER", "organization_id CHAR(32)"):
        before, found, after = described.partition(f"{column} NOT NULL")
        if not found:
            raise RuntimeError(f"issued_documents is described without {column}")
        described = before + column + after
    described = f"{described.rstrip().removesuffix(')').rstrip()}, \n\tCONSTRAINT {NAME} CHECK ({RULE})\n)"
    connection.exec_driver_sql("pragma writable_schema=on")
    connection.exec_driver_sql(
        "update sqlite_schema set sql = ? where type = 'table' and name = 'issued_documents'", (described,)
    )
    connection.exec_driver_sql(f"pragma schema_version={version + 1}")
    connection.exec_driver_sql("pragma writable_schema=off")
