"""Protection: telephone numbers, objectors' contacts and account numbers are sealed, in place of their clear text."""

from alembic import op
from sqlalchemy import Column, String, Text, column, select, table, update

from services.database.base import Id
from services.protection.sealing import blind_index, seal

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Table, field, whether every row has one, whether equal ones are looked for.
FIELDS = (
    ("persons", "phone", False, True),
    ("organizations", "leader_phone", False, True),
    ("payee_accounts", "account_number", True, True),
    ("objections", "contact", True, False),
)
ROWS_AT_ONCE = 500


def upgrade() -> None:
    """The clear text is gone with its column; what is sealed can only be read with the key file beside."""
    for name, field, needed, indexed in FIELDS:
        op.add_column(name, Column(f"{field}_sealed", Text, nullable=not needed, server_default="" if needed else None))
        if indexed:
            op.add_column(name, Column(f"{field}_index", String(90)))
        _seal_rows(name, field, indexed=indexed)
        op.drop_column(name, field)
        if indexed:
            op.create_index(f"ix_{name}_{field}_index", name, [f"{field}_index"])


def _seal_rows(name: str, field: str, *, indexed: bool) -> None:
    rows = table(name, column("id", Id), column(field), column(f"{field}_sealed"), column(f"{field}_index"))
    connection, last = op.get_bind(), ""
    while True:
        statement = select(rows.c.id, rows.c[field]).order_by(rows.c.id).limit(ROWS_AT_ONCE)
        found = connection.execute(statement.where(rows.c.id > last) if last else statement).all()
        for identity, text in found:
            if not text:
                continue
            values = {f"{field}_sealed": seal(name, identity, field, text)}
            if indexed:
                values[f"{field}_index"] = blind_index(name, field, text)
            connection.execute(update(rows).where(rows.c.id == identity).values(values))
        if len(found) < ROWS_AT_ONCE:
            return
        last = found[-1][0]
