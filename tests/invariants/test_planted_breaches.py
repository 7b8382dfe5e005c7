"""Each invariant is broken on purpose, behind the back of the application, and found under exactly its own code."""

# ruff: noqa: E501, ISC004 - statements of SQL, each read best in one piece

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.bench.city import build
from services.database.engine import open_database
from services.invariants.check import check
from services.invariants.findings import INVARIANTS
from tests.crash.client import Client, Journal
from tests.crash.harness import stand_in
from tests.crash.scenarios import ADMISSION, BEFORE_THE_AWARD, THREE_INSTALMENTS
from tests.database.conftest import without_guards

AFTERWARDS = datetime(2027, 8, 30, tzinfo=UTC)
LONG_AGO, LATER = "2027-01-04 01:00:00.000000", "2027-09-30 01:00:00.000000"
NEXT_VOUCHER = "update counters set last = last + 1 where series = 'voucher-2027'"
ENTRY = (
    "insert into ledger_entries (id, voucher, key, kind, posted_on, at, memo)"
    " select '{id}', '记-2027-' || printf('%04d', last), 'planted', 'correction', '2027-08-28', '2027-08-28 01:00:00', ''"
    " from counters where series = 'voucher-2027'"
)
POSTING = (
    "insert into ledger_postings (id, entry_id, line_number, account, budget_line_id, award_id, amount_fen)"
    " select '{id}', '{entry}', {line}, '{account}', budget_line_id, case_id, {fen} from awards"
)
REMINDER = (
    "insert into errands (id, key, effect, case_id, case_number, payload, created_at, due_at, attempts, fence)"
    " select '{id}', 'remind:planted', 'remind', id, number, '{{}}', '{due}', '{due}', 0, 0 from cases limit 1"
)


def identity(number: int) -> str:
    return f"{number:032x}"


def posted(account: str, fen: int, line: int) -> str:
    return POSTING.format(id=identity(900 + line), entry=identity(900), line=line, account=account, fen=fen)


PLANTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "an answer without a move": (
        "I1",
        (
            "insert into answered_requests (request_id, actor_id, digest, answer, at)"
            " select 'ghost', actor_id, digest, answer, at from answered_requests limit 1",
        ),
    ),
    "a move nobody was answered for": ("I2", ("delete from answered_requests where request_id = 'accept'",)),
    "a score sheet changed after its lock": (
        "sheets",
        ("update score_sheets set total_hundredths = total_hundredths - 50 where total_hundredths > 100",),
    ),
    "a version of its own": ("I3", ("update cases set version = version + 1 where kind = 'incubation'",)),
    "a manager no move appointed": (
        "I3",
        ("update cases set manager_id = (select id from persons where username = 'clerk') where kind = 'incubation'",),
    ),
    "a role not held": ("I4", ("update role_grants set valid_to = '2020-01-02' where role = 'intake_clerk'",)),
    "a decider with a post in the organization": (
        "I4",
        (
            "insert into organization_posts (id, organization_id, person_id, post, held_from)"
            f" select '{identity(800)}', o.id, p.id, 'donor', '2020-01-01' from organizations o, persons p"
            " where p.username = 'manager'",
        ),
    ),
    "a name changed in the audit trail": ("I5", ("update audit_entries set actor_name = '别人' where sequence = 3",)),
    "a leaf of the log exchanged": (
        "I5",
        ("update log_leaves set leaf_hash = (select leaf_hash from log_leaves where position = 1) where position = 2",),
    ),
    "a notice that never came": ("I6", ("delete from notices where message = 'case_accepted'",)),
    "a paper that never was": ("I6", ("update errands set payload = '{\"document_id\": \"?\"}' where key like '%:2:1'",)),
    "an errand that waits unseen": ("I7", (REMINDER.format(id=identity(700), due=LONG_AGO),)),
    "an errand parked without a reason": (
        "I7",
        (REMINDER.format(id=identity(700), due=LONG_AGO), f"update errands set parked_at = '{LONG_AGO}' where effect = 'remind'"),
    ),
    "a voucher without postings": ("I8", (NEXT_VOUCHER, ENTRY.format(id=identity(900)))),
    "a balance below its floor": (
        "I9",
        (NEXT_VOUCHER, ENTRY.format(id=identity(900)), posted("PAYABLE", -100, 1), posted("PAID", 100, 2)),
    ),
    "a line that says less than the book": ("I10", ("update budget_lines set used_fen = used_fen - 1",)),
    "a year that says less than the book": ("I10", ("update funding_ceilings set used_fen = used_fen - 1 where kind = 'year'",)),
    "an organization that says more than the book": ("I10", ("update funding_ceilings set used_fen = used_fen + 1 where kind = 'organization'",)),
    "an award that says less was paid than the book": ("I10", ("update funding_ceilings set used_fen = used_fen - 1 where kind = 'award'",)),
    "an award that counts on no programme": (
        "I10",
        (
            "delete from ceiling_uses where ceiling_id in (select id from funding_ceilings where kind = 'programme')",
            "delete from funding_ceilings where kind = 'programme'",
        ),
    ),
    "an award that may pay more than it is": ("I11", ("update funding_ceilings set limit_fen = limit_fen + 1 where kind = 'award'",)),
    "shares that are not the award": ("I11", ("update awards set amount_fen = amount_fen - 1",)),
    "a payment without a serial": ("I12", ("update instalments set bank_serial = null, value_date = null where number = 3",)),
    "a bank told what nobody approved": ("attempts", ("update bank_instructions set digest = 'x' where attempt = 1",)),
    "a voucher number that is gone": ("I13", (NEXT_VOUCHER,)),
    "an entry posted into a closed month": (
        "I13",
        (
            "insert into ledger_periods (month, standing, closed_by, closed_at) select substr(min(posted_on), 1, 7),"
            " 'closed', (select id from persons limit 1), '2020-01-01 00:00:00' from ledger_entries",
        ),
    ),
    "a reversal of something else": (
        "I13",
        ("insert into ledger_reversals (entry_id, reverses, reason, proposed_by, approved_by) select e.id, o.id, 'x', a.id, b.id"
         " from ledger_entries e, ledger_entries o, persons a, persons b where e.kind = 'pay' and o.kind = 'commit'"
         " and a.username = 'maker' and b.username = 'checker' limit 1",),
    ),
    "a payment the bank knows nothing of": (
        "I14",
        ("delete from bank_answers", "delete from bank_instructions where case_id in (select case_id from instalments where number = 2)"),
    ),
    "a payment of another serial": ("I14", ("update bank_instructions set bank_serial = 'X' where bank_serial is not null and case_id in (select case_id from instalments where number = 1)",)),
    "a refund the book does not know": (
        "I13",
        (
            "insert into refunds (id, award_id, amount_fen, bank_serial, received_on, recorded_by)"
            f" select '{identity(600)}', case_id, 100, 'R1', '2027-08-28', (select id from persons limit 1) from awards",
        ),
    ),
    "a line of the bank that is not what was paid": (
        "I14",
        (
            f"insert into own_accounts (id, tail, created_at) values ('{identity(400)}', '0001', '2027-08-28 01:00:00')",
            "insert into bank_statements (id, account_id, layout, encoding, from_on, to_on, opening_fen, closing_fen, count, known,"
            " reordered, file_name, file_sha256, imported_by, imported_at)"
            f" select '{identity(401)}', '{identity(400)}', 'general', 'UTF-8', '2027-08-01', '2027-08-31', 100, 99, 1, 0, 0, '',"
            " (select sha256 from stored_files limit 1), (select id from persons limit 1), '2027-08-28 01:00:00'",
            "insert into statement_lines (id, account_id, statement_id, row, booked_on, amount_fen, serial, payee, tail, memo, key)"
            f" values ('{identity(402)}', '{identity(400)}', '{identity(401)}', 5, '2027-08-28', -1, '', '', '', '', 'k')",
            "insert into statement_matches (line_id, instruction_id, by, matched_at)"
            f" select '{identity(402)}', id, 'reference', '2027-08-28 01:00:00' from bank_instructions limit 1",
        ),
    ),
    "a paper's number that is gone": ("I15", ("update counters set last = last + 1 where series like 'document-%受-2026'",)),
    "a certificate of a move that earns none": (
        "I15",
        ("update issued_documents set move_sequence = move_sequence - 1 where kind = 'graduation_certificate'",),
    ),
    "other bytes": ("I16", ("update stored_files set content = x'25' where rowid = 3",)),
    "a file of nobody": (
        "I16",
        (
            "insert into stored_files (sha256, media_type, size, content, stored_at) values"
            " ('cdb4ee2aea69cc6a83331bbe96dc2caa9a299d21329efb0336fc02a82e1839a8', 'application/pdf', 1, x'23', '2027-08-28 01:00:00')",
        ),
    ),
    "a revoked paper in force again": ("I17", (f"update issued_documents set revoked_at = '{LATER}' where kind = 'receipt_slip'",)),
    "a delivery of nothing": (
        "I20",
        (
            "insert into deliveries (id, document_id, person_id, sent_at)"
            f" select '{identity(500)}', '{identity(501)}', id, '{LATER}' from persons limit 1",
        ),
    ),
    "something still held": (
        "I20",
        (
            REMINDER.format(id=identity(700), due=LATER),
            f"update errands set leased_by = 'gone', lease_until = '{LATER}' where effect = 'remind'",
        ),
    ),
    "a clock that runs on": ("clocks", ("update case_clocks set standing = 'running' where key = 'award_signing'",)),
    "a due day of another clock": ("clocks", ("update cases set due_on = '2030-01-01' where kind = 'award'",)),
}  # fmt: skip


@pytest.fixture(scope="session")
def lived(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which an organization went from entry to graduation and was paid three instalments."""
    folder = tmp_path_factory.mktemp("lived")
    path = folder / "lived.sqlite"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    city = build(database, organizations_count=1, now=ADMISSION[0].now)
    journal = Journal(folder / "journal.jsonl")
    for step in (*BEFORE_THE_AWARD, *THREE_INSTALMENTS):
        client = Client(database, city, step=step.name, now=step.now, journal=journal, render=stand_in)
        step.act(client)
        client.drain()
    database.close()
    return path


def test_a_sound_database_has_no_finding(lived: Path, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{shutil.copyfile(lived, tmp_path / 'copy.sqlite')}")
    assert check(database, now=AFTERWARDS, quiet=True) == ()
    database.close()


@pytest.mark.parametrize("breach", PLANTED)
def test_a_breach_is_found_under_its_own_code(lived: Path, tmp_path: Path, breach: str) -> None:
    code, statements = PLANTED[breach]
    database = open_database(f"sqlite:///{shutil.copyfile(lived, tmp_path / 'copy.sqlite')}")
    for statement in statements:
        without_guards(database, lambda connection, said=statement: connection.execute(text(said.replace(":", "\\:"))))
    found = check(database, now=AFTERWARDS, quiet=code == "I20")
    database.close()
    assert [one.code for one in found] == [code], found
    assert found[0].rows
    assert found[0].count >= len(found[0].rows)


def test_every_invariant_has_a_breach_of_its_own() -> None:
    assert {code for code, _ in PLANTED.values()} == set(INVARIANTS)


def test_every_invariant_is_told_in_both_languages() -> None:
    for code, (zh, en) in INVARIANTS.items():
        assert not zh.isascii(), code
        assert en.isascii(), code
