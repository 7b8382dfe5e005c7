"""Tables of public money: programmes, budget lines, ceilings, awards, instalments, refunds and recoveries."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from services.database.base import METADATA, Fen, Id, Json, Moment, id_column, sealed_column

SOURCES = "('county_budget','street_budget','welfare_lottery','donation','self_raised','higher_level_transfer')"

fund_programs = Table(
    "fund_programs",
    METADATA,
    id_column(),
    Column("name", String(80), nullable=False),
    Column("year", Integer, nullable=False),
    Column("funding_type", String(20), nullable=False),
    UniqueConstraint("name", "year"),
    CheckConstraint("funding_type in ('purchase','project_grant','activity_subsidy')", name="funding_type_known"),
)

budget_lines = Table(
    "budget_lines",
    METADATA,
    id_column(),
    Column("program_id", Id, ForeignKey("fund_programs.id"), nullable=False),
    Column("source", String(30), nullable=False),
    Column("purpose", String(20), nullable=False, server_default=""),
    Column("office", String(60), nullable=False),
    Column("amount_fen", Fen, nullable=False),
    Column("used_fen", Fen, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_on", Date),
    UniqueConstraint("program_id", "source", "purpose", "office"),
    CheckConstraint(f"source in {SOURCES}", name="source_known"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("used_fen >= 0 and used_fen <= amount_fen", name="never_over"),
)

awards = Table(
    "awards",
    METADATA,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("incubation_case_id", Id, ForeignKey("cases.id")),
    Column("program_id", Id, ForeignKey("fund_programs.id"), nullable=False),
    Column("budget_line_id", Id, ForeignKey("budget_lines.id"), nullable=False),
    Column("project", String(80), nullable=False),
    Column("purpose", String(20), nullable=False, server_default=""),
    Column("requested_fen", Fen, nullable=False),
    Column("amount_fen", Fen),
    Column("score_hundredths", Integer),
    Column("account_id", Id, ForeignKey("payee_accounts.id")),
    Column("committed_at", Moment),
    Column("signed_by_payee_on", Date),
    Index("ix_awards_incubation_case", "incubation_case_id"),
    Index("ix_awards_budget_line", "budget_line_id"),
    CheckConstraint("requested_fen > 0", name="requested_positive"),
    CheckConstraint("amount_fen is null or (amount_fen > 0 and amount_fen <= requested_fen)", name="within_request"),
)

instalments = Table(
    "instalments",
    METADATA,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("award_id", Id, ForeignKey("awards.case_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("amount_fen", Fen, nullable=False),
    Column("earned_on", Date),
    Column("earned_by_case_id", Id, ForeignKey("cases.id")),
    Column("earned_by_sequence", Integer),
    Column("instructed_on", Date),
    Column("bank_serial", String(60), unique=True),
    Column("value_date", Date),
    Column("received_on", Date),
    UniqueConstraint("award_id", "number"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("number > 0", name="number_positive"),
    CheckConstraint("value_date is null or bank_serial is not null", name="paid_has_serial"),
    CheckConstraint("bank_serial is null or earned_on is not null", name="paid_was_earned"),
)

refunds = Table(
    "refunds",
    METADATA,
    id_column(),
    Column("award_id", Id, ForeignKey("awards.case_id"), nullable=False),
    Column("recovery_id", Id, ForeignKey("recoveries.id")),
    Column("amount_fen", Fen, nullable=False),
    Column("bank_serial", String(60), nullable=False, unique=True),
    Column("received_on", Date, nullable=False),
    Column("recorded_by", Id, ForeignKey("persons.id"), nullable=False),
    Index("ix_refunds_award", "award_id"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
)

recoveries = Table(
    "recoveries",
    METADATA,
    id_column(),
    Column("award_id", Id, ForeignKey("awards.case_id"), nullable=False, unique=True),
    Column("amount_fen", Fen, nullable=False),
    Column("repaid_fen", Fen, nullable=False),
    Column("reason", String(400), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("decided_by", Id, ForeignKey("persons.id"), nullable=False),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
    CheckConstraint("repaid_fen >= 0 and repaid_fen <= amount_fen", name="repaid_within"),
    CheckConstraint("proposed_by <> decided_by", name="two_people"),
)

reversed_refunds = Table(
    "reversed_refunds",
    METADATA,
    id_column(),
    Column("award_id", Id, ForeignKey("awards.case_id"), nullable=False),
    Column("recovery_id", Id, ForeignKey("recoveries.id")),
    Column("amount_fen", Fen, nullable=False),
    Column("bank_serial", String(60), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("recorded_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("reversed_in", Id, ForeignKey("ledger_entries.id"), nullable=False, unique=True),
    Index("ix_reversed_refunds_serial", "bank_serial"),
    CheckConstraint("amount_fen > 0", name="amount_positive"),
)

funding_ceilings = Table(
    "funding_ceilings",
    METADATA,
    id_column(),
    Column("kind", String(12), nullable=False),
    Column("key", String(140), nullable=False),
    Column("year", Integer, nullable=False),
    Column("limit_fen", Fen),
    Column("used_fen", Fen, nullable=False),
    UniqueConstraint("kind", "key", "year"),
    CheckConstraint("kind in ('programme','year','office','organization','plan','award')", name="kind_known"),
    CheckConstraint("used_fen >= 0", name="used_not_negative"),
    CheckConstraint("limit_fen is null or used_fen <= limit_fen", name="never_over"),
)

ceiling_uses = Table(
    "ceiling_uses",
    METADATA,
    Column("ceiling_id", Id, ForeignKey("funding_ceilings.id"), primary_key=True),
    Column("award_id", Id, ForeignKey("awards.case_id"), primary_key=True),
    Index("ix_ceiling_uses_award", "award_id"),
)

payee_snapshots = Table(
    "payee_snapshots",
    METADATA,
    Column("case_id", Id, ForeignKey("instalments.case_id"), primary_key=True),
    Column("account_id", Id, ForeignKey("payee_accounts.id"), nullable=False),
    Column("holder_name", String(60), nullable=False),
    Column("bank", String(80), nullable=False),
    Column("branch", String(80), nullable=False),
    Column("bank_code", String(12), nullable=False),
    Column("kept_at", Moment, nullable=False),
    sealed_column("account_number", needed=True),
)

recovery_cases = Table(
    "recovery_cases",
    METADATA,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("award_id", Id, ForeignKey("awards.case_id"), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("kept_fen", Fen),
    Column("compliant_fen", Fen),
    Column("asked_fen", Fen),
    Column("recovery_id", Id, ForeignKey("recoveries.id"), unique=True),
    Column("due_on", Date),
    Column("plan", Json),
    Column("closed_on", Date),
    Index("ix_recovery_cases_award", "award_id"),
    # One look at the money of an award at a time: whoever finds something more adds it to the open one.
    Index("uq_recovery_cases_open", "award_id", unique=True, sqlite_where=text("closed_on is null"),
          postgresql_where=text("closed_on is null")),
    CheckConstraint("cause in ('misuse','expulsion','withdrawal','unspent','failed_acceptance')", name="cause_known"),
    CheckConstraint(
        "asked_fen is null or (asked_fen > 0 and asked_fen = kept_fen - compliant_fen)", name="asked_adds_up"
    ),
    CheckConstraint("compliant_fen is null or compliant_fen >= 0", name="compliant_not_negative"),
)  # fmt: skip


budget_proposals = Table(
    "budget_proposals",
    METADATA,
    id_column(),
    Column("act", String(10), nullable=False),
    Column("program_id", Id, ForeignKey("fund_programs.id")),
    Column("budget_line_id", Id, ForeignKey("budget_lines.id")),
    Column("ceiling", String(12), nullable=False, server_default=""),
    Column("year", Integer),
    Column("source", String(30), nullable=False, server_default=""),
    Column("office", String(60), nullable=False, server_default=""),
    Column("purpose", String(20), nullable=False, server_default=""),
    Column("amount_fen", Fen),
    Column("reason", String(400), nullable=False, server_default=""),
    Column("proposed_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("standing", String(10), nullable=False),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("decided_because", String(400), nullable=False, server_default=""),
    Index("ix_budget_proposals_line", "budget_line_id"),
    CheckConstraint("act in ('line','increase','decrease','close','ceiling')", name="act_known"),
    CheckConstraint("ceiling in ('','programme','year','office')", name="ceiling_known"),
    CheckConstraint("amount_fen is null or amount_fen > 0", name="amount_positive"),
    CheckConstraint("standing in ('waiting','approved','refused','withdrawn')", name="standing_known"),
    CheckConstraint("(standing = 'waiting') = (decided_at is null)", name="decided_with_time"),
    CheckConstraint("standing not in ('approved','refused') or decided_by <> proposed_by", name="two_people"),
)

lottery_notices = Table(
    "lottery_notices",
    METADATA,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("published_on", Date, nullable=False),
    Column("place", String(200), nullable=False),
    Column("published_by", Id, ForeignKey("persons.id"), nullable=False),
)
