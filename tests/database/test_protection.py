"""Personal fields lie sealed in both databases, bound to their rows, found by index; keys change while people work."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import column, func, insert, select, table, update

from services.cases.models import objections
from services.database import schema
from services.database.base import Id, Moment, new_id
from services.database.engine import Database
from services.database.work import Work, reading, unit_of_work
from services.errors import Refused
from services.organizations.models import divisions, organizations, payee_accounts
from services.organizations.queries import account_number_of, leader_phone_of
from services.people.keys import key_lines, remove_key, reseal, rotate_keys, sealed_columns
from services.people.models import persons
from services.protection import keys
from services.protection.keys import KeysUnreadable, ring
from services.protection.sealing import blind_index, blind_indexes, seal, unseal
from tests.database_fixtures import NOW

ROWS = 10_000 if os.environ.get("CHUKE_NIGHTLY") else 600


@pytest.fixture(autouse=True)
def own_ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file of the test's own."""
    path = tmp_path / "ring" / "keys.json"
    monkeypatch.setattr(keys, "ring_file", lambda: path)
    return path


def number(position: int) -> str:
    return f"6222{position:012d}"


def phone(position: int) -> str:
    return f"199{position:08d}"


def fill(work: Work, count: int) -> list[str]:
    """Organizations with a telephone and an account each; the ids of the accounts."""
    work.connection.execute(
        insert(divisions).values(code="229902", name="河湾区", level="county", kind="county", parent_code=None)
    )
    person = new_id()
    work.connection.execute(
        insert(persons).values(
            id=person, username="maker", name="经办甲", disabled=False, created_at=NOW,
            phone_sealed=seal("persons", person, "phone", phone(0)),
            phone_index=blind_index("persons", "phone", phone(0)),
        )
    )  # fmt: skip
    accounts = []
    for position in range(count):
        society, account = new_id(), new_id()
        work.connection.execute(
            insert(organizations).values(
                id=society, name=f"社{position}", legal_form="none", legal_status="UNFILED", incubation_stage="NONE",
                category="SERVICE", subtype="互助", home_division="229902", leader_name="周暖", created_at=NOW,
                leader_phone_sealed=seal("organizations", society, "leader_phone", phone(position)),
                leader_phone_index=blind_index("organizations", "leader_phone", phone(position)),
            )
        )  # fmt: skip
        work.connection.execute(
            insert(payee_accounts).values(
                id=account, organization_id=society, holder_organization_id=society, holder_name=f"社{position}",
                bank="青檐银行", kind="custody", entered_by=person, created_at=NOW,
                account_number_sealed=seal("payee_accounts", account, "account_number", number(position)),
                account_number_index=blind_index("payee_accounts", "account_number", number(position)),
            )
        )  # fmt: skip
        accounts.append(account)
    return accounts


@pytest.fixture
def filled(database: Database) -> tuple[Database, list[str]]:
    """A database with some rows sealed."""
    with unit_of_work(database, NOW) as work:
        ids = fill(work, 5)
    return database, ids


# What is sealed -----------------------------------------------------------------------------------


def test_these_fields_are_sealed(database: Database) -> None:
    """The list is the promise: a field that is added here is sealed, found by rotation, and looked for in artefacts."""
    found = {f"{one.name}.{sealed.info['sealed']}" for one, sealed in sealed_columns()}
    assert found >= {"persons.phone", "organizations.leader_phone", "payee_accounts.account_number",
                     "objections.contact"}  # fmt: skip
    for one, sealed in sealed_columns():
        assert sealed.name == f"{sealed.info['sealed']}_sealed"
        assert len(one.primary_key.columns) == 1


def test_a_value_moved_to_another_row_does_not_open(filled: tuple[Database, list[str]]) -> None:
    database, (first, second, *_) = filled
    with unit_of_work(database, NOW) as work:
        of = {
            row.id: row.account_number_sealed
            for row in work.connection.execute(select(payee_accounts).where(payee_accounts.c.id.in_([first, second])))
        }
        for one, other in ((first, second), (second, first)):
            work.connection.execute(
                update(payee_accounts).where(payee_accounts.c.id == one).values(account_number_sealed=of[other])
            )
    with reading(database, NOW) as work:
        for one in (first, second):
            row = work.connection.execute(select(payee_accounts).where(payee_accounts.c.id == one)).one()
            with pytest.raises(KeysUnreadable) as refused:
                account_number_of(row)
            assert refused.value.codes == ("protection.not_sealed_here",)


def test_a_value_moved_to_another_table_does_not_open_either(filled: tuple[Database, list[str]]) -> None:
    database, _ = filled
    with reading(database, NOW) as work:
        row = work.connection.execute(select(organizations).limit(1)).one()
    assert leader_phone_of(row).startswith("199")
    with pytest.raises(KeysUnreadable):
        unseal("persons", row.id, "phone", row.leader_phone_sealed)


def test_equal_values_are_found_by_the_index_and_no_table_holds_the_text(filled: tuple[Database, list[str]]) -> None:
    database, ids = filled
    wanted = blind_indexes("payee_accounts", "account_number", number(3))
    with reading(database, NOW) as work:
        found = work.connection.execute(
            select(payee_accounts.c.id).where(payee_accounts.c.account_number_index.in_(wanted))
        ).all()
        everything = str([work.connection.execute(select(one)).all() for one, _ in sealed_columns()])
    assert [one.id for one in found] == [ids[3]]
    for secret in (number(3), phone(3), phone(0)):
        assert secret not in everything


