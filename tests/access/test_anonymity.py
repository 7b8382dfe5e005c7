"""互不可见: nobody reads another evaluator's score, comment, total or name where it is to be hidden, at any stage.

Marked score sheets are planted in one round. Then everybody the round could leak to asks for every page and every
answer of the interface that is there, walks the links and looks into what was sent: at four stages of the round.
"""

import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from services.assessments.queries import SheetToScore, sheet_to_score
from services.cases import commands
from services.cases.remarks import write_remark
from services.database.engine import open_database
from services.database.schema import upgrade
from services.database.tables import all_tables
from services.database.work import Work, reading, unit_of_work
from services.issuance.queries import documents_of
from services.notices.commands import tell
from tests.access.conftest import Door, open_door
from tests.access.crawling import walk
from tests.access.province import Province
from tests.web.city import City, found_city
from tests.web.conftest import SITE, _sign_everybody_in
from tests.web.test_routes import ROUTES, UNKNOWN_ID

EVALUATORS = ("evaluator1", "evaluator2", "evaluator3")
SHEETS = {
    "evaluator1": {"A1": "13.5", "A2": "16", "A3": "15", "A4": "12", "A5": "8", "A6": "8", "A7": "4"},
    "evaluator2": {"A1": "16.5", "A2": "16", "A3": "15", "A4": "12", "A5": "8", "A6": "8", "A7": "4"},
    "evaluator3": {"A1": "18.5", "A2": "18.5", "A3": "15.5", "A4": "12", "A5": "8", "A6": "8", "A7": "4"},
}
TOTALS = {"evaluator1": "76.5", "evaluator2": "79.5", "evaluator3": "84.5"}
MEAN = "80.17"
PUBLIC_PAGES = ("/static", "/guide", "/templates", "/verify", "/sign-in", "/account", "/rule-sets", "/set-up")
"""What is the same for everybody, whatever happens in a round."""

READERS = frozenset({"secretary", "manager", "auditor", "bureau"})
"""Who may read scores, once the round is over and never before."""

TOLD_BY_NAME = {"qin": "/recusal"}
"""Who the review notice names the panel to, so that a recusal can be asked for, and at the end of which address."""

STAGES = ("draft", "own locked", "all locked", "decided")
VIEWERS = {
    "draft": ("evaluator1", "qin", "case_manager", "secretary", "manager"),
    "own locked": ("evaluator1", "evaluator4", "secretary", "clerk", "auditor", "street", "administrator", ""),
    "all locked": ("evaluator1", "qin", "case_manager"),
    "decided": ("evaluator1", "qin", ""),
}
"""Who asks at which stage: those closest to the round at every one, everybody else while it is half open."""


def comment_of(username: str) -> str:
    """What that evaluator wrote; nothing else in the city reads like it."""
    return f"评语暗记{username[-1]}玄鹿"


@dataclass
class Planted:
    """The city with one marked round, and the door of whoever asks."""

    city: City
    door: Door
    number: str
    assessment: str
    stage: str = ""

    def reach(self, stage: str) -> None:
        """Go on to that stage: drafts first, then the locks, then the decision."""
        for one in STAGES[STAGES.index(self.stage) + 1 if self.stage else 0 : STAGES.index(stage) + 1]:
            self._go(one)
            self.stage = one

    def _go(self, stage: str) -> None:
        city, database = self.city, self.city.database
        if stage == "draft":
            for one in EVALUATORS:
                commands.save_sheet(
                    database, city.actor(one), assessment_id=self.assessment, items=SHEETS[one],
                    comments=dict.fromkeys(SHEETS[one], comment_of(one)), now=city.tick(),
                )  # fmt: skip
            self._lock("evaluator2")
        elif stage == "own locked":
            self._lock("evaluator1")
        elif stage == "all locked":
            self._lock("evaluator3")
        else:
            city.move(self.number, "admit", "manager", mode="resident", room="201")

    def _lock(self, username: str) -> None:
        city = self.city
        commands.lock_sheet(city.database, city.actor(username), assessment_id=self.assessment, now=city.tick())


