"""Tables of organizations: divisions, centres, organizations, their people and their accounts."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from services.database.base import (
    METADATA,
    Id,
    Moment,
    PlainString,
    PlainText,
    id_column,
    index_column,
    sealed_column,
)

divisions = Table(
    "divisions",
    METADATA,
    Column("code", String(12), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("level", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("parent_code", String(12), ForeignKey("divisions.code")),
    CheckConstraint("level in ('prefecture','county','street','community')", name="level_known"),
    CheckConstraint("kind in ('city','county','street','town','township','urban','rural')", name="kind_known"),
)

centres = Table(
    "centres",
    METADATA,
    id_column(),
    Column("name", String(80), nullable=False, unique=True),
    Column("number_prefix", String(20), nullable=False),
    Column("bureau_prefix", String(20), nullable=False),
    Column("case_prefix", String(12), nullable=False),
    Column("division_code", String(12), ForeignKey("divisions.code"), nullable=False),
    Column("places", Integer, nullable=False),
    Column("contact", String(60), nullable=False),
    Column("phone", String(30), nullable=False),
    CheckConstraint("places >= 0", name="places_not_negative"),
)

centre_operators = Table(
    "centre_operators",
    METADATA,
    id_column(),
    Column("centre_id", Id, ForeignKey("centres.id"), nullable=False),
    Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
    Column("operates_from", Date, nullable=False),
    Column("operates_to", Date),
    Column("entered_by", Id, ForeignKey("persons.id"), nullable=False),
    Index("ix_centre_operators_centre", "centre_id"),
    CheckConstraint("operates_to is null or operates_to >= operates_from", name="time_in_order"),
)

organizations = Table(
    "organizations",
    METADATA,
    id_column(),
    Column("name", String(60), nullable=False),
    Column("name_pinyin", String(300), nullable=False, server_default=""),
    Column("name_initials", String(60), nullable=False, server_default=""),
    Column("legal_form", String(20), nullable=False),
    Column("legal_status", String(20), nullable=False),
    Column("incubation_stage", String(20), nullable=False),
    Column("category", String(20), nullable=False),
    Column("subtype", String(40), nullable=False),
    Column("home_division", String(12), ForeignKey("divisions.code"), nullable=False),
    Column("scope_text", Text, nullable=False, server_default=""),
    Column("founded_on", Date),
    Column("filing_number", String(40), unique=True),
    Column("credit_code", String(18), unique=True),
    Column("leader_name", String(60), nullable=False),
    Column("members", Integer, nullable=False, server_default="0"),
    Column("full_party_members", Integer, nullable=False, server_default="0"),
    Column("list_standing", String(12), nullable=False, server_default="normal"),
    Column("created_at", Moment, nullable=False),
    sealed_column("leader_phone"),
    index_column("leader_phone"),
    Index("ix_organizations_home_division", "home_division"),
    Index("ix_organizations_leader_phone_index", "leader_phone_index"),
    CheckConstraint(
        "legal_form in ('association','service_organization','foundation','none')", name="legal_form_known"
    ),
    CheckConstraint(
        "legal_status in ('UNFILED','FILED','REGISTERED','FILING_CANCELLED','FILING_REVOKED',"
        "'DEREGISTERED','REG_REVOKED')",
        name="legal_status_known",
    ),
    CheckConstraint(
        "incubation_stage in ('NONE','ENTERING','INCUBATING','ASSESSING','GRADUATED','EXITED')", name="stage_known"
    ),
    CheckConstraint("category in ('SERVICE','CULTURE_SPORT','CHARITY','SUPPORT_HUB')", name="category_known"),
    CheckConstraint("list_standing in ('normal','abnormal','serious')", name="list_standing_known"),
    CheckConstraint("legal_status <> 'REGISTERED' or credit_code is not null", name="registered_has_credit_code"),
)

organization_search = Table(
    "organization_search",
    METADATA,
    Column("organization_id", Id, ForeignKey("organizations.id"), primary_key=True),
    Column("folded", PlainText, nullable=False),
    Column("sort_key", PlainString, nullable=False),
    Index("ix_organization_search_sort_key", "sort_key"),
)

organization_names = Table(
    "organization_names",
    METADATA,
    id_column(),
    Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("used_until", Date, nullable=False),
    Column("corrected_by", Id, ForeignKey("persons.id"), nullable=False),
    Index("ix_organization_names_organization", "organization_id"),
)

organization_posts = Table(
    "organization_posts",
    METADATA,
    id_column(),
    Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("post", String(20), nullable=False),
    Column("held_from", Date, nullable=False),
    Column("held_to", Date),
    Index("ix_organization_posts_organization", "organization_id"),
    Index("ix_organization_posts_person", "person_id"),
    CheckConstraint("post in ('leader','deputy','finance','staff','member','founder','donor')", name="post_known"),
)

payee_accounts = Table(
    "payee_accounts",
    METADATA,
    id_column(),
    Column("organization_id", Id, ForeignKey("organizations.id"), nullable=False),
    Column("holder_organization_id", Id, ForeignKey("organizations.id"), nullable=False),
    Column("holder_name", String(60), nullable=False),
    Column("bank", String(80), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("entered_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("verified_by", Id, ForeignKey("persons.id")),
    Column("hold_until", Moment),
    Column("created_at", Moment, nullable=False),
    sealed_column("account_number", needed=True),
    index_column("account_number"),
    Index("ix_payee_accounts_organization", "organization_id"),
    Index("ix_payee_accounts_account_number_index", "account_number_index"),
    CheckConstraint("kind in ('corporate','custody')", name="kind_known"),
    CheckConstraint("verified_by is null or verified_by <> entered_by", name="two_people"),
)

payee_account_terms = Table(
    "payee_account_terms",
    METADATA,
    Column("account_id", Id, ForeignKey("payee_accounts.id"), primary_key=True),
    Column("branch", String(80), nullable=False),
    Column("bank_code", String(12), nullable=False),
    Column("basis", String(16), nullable=False),
    Column("holder_division", String(12), ForeignKey("divisions.code")),
    Column("agreement_number", String(60), nullable=False),
    Column("agreed_on", Date),
    Column("agreement_sha256", String(64), ForeignKey("stored_files.sha256")),
    Column("replaces_id", Id, ForeignKey("payee_accounts.id")),
    Column("reason", String(400), nullable=False),
    Column("verified_at", Moment),
    Column("superseded_at", Moment),
    Column("refused_by", Id, ForeignKey("persons.id")),
    Column("refused_at", Moment),
    Column("refused_reason", String(400)),
    Index("ix_payee_account_terms_replaces", "replaces_id"),
    CheckConstraint("basis in ('own','agreement','reimbursement')", name="basis_known"),
    CheckConstraint("refused_at is null or verified_at is null", name="verified_or_refused"),
)
