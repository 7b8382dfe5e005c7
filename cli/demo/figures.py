"""What the demo city must come to: money, territory and cases, each figure with what was expected and what is there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from cli.demo import buying
from cli.demo.acting import City
from cli.demo.scripts import standing_of_certificate
from documents.format import in_yuan
from services.assessments.queries import Round
from services.calendar.rules import months_later
from services.cases.queries import CasePage
from services.cases.reviewing import review_page
from services.database.work import reading
from services.funding.queries import budget_position

YEAR, FUND = 2026, "社区社会组织培育扶持资金"
SOURCES = (("county_budget", "区级 county"), ("welfare_lottery", "福彩 lottery"), ("donation", "捐赠 donation"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is, what was expected, what is there."""

    label: str
    expected: str
    actual: str

    @property
    def agrees(self) -> bool:
        """True when what is there is what was expected."""
        return self.expected == self.actual


def _number(city: City, statement: str) -> int:
    """One number asked of the database in plain SQL, so that it rests on nothing the story used."""
    with reading(city.database, city.now) as work:
        return int(work.connection.exec_driver_sql(statement).scalar() or 0)


def _share(part: int, whole: int, *, percent: bool = False) -> str:
    value = Decimal(part) / Decimal(whole) * (100 if percent else 1)
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{rounded} %" if percent else str(rounded)


# Money -------------------------------------------------------------------------------------------------


def money(
    city: City, *, paid: int, open_commitments: int, available: dict[str, int], returned: int, receivable: int
) -> list[Figure]:
    """The special fund of 2026 in yuan: awarded, paid, cancelled, committed, returned, available by source, owed."""
    with reading(city.database, city.now) as work:
        lines = {line.source: line for line in budget_position(work, year=YEAR) if line.program == FUND}
    of_year = f"join fund_programs p on p.id = a.program_id where p.year = {YEAR} and p.name = '{FUND}'"
    awarded = _number(city, f"select sum(a.amount_fen) from awards a {of_year} and a.committed_at is not null")  # noqa: S608
    cancelled = _number(
        city,
        "select sum(i.amount_fen) from instalments i join cases c on c.id = i.case_id "  # noqa: S608
        f"join awards a on a.case_id = i.award_id {of_year} and c.state = 'CANCELLED'",
    )

    def total(name: str) -> int:
        return sum(int(getattr(line, name)) for line in lines.values())

    found = [
        ("资金总额 fund", 300_000, total("appropriated")),
        ("资助额 awards", 94_000, awarded),
        ("已付 gross paid", paid, total("paid")),
        ("已取消 cancelled", 7_000, cancelled),
        ("未付承诺 open commitments", open_commitments, total("committed") + total("payable")),
        ("已退回 returned", returned, total("returned")),
        ("净付 net paid", paid - returned, total("net_paid")),
        ("可用 available", sum(available.values()), total("available")),
        *[(f"可用 available · {label}", available[source], lines[source].available) for source, label in SOURCES],
        ("应收（O11）receivable", receivable, total("receivable")),
    ]
    return [Figure(label, in_yuan(expected * 100), in_yuan(actual)) for label, expected, actual in found]


# Territory ---------------------------------------------------------------------------------------------

_COUNTED = "o.legal_status in ('FILED','REGISTERED')"


