"""The tables whose rows are only ever added, and what the application's own database user may do to them."""

from sqlalchemy import text

from services.database.engine import Database
from services.database.schema import standing
from services.database.work import Work, reading

APPEND_ONLY = (
    "acted_for", "audit_entries", "bank_answers", "case_moves", "ledger_entries", "ledger_postings",
    "ledger_reversals", "log_leaves", "payment_approvals", "reversed_refunds", "review_ballots", "rule_sets",
)  # fmt: skip
"""Triggers of both databases refuse to change or delete their rows; `deploy/grants.sql` takes the right as well."""


def guarded(work: Work) -> frozenset[str]:
    """The tables on which the database itself refuses every change and every removal of a row."""
    if work.connection.dialect.name == "sqlite":
        names = work.connection.scalars(text("select name from sqlite_master where type = 'trigger'")).all()
        acts = [{name.removesuffix(f"_refuses_{act}") for name in names if name.endswith(act)} for act in _ACTS]
        return frozenset(set.intersection(*acts))
    # 2 before, 8 delete, 16 update, 32 truncate: a statement that does any of the three is refused before it begins.
    found = text(
        "select tgrelid::regclass::text from pg_trigger join pg_proc on pg_proc.oid = tgfoid "
        "where proname = 'refuse_change' and tgenabled = 'O' and (tgtype & 58) = 58"
    )
    return frozenset(work.connection.scalars(found))


_ACTS = ("update", "delete")


def rights(database: Database) -> str:
    """What the present user of the database may do; fails when it may change a book, or lacks a right it needs.

    SQLite knows no users: there the triggers alone stand guard.
    """
    if not standing(database).at_head:
        return "—"
    with reading(database) as work:
        bare = sorted(set(APPEND_ONLY) - guarded(work))
        if bare:
            raise RuntimeError(f"账簿没有保护 books without their triggers: {', '.join(bare)}")
        if database.is_sqlite:
            return f"{len(APPEND_ONLY)} 触发器 triggers"
        user = work.connection.scalar(text("select current_user"))
        may = text("select has_table_privilege(:name, 'update,delete,truncate')")
        loose = [name for name in APPEND_ONLY if work.connection.scalar(may, {"name": name})]
        if loose:
            raise RuntimeError(f"用户 {user} 可以改动账簿 may change the books: deploy/grants.sql, deploy/README.md")
        needed = text(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' "
            "and relname <> 'alembic_version' and not has_table_privilege(oid, 'insert') order by relname"
        )
        lacking = work.connection.scalars(needed).all()
        if lacking:
            raise RuntimeError(f"缺少权限 rights are missing: deploy/grants.sql ({', '.join(lacking[:3])})")
        return f"{user}: {len(APPEND_ONLY)} 触发器和权限 triggers and grants"
