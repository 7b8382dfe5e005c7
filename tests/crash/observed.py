"""What anyone could see of a database, without ids and instants: two runs that saw the same world are equal in this."""

from typing import Any

from sqlalchemy import text

from services.database.engine import Database
from services.database.work import reading

# ruff: noqa: E501 - one question a line
# A bank that stayed silent and a sender that was cut off before it heard look the same from outside (cut, answer),
# and how often a bank is looked at depends on the minute (send_payments).
# Only what a client's repetition may not change: refusals and notes of repeated clicks are left out on purpose.
QUESTIONS: dict[str, str] = {
    "cases": "select number, kind, state, stage, version, live, due_on, timer_on from cases",
    "moves": "select c.number, m.sequence, m.row, m.trigger, m.source, m.dest, p.username, m.role, m.on_date, replace(m.request_id, ':cut:', ':answer:')"
    " from case_moves m join cases c on c.id = m.case_id join persons p on p.id = m.actor_id",
    "answers": "select replace(request_id, ':cut:', ':answer:') from answered_requests",
    "clocks": "select c.number, k.key, k.standing, k.started_on, k.due_on from case_clocks k join cases c on c.id = k.case_id",
    "errands": "select case_number, effect, move_sequence, count(*), count(done_at), count(parked_at) from errands"
    " where effect <> 'send_payments' group by case_number, effect, move_sequence",
    "papers": "select kind, series, serial, number, standing, file_sha256 is null from issued_documents",
    "files": "select media_type, count(*) from stored_files group by media_type",
    "signatures": "select d.number, d.file_sha256 = s.sha256, s.level from signatures s"
    " join issued_documents d on d.id = s.document_id",
    "deliveries": "select d.number, p.username from deliveries v join issued_documents d on d.id = v.document_id"
    " join persons p on p.id = v.person_id",
    "drawers": "select d.number, o.name, v.standing, v.due_on from paper_deliveries v"
    " join issued_documents d on d.id = v.document_id join organizations o on o.id = v.organization_id",
    "notices": "select c.number, n.message, n.title, p.username, count(*) from notices n join persons p on p.id = n.person_id"
    " left join cases c on c.id = n.case_id group by c.number, n.message, n.title, p.username",
    "book": "select e.voucher, e.kind, e.memo, p.account, p.amount_fen from ledger_entries e"
    " join ledger_postings p on p.entry_id = e.id",
    "lines": "select amount_fen, used_fen from budget_lines",
    "ceilings": "select kind, year, limit_fen, used_fen from funding_ceilings",
    "instalments": "select c.number, i.amount_fen, i.earned_on, i.instructed_on, i.bank_serial, i.value_date, i.received_on"
    " from instalments i join cases c on c.id = i.case_id",
    "attempts": "select c.number, b.attempt, b.reference, b.amount_fen, b.outcome, b.bank_serial, b.value_date from bank_instructions b"
    " join cases c on c.id = b.case_id",
    "recoveries": "select c.number, r.cause, r.kept_fen, r.asked_fen, r.due_on, r.closed_on, d.amount_fen, d.repaid_fen"
    " from recovery_cases r join cases c on c.id = r.case_id left join recoveries d on d.id = r.recovery_id",
    "slips": "select bank_serial, amount_fen, received_on, recovery_id is null from refunds",
    "counters": "select series, last from counters where series <> 'calendar'",
    "sheets": "select s.total_hundredths, s.locked_at is null, a.form from score_sheets s join assessments a on a.id = s.assessment_id",
    "acts": "select object, action, count(*) from audit_entries where result = 'done' and action like 'case:move:%'"
    " group by object, action",
}  # fmt: skip


def observed(database: Database) -> dict[str, list[str]]:
    """The answer to every question, as sorted lines of text."""
    found: dict[str, list[str]] = {}
    with reading(database) as work:
        for name, question in QUESTIONS.items():
            found[name] = sorted(_line(row) for row in work.connection.execute(text(question)))
    return found


def _line(row: Any) -> str:
    return " | ".join("" if value is None else str(int(value) if isinstance(value, bool) else value) for value in row)


def differences(expected: dict[str, list[str]], seen: dict[str, list[str]]) -> list[str]:
    """Where the two differ, one line for each question."""
    found = []
    for name, wanted in expected.items():
        missing = [line for line in wanted if line not in seen[name]]
        surplus = [line for line in seen[name] if line not in wanted]
        if wanted != seen[name]:
            found.append(f"{name}: missing {missing[:3]}, surplus {surplus[:3]}")
    return found