def territory(city: City) -> list[Figure]:
    """Averages for urban and rural communities, coverage, and the graduation rate; each from the rows themselves."""

    def count(what: str) -> int:
        return _number(city, f"select count({what}")

    def homes(kind: str) -> int:
        return count(
            "*) from organizations o join divisions d on d.code = o.home_division "
            f"where d.kind = '{kind}' and {_COUNTED}"
        )

    def streets_with(more: str) -> int:
        return count(
            "distinct d.code) from divisions d join organizations o on substr(o.home_division, 1, 9) = d.code "
            f"where d.level = 'street' and o.category = 'SUPPORT_HUB' and {_COUNTED}{more}"
        )

    urban, rural = (
        count("*) from divisions d where d.kind = 'urban'"),
        count("*) from divisions d where d.kind = 'rural'"),
    )
    streets = count("*) from divisions d where d.level = 'street'")
    served = count(
        "distinct o.home_division) from organizations o join divisions d on d.code = o.home_division "
        "where d.kind = 'rural' and o.legal_status = 'REGISTERED' and o.legal_form = 'service_organization'"
    )
    ended = count("*) from cases c where c.kind = 'incubation' and c.state in ('GRADUATED','EXPELLED','WITHDRAWN')")
    graduated = count("*) from cases c where c.kind = 'incubation' and c.state = 'GRADUATED'")
    return [
        Figure("城市社区平均 urban average (I1)", "1.00", _share(homes("urban"), urban)),
        Figure("农村社区平均 rural average (I2)", "1.00", _share(homes("rural"), rural)),
        Figure("农村社会服务机构覆盖 rural service coverage (I3)", "25.00 %", _share(served, rural, percent=True)),
        Figure("支持型组织覆盖 hub coverage (I5)", "40.00 %", _share(streets_with(""), streets, percent=True)),
        Figure(
            "联合会覆盖 federation coverage (I6)", "20.00 %",
            _share(streets_with(" and o.legal_form = 'association'"), streets, percent=True),
        ),
        Figure("出壳率 graduation rate (I18)", "33.33 %", _share(graduated, max(ended, 1), percent=True)),
    ]  # fmt: skip


# Cases -------------------------------------------------------------------------------------------------


def _due(page: CasePage, key: str) -> date | None:
    return next((clock.due_on for clock in page.clocks if clock.key == key), None)


def _mean(page: CasePage) -> str:
    return f"{page.rounds[-1].mean:.2f}"


def _instalment(page: CasePage, number: int) -> str:
    return page.instalment_states[page.awards[0].instalments[number - 1].case_id].state


def _range(page: CasePage) -> str:
    return str((page.rounds[-1].outcome or {}).get("range"))


def _locked(page: CasePage) -> str:
    present = page.rounds[-1]
    return f"{sum(seat.locked_at is not None for seat in present.sitting)}/{len(present.sitting)}"


def _moved(page: CasePage) -> str:
    return page.timeline[-1].at.date().isoformat()


def _term(page: CasePage) -> str:
    return f"{page.incubation['starts_on']}…{page.incubation['ends_on']}"


def _papers(page: CasePage, *codes: str) -> str:
    found = {one.code for one in page.documents if one.drawn_at is not None}
    return " ".join(code for code in codes if code in found)


Look = Callable[[CasePage], tuple[Any, ...]]

BEFORE: dict[str, tuple[tuple[Any, ...], Look]] = {
    "O1": (
        ("INCUBATING", "2026-06-22…2027-06-21", date(2026, 12, 22)),
        lambda p: (p.line.state, _term(p), _due(p, "midterm")),
    ),
    "O2": (
        ("GRADUATED", "2026-06-29", "86.50", "CONFIRMED"),
        lambda p: (p.line.state, _moved(p), _mean(p), _instalment(p, 3)),
    ),
    "O3": (("ADMITTED", "77.67", date(2026, 12, 4)), lambda p: (p.line.state, _mean(p), _due(p, "signing"))),
    "O4": (("CORRECTION", "2026-11-18", date(2026, 12, 9)), lambda p: (p.line.state, _moved(p), _due(p, "correction"))),
    "O6": (("ADMISSION_REVIEW", "3/5"), lambda p: (p.line.state, _locked(p))),
    "O7": (
        ("RECTIFYING", "67.67", date(2026, 12, 9), "CONFIRMED", "HELD"),
        lambda p: (p.line.state, _mean(p), _due(p, "rectification"), _instalment(p, 1), _instalment(p, 2)),
    ),
    "O8": (
        ("SUSPENDED", "2026-10-19", date(2027, 1, 19), "HELD", "D15"),
        lambda p: (p.line.state, _moved(p), p.incubation["suspended_to"], _instalment(p, 2), _papers(p, "D15")),
    ),
    "O9": (
        ("GRADUATION_REVIEW", "84.00", "28.50", True, "CONFIRMED", "PLANNED"),
        lambda p: (
            p.line.state,
            _mean(p),
            _range(p),
            p.rounds[-1].arbitration_open,
            _instalment(p, 2),
            _instalment(p, 3),
        ),
    ),
    "O10": (
        ("WITHDRAWN", "2026-09-18", "CANCELLED", "D21"),
        lambda p: (p.line.state, _moved(p), _instalment(p, 2), _papers(p, "D21")),
    ),
    "O11": (
        ("EXPELLED", "2026-10-16", date(2029, 10, 16), "CANCELLED", "D19 D20 D21"),
        lambda p: (
            p.line.state,
            _moved(p),
            p.incubation["barred_to"],
            _instalment(p, 3),
            _papers(p, "D19", "D20", "D21"),
        ),
    ),
    "O12": (("REJECTED", "53.67"), lambda p: (p.line.state, _mean(p))),
}

