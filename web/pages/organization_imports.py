"""Enters many organizations from a file: a template, a trial that shows every faulty row, then all of them or none."""

import csv
import io
from datetime import date

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.applications.containers import check_container
from services.errors import Invalid, Refused, RowFault
from services.organizations.commands import NewOrganization
from services.organizations.importing import Rows, import_organizations
from services.organizations.rules import legal_form_of, normalize_credit_code
from web.exporting import XLSX, template_file
from web.forms.posted import Posted, posted
from web.forms.tables import rows_under, table_of
from web.rendering import go, refusal, show
from web.visitor import Visitor, visiting
from web.wording import said

router = APIRouter(prefix="/organizations/import")
COLUMNS = (
    "组织名称", "类别", "服务类型", "所在区划代码", "负责人", "负责人电话", "备案号", "统一社会信用代码", "成员数",
    "正式党员数", "成立日期", "业务范围",
)  # fmt: skip
CATEGORIES = {
    "生活服务类": "SERVICE",
    "文体活动类": "CULTURE_SPORT",
    "公益慈善类": "CHARITY",
    "支持平台类": "SUPPORT_HUB",
}
SAMPLE = (
    "晨光社区邻里互助社",
    "生活服务类",
    "邻里互助社",
    "229902001001",
    "周暖",
    "",
    "229902001-2026-0003",
    "",
    "24",
    "0",
)
MOST_FAULTS = 200


@router.get("")
def form(request: Request, done: str = "", visitor: Visitor = Depends(visiting)) -> Response:
    """The page with the template and the place for the file."""
    return show(request, visitor, "organizations/import.html", done=done, problems=(), faults=(), names=(), rows="")


@router.get("/template.xlsx")
def template(visitor: Visitor = Depends(visiting)) -> Response:
    """An empty table with the headings, one sample row and the categories to choose from."""
    content = template_file(visitor.person.name, COLUMNS, SAMPLE, choices={1: tuple(CATEGORIES)})
    headers = {"content-disposition": 'attachment; filename="organizations.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


@router.post("")
def trial(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Try the file out: what would be entered, or which rows are wrong. Nothing is written."""
    try:
        if form.file and form.file.startswith(b"PK"):
            check_container(form.file, "xlsx")
        table = table_of(form.file)
        names = import_organizations(visitor.database, visitor.person, _rows(table), now=visitor.now, dry_run=True)
    except Refused as refused:
        return _refused(request, visitor, refused)
    return show(
        request, visitor, "organizations/import.html", done="", problems=(), faults=(), names=names, rows=_text(table)
    )


@router.post("/confirmation")
def confirm(request: Request, form: Posted = Depends(posted), visitor: Visitor = Depends(visiting)) -> Response:
    """Enter all of them; everything is looked at once more, so that nothing that changed meanwhile slips through."""
    try:
        table = table_of(form.text("rows").encode())
        import_organizations(visitor.database, visitor.person, _rows(table), now=visitor.now)
    except Refused as refused:
        return _refused(request, visitor, refused)
    return go("/organizations/import", note="organizations")


def _refused(request: Request, visitor: Visitor, refused: Refused) -> Response:
    found = tuple(refused.facts.get("faults", ()))
    faults = [(one.line, said(one.code, visitor.lang, **one.facts)) for one in found[:MOST_FAULTS]]
    return show(
        request, visitor, "organizations/import.html", status=refused.http_status, done="", names=(), rows="",
        problems=refusal(refused, visitor), faults=faults,
    )  # fmt: skip


def _rows(table: list[list[str]]) -> Rows:
    faults: list[RowFault] = []
    found = []
    for line, cells in rows_under(table, COLUMNS):
        try:
            found.append((line, _organization(cells)))
        except Invalid as invalid:
            faults += [RowFault(line, code, invalid.facts) for code in invalid.codes]
    if faults:
        raise Invalid("organization.rows_refused", faults=faults, count=len({one.line for one in faults}))
    return found


def _organization(cells: dict[str, str]) -> NewOrganization:
    category = CATEGORIES.get(cells["类别"])
    if category is None:
        raise Invalid("input.not_a_choice", label="类别", label_en="category")
    code, filing = cells["统一社会信用代码"], cells["备案号"]
    return NewOrganization(
        name=cells["组织名称"], legal_form=legal_form_of(normalize_credit_code(code)) or "none",
        legal_status="REGISTERED" if code else "FILED" if filing else "UNFILED", category=category,
        subtype=cells["服务类型"], home_division=cells["所在区划代码"], leader_name=cells["负责人"],
        leader_phone=cells["负责人电话"], filing_number=filing or None, credit_code=code or None,
        members=_number(cells, "成员数"), full_party_members=_number(cells, "正式党员数"),
        founded_on=_day(cells["成立日期"]), scope_text=cells["业务范围"],
    )  # fmt: skip


def _number(cells: dict[str, str], name: str) -> int:
    text = cells[name] or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise Invalid("input.not_a_number", label=name, label_en=name)
    return int(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-")) if text else None
    except ValueError:
        raise Invalid("input.not_a_date", label="成立日期", label_en="day of founding") from None


def _text(table: list[list[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(table)
    return file.getvalue()
