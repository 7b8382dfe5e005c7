"""The end of the demo: what was played, drawn, paid and checked, as one report and as tables for people."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.demo.acting import City
from cli.demo.city import ORGANIZATIONS, PASSWORD
from cli.demo.figures import Figure
from cli.printing import show_table
from cli.serve import ACCOUNTS_FILE, DEMO_HOME
from documents.format import in_yuan
from documents.registry import kind_of
from services.actors import SYSTEM
from services.cases.lists import case_list
from services.database.work import reading
from services.invariants.check import check
from services.issuance.queries import document_bytes, documents_of
from services.outbox import reasons
from services.outbox.queries import errands

LEFT_OUT = (
    "O9 的登记申请（登记流程尚未建设）· O9's registration",
    "O2、O5 的星级（流程已有，演示没有讲）· the stars of O2 and O5: the process is there, the story does not tell it",
)
ACCOUNTS = (
    ("zhaoweiyang", "赵未央", "孵化专员 case manager"),
    ("linzhixia", "林知夏", "中心负责人 centre manager"),
    ("gunanqiao", "顾南乔", "评审专家 evaluator"),
    ("sunjianwei", "孙见微", "财务复核 finance checker"),
    ("qinmoyan", "秦墨言", "O3 负责人 applicant"),
)


@dataclass
class Report:
    """Everything the demo found out; `sound` decides the exit status."""

    before: list[Figure]
    after: list[Figure]
    broken: list[str]
    unsettled: list[str]
    cases: list[tuple[str, str, str, str]]
    papers: dict[str, int]
    payments: list[tuple[str, str, str]]
    timings: dict[str, float]
    acts: int
    carried: int
    carrier: str
    folder: Path
    left_out: tuple[str, ...] = field(default=LEFT_OUT)

    @property
    def sound(self) -> bool:
        """True when every figure agrees, no errand waits or is parked, and nothing that must hold is broken."""
        return all(one.agrees for one in (*self.before, *self.after)) and not self.broken and not self.unsettled


def write_papers(city: City, folder: Path) -> int:
    """Write every drawn paper into the folder, named by code, number and title; those of an earlier demo go."""
    for old in folder.glob("D[0-9][0-9] *.pdf"):
        old.unlink()
    with reading(city.database, city.now) as work:
        drawn = [one for one in documents_of(work) if one.drawn_at is not None]
        for one in drawn:
            name = f"{one.code} {one.number} {kind_of(one.kind).title_zh}.pdf"
            (folder / name).write_bytes(document_bytes(work, one.id))
    return len(drawn)


def gather(city: City, *, before: list[Figure], after: list[Figure], **told: Any) -> Report:
    """The report of a played demo."""
    broken = [
        f"{one.code} {one.zh} · {one.en}: {'; '.join(one.rows[:3])} ({one.count})"
        for one in check(city.database, now=city.now, quiet=True)
    ]
    leaders = {one.name: one.key for one in ORGANIZATIONS}
    with reading(city.database, city.now) as work:
        open_errands = (*errands(work, standing="waiting"), *errands(work, standing="parked"))
        lines = case_list(work, SYSTEM, limit=1000)
        papers = Counter(f"{one.code} {kind_of(one.kind).title_zh}" for one in documents_of(work))
        paid = work.connection.exec_driver_sql(
            "select c.number, i.amount_fen, i.bank_serial from instalments i join cases c on c.id = i.case_id "
            "where i.value_date is not null order by i.value_date, c.number"
        ).all()
    return Report(
        before=before,
        after=after,
        broken=broken,
        unsettled=[f"{one.case_number} {one.effect}: {reasons.told(one.last_reason, 'zh')}" for one in open_errands],
        cases=sorted(
            ((leaders[one.organization], one.number, one.organization, f"{one.state_zh} {one.state_en}")
             for one in lines if one.kind == "incubation"),
            key=lambda row: int(row[0][1:]),
        ),
        papers=dict(sorted(papers.items())),
        payments=[(row[0], in_yuan(row[1]), row[2]) for row in paid],
        acts=city.acts,
        carried=city.carried,
        **told,
    )  # fmt: skip


def show(report: Report) -> None:
    """The report as tables."""
    _headline("个案 Cases")
    show_table(("", "案号 number", "组织 organization", "状态 state"), report.cases)
    _headline(f"文书 Papers · {sum(report.papers.values())} → {report.folder}")
    show_table(("文种 kind", "份 papers"), list(report.papers.items()))
    _headline("拨付 Payments")
    show_table(("期 instalment", "元 yuan", "流水号 bank serial"), report.payments)
    _figures("2026-11-23 指标 Figures on the demo day", report.before)
    _figures("演示脚本之后 After the scripts (a)–(h)", report.after)
    _headline("未列入 Left out")
    for line in report.left_out:
        print(f"- {line}")
    _headline("核对 Checks")
    print(f"必须成立的事项 invariants: {'✓' if not report.broken else ''}")
    for line in report.broken:
        print(f"✗ {line}")
    print(f"后续事项 errands: {report.carried} ✓" + (f" · {len(report.unsettled)} ✗" if report.unsettled else ""))
    for line in report.unsettled:
        print(f"✗ {line}")
    _headline("用时 Seconds")
    print(" · ".join(f"{name} {seconds:.1f}" for name, seconds in report.timings.items()))
    print(f"{report.acts} 次办理 acts · {report.carried} 件后续事项 errands ({report.carrier})")


def _headline(text: str) -> None:
    print(f"\n== {text} ==")


def _figures(headline: str, figures: list[Figure]) -> None:
    _headline(headline)
    rows = [("✓" if one.agrees else "✗", one.label, one.expected, one.actual) for one in figures]
    show_table(("", "", "应为 expected", "实为 actual"), rows)


def show_sign_in(home: Path, address: str) -> None:
    """How to look at the city in the console."""
    _headline("登录看看 Sign in and look")
    named = f"CHUKE_HOME={home} CHUKE_SEAL=sample CHUKE_SEAL_MODE=demo ./chuke serve"
    command = "./chuke serve --demo" if home == DEMO_HOME.resolve() else named
    print(f"{command}   →   {address}")
    show_table(("用户名 username", "姓名 name", "角色 role"), ACCOUNTS)
    print(f"口令（仅演示）password, demonstration only: {PASSWORD}")
    lines = [f"{username}  {name}  {role}" for username, name, role in ACCOUNTS]
    lines.append(f"口令（仅演示）password, demonstration only: {PASSWORD}")
    (home / ACCOUNTS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