RESUMED_ENDS_ON = date(2027, 6, 22)
"""The term of O8 ended on 10 May 2027; it was suspended for 43 days, from 19 October to 1 December."""

AFTER: dict[str, tuple[tuple[Any, ...], Look]] = {
    "(a) O4": (("ACCEPTED", "D02"), lambda p: (p.line.state, _papers(p, "D02"))),
    "(b) O6": (
        ("INCUBATING", date(2026, 12, 7), "81.00", "D08 D10 D11"),
        lambda p: (p.line.state, p.incubation["starts_on"], _mean(p), _papers(p, "D08", "D10", "D11")),
    ),
    "(c) O9": (
        ("GRADUATED", "83.75", "RELEASED", "D17 D18 D21"),
        lambda p: (p.line.state, _mean(p), _instalment(p, 3), _papers(p, "D17", "D18", "D21")),
    ),
    "(d) O7": (
        ("INCUBATING", "CONFIRMED", "PLANNED", "D14"),
        lambda p: (p.line.state, _instalment(p, 2), _instalment(p, 3), _papers(p, "D14")),
    ),
    "(e) O8": (
        ("INCUBATING", RESUMED_ENDS_ON, "PLANNED", "D15a"),
        lambda p: (p.line.state, p.incubation["ends_on"], _instalment(p, 2), _papers(p, "D15a")),
    ),
    "(h) O2": (
        ("GRADUATION_REVOKED", months_later(date(2026, 12, 2), 36), "D19"),
        lambda p: (p.line.state, p.incubation["barred_to"], _papers(p, "D19")),
    ),
}  # fmt: skip


def _cases(city: City, wanted: dict[str, tuple[tuple[Any, ...], Look]]) -> list[Figure]:
    found = []
    for label, (expected, look) in wanted.items():
        page = city.page(city.cases[label.split()[-1]])
        found.append(Figure(label, _row(expected), _row(look(page))))
    return found


def _review(city: City) -> Figure:
    """(g) The review of O12: the vote, the paper, where the case is now, that the refusal stays on record, who sits."""
    page, review = city.page(city.cases["O12"]), city.page(city.reviews["O12"], "唐亦安")
    with reading(city.database, city.now) as work:
        found = review_page(work, city.actor("唐亦安"), city.reviews["O12"])
    former, fresh = page.rounds[-2], page.rounds[-1]
    kept = any(one.dest == "REJECTED" for one in page.timeline)
    apart = not {one.person_id for one in former.seats} & {one.person_id for one in fresh.seats}
    actual = (
        found.review.result, found.tally, review.line.state, _papers(review, "D22"), page.line.state, _mean_of(former),
        kept, len(fresh.seats), apart,
    )  # fmt: skip
    expected = ("remanded", "3:0", "SERVED", "D22", "ADMISSION_REVIEW", "53.67", True, 5, True)
    return Figure("(g) O12 复核 review", _row(expected), _row(actual))


