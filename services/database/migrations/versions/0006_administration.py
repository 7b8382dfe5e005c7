"""Administration: proposals of rule sets, errands handled by hand, addresses for e-mail and the log of what was mailed.

From here on both databases refuse to change or delete a written version of the rules: running cases rest on it.
"""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, String, Text, UniqueConstraint

from services.database.migrations.first.base import Id, Json, Moment, id_column

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _proposals()
    op.create_table(
        "errands_by_hand",
        Column("errand_id", Id, ForeignKey("errands.id"), primary_key=True),
        Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
        Column("handled_at", Moment, nullable=False),
        Column("reason", String(400), nullable=False),
    )
    _mails()
    _keep_rule_sets()


def _proposals() -> None:
    op.create_table(
        "rule_set_proposals",
        id_column(),
        Column("jurisdiction", String(12), nullable=False),
        Column("valid_from", Date, nullable=False),
        Column("numbers", Json, nullable=False),
        Column("source", String(200), nullable=False),
        Column("based_on", Id, ForeignKey("rule_sets.id"), nullable=False),
        Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
        Column("proposed_at", Moment, nullable=False),
        Column("standing", String(10), nullable=False),
        Column("decided_by", Id, ForeignKey("persons.id")),
        Column("decided_at", Moment),
        Column("reason", String(400), nullable=False, server_default=""),
        Column("rule_set_id", Id, ForeignKey("rule_sets.id")),
        UniqueConstraint("rule_set_id"),
        CheckConstraint("standing in ('waiting','approved','refused','withdrawn')", name="standing_known"),
        CheckConstraint("(standing = 'waiting') = (decided_at is null)", name="decided_with_time"),
        CheckConstraint("(standing = 'approved') = (rule_set_id is not null)", name="approved_with_rule_set"),
        CheckConstraint("standing <> 'approved' or decided_by <> proposed_by", name="two_people"),
    )


def _mails() -> None:
    op.create_table(
        "mail_addresses",
        Column("person_id", Id, ForeignKey("persons.id"), primary_key=True),
        Column("address_sealed", Text, nullable=False, server_default=""),
        Column("changed_at", Moment, nullable=False),
    )
    op.create_table(
        "mails",
        Column("notice_id", Id, ForeignKey("notices.id"), primary_key=True),
        Column("errand_id", Id, ForeignKey("errands.id"), nullable=False, unique=True),
        Column("message_id", String(120), nullable=False, server_default=""),
        Column("sent_at", Moment),
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])
    op.create_index("ix_notices_sent_at", "notices", ["sent_at"])


def _keep_rule_sets() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger rule_sets_refuses_{act} before {act} on rule_sets begin "
                "select raise(abort, 'rule_sets is append-only: a row is never changed or deleted'); end"
            )
        return
    op.execute(
        "create trigger rule_sets_refuses_change before update or delete or truncate on rule_sets "
        "for each statement execute function refuse_change()"
    )