@pytest.fixture
def planted(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planted]:
    """A round nobody has scored yet, with a remark of one evaluator for the offices alone."""
    database = open_database(f"sqlite:///{tmp_path}/chuke.sqlite")
    upgrade(database)
    city = found_city(database)
    number = city.under_review("qin")
    write_remark(
        database, city.actor("evaluator2"), number=number, audience="evaluators", text=comment_of("evaluator2"),
        request_id="remark", now=city.tick(),
    )  # fmt: skip
    with unit_of_work(database, city.tick()) as work:
        _sign_everybody_in(work, city)
    app = open_door(Province(city), database, monkeypatch)
    with TestClient(app, base_url=SITE, follow_redirects=False, raise_server_exceptions=False) as client:
        yield Planted(city, Door(Province(city), app, client), number, city.assessment(number))
    database.close()


def marks(viewer: str, stage: str) -> dict[str, re.Pattern[str]]:
    """What this person may not read at this stage, by what it is."""
    over = STAGES.index(stage) >= STAGES.index("all locked")
    hidden: dict[str, re.Pattern[str]] = {}
    for one in EVALUATORS:
        if one == viewer or (over and viewer in READERS):
            continue
        if viewer not in READERS | {"case_manager", "clerk", "street"}:
            hidden[f"comment of {one}"] = re.compile(comment_of(one))
        hidden[f"total of {one}"] = re.compile(rf"(?<![\d.]){re.escape(TOTALS[one])}0?(?![\d.])")
        hidden[f"score of {one}"] = re.compile(rf"(?<![\d.]){re.escape(SHEETS[one]['A1'])}0?(?![\d.])")
        if viewer in EVALUATORS or viewer in ("qin", ""):
            hidden[f"name of {one}"] = re.compile(f"职员{one}|(?<![a-z_]){one}(?![0-9])")
    if viewer not in READERS and stage != "decided":
        hidden["mean"] = re.compile(re.escape(MEAN))
    return hidden


def found(viewer: str, stage: str, texts: dict[str, str]) -> list[str]:
    """Which mark this person reads where."""
    return [
        f"{viewer or 'nobody'}, {stage}: {what} at {where}"
        for where, text in texts.items()
        for what, mark in marks(viewer, stage).items()
        # What somebody asks for stands in the answer again.
        if mark.search(text) and not mark.search(where)
        if not (what.startswith("name of") and where.endswith(TOLD_BY_NAME.get(viewer, "\n")))
    ]


def readable(answer: Response) -> str:
    """What a person gets to read of an answer: drawings are coordinates, a workbook is a zip of sheets."""
    kind = answer.headers.get("content-type", "")
    if "spreadsheet" in kind or "zip" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            return " ".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    text = answer.content.decode("utf-8", "replace")
    return re.sub(r"<svg.*?</svg>|<head>.*?</head>", "", text, flags=re.DOTALL)


def paths(planted: Planted) -> list[str]:
    """Every address of ours that reads, filled with what is in the city, and some with a question behind it."""
    known = {"number": planted.number, "assessment_id": planted.assessment, "page": "1",
             "organization_id": planted.city.organizations["qin"]}  # fmt: skip
    with reading(planted.city.database, planted.city.now) as work:
        papers = [one.id for one in documents_of(work)]
    known["document_id"] = papers[-1] if papers else UNKNOWN_ID
    plain = [path.format_map(defaultdict(lambda: UNKNOWN_ID, known)) for method, path in ROUTES if method == "GET"]
    asked = [f"/search?text={one}" for one in (planted.number, "玄鹿", TOTALS["evaluator2"])]
    asked += [f"/api/v1/search?text={one}" for one in (planted.number, "玄鹿")]
    return [one for one in dict.fromkeys([*plain, *asked]) if not one.startswith(PUBLIC_PAGES)]


def answers(planted: Planted, viewer: str, asked: list[str]) -> dict[str, str]:
    """Whatever this person gets to read at these addresses."""
    got = {path: planted.door.ask(viewer, "GET", path) for path in asked}
    return {path: readable(answer) for path, answer in got.items() if answer.status_code < 400}