def test_a_lost_key_is_said_clearly_and_nothing_is_changed(filled: tuple[Database, list[str]], own_ring: Path) -> None:
    database, _ = filled
    lost = ring().current
    own_ring.unlink()
    with pytest.raises(KeysUnreadable) as refused:
        rotate_keys(database, now=NOW)
    assert refused.value.codes == ("protection.key_missing",)
    with reading(database, NOW) as work:
        assert {(one.name, one.sealed) for one in key_lines(work) if one.missing} == {(lost, 11)}


# Keys change --------------------------------------------------------------------------------------


def test_every_row_is_sealed_anew_while_others_read_and_write(database: Database) -> None:
    with unit_of_work(database, NOW) as work:
        ids = fill(work, ROWS)
    old, errors, done, reads = ring().current, [], threading.Event(), 0

    def serve() -> None:
        nonlocal reads
        while not done.is_set() or reads == 0:
            position = reads % ROWS
            try:
                with reading(database, NOW) as work:
                    wanted = blind_indexes("payee_accounts", "account_number", number(position))
                    row = work.connection.execute(
                        select(payee_accounts).where(payee_accounts.c.account_number_index.in_(wanted))
                    ).one()
                assert (row.id, account_number_of(row)) == (ids[position], number(position))
                if position % 7 == 0:
                    with unit_of_work(database, NOW) as work:
                        again = seal("payee_accounts", row.id, "account_number", number(position))
                        work.connection.execute(
                            update(payee_accounts)
                            .where(payee_accounts.c.id == row.id)
                            .values(account_number_sealed=again, bank="青檐银行")
                        )
            except BaseException as error:
                errors.append(error)
                return
            reads += 1

    others = [threading.Thread(target=serve) for _ in range(2)]
    for one in others:
        one.start()
    rotated = rotate_keys(database, now=NOW + timedelta(minutes=1))
    done.set()
    for one in others:
        one.join()
    assert errors == []
    assert reads > 0
    reseal(database, now=NOW)
    with reading(database, NOW) as work:
        lines = {one.name: one.sealed for one in key_lines(work)}
        rows = work.connection.execute(select(payee_accounts)).all()
    assert lines == {rotated.key: 2 * ROWS + 1, old: 0}
    assert rotated.resealed >= ROWS + 1
    assert {account_number_of(row) for row in rows} == {number(position) for position in range(ROWS)}
    assert {row.account_number_sealed.split(".")[1] for row in rows} == {rotated.key}


def test_an_old_key_goes_only_when_nothing_needs_it(filled: tuple[Database, list[str]]) -> None:
    database, _ = filled
    old = ring().current
    with pytest.raises(Refused) as refused:
        remove_key(database, old, now=NOW)
    assert refused.value.codes == ("protection.key_still_needed",)
    rotate_keys(database, now=NOW)
    remove_key(database, old, now=NOW)
    assert list(ring().keys) == [ring().current]


# From clear to sealed -----------------------------------------------------------------------------


def test_the_step_seals_what_an_older_installation_held_in_clear(empty_database: Database) -> None:
    config = schema._config()
    with unit_of_work(empty_database, NOW) as work:
        config.attributes.update(connection=work.connection, now=work.now)
        command.upgrade(config, "0002")
        person, society, account = _held_in_clear(work)
    schema.upgrade(empty_database)
    with reading(empty_database, NOW) as work:
        one = work.connection.execute(select(persons).where(persons.c.id == person)).one()
        other = work.connection.execute(select(organizations)).one()
        third = work.connection.execute(select(payee_accounts)).one()
        assert work.connection.execute(select(func.count()).select_from(objections)).scalar_one() == 0
    assert unseal("persons", one.id, "phone", one.phone_sealed) == phone(1)
    assert one.phone_index == blind_index("persons", "phone", phone(1))
    assert (other.id, leader_phone_of(other)) == (society, phone(2))
    assert (third.id, account_number_of(third)) == (account, number(1))


def _held_in_clear(work: Work) -> tuple[str, str, str]:
    """Rows as the first edition wrote them."""
    person, society, account = new_id(), new_id(), new_id()
    work.connection.execute(
        insert(divisions).values(code="229902", name="河湾区", level="county", kind="county", parent_code=None)
    )

    def row(to: str, **values: object) -> None:
        ids = {key for key in values if key == "id" or key.endswith(("_id", "_by"))}
        kinds = dict.fromkeys(ids, Id) | {"created_at": Moment()}
        work.connection.execute(insert(table(to, *(column(key, kinds.get(key)) for key in values))).values(values))

    row("persons", id=person, username="maker", name="经办甲", phone=phone(1), disabled=False, created_at=NOW)
    row(
        "organizations", id=society, name="社", legal_form="none", legal_status="UNFILED", incubation_stage="NONE",
        category="SERVICE", subtype="互助", home_division="229902", leader_name="周暖", leader_phone=phone(2),
        created_at=NOW,
    )  # fmt: skip
    row(
        "payee_accounts", id=account, organization_id=society, holder_organization_id=society, holder_name="社",
        account_number=number(1), bank="青檐银行", kind="custody", entered_by=person, created_at=NOW,
    )  # fmt: skip
    return person, society, account
