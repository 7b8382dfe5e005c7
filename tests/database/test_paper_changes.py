"""作废与重发: by two people where it matters, at once everywhere, and never a number lost or freed."""

import hashlib
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from documents.context import to_json
from documents.kind import Kind
from documents.registry import KINDS, kind_of
from services.database.engine import Database, open_database
from services.database.work import Work, reading, run
from services.errors import Invalid, Refused
from services.issuance import changing
from services.issuance.changing import correctable, corrected_inputs, reissue_document, two_people_for, void_document
from services.issuance.commands import Drawn, decide_document, store_drawn
from services.issuance.models import issued_documents
from services.issuance.queries import document_line, documents_of
from services.issuance.verifying import verification
from tests.database_fixtures import NOW
from tests.flows.ground import Ground, build
from tests.races.together import together

NIGHTLY = bool(os.environ.get("CHUKE_NIGHTLY"))
RIGHT = "晨光社区邻里互助中心"


@pytest.fixture
def small(sqlite_template: Path, tmp_path: Path) -> Iterator[Ground]:
    """The same on SQLite only, for what has nothing to do with the database."""
    shutil.copyfile(sqlite_template, tmp_path / "chuke.sqlite")
    opened = open_database(f"sqlite:///{tmp_path / 'chuke.sqlite'}")
    yield build(opened)
    opened.close()


@pytest.fixture
def ground(database: Database) -> Ground:
    """A city with one case, on each database."""
    return build(database)


def decided(work: Work, ground: Ground, name: str, *, move: int) -> str:
    """A paper of the kind, decided on a move of the case."""
    kind = kind_of(name)
    return decide_document(
        work, kind=kind, prefix="青河孵", certificate_prefix=f"QH-{kind.number_key}", case_id=ground.case_id,
        move_sequence=move, organization_id=ground.organization_id, build=lambda _: kind.sample(),
    )  # fmt: skip


def drawn(work: Work, document_id: str) -> None:
    """The paper gets a file of its own."""
    content = b"%PDF " + document_id.encode()
    store_drawn(work, document_id, Drawn(content, hashlib.sha256(content).hexdigest(), 1, "test"))


def series(database: Database) -> dict[str, list[int]]:
    """Serials by series, in order."""
    with reading(database, NOW) as work:
        rows = work.connection.execute(select(issued_documents.c.series, issued_documents.c.serial))
        found: dict[str, list[int]] = {}
        for row in rows:
            found.setdefault(row.series, []).append(row.serial)
    return {name: sorted(serials) for name, serials in found.items()}


def gapless(found: dict[str, list[int]]) -> bool:
    """Whether every series runs from one without a gap or a double."""
    return all(serials == list(range(1, len(serials) + 1)) for serials in found.values())


def text_in(name: str) -> str:
    """A text of the kind's sample that may be corrected: the name of the organization."""
    return str(kind_of(name).sample().head.organization_name)


def test_a_reissued_paper_takes_the_next_number_and_says_what_was_corrected(ground: Ground) -> None:
    name = "graduation_certificate"
    old = ground.do(lambda work: decided(work, ground, name, move=1))
    ground.do(lambda work: drawn(work, old))
    new = ground.do(lambda work: reissue_document(work, old, {text_in(name): RIGHT}))
    with reading(ground.database, NOW) as work:
        before, after = document_line(work, old), document_line(work, new.id)
        inputs = work.connection.execute(
            select(issued_documents.c.inputs).where(issued_documents.c.id == new.id)
        ).scalar_one()
        assert (before.standing, after.standing) == ("replaced", "decided")
        assert before.successor == after.number
        found = verification(work, before.verify_code)
    assert inputs["head"]["organization_name"] == RIGHT
    assert inputs["head"]["number"] == after.number
    assert inputs["head"]["verify_url"].endswith(inputs["head"]["verify_code"])
    assert inputs["head"]["verify_code"].replace("-", "") == after.verify_code != before.verify_code
    assert after.number.endswith("-0002")
    assert found is not None
    assert (found.standing, found.successor) == ("replaced", after.number)
    assert gapless(series(ground.database))


