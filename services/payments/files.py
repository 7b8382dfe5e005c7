"""The file a finance officer hands in on the bank's web page: CSV, an Excel template, or ISO 20022 pain.001.

The same orders give the same bytes, so that a file can be made again and compared with the one that was released.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

from xlsxwriter import Workbook

from services.errors import Refused
from services.payments.rules import Order, yuan

HEADINGS = ("序号", "收款账号", "收款户名", "收款行名称", "金额", "币种", "用途", "客户参考号")
PURPOSE = "资助款"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands over a file: the batch, its moment and day, whose account pays, and how its text is encoded."""

    number: str
    made_at: datetime
    pay_on: date
    payer: str
    payer_account: str
    encoding: str = "utf-8-sig"


def make_file(form: str, sheet: Sheet, orders: Sequence[Order]) -> bytes:
    """The file in that form (csv, xlsx, pain001). Refused("payment.text_unfit") for a text the bank would misread."""
    for order in orders:
        _refuse_unfit(order, sheet)
    return FORMS[form](sheet, orders)


def _refuse_unfit(order: Order, sheet: Sheet) -> None:
    """A cell that begins like a formula, and a character the encoding lacks, would reach the bank as something else."""
    for text in (order.holder_name, order.bank, order.account_number):
        try:
            text.encode(sheet.encoding)
        except UnicodeEncodeError:
            raise Refused("payment.text_unfit", text=text) from None
        if text.startswith(FORMULA):
            raise Refused("payment.text_unfit", text=text)


def _rows(orders: Sequence[Order]) -> list[tuple[str, ...]]:
    return [
        (str(number), one.account_number, one.holder_name, one.bank, yuan(one.amount_fen), "CNY", PURPOSE,
         one.reference)
        for number, one in enumerate(orders, start=1)
    ]  # fmt: skip


def _csv(sheet: Sheet, orders: Sequence[Order]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([HEADINGS, *_rows(orders)])
    return text.getvalue().encode(sheet.encoding)


def _xlsx(sheet: Sheet, orders: Sequence[Order]) -> bytes:
    """Account numbers and references as text: as numbers they would lose digits."""
    kept = BytesIO()
    book = Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False})
    book.set_properties({"title": sheet.number, "created": sheet.made_at.replace(tzinfo=None, microsecond=0)})
    page = book.add_worksheet("批量付款")
    bold, text, money = (book.add_format(one) for one in ({"bold": True}, {"num_format": "@"}, {"num_format": "0.00"}))
    page.write_row(0, 0, HEADINGS, bold)
    for row, (cells, order) in enumerate(zip(_rows(orders), orders, strict=True), start=1):
        for column, cell in enumerate(cells):
            page.write_string(row, column, cell, text)
        page.write_number(row, 4, Fraction(order.amount_fen, 100), money)
    page.set_column(1, 7, 24)
    book.close()
    return kept.getvalue()


def _pain001(sheet: Sheet, orders: Sequence[Order]) -> bytes:
    """One payment information of transfers in yuan; accounts without IBAN stand under Othr, as in China."""
    root = ET.Element("Document", xmlns=NAMESPACE)
    body = ET.SubElement(root, "CstmrCdtTrfInitn")
    total = yuan(sum(one.amount_fen for one in orders))
    head = ET.SubElement(body, "GrpHdr")
    _put(head, "MsgId", sheet.number, longest=35)
    _put(head, "CreDtTm", sheet.made_at.strftime("%Y-%m-%dT%H:%M:%S"))
    _put(head, "NbOfTxs", str(len(orders)))
    _put(head, "CtrlSum", total)
    _put(ET.SubElement(head, "InitgPty"), "Nm", sheet.payer, longest=140)
    info = ET.SubElement(body, "PmtInf")
    _put(info, "PmtInfId", sheet.number, longest=35)
    _put(info, "PmtMtd", "TRF")
    _put(info, "NbOfTxs", str(len(orders)))
    _put(info, "CtrlSum", total)
    _put(info, "ReqdExctnDt", sheet.pay_on.isoformat())
    _put(ET.SubElement(info, "Dbtr"), "Nm", sheet.payer, longest=140)
    _account(info, "DbtrAcct", sheet.payer_account)
    _put(ET.SubElement(ET.SubElement(ET.SubElement(info, "DbtrAgt"), "FinInstnId"), "Othr"), "Id", "NOTPROVIDED")
    for order in orders:
        _transfer(ET.SubElement(info, "CdtTrfTxInf"), order)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _transfer(one: ET.Element, order: Order) -> None:
    names = ET.SubElement(one, "PmtId")
    _put(names, "InstrId", order.reference, longest=35)
    _put(names, "EndToEndId", order.reference, longest=35)
    amount = ET.SubElement(ET.SubElement(one, "Amt"), "InstdAmt", Ccy="CNY")
    amount.text = yuan(order.amount_fen)
    _put(ET.SubElement(ET.SubElement(one, "CdtrAgt"), "FinInstnId"), "Nm", order.bank, longest=140)
    _put(ET.SubElement(one, "Cdtr"), "Nm", order.holder_name, longest=140)
    _account(one, "CdtrAcct", order.account_number)
    _put(ET.SubElement(one, "RmtInf"), "Ustrd", f"{PURPOSE} {order.reference}", longest=140)


def _account(parent: ET.Element, tag: str, number: str) -> None:
    _put(ET.SubElement(ET.SubElement(ET.SubElement(parent, tag), "Id"), "Othr"), "Id", number, longest=34)


def _put(parent: ET.Element, tag: str, text: str, *, longest: int = 70) -> None:
    if not 1 <= len(text) <= longest:
        raise Refused("payment.text_unfit", text=text or tag)
    ET.SubElement(parent, tag).text = text


FORMS: dict[str, Callable[[Sheet, Sequence[Order]], bytes]] = {"csv": _csv, "xlsx": _xlsx, "pain001": _pain001}
SUFFIX = {"csv": ".csv", "xlsx": ".xlsx", "pain001": ".xml"}
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pain001": "application/xml",
}
