"""The pages of payments: from what waits to a batch, its file and the bank's answers; the same with many rows."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Table, insert, select

from services.cases.models import case_moves, cases
from services.cases.payment_lists import lines
from services.database.base import new_id
from services.database.engine import open_database
from services.database.work import Work, reading, run, unit_of_work
from services.funding.models import instalments
from services.payments.models import bank_instructions, payment_batches
from services.people.sign_ins import open_sign_in
from tests.database.office import Office, open_office
from tests.web.conftest import SITE
from tests.web.test_statements import statements
from web.app import create_app

READERS = ("maker", "checker", "payer", "manager")


@pytest.fixture(scope="module")
def staged(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Office, str]:
    """An award whose first instalment is instructed and whose second is held: its database's file, and its number."""
    path = tmp_path_factory.mktemp("payments") / "chuke.sqlite"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    office = next(open_office(database))
    award = office.awarded(office.incubating(), 999_999)
    office.instruct(f"{award}-1", sent=False)
    office.move("manager", f"{award}-2", "hold", reason="核实用款")
    office.carry()
    database.close()
    return path, office, award


@pytest.fixture
def office(staged: tuple[Path, Office, str], tmp_path: Path) -> Iterator[Office]:
    """A copy of it that the test may change."""
    path, founded, _ = staged
    copied = tmp_path / "chuke.sqlite"
    shutil.copyfile(path, copied)
    database = open_database(f"sqlite:///{copied}")
    yield replace(founded, database=database)
    database.close()


@pytest.fixture
def award(staged: tuple[Path, Office, str]) -> str:
    """The award's number."""
    return staged[2]


def browser(office: Office, who: str, lang: str = "zh") -> TestClient:
    app = create_app(office.database, clock=lambda: office.now)
    client = TestClient(app, base_url=SITE, follow_redirects=False, headers={"origin": SITE})
    token = run(office.database, office.now, lambda work: open_sign_in(work, office.people[who].id, factor=True)).token
    client.cookies.set("chuke", token)
    client.cookies.set("language", lang)
    return client


def reference_of(office: Office, number: str) -> str:
    with reading(office.database, office.now) as work:
        return next(one.reference for one in lines(work) if one.case_number == number)


def test_two_people_bring_a_payment_to_the_bank_and_its_answer_back(office: Office, award: str) -> None:
    reference = reference_of(office, f"{award}-1")
    maker, payer = browser(office, "maker"), browser(office, "payer")
    shown = maker.get("/payments").text
    assert reference in shown
    assert "人民币伍仟元整" in shown
    assert "核实用款" in shown
    assert "编入一批" not in payer.get("/payments").text
    made = maker.post("/payments/batches", data={"reference": [reference]})
    address = made.headers["location"].partition("?")[0]
    assert made.status_code == 303
    assert "放行</button>" not in maker.get(address).text
    assert "放行</button>" in payer.get(address).text
    assert payer.post(f"{address}/release").status_code == 303
    assert payer.post(f"{address}/release").status_code == 409
    fetched = payer.post(f"{address}/file")
    assert fetched.headers["cache-control"] == "no-store"
    assert reference in fetched.text
    again = payer.post(f"{address}/file")
    assert again.status_code == 409
    assert "再次下载" in again.text
    answer = {"told": reference, f"{reference}.outcome": "paid", f"{reference}.serial": "S1"}
    unfinished = payer.post(f"{address}/results", data=answer)
    assert unfinished.status_code in {409, 422}
    assert 'value="S1"' in unfinished.text
    told = payer.post(f"{address}/results", data={**answer, f"{reference}.day": "2026-03-20"})
    assert told.status_code == 303
    assert "S1" in payer.get(address).text
    assert office.state(f"{award}-1") == "PAID"


def test_the_file_of_a_settled_batch_wants_a_reason_at_once(office: Office, award: str) -> None:
    batch = office.to_bank(f"{award}-1")
    office.move("payer", f"{award}-1", "record_payment", bank_serial="S1", value_date="2026-03-20")
    payer = browser(office, "payer")
    assert payer.post(f"/payments/batches/{batch}/file").status_code == 409
    assert payer.post(f"/payments/batches/{batch}/file", data={"reason": "归档核对"}).status_code == 200