@pytest.mark.parametrize("standing", ["void", "replaced", "revoked"])
def test_what_no_longer_holds_is_not_changed_again(standing: str, ground: Ground) -> None:
    old = ground.do(lambda work: decided(work, ground, "graduation_certificate", move=1))
    ground.do(lambda work: drawn(work, old))
    values: dict[str, Any] = {"standing": standing}
    ground.do(lambda work: work.connection.execute(issued_documents.update().values(**values)))
    for act in (
        void_document,
        lambda work, one: reissue_document(work, one, {text_in("graduation_certificate"): RIGHT}),
    ):
        with pytest.raises(Refused, match=f"document.{standing}_already"):
            ground.do(lambda work, act=act: act(work, old))


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))
def test_texts_and_days_can_be_corrected_and_nothing_that_was_decided(kind: Kind) -> None:
    inputs = to_json(kind.sample())
    head = inputs["head"]
    texts = {text for text, _ in correctable(kind, inputs)}
    assert head["organization_name"] in texts or not head["organization_name"]
    assert head["verify_code"] not in texts
    open_here = changing.open_paths(kind, inputs)
    assert not open_here & {"head.number", "head.verify_url", "head.issuer_name", "score", "amount_fen", "grade"}
    with pytest.raises(Invalid):
        corrected_inputs(kind, inputs, {"这里没有的文字": "别的"})


def test_a_day_stays_a_day() -> None:
    kind = kind_of("graduation_certificate")
    inputs = to_json(kind.sample())
    assert corrected_inputs(kind, inputs, {inputs["term_from"]: "2025-01-02"})["term_from"] == "2025-01-02"
    with pytest.raises(Invalid, match="correction_unfit"):
        corrected_inputs(kind, inputs, {inputs["term_from"]: "某一天"})


def test_certificates_decisions_and_agreements_need_two_people() -> None:
    two = {kind.code for kind in KINDS.values() if two_people_for(kind)}
    assert {"D09", "D10", "D18", "D22", "D28", "D30"} <= two
    assert not {"D01", "D02", "D03"} & two


def act_of(kind: str) -> Callable[[Work, str], Any]:
    """What is done to a paper, by its name."""
    if kind == "void":
        return void_document
    return lambda work, one: reissue_document(work, one, {text_in("graduation_certificate"): RIGHT})


class GaveUp(Exception):
    """The unit of work is undone."""


def mixed(ground: Ground, *, each: int, workers: int = 16) -> None:
    """Workers that decide, draw, void, reissue and give up, all in one series at once."""

    def one(worker: int) -> None:
        chance = random.Random(worker)
        for attempt in range(each):
            move = 1 + worker * each + attempt

            def unit(work: Work, move: int = move) -> None:
                identity = decided(work, ground, "graduation_certificate", move=move)
                if chance.random() < 0.6:
                    drawn(work, identity)
                deed = chance.choice(("", "", "void", "reissue", "reissue"))
                if deed:
                    act_of(deed)(work, identity)
                if chance.random() < 0.25:
                    raise GaveUp

            try:
                run(ground.database, NOW, unit, tries=50)
            except GaveUp:
                continue

    ended = together(one, threads=workers)
    assert ended == [None] * workers, [one for one in ended if one is not None][:3]


def test_no_mix_of_deciding_voiding_reissuing_and_giving_up_leaves_a_gap(ground: Ground) -> None:
    mixed(ground, each=40 if NIGHTLY else 2)
    found = series(ground.database)
    assert sum(map(len, found.values())) >= 16
    assert gapless(found)
    with reading(ground.database, NOW) as work:
        papers = documents_of(work)
    assert {one.standing for one in papers if one.successor} <= {"replaced", "void"}
    assert all(one.successor for one in papers if one.standing == "replaced")


def one_more_than_the_last(work: Work, series: str) -> int:
    """Planted bug: the number after the highest that is in use."""
    known = work.connection.scalar(
        select(func.max(issued_documents.c.serial)).where(
            issued_documents.c.series == series.removeprefix("document-"), issued_documents.c.standing != "void"
        )
    )
    return (known or 0) + 1


def test_a_number_that_void_sets_free_would_be_seen(small: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: `max()+1` over what is not void gives the number of a void paper out again."""
    monkeypatch.setattr("services.issuance.commands.next_number", one_more_than_the_last)
    old = small.do(lambda work: decided(work, small, "graduation_certificate", move=1))
    small.do(lambda work: void_document(work, old))
    with pytest.raises(Exception, match=r"(?i)unique|already"):
        small.do(lambda work: decided(work, small, "graduation_certificate", move=2))


def test_a_void_that_deletes_would_leave_a_gap(small: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: void takes the row away instead of saying so."""
    first = small.do(lambda work: decided(work, small, "graduation_certificate", move=1))
    small.do(lambda work: decided(work, small, "graduation_certificate", move=2))
    gone = issued_documents.delete().where(issued_documents.c.id == first)
    small.do(lambda work: work.connection.execute(gone))
    assert not gapless(series(small.database))