def _recovery(city: City, label: str, *, state: str, repaid: int, due_on: date | None) -> Figure:
    """The recovery from O11: its state, what was kept, spent as agreed, decided and repaid, its day, its papers."""
    page = city.page(city.recovery_number("O11"))
    found, sums = page.recovery, (16_000, 4_000, 12_000, repaid)
    assert found is not None
    amounts = (found.kept_fen, found.compliant_fen, found.decided_fen, found.repaid_fen)
    actual = (page.line.state, *(in_yuan(one or 0) for one in amounts), page.line.due_on, _count(page, "D34"))
    return Figure(label, _row((state, *(in_yuan(one * 100) for one in sums), due_on, 2)), _row(actual))


def _count(page: CasePage, code: str) -> int:
    return sum(one.code == code and one.case_id == page.line.id and one.drawn_at is not None for one in page.documents)


def _mean_of(one: Round) -> str:
    return f"{one.mean:.2f}"


def _row(values: tuple[Any, ...]) -> str:
    return " · ".join(str(value) for value in values)


def _purchase(city: City) -> Figure:
    """O5's purchase: both totals, the price, who won and why, and what the contract binds of the department's line."""
    page = buying.page_of(city)
    totals = "/".join(f"{row.total:.2f}" for row in page.rows)
    prices = "/".join(in_yuan(row.bid.price_fen or 0) for row in page.rows)
    won = next(row.bid.organization for row in page.rows if row.won)
    with reading(city.database, city.now) as work:
        bound = next(line.committed for line in budget_position(work, year=YEAR) if line.program != FUND)
    actual = (page.state.name, totals, prices, won, page.purchase.why, in_yuan(bound), _contract_of(city))
    expected = (
        "PERFORMING", "86.40/86.40", "60,000.00/60,000.00", "望河街道社区社会组织联合会", "federation_first",
        "60,000.00", "D35",
    )  # fmt: skip
    return Figure("O5 购买服务 purchase", _row(expected), _row(actual))


def _contract_of(city: City) -> str:
    return _papers(city.page(city.notes["purchase"], buying.HANDLER), "D35")


def before_scripts(city: City) -> list[Figure]:
    """How everything stands on the demo day."""
    available = {"county_budget": 127_000, "welfare_lottery": 74_000, "donation": 18_200}
    return [
        *money(city, paid=57_800, open_commitments=29_200, available=available, returned=6_200, receivable=7_000),
        *territory(city),
        *_cases(city, BEFORE),
        Figure("O10 追回 recovery", "DROPPED", city.page(city.recovery_number("O10")).line.state),
        _recovery(city, "O11 追回 recovery", state="PARTIAL", repaid=5_000, due_on=date(2026, 11, 26)),
        _purchase(city),
        Figure("O12 复核 review", "PANEL", city.page(city.reviews["O12"], "唐亦安").line.state),
    ]


def after_scripts(city: City) -> list[Figure]:
    """What the scripts came to: O7's 5 400 are paid and O11's last 7 000 came back, nothing else moved in the fund."""
    available = {"county_budget": 134_000, "welfare_lottery": 74_000, "donation": 18_200}
    certificate = Figure("(h) 核验 verification", "issued → revoked", " → ".join(city.notes.get("certificate", ())))
    now = Figure("(h) 核验 verification", "revoked", str(standing_of_certificate(city, "O2")))
    return [
        *money(city, paid=63_200, open_commitments=23_800, available=available, returned=13_200, receivable=0),
        *_cases(city, AFTER),
        _recovery(city, "(f) O11 追回 recovery", state="REPAID", repaid=12_000, due_on=None),
        _review(city),
        certificate,
        now,
        Figure("12月对账 statement", "True", str(city.notes.get("statement", 0) > 0)),
    ]
