"""The pages made for the archive of a case: applications as handed in, locked score sheets; to print as A4."""

import html
from collections.abc import Iterable, Sequence
from typing import Any

from services.applications.form import Section
from services.applications.reading import cells_of, text_of
from services.assessments.explaining import points
from services.assessments.form_files import from_json
from services.assessments.queries import LockedSheet, Round, SeatLine
from services.assessments.rules import AMOUNT, TOTAL
from services.cases.version_page import Handed, VersionsPage
from services.database.work import OFFICE_TIME
from statemachines.table import Field

PARTS = {"lead": "组长", "member": "成员", "extra": "增加的专家"}
_STYLE = (
    "@page{size:A4%s;margin:18mm 16mm}body{font-family:serif;font-size:14px;line-height:1.6;max-width:60em;"
    "margin:0 auto;padding:0 8px}h1{font-size:20px;text-align:center}h2{font-size:16px;margin:1.2em 0 .4em}"
    "table{border-collapse:collapse;width:100%%;margin:0 0 .6em}th,td{border:1px solid #000;padding:3px 6px;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere;white-space:pre-line}thead{display:table-header-group}"
    "tr{break-inside:avoid}th{font-weight:600}.facts th{width:14em}"
)


def printable(title: str, body: str, *, landscape: bool = False, extra: str = "") -> bytes:
    """A page that stands alone and prints as A4; `body` is HTML that is escaped already."""
    style = _STYLE % (" landscape" if landscape else "") + extra
    heading = html.escape(title)
    return (
        f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{heading}</title>'
        f"<style>{style}</style></head><body><h1>{heading}</h1>{body}</body></html>"
    ).encode()


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of plain texts under headings."""
    heads = "".join(f"<th>{html.escape(one)}</th>" for one in headings)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def application_sheet(page: VersionsPage, handed: Handed) -> bytes:
    """One version of the application with every field the reader may read, in the order of the form."""
    head = [
        ("组织", page.organization), ("案号", page.number),
        ("版本", f"第{handed.number}次提交，共{len(page.versions)}次"),
        ("提交", f"{handed.at.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}　{handed.by}"),
    ]  # fmt: skip
    written = [one for one in page.sections if any(handed.content[one.name].values())]
    body = _facts(head) + "".join(_section(one, handed.content[one.name]) for one in written)
    if not written:
        body += "<p>这次申请不是在申请表中填写的（例如在窗口以纸质递交），这里没有填写的内容。</p>"
    rows = [
        (name, "原件" if original else "复印件", digest or "纸质提交") for name, original, digest in handed.materials
    ]
    if rows:
        body += "<h2>申请材料</h2>" + table(("材料", "原件或者复印件", "文件校验值（前8位）"), rows)
    return printable(f"入驻申请书　{page.organization}", body)


def _section(section: Section, content: dict[str, Any]) -> str:
    lists = "".join(
        f"<h2>{html.escape(section.zh)}：{html.escape(field.zh)}</h2>"
        + table([column.zh for column in field.columns], cells_of(field, content.get(field.name, ()), "zh"))
        for field in section.fields
        if field.kind == "list" and content.get(field.name)
    )
    plain = [(field.zh, _said(field, content)) for field in section.fields if field.kind != "list"]
    return f"<h2>{html.escape(section.zh)}</h2>{_facts(plain)}{lists}"


def _said(field: Field, content: dict[str, Any]) -> str:
    return text_of(field, content.get(field.name), "zh") or "—"


def score_sheet(present: Round, seat: SeatLine, sheet: LockedSheet, *, case: tuple[str, str]) -> bytes:
    """One evaluator's sheet as it was locked: each item with its points and reason, the total, what was vetoed.

    case: its number, and the organization.
    """
    form = from_json(present.form_copy)
    assert seat.locked_at is not None
    head = [
        ("组织", case[1]), ("案号", case[0]), ("评审", f"{form.label_zh}，第{present.number}轮"),
        ("评审专家", f"{seat.name}（{PARTS.get(seat.part, seat.part)}）"),
        ("锁定", f"{seat.locked_at.astimezone(OFFICE_TIME):%Y-%m-%d %H:%M}"),
    ]  # fmt: skip
    rows = [
        (one.id, one.label_zh, points(one.maximum), points(sheet.items[one.id]) if one.id in sheet.items else "—",
         sheet.comments.get(one.id, ""))
        for one in form.criteria
    ]  # fmt: skip
    vetoes = {one.id: one.label_zh for one in form.vetoes}
    end = [("总分", points(seat.total) if seat.total is not None else "—"), ("总评", sheet.comments.get(TOTAL, "—"))]
    if form.asks_amount:
        end.append(("建议金额（元）", sheet.comments.get(AMOUNT, "—")))
    end.append(("提出的一票否决情形", "；".join(vetoes.get(one, one) for one in sheet.veto) or "无"))
    body = _facts(head) + table(("序号", "评分项目", "满分", "得分", "评语"), rows) + _facts(end)
    return printable(f"{form.label_zh}　{case[1]}", body, extra="th:last-child{width:40%}.facts th{width:14em}")


def _facts(rows: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(said)}</td></tr>" for name, said in rows)
    return f'<table class="facts"><tbody>{lines}</tbody></table>'
