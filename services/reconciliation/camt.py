"""Reads ISO 20022 camt.053 (any of its versions); a document that declares types or entities is not even parsed."""

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

from services.errors import Invalid
from services.reconciliation.rules import Line, Statement

_STARTS = (b"<?xml", b"\xef\xbb\xbf<?xml", b"<Document")
_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,2})?")


def is_xml(content: bytes) -> bool:
    """Whether the file is meant to be XML."""
    return content.lstrip()[:12].startswith(_STARTS)


def read_camt(content: bytes) -> Statement:
    """The one statement of the document. Invalid for what is no camt.053, holds several, or declares entities."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<!doctype" in content.lower():
        raise Invalid("reconciliation.not_readable")
    # Without a document type no entity can be declared, so none can be blown up or made to read a file.
    try:
        root = ET.fromstring(content)
    except (ET.ParseError, ValueError):
        raise Invalid("reconciliation.not_readable") from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    statements = root.findall("./BkToCstmrStmt/Stmt")
    if len(statements) != 1:
        raise Invalid("reconciliation.not_one_statement", found=len(statements))
    return _statement(statements[0])


def _statement(one: ET.Element) -> Statement:
    balances = {found.findtext("./Tp/CdOrPrtry/Cd", ""): _signed(found) for found in one.findall("./Bal")}
    opening = balances.get("OPBD", balances.get("PRCD"))
    closing = balances.get("CLBD")
    account = one.findtext("./Acct/Id/Othr/Id") or one.findtext("./Acct/Id/IBAN") or ""
    if opening is None or closing is None or not account:
        raise Invalid("reconciliation.not_readable")
    lines = tuple(_line(number, entry) for number, entry in enumerate(one.findall("./Ntry"), start=1))
    days = [line.on for line in lines]
    first = one.findtext("./FrToDt/FrDtTm") or one.findtext("./FrToDt/FrDt")
    last = one.findtext("./FrToDt/ToDtTm") or one.findtext("./FrToDt/ToDt")
    if not days and not (first and last):
        raise Invalid("reconciliation.nothing_in_it")
    count = one.findtext("./TxsSummry/TtlNtries/NbOfNtries")
    return Statement(
        "camt053", re.sub(r"\D", "", account), _day(first) if first else min(days), _day(last) if last else max(days),
        opening, closing, lines, "camt.053", _total(one, "TtlDbtNtries"), _total(one, "TtlCdtNtries"),
        int(count) if count and count.isdigit() else None,
    )  # fmt: skip


def _total(one: ET.Element, name: str) -> int | None:
    text = one.findtext(f"./TxsSummry/{name}/Sum")
    return None if text is None else _fen(text)


def _line(row: int, entry: ET.Element) -> Line:
    amount = _signed(entry)
    detail = entry.find("./NtryDtls/TxDtls")
    inside = detail if detail is not None else entry
    party = "Cdtr" if amount < 0 else "Dbtr"
    name = inside.findtext(f"./RltdPties/{party}/Nm") or inside.findtext(f"./RltdPties/{party}/Pty/Nm") or ""
    account = inside.findtext(f"./RltdPties/{party}Acct/Id/Othr/Id") or ""
    told = [
        inside.findtext("./Refs/EndToEndId") or "", *(one.text or "" for one in inside.findall("./RmtInf/Ustrd")),
        entry.findtext("./AddtlNtryInf") or "",
    ]  # fmt: skip
    day = entry.findtext("./BookgDt/Dt") or entry.findtext("./BookgDt/DtTm") or entry.findtext("./ValDt/Dt") or ""
    serial = entry.findtext("./AcctSvcrRef") or inside.findtext("./Refs/AcctSvcrRef") or ""
    memo = " ".join(dict.fromkeys(one for one in told if one and one != "NOTPROVIDED"))
    return Line(row, _day(day), amount, serial.strip(), name.strip(), account.strip()[-4:], memo)


def _signed(one: ET.Element) -> int:
    way, reverses = one.findtext("./CdtDbtInd", ""), one.findtext("./RvslInd", "") == "true"
    if way not in ("CRDT", "DBIT"):
        raise Invalid("reconciliation.amount_unclear")
    found = one.find("./Amt")
    currency = found.get("Ccy", "CNY") if found is not None else ""
    if found is None or currency != "CNY":
        raise Invalid("reconciliation.other_currency", said=currency)
    amount = _fen(found.text or "")
    return amount if (way == "CRDT") != reverses else -amount


def _fen(text: str) -> int:
    plain = text.strip()
    if not _AMOUNT.fullmatch(plain):
        raise Invalid("reconciliation.no_amount", said=plain[:40])
    return int(Decimal(plain) * 100)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise Invalid("reconciliation.no_day", said=text[:40]) from None
