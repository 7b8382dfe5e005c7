"""Tables of assessments: rounds with their own copy of the form, seats, hidden and locked score sheets, outcomes, the
vetoes claimed, the committee that votes, sheets that came in on paper, and what organizations give themselves.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from services.database.base import METADATA, Id, Json, Moment, id_column

assessments = Table(
    "assessments",
    METADATA,
    id_column(),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("form", String(30), nullable=False),
    Column("round", Integer, nullable=False),
    Column("form_copy", Json, nullable=False),
    Column("appointed_at", Moment),
    Column("opened_at", Moment),
    Column("concluded_at", Moment),
    Column("outcome", Json),
    Column("mean_hundredths", Integer),
    Column("arbitration_open", Boolean, nullable=False, default=False),
    UniqueConstraint("case_id", "form", "round"),
    # The copy of the form in every row is long: what asks for open rounds shall not have to read past it.
    Index(
        "ix_assessments_open",
        "opened_at",
        "concluded_at",
        "case_id",
        "id",
        sqlite_where=text("concluded_at is null"),
        postgresql_where=text("concluded_at is null"),
    ),
    CheckConstraint("mean_hundredths is null or mean_hundredths between 0 and 10000", name="mean_in_range"),
)

seats = Table(
    "seats",
    METADATA,
    id_column(),
    Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("part", String(10), nullable=False),
    Column("interest", String(12), nullable=False),
    Column("interest_note", String(400), nullable=False, server_default=""),
    Column("declared_at", Moment),
    Column("vacated_at", Moment),
    Column("replaces_id", Id, ForeignKey("seats.id")),
    Column("situations", Json),
    UniqueConstraint("assessment_id", "person_id"),
    Index("ix_seats_person", "person_id"),
    Index("ix_seats_held", "assessment_id", "vacated_at", "person_id", "id"),
    CheckConstraint("part in ('lead','member','extra')", name="part_known"),
    CheckConstraint("interest in ('undeclared','none','conflict')", name="interest_known"),
)

score_sheets = Table(
    "score_sheets",
    METADATA,
    id_column(),
    Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False),
    Column("seat_id", Id, ForeignKey("seats.id"), nullable=False, unique=True),
    Column("items", Json, nullable=False),
    Column("comments", Json, nullable=False),
    Column("veto", Json, nullable=False),
    Column("total_hundredths", Integer),
    Column("saved_at", Moment, nullable=False),
    Column("locked_at", Moment),
    Column("commitment", String(64)),
    Index("ix_score_sheets_assessment", "assessment_id"),
    Index("ix_score_sheets_locked", "seat_id", "locked_at"),
    CheckConstraint("locked_at is null or total_hundredths is not null", name="locked_has_total"),
    CheckConstraint("total_hundredths is null or total_hundredths between 0 and 10000", name="total_in_range"),
)

veto_findings = Table(
    "veto_findings",
    METADATA,
    id_column(),
    Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False),
    Column("veto", String(40), nullable=False),
    Column("standing", String(12), nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("evidence_sha256", String(64), ForeignKey("stored_files.sha256")),
    Column("evidence_extension", String(8)),
    Column("evidence_note", String(400), nullable=False),
    Column("evidence_by", Id, ForeignKey("persons.id")),
    Column("evidence_at", Moment),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("reason", String(400), nullable=False),
    UniqueConstraint("assessment_id", "veto"),
    CheckConstraint("standing in ('claimed','confirmed','refuted')", name="standing_known"),
    CheckConstraint("(standing = 'claimed') = (decided_at is null)", name="decided_has_day"),
    CheckConstraint("standing <> 'confirmed' or evidence_sha256 is not null", name="confirmed_has_evidence"),
)

veto_confirmations = Table(
    "veto_confirmations",
    METADATA,
    id_column(),
    Column("finding_id", Id, ForeignKey("veto_findings.id"), nullable=False),
    Column("part", String(10), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False),
    Column("confirmed_at", Moment, nullable=False),
    UniqueConstraint("finding_id", "part"),
    UniqueConstraint("finding_id", "person_id"),
    CheckConstraint("part in ('lead','evaluator','manager')", name="part_known"),
)

committee_meetings = Table(
    "committee_meetings",
    METADATA,
    id_column(),
    Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False, unique=True),
    Column("held_on", Date, nullable=False),
    Column("minutes", String(2000), nullable=False),
    Column("result", String(12), nullable=False),
    Column("recorded_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    CheckConstraint("result in ('pass','conditional','fail')", name="result_known"),
)

committee_votes = Table(
    "committee_votes",
    METADATA,
    id_column(),
    Column("meeting_id", Id, ForeignKey("committee_meetings.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("member", String(60), nullable=False),
    Column("choice", String(12), nullable=False),
    Column("reason", String(400), nullable=False),
    UniqueConstraint("meeting_id", "member"),
    CheckConstraint("choice in ('pass','conditional','fail','absent')", name="choice_known"),
    CheckConstraint("reason <> '' or choice = 'absent'", name="vote_has_reason"),
)

paper_sheets = Table(
    "paper_sheets",
    METADATA,
    id_column(),
    Column("assessment_id", Id, ForeignKey("assessments.id"), nullable=False),
    Column("seat_id", Id, ForeignKey("seats.id"), nullable=False),
    Column("items", Json, nullable=False),
    Column("comments", Json, nullable=False),
    Column("veto", Json, nullable=False),
    Column("scan_sha256", String(64), ForeignKey("stored_files.sha256"), nullable=False),
    Column("scan_extension", String(8), nullable=False),
    Column("entered_by", Id, ForeignKey("persons.id"), nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("standing", String(12), nullable=False),
    Column("decided_by", Id, ForeignKey("persons.id")),
    Column("decided_at", Moment),
    Column("reason", String(400), nullable=False),
    Index("ix_paper_sheets_seat", "seat_id", "standing"),
    Index("ix_paper_sheets_assessment", "assessment_id"),
    CheckConstraint("standing in ('waiting','counted','refused')", name="standing_known"),
    CheckConstraint("(standing = 'waiting') = (decided_by is null)", name="decided_by_somebody"),
    CheckConstraint("decided_by is null or decided_by <> entered_by", name="two_people"),
)