def sent(planted: Planted, viewer: str) -> dict[str, str]:
    """What was written for this person or for the outside: notices, mails, feeds, webhooks, papers."""
    person = planted.city.actor(viewer).id if viewer else ""
    tables = all_tables().tables
    texts: dict[str, list[Any]] = defaultdict(list)
    with reading(planted.city.database, planted.city.now) as work:
        for row in work.connection.execute(select(tables["notices"]).where(tables["notices"].c.person_id == person)):
            texts["notices"].append((row.title, row.body))
        for name in ("webhook_deliveries", "webhook_events", "feed_entries", "mails"):
            if name in tables:
                texts[name] += [tuple(row) for row in work.connection.execute(select(tables[name]))]
    return {name: json.dumps(rows, default=str, ensure_ascii=False) for name, rows in texts.items()}


def leaks(planted: Planted, viewer: str, *, asked: list[str] | None = None) -> list[str]:
    """Everything this person reads now and may not."""
    texts = answers(planted, viewer, paths(planted) if asked is None else asked)
    if asked is None and viewer in ("evaluator1", "qin"):
        pages = walk(planted.door, viewer, most=25).pages
        own = {path: re.sub(r"<svg.*?</svg>|<head>.*?</head>", "", text, flags=re.DOTALL)
               for path, text in pages.items() if not path.startswith(PUBLIC_PAGES)}  # fmt: skip
        texts |= own
    return found(viewer, planted.stage, texts | sent(planted, viewer))


@pytest.mark.timeout(240)
def test_nobody_reads_what_another_evaluator_wrote_at_any_stage(planted: Planted) -> None:
    read: list[str] = []
    asked = 0
    for stage in STAGES:
        planted.reach(stage)
        for viewer in VIEWERS[stage]:
            read += leaks(planted, viewer)
            asked += len(paths(planted))
    assert read == []
    assert asked > 1_500


def test_the_marks_stand_where_they_may_be_read(planted: Planted) -> None:
    """Otherwise nothing would prove that anything is looked for."""
    planted.reach("decided")
    own = answers(planted, "evaluator1", [f"/assessments/{planted.assessment}"])
    assert comment_of("evaluator1") in "".join(own.values())
    results = "".join(answers(planted, "secretary", [f"/cases/{planted.number}"]).values())
    assert MEAN in results


def _page_leak(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> str:
    """The outcome is shown to whoever sees the case, before it is decided."""
    monkeypatch.setattr(
        "services.cases.queries.scopes", lambda actor, action: frozenset({"centre"}) if action else frozenset()
    )
    return "mean"


def _sheet_leak(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of the score sheet opens somebody else's."""
    other = planted.city.actor("evaluator2").id

    def read(work: Work, *, person_id: str, assessment_id: str) -> SheetToScore:
        assert person_id != other
        return sheet_to_score(work, person_id=other, assessment_id=assessment_id)

    for place in ("web.pages.assessments.sheet_to_score", "web.api.assessments.sheet_to_score",
                  "web.sheets_view.sheet_to_score"):  # fmt: skip
        monkeypatch.setattr(place, read, raising=False)
    return "comment of evaluator2"


def _remark_leak(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> str:
    """A message meant for the offices is read by the whole panel."""
    from services.cases import remarks

    monkeypatch.setitem(remarks._MESSAGES, "evaluator", remarks._MESSAGES["office"])
    return "comment of evaluator2"


def _notice_leak(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> str:
    """A notice tells the score with which a colleague locked."""
    city = planted.city
    with unit_of_work(city.database, city.tick()) as work:
        tell(
            work, key="leak", person_id=city.actor("evaluator1").id, case_id=None, message="remark_written",
            title="已锁定", body=f"职员乙的总分是{TOTALS['evaluator2']}。",
        )  # fmt: skip
    return "total of evaluator2"


Leak = Callable[[Planted, pytest.MonkeyPatch], str]


@pytest.mark.parametrize("leak", [_page_leak, _sheet_leak, _remark_leak, _notice_leak])
def test_a_planted_leak_is_caught(planted: Planted, monkeypatch: pytest.MonkeyPatch, leak: Leak) -> None:
    planted.reach("all locked")
    asked = [
        f"/cases/{planted.number}", f"/api/v1/cases/{planted.number}", f"/assessments/{planted.assessment}",
        f"/api/v1/assessments/{planted.assessment}/sheet", f"/cases/{planted.number}/remarks",
    ]  # fmt: skip
    looking = partial(leaks, planted, "evaluator1", asked=asked)
    assert looking() == []
    what = leak(planted, monkeypatch)
    assert any(what in line for line in looking())
