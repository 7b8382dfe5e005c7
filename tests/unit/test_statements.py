"""D7: a statement file with any of twelve planted faults: all are found, and none in a thousand sound lines."""

import csv
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from xlsxwriter import Workbook

from documents.format import in_yuan
from services.errors import Invalid
from services.reconciliation import matching
from services.reconciliation.reading import read_statement
from services.reconciliation.rules import out_of_order
from tests.statements import ACCOUNT, FIRST, HEADINGS, OPENING, Booked, matched, paid, written

LAST = date(2026, 12, 31)
SMALL = 40
EXPECTED, BOOKED = paid(SMALL)
AIM = next(place for place, one in enumerate(BOOKED) if "ZF" in one.memo)
"""Where the planted faults are: the first line that names its reference."""

BARE = next(place for place, one in enumerate(BOOKED) if "ZF" not in one.memo and one.amount_fen < 0)
"""And the first payment that does not."""


def _with(place: int, *lines: Booked) -> list[Booked]:
    return [*BOOKED[:place], *lines, *BOOKED[place + 1 :]]


def _split(one: Booked) -> tuple[Booked, Booked]:
    part = one.amount_fen // 3
    return (
        replace(one, amount_fen=part, serial=f"{one.serial}-1"),
        replace(one, amount_fen=one.amount_fen - part, serial=f"{one.serial}-2"),
    )


def _again(one: Booked) -> Booked:
    return replace(one, serial=f"{one.serial}9")


def changes(place: int) -> dict[str, list[Booked]]:
    """The faults of single lines, planted in that line; each by the kind it must be found as."""
    one = BOOKED[place]
    return {
        "missing": [*BOOKED[:place], *BOOKED[place + 1 :]],
        "extra": [*BOOKED, Booked(one.on, "B9", "不相识的公司", "4321", "货款", -123_456)],
        "amount": _with(place, replace(one, amount_fen=one.amount_fen - 1)),
        "date": _with(place, replace(one, on=date(2026, 12, 1) - timedelta(days=3))),
        "duplicate": [*BOOKED, _again(one)],
        "payee": _with(place, replace(one, payee="桦林街道某某商店", tail="9999")),
        "sign": _with(place, replace(one, amount_fen=-one.amount_fen)),
        "split": _with(place, *_split(one)),
    }


@pytest.mark.parametrize("kind", changes(AIM))
@pytest.mark.parametrize("place", [AIM, BARE], ids=["by reference", "by name and amount"])
def test_a_fault_of_a_line_is_found_as_what_it_is_and_nothing_else_is(kind: str, place: int) -> None:
    statement = read_statement(written(changes(place)[kind], first=date(2026, 11, 20)))
    outcome = matched(EXPECTED, statement)
    assert [one.kind for one in outcome.open] == [kind]
    assert len(outcome.matches) == SMALL - (kind not in ("extra", "duplicate"))


@pytest.mark.parametrize(("encoding", "called"), [("gb18030", "GB 18030"), ("utf-8-sig", "UTF-8 BOM")])
def test_the_encodings_banks_save_in_are_told_apart_and_change_nothing(encoding: str, called: str) -> None:
    statement = read_statement(written(BOOKED, encoding=encoding, newline="\r"))
    assert statement.encoding == called
    assert statement.lines == read_statement(written(BOOKED)).lines
    assert matched(EXPECTED, statement).open == ()


