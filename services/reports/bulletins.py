"""The bulletin of a month (D42): the board's figures as they stand, issued once a month by an act of the office."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from documents.kinds.indicator_bulletin import BulletinBar, BulletinChart, BulletinFigure, IndicatorBulletin
from documents.registry import kind_of
from services.actors import Actor
from services.authority.rules import demand
from services.cases.models import case_moves, cases
from services.cases.occasions import head_apart, issue_on, issuing_centre
from services.database.engine import Database
from services.database.work import OFFICE_TIME, Work
from services.errors import Invalid, Refused
from services.issuance.commands import Numbered
from services.issuance.queries import DocumentLine, documents_apart
from services.people.acts import act, allowed, note
from services.people.queries import people_holding
from services.reports.queries import Board, board
from statemachines.roles import Role

ISSUE = "bulletin:issue"
KIND = kind_of("indicator_bulletin")
READERS = (Role.CENTRE_MANAGER, Role.CIVIL_AFFAIRS_LEADER, Role.CIVIL_AFFAIRS_HANDLER, Role.STREET_LEADER, Role.VIEWER)
"""Who gets the bulletin: the centre, the offices over it, and the members of the coordination meeting."""

COUNTED = (("SUBMITTED", "收到申请"), ("ADMITTED", "准予入驻"), ("GRADUATED", "准予出壳"))
"""States whose entries within the month are told, with what they are called."""

NOTES = (
    "在办个案指统计时点尚未办结的个案；逾期指已过办理时限而未办结；",
    "本月各项按业务发生日期统计，近一年申请进展按立案日期统计，每件只计一次；",
    "比率为分子除以分母，四舍五入保留两位小数；分母为零的不计算。",
)


@dataclass(frozen=True, slots=True)
class Month:
    """One month by its first and last day."""

    first: date
    last: date

    @property
    def said(self) -> str:
        """2026年11月."""
        return f"{self.first.year}年{self.first.month}月"

    @property
    def key(self) -> str:
        """2026-11."""
        return f"{self.first:%Y-%m}"


def month_of(text: str) -> Month:
    """The month written 2026-11; Invalid("bulletin.month_wrong") for anything else."""
    try:
        if len(text) != len("2026-11"):
            raise ValueError
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid("bulletin.month_wrong") from None
    return Month(first, _next(first) - timedelta(days=1))


def months_open(today: date) -> tuple[Month, ...]:
    """The months a bulletin can be issued of: the one that runs, and the one before it."""
    running = today.replace(day=1)
    before = (running - timedelta(days=1)).replace(day=1)
    return tuple(Month(first, _next(first) - timedelta(days=1)) for first in (running, before))


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def bulletins(work: Work, actor: Actor) -> tuple[DocumentLine, ...]:
    """The bulletins issued so far, the latest first. Forbidden for who may read no reports."""
    demand(actor, "report:read")
    return tuple(one for one in reversed(documents_apart(work)) if one.kind == KIND.name)


def issue_bulletin(database: Database, actor: Actor, month: str, *, now: datetime, centre: str = "") -> str:
    """Issue the bulletin of that month (2026-11) with the figures of this instant; answers its number.

    Refused for a month that is neither this one nor the last (bulletin.month_closed), and where the month's bulletin
    was issued already (document.occasion_issued); Invalid where no centre is there to issue it.
    """
    wanted = month_of(month)

    def unit(work: Work) -> str:
        allowed(work, actor, ISSUE)
        if wanted not in months_open(work.today):
            raise Refused("bulletin.month_closed", month=wanted.said)
        issuer = issuing_centre(work, centre)
        if issuer is None:
            raise Invalid("document.centre_needed")
        shown = board(work, actor)

        def build(number: Numbered) -> Any:
            title = f"社区社会组织孵化统计简报\n（{wanted.said}）"
            head = head_apart(work, issuer, KIND, number, holder=issuer.name, addressee="各有关单位", title=title)
            return _filled(work, shown, wanted, head)

        made = issue_on(
            work, occasion=f"bulletin:{issuer.id}:{wanted.key}", kind=KIND, centre=issuer, build=build,
            to=_readers(work, issuer.division_code),
        )  # fmt: skip
        note(work, actor, ISSUE, stream="bulletin", object=wanted.key, details={"number": made.number})
        return made.number

    return act(database, actor, unit, now=now, action=ISSUE, stream="bulletin", object=wanted.key)


def _readers(work: Work, division: str) -> tuple[str, ...]:
    return tuple({one.id: None for role in READERS for one in people_holding(work, role, division_code=division)})


def _filled(work: Work, shown: Board, month: Month, head: Any) -> IndicatorBulletin:
    entered = {state: _entered(work, state, month) for state, _ in COUNTED}
    taken, places = sum(one.taken for one in shown.places), sum(one.places for one in shown.places)
    lead = (
        f"截至统计时点，在办个案{shown.open}件，其中逾期{shown.overdue}件，尚未指定孵化专员的{shown.unmanaged}件。",
        "本月" + "，".join(f"{called}{entered[state]}件" for state, called in COUNTED) + "。",
        *((f"实体场地{places}个，已使用{taken}个。",) if places else ()),
    )
    return IndicatorBulletin(
        head=head, period=month.said, period_from=month.first, period_to=month.last,
        as_of=shown.as_of.astimezone(OFFICE_TIME).replace(second=0, microsecond=0, tzinfo=None),
        lead=lead, figures=_figures(shown, taken, places), charts=_charts(shown), notes=NOTES,
    )  # fmt: skip


def _entered(work: Work, state: str, month: Month) -> int:
    """How many incubation cases came into the state within the month."""
    statement = (
        select(func.count(case_moves.c.case_id.distinct()))
        .join(cases, cases.c.id == case_moves.c.case_id)
        .where(
            cases.c.kind == "incubation", case_moves.c.dest == state, case_moves.c.source != state,
            case_moves.c.on_date.between(month.first, month.last),
        )
    )  # fmt: skip
    return work.connection.execute(statement).scalar_one()


def _figures(shown: Board, taken: int, places: int) -> tuple[BulletinFigure, ...]:
    reached = {one.state.name: one.cases for one in shown.funnel}
    submitted, admitted = reached.get("SUBMITTED", 0), reached.get("ADMITTED", 0)
    figures = [
        BulletinFigure(code="—", label="在办个案", value=f"{shown.open}件"),
        BulletinFigure(code="—", label="逾期个案", value=f"{shown.overdue}件", target="0件"),
        _rate("I15", "在办个案未逾期率", shown.open - shown.overdue, shown.open, target="≥95%"),
        _rate("I14", "近一年申请的入驻率", admitted, submitted),
        _rate("I17", "实体场地使用率", taken, places),
        *(
            BulletinFigure(code="I14", label=f"{one.stage}阶段用时中位数", value=f"{one.days.median}个工作日",
                           part=one.cases)
            for one in shown.cycles if one.days.median is not None
        ),
    ]  # fmt: skip
    return tuple(figures)


def _rate(code: str, label: str, part: int, whole: int, *, target: str = "") -> BulletinFigure:
    """A share in percent with two decimals, rounded half up; a dash of nothing."""
    hundredths = (20_000 * part + whole) // (2 * whole) if whole else 0
    value = f"{hundredths // 100}.{hundredths % 100:02d}%" if whole else "—"
    return BulletinFigure(code=code, label=label, value=value, part=part, whole=whole, target=target)


def _charts(shown: Board) -> tuple[BulletinChart, ...]:
    stages = tuple(
        BulletinBar(label=one.stage, number=one.cases, late=sum(state.overdue for state in one.states))
        for one in shown.stages
    )
    funnel = tuple(BulletinBar(label=one.state.zh, number=one.cases) for one in shown.funnel)
    return (
        BulletinChart(title="各阶段个案", unit="件", bars=stages),
        BulletinChart(title="近一年申请进展", unit="件", bars=funnel),
    )