def test_an_unknown_outcome_stands_first_where_it_is_settled(office: Office, award: str) -> None:
    office.to_bank(f"{award}-1")
    office.move("payer", f"{award}-1", "mark_unknown", reason="网银超时")
    for who in ("payer", "checker"):
        own = browser(office, who).get("/finance").text.partition("待我办理")[2].partition("暂缓拨付")[0]
        assert "结果不明" in own
        assert f"{award}-1" in own
    shown = browser(office, "maker")
    assert 'href="/payments"' in shown.get("/finance").text
    assert "请导入覆盖" in shown.get("/payments").text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("who", READERS)
def test_whoever_reads_payments_sees_the_batch(office: Office, award: str, who: str, lang: str) -> None:
    reference = reference_of(office, f"{award}-1")
    address = browser(office, "maker").post("/payments/batches", data={"reference": [reference]}).headers["location"]
    shown = browser(office, who, lang).get(address)
    assert shown.status_code == 200
    assert reference in shown.text
    assert "62000000000000" not in shown.text


def test_nothing_chosen_is_refused_and_the_page_shown_again(office: Office) -> None:
    refused = browser(office, "maker").post("/payments/batches")
    assert refused.status_code in {409, 422}
    assert "编入一批" in refused.text


def copies(work: Work, table: Table, key: str, identity: str, **changed: Any) -> str:
    """One more row like that one, under an identity of its own."""
    found = work.connection.execute(select(table).where(table.c[key] == identity)).mappings().first()
    assert found is not None
    row = {**found, key: new_id(), **changed}
    work.connection.execute(insert(table).values(row))
    return str(row[key])


def one_more(work: Work, number: str, place: int) -> str:
    """One more instalment like that one; answers its case's id."""
    like = work.connection.execute(select(cases.c.id).where(cases.c.number == number)).scalar_one()
    case = copies(work, cases, "id", like, number=f"{number}-{place}")
    copies(work, instalments, "case_id", like, case_id=case, number=place)
    return case


def crowded(office: Office, award: str, outcome: str) -> None:
    """Twenty-nine payments more of that outcome, twenty-nine more held, and twenty-nine more batches."""
    with unit_of_work(office.database, office.now) as work:
        attempt = work.connection.execute(select(bank_instructions)).one()
        held = work.connection.execute(select(cases.c.id).where(cases.c.number == f"{award}-2")).scalar_one()
        move = work.connection.execute(select(case_moves).where(case_moves.c.case_id == held)).one()
        for place in range(11, 40):
            case = one_more(work, f"{award}-1", place)
            copies(work, bank_instructions, "id", attempt.id, case_id=case, reference=f"ZF{place}", outcome=outcome)
            stopped = one_more(work, f"{award}-2", place + 100)
            copies(work, case_moves, "id", move.id, case_id=stopped)
            if attempt.batch_id:
                copies(work, payment_batches, "id", attempt.batch_id, number=f"FK{place}")


def test_one_payment_and_thirty_cost_the_same_waiting_batched_and_unknown(office: Office, award: str) -> None:
    maker = browser(office, "maker")
    few = statements(office.database, maker, "/payments")
    crowded(office, award, "open")
    assert statements(office.database, maker, "/payments") == few < 30
    assert maker.get("/payments").text.count("ZF") >= 30


def test_one_unknown_outcome_and_thirty_cost_the_same(office: Office, award: str) -> None:
    batch = office.to_bank(f"{award}-1")
    office.move("payer", f"{award}-1", "mark_unknown", reason="网银超时")
    payer = browser(office, "payer")
    pages = ("/payments", f"/payments/batches/{batch}", "/finance")
    few = [statements(office.database, payer, path) for path in pages]
    crowded(office, award, "unknown")
    assert [statements(office.database, payer, path) for path in pages] == few
    assert max(few) < 30