def _refused(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(Invalid) as refused:
        read_statement(content)
    return [(one.line, one.code.partition(".")[2]) for one in refused.value.facts.get("faults", ())]


def test_a_wrong_total_is_refused() -> None:
    wrong = OPENING + sum(one.amount_fen for one in BOOKED) + 1
    assert _refused(written(BOOKED, closing=wrong)) == [(0, "balance_differs")]


def test_a_file_that_was_cut_off_is_refused_between_any_two_of_its_lines() -> None:
    lines = written(BOOKED).splitlines(keepends=True)
    for kept in range(5, len(lines)):
        assert (0, "count_differs") in _refused(b"".join(lines[:kept]))


def test_a_file_without_control_totals_that_was_cut_off_is_refused_by_its_balances() -> None:
    lines = [line for line in written(BOOKED).splitlines(keepends=True) if not line.startswith("总笔数".encode())]
    assert _refused(b"".join(lines[:-1])) == [(0, "balance_differs")]


def test_lines_in_another_order_are_noticed_and_matched_all_the_same() -> None:
    balance, balances = OPENING, {}
    for one in BOOKED:
        balance += one.amount_fen
        balances[one.serial] = balance
    mixed = [*BOOKED[20:], *BOOKED[:20]]
    statement = read_statement(written(mixed, balances=[balances[one.serial] for one in mixed]))
    assert out_of_order(statement)
    assert matched(EXPECTED, statement).open == ()
    assert not out_of_order(read_statement(written(BOOKED)))
    latest_first = written(BOOKED[::-1], balances=[balances[one.serial] for one in BOOKED[::-1]])
    assert not out_of_order(read_statement(latest_first))


def test_a_thousand_sound_lines_raise_nothing_within_five_seconds() -> None:
    expected, booked = paid(1_000, seed=7)
    begun = time.monotonic()
    outcome = matched(expected, read_statement(written(booked)))
    assert outcome.open == ()
    assert len(outcome.matches) == 1_000
    assert time.monotonic() - begun < 5


# Every reader ---------------------------------------------------------------------------------------


def _sheet() -> bytes:
    out, balance = BytesIO(), OPENING
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    moved = sum(one.amount_fen for one in BOOKED)
    sheet.write_row(0, 0, ["账号", ACCOUNT, "起始日期", "2026-12-01", "截止日期", "2026-12-31"])
    sheet.write_row(1, 0, ["期初余额", OPENING / 100, "期末余额", (OPENING + moved) / 100])
    sheet.write_row(2, 0, HEADINGS)
    for row, one in enumerate(BOOKED, start=3):
        balance += one.amount_fen
        amounts = [-one.amount_fen / 100, ""] if one.amount_fen < 0 else ["", one.amount_fen / 100]
        account = f"6222000000{one.tail}"
        cells = [f"{one.on:%Y-%m-%d}", one.serial, one.payee, account, one.memo, *amounts, balance / 100]
        sheet.write_row(row, 0, cells)
    book.close()
    return out.getvalue()


def _camt(*, declared: str = "") -> bytes:
    moved = sum(one.amount_fen for one in BOOKED)

    def amount(fen: int) -> str:
        return f'<Amt Ccy="CNY">{abs(fen) / 100:.2f}</Amt><CdtDbtInd>{"CRDT" if fen >= 0 else "DBIT"}</CdtDbtInd>'

    def party(one: Booked) -> str:
        side = "Cdtr" if one.amount_fen < 0 else "Dbtr"
        return (
            f"<RltdPties><{side}><Nm>{one.payee}</Nm></{side}><{side}Acct><Id><Othr><Id>6222000000{one.tail}</Id>"
            f"</Othr></Id></{side}Acct></RltdPties><RmtInf><Ustrd>{one.memo}</Ustrd></RmtInf>"
        )

    entries = "".join(
        f"<Ntry>{amount(one.amount_fen)}<BookgDt><Dt>{one.on}</Dt></BookgDt><AcctSvcrRef>{one.serial}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls>{party(one)}</TxDtls></NtryDtls></Ntry>"
        for one in BOOKED
    )
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{amount(fen)}</Bal>"
        for code, fen in (("OPBD", OPENING), ("CLBD", OPENING + moved))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{declared}'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><FrToDt>'
        "<FrDtTm>2026-12-01T00:00:00</FrDtTm><ToDtTm>2026-12-31T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id></Acct>{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


@pytest.mark.parametrize("content", [_sheet(), _camt()], ids=["XLSX", "camt.053"])
def test_other_kinds_of_files_say_the_same(content: bytes) -> None:
    statement = read_statement(content)
    assert (statement.account, statement.from_on, statement.to_on) == (ACCOUNT, FIRST, date(2026, 12, 31))
    plain = [(one.on, one.amount_fen, one.serial, one.payee, one.tail) for one in read_statement(written(BOOKED)).lines]
    assert [(one.on, one.amount_fen, one.serial, one.payee, one.tail) for one in statement.lines] == plain
    assert matched(EXPECTED, statement).open == ()


def test_a_layout_with_one_amount_and_a_mark_is_read_by_its_own_headings() -> None:
    text = (
        "客户账号：22990000000000188,,,,\r\n查询起日：20261201,查询止日：20261231,,,\r\n承前余额,1000.00,结余,900.00,\r\n"
        "交易时间,借贷标志,交易金额,对手户名,核心流水号\r\n2026-12-03 10:11:12,借,100.00,晨光社区邻里互助社,S1\r\n"
    )
    (line,) = read_statement(text.encode("gb18030")).lines
    assert (line.on, line.amount_fen, line.payee, line.serial) == (
        date(2026, 12, 3),
        -10_000,
        "晨光社区邻里互助社",
        "S1",
    )


def _cell(column: str, text: str) -> bytes:
    rows = list(csv.reader(written(BOOKED[:3]).decode().splitlines()))
    rows[5][HEADINGS.index(column)] = text
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("交易日期", "20261332", "no_day"), ("交易日期", "", "no_day"), ("借方发生额", "1e2", "no_amount"),
        ("借方发生额", "NaN", "no_amount"), ("借方发生额", "1.005", "no_amount"), ("余额", "很多", "no_amount"),
        ("贷方发生额", "5.00", "amount_unclear"), ("借方发生额", "", "amount_unclear"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_refuses_the_whole_file_and_names_its_row(column: str, text: str, code: str) -> None:
    assert BOOKED[1].amount_fen < 0
    assert (6, code) in _refused(_cell(column, text))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "input.missing"),
        ("日期,名称\r\n1,2\r\n".encode(), "reconciliation.no_headings"),
        ("交易日期,交易流水号,对方户名,摘要,借方发生额\r\n".encode(), "input.columns_missing"),
        (b"PK\x03\x04 no sheet", None),
        ("对账单".encode("gb18030") + b"\xff\xff", "reconciliation.not_readable"),
        (_camt(declared='<!DOCTYPE a [<!ENTITY b "c">]>'), "reconciliation.not_readable"),
        (_camt()[:-20], "reconciliation.not_readable"),
    ],
)
def test_what_is_no_statement_is_refused_with_its_reason(content: bytes, code: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        read_statement(content)
    assert code is None or code in refused.value.codes


# Are the checks themselves any good? ----------------------------------------------------------------

PLANTED: dict[str, tuple[str, Callable[..., object], str]] = {
    "the payee is not compared": ("_same_payee", lambda *_, **__: True, "payee"),
    "the days are not compared": ("_same_day", lambda *_, **__: True, "date"),
    "amounts agree roughly": ("NEAR_FEN", None, "amount"),  # type: ignore[dict-item]
    "every day is taken for covered": ("covers", lambda *_: False, "missing"),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_of_matching_is_caught(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, weakened, kind = PLANTED[bug]
    monkeypatch.setattr(matching, name, -1 if weakened is None else weakened)
    statement = read_statement(written(changes(BARE)[kind], first=date(2026, 11, 20)))
    assert [one.kind for one in matched(EXPECTED, statement).open] != [kind]


def test_a_planted_bug_of_reading_totals_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.reconciliation.reading.statement_faults", lambda _: ())
    wrong = written(BOOKED, closing=OPENING)
    assert read_statement(wrong).closing_fen == OPENING
    assert in_yuan(OPENING) == "9,000,000.00"
