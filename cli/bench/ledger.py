"""`chuke bench ledger`: entries posted, beside the same rows inserted raw, and awards committed on one line at once."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from cli.bench.advance import CALLERS, Timing, raw, row, timed
from cli.bench.city import City, actors, build
from cli.bench.kept import Result
from cli.bench.places import Place, opened
from services.cases.commands import open_award
from services.cases.opening import NewAward
from services.database.engine import Database
from services.database.recording import Sent, recording
from services.database.schema import upgrade
from services.database.work import Work, office_instant, run
from services.errors import Refused
from services.funding.ceilings import Payee
from services.funding.commands import amend_award, commit_award
from services.ledger.commands import post
from services.ledger.rules import Line

NOW = office_instant(date(2026, 11, 24))
APPROVERS = 16
AWARD_FEN = 500_000
FITS = (3, 4)
"""So many of so many awards find room on the line; the others are refused."""


def measure(place: Place, *, entries: int) -> Result:
    """Post that many entries with one caller and with eight, and commit a tenth as many awards with sixteen."""
    awards = max(entries // 10, APPROVERS)
    start, city = prepare(place, organizations=1)
    sent = _recorded(place.copy(start), city, entries)
    _posted(place, place.copy(start), city, min(entries, 50), callers=1)  # first use compiles statements
    rows: list[tuple[Any, ...]] = []
    for callers in (1, CALLERS):
        ours = _posted(place, place.copy(start), city, entries, callers=callers)
        plain = raw(place, place.copy(start), sent, callers=callers)
        rows.append(row(f"post, {callers} callers" if callers > 1 else "post, 1 caller", ours))
        rows.append(row("  same rows, raw driver", plain))
        rows.append(("  ratio", ours.rate / plain.rate, ours.cpu_us / plain.cpu_us, "", "", ""))
    approvals, ended = _approved(place, *prepare(place, organizations=awards))
    rows.append(row(f"commit an award, {APPROVERS} approvers", approvals))
    rows += [(f"  {name}", number, "", "", "", "") for name, number in sorted(ended.items())]
    notes = (
        f"{place.engine} {place.version}, durable commits; {entries} entries of two postings, one a transaction.",
        "Raw: the rows of entry and postings alone, one transaction each, without voucher number, key and month.",
        f"{awards} awards on one line that holds {FITS[0]} of {FITS[1]}; each also counts on the ceilings above it.",
        "CPU is of this process and of the server. Ratio: of the rates, and of the CPU.",
    )
    columns = ("what", "a second", "CPU µs", "p50 ms", "p95 ms", "p99 ms")
    return Result("ledger", place.engine, columns, tuple(rows), notes)


def prepare(place: Place, *, organizations: int) -> tuple[str, City]:
    """A database with the city, closed again; its line holds three quarters of an award for each organization."""
    address = place.fresh()
    database = opened(address)
    upgrade(database)
    room = max(AWARD_FEN * organizations * FITS[0] // FITS[1], AWARD_FEN)
    city = build(database, organizations_count=organizations, now=NOW, budget_fen=room)
    database.close()
    return address, city


def _posted(place: Place, address: str, city: City, entries: int, *, callers: int) -> Timing:
    database = opened(address)
    timing = timed(place, [[act] for act in _postings(database, city, entries)], callers=callers)
    database.close()
    return timing


def _postings(database: Database, city: City, entries: int) -> list[Callable[[], Any]]:
    maker, line = actors(database, now=NOW)["maker"], city.budget_line_id
    pair = (Line("PAYABLE", line, None, -100), Line("COMMITTED", line, None, 100))

    def one(number: int) -> Callable[[], Any]:
        def unit(work: Work) -> str:
            return post(work, actor=maker, key=f"bench:{number}", kind="test", memo="测速", lines=pair)

        return lambda: run(database, NOW, unit)

    return [one(number) for number in range(entries)]


def _recorded(address: str, city: City, entries: int) -> list[list[list[Sent]]]:
    """The rows of every entry and its postings, as they were sent; nothing else of what posting sends."""
    database = opened(address)
    found = []
    for act in _postings(database, city, entries):
        with recording(database) as sent:
            act()
        found.append([[one for one in sent if one.statement.startswith("INSERT INTO ledger_")]])
    database.close()
    return found


def _approved(place: Place, address: str, city: City) -> tuple[Timing, Counter[str]]:
    """Sixteen people commit every award; how long it took, and how often it was tried, done and refused."""
    database = opened(address)
    ended: Counter[str] = Counter()
    timing = timed(place, [[act] for act in _approvals(database, city, ended)], callers=APPROVERS)
    database.close()
    return timing, ended


def _approvals(database: Database, city: City, ended: Counter[str]) -> list[Callable[[], Any]]:
    """One act for each organization: commit its award on the line and on the ceilings; what came of it is counted."""
    people = actors(database, now=NOW)

    def one(award_id: str, payee: Payee) -> Callable[[], Any]:
        def unit(work: Work) -> None:
            ended["tries"] += 1
            commit_award(work, actor=people["bureau"], award_id=award_id, payee=payee)

        def act() -> None:
            try:
                run(database, NOW, unit, tries=20)
            except Refused as refused:
                ended[f"refused, {refused.codes[0]}"] += 1
            else:
                ended["committed"] += 1

        return act

    return [one(award, payee) for award, payee in _drafts(database, city)]


def _drafts(database: Database, city: City) -> list[tuple[str, Payee]]:
    made = []
    people = actors(database, now=NOW, organizations_count=len(city.organization_ids))
    for number, organization in enumerate(city.organization_ids, start=1):
        new = NewAward(
            organization, city.centre_id, city.program_id, city.budget_line_id, f"项目{number}", AWARD_FEN, None
        )
        award = open_award(database, people[f"applicant{number}"], new, now=NOW).id
        run(database, NOW, lambda work, one=award: amend_award(work, one, amount_fen=AWARD_FEN))
        made.append((award, Payee(organization, 10 * AWARD_FEN)))
    return made
