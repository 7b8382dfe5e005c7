"""The file for the bank's page says what was ordered, in every form, to the byte the same each time."""

from datetime import date, datetime
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from services.errors import Refused
from services.payments.files import HEADINGS, NAMESPACE, Sheet, make_file
from services.payments.rules import Order

MADE = datetime(2026, 12, 8, 9, 30)  # noqa: DTZ001 - the office's own clock
SHEET = Sheet("FK2026-0001", MADE, date(2026, 12, 8), "青檐市河湾区社区社会组织孵化中心", "6200000000000099")
ORDERS = (
    Order("ZF20260000018", 1_200_000, "望河街道社区社会组织联合会", "6200000000000000031", "青檐市商业银行望河支行"),
    Order("ZF20260000026", 5, "𬭎记社区服务中心", "62000000000000057", "青檐市商业银行"),
)


@pytest.mark.parametrize("form", ["csv", "xlsx", "pain001"])
def test_the_same_orders_give_the_same_bytes(form: str) -> None:
    assert make_file(form, SHEET, ORDERS) == make_file(form, SHEET, ORDERS)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_is_read_back_in_the_encoding_the_bank_wants(encoding: str) -> None:
    sheet = Sheet("FK2026-0001", MADE, date(2026, 12, 8), "中心", "62", encoding)
    lines = make_file("csv", sheet, ORDERS).decode(encoding).split("\r\n")
    assert lines[0] == ",".join(HEADINGS)
    assert lines[2] == "2,62000000000000057,𬭎记社区服务中心,青檐市商业银行,0.05,CNY,资助款,ZF20260000026"


def test_the_excel_template_keeps_every_digit() -> None:
    page = load_workbook(BytesIO(make_file("xlsx", SHEET, ORDERS))).active
    assert page is not None
    rows = list(page.iter_rows(values_only=True))
    assert rows[0] == HEADINGS
    assert rows[1] == (
        "1", "6200000000000000031", "望河街道社区社会组织联合会", "青檐市商业银行望河支行", 12000, "CNY", "资助款",
        "ZF20260000018",
    )  # fmt: skip


def test_pain_001_counts_and_sums_itself_in_the_order_of_the_schema() -> None:
    root = ET.fromstring(make_file("pain001", SHEET, ORDERS))
    at = {"p": NAMESPACE}
    head, info = root.find(".//p:GrpHdr", at), root.find(".//p:PmtInf", at)
    assert head is not None
    assert info is not None
    assert [one.tag.rpartition("}")[2] for one in head] == ["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"]
    assert [one.tag.rpartition("}")[2] for one in info] == [
        "PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt", "CdtTrfTxInf",
        "CdtTrfTxInf",
    ]  # fmt: skip
    assert (head.findtext("p:NbOfTxs", "", at), head.findtext("p:CtrlSum", "", at)) == ("2", "12000.05")
    transfer = info.find("p:CdtTrfTxInf", at)
    assert transfer is not None
    assert [one.tag.rpartition("}")[2] for one in transfer] == ["PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct", "RmtInf"]
    amount = transfer.find("p:Amt/p:InstdAmt", at)
    assert amount is not None
    assert (amount.text, amount.get("Ccy")) == ("12000.00", "CNY")
    assert transfer.findtext("p:PmtId/p:EndToEndId", "", at) == "ZF20260000018"


@pytest.mark.parametrize("holder", ["=HYPERLINK(1)", "", "长" * 141])
def test_what_the_bank_would_misread_is_refused(holder: str) -> None:
    order = Order("ZF20260000018", 1, holder, "62", "银行")
    with pytest.raises(Refused) as refused:
        make_file("pain001", SHEET, (order,))
    assert refused.value.codes == ("payment.text_unfit",)


def test_a_character_the_encoding_lacks_is_refused() -> None:
    order = Order("ZF20260000018", 1, "\ud800", "62", "银行")
    with pytest.raises(Refused):
        make_file("csv", SHEET, (order,))


def test_an_order_never_prints_its_account() -> None:
    assert "6200000000000000031" not in repr(ORDERS)
