"""An edition of a page needs two people, keeps its number, and never changes once it is approved."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from documents.editions.source import Source, shipped
from documents.registry import KINDS
from services.actors import Actor
from services.audit.queries import entries_of
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid, NotFound, Refused, ServiceError
from services.messages import LANGUAGES, catalogue, sentence
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.templates import acts
from services.templates.commands import edition_in_force
from services.templates.models import template_editions
from services.templates.queries import edition_for, editions_of, numbers_in_force
from services.templates.rules import cleaned, compared, unfit
from statemachines.roles import Role
from tests.database_fixtures import NOW

KIND = "admission_notice"
PEOPLE = {
    "manager": Role.CENTRE_MANAGER,
    "second": Role.CENTRE_MANAGER,
    "leader": Role.CIVIL_AFFAIRS_LEADER,
    "clerk": Role.INTAKE_CLERK,
}


@pytest.fixture
def people(database: Database) -> dict[str, Actor]:
    """Whoever has a part in the pages of papers, and one who has none."""
    with unit_of_work(database, NOW) as work:
        for username, role in PEOPLE.items():
            identity = add_person(work, username=username, name=f"某{username}")
            grant_role(work, identity, role, valid_from=date(2020, 1, 1))
    with reading(database, NOW) as work:
        return {username: actor_named(work, username) for username in PEOPLE}


def written(database: Database, by: Actor, *, standing: str = "draft", page: str = "一", **given: object) -> str:
    """An edition as an act would have left it, without drawing anything."""
    identity = new_id()
    values = {
        "id": identity, "kind": KIND, "based_on": 0, "page": page, "style": "", "pages": 1, "reason": "改",
        "standing": standing, "proposed_by": by.id, "saved_at": NOW, **given,
    }  # fmt: skip
    with unit_of_work(database, NOW) as work:
        work.connection.execute(insert(template_editions).values(**values))
    return identity


def approved(database: Database, people: dict[str, Actor], number: int, **given: object) -> str:
    usual = {"in_force_from": NOW, "edition": number, "decided_by": people["leader"].id, "decided_at": NOW}
    return written(database, people["manager"], standing="approved", **(usual | given))


def codes(error: pytest.ExceptionInfo[ServiceError]) -> tuple[str, ...]:
    return error.value.codes


def test_whoever_wrote_it_cannot_decide_and_the_refusal_is_noted(database: Database, people: dict[str, Actor]) -> None:
    waiting = written(database, people["manager"], standing="waiting")
    for decide in (
        lambda: acts.approve_edition(database, people["manager"], edition_id=waiting, now=NOW),
        lambda: acts.send_back_edition(database, people["manager"], edition_id=waiting, reason="否", now=NOW),
    ):
        with pytest.raises(Forbidden) as error:
            decide()
        assert codes(error) == ("template.two_people",)
    with pytest.raises(Forbidden):
        acts.approve_edition(database, people["clerk"], edition_id=waiting, now=NOW)
    with reading(database, NOW) as work:
        assert [entry.result for entry in entries_of(work, acts.STREAM)] == ["refused"] * 3


def test_the_database_itself_wants_two_people(database: Database, people: dict[str, Actor]) -> None:
    waiting = written(database, people["manager"], standing="waiting")
    alone = {"standing": "approved", "edition": 1, "in_force_from": NOW, "decided_by": people["manager"].id}
    with pytest.raises(IntegrityError), unit_of_work(database, NOW) as work:
        work.connection.execute(update(template_editions).where(template_editions.c.id == waiting).values(**alone))


def test_one_waits_at_a_time_and_the_own_one_can_be_taken_back(database: Database, people: dict[str, Actor]) -> None:
    first, other = written(database, people["manager"]), written(database, people["second"])
    acts.propose_edition(database, people["manager"], edition_id=first, now=NOW)
    with pytest.raises(Refused) as error:
        acts.propose_edition(database, people["second"], edition_id=other, now=NOW)
    assert codes(error) == ("template.one_waits",)
    with pytest.raises(Forbidden) as error:
        acts.withdraw_edition(database, people["second"], edition_id=first, now=NOW)
    assert codes(error) == ("template.not_yours",)
    acts.withdraw_edition(database, people["manager"], edition_id=first, now=NOW)
    acts.propose_edition(database, people["second"], edition_id=other, now=NOW)
    acts.send_back_edition(database, people["leader"], edition_id=other, reason="请保留案号", now=NOW)
    with reading(database, NOW) as work:
        assert [(one.stage, one.decided_because) for one in editions_of(work, people["leader"], KIND)] == [
            ("refused", "请保留案号")
        ]


def test_a_draft_is_seen_by_its_writer_alone(database: Database, people: dict[str, Actor]) -> None:
    draft = written(database, people["manager"])
    with reading(database, NOW) as work:
        assert edition_for(work, people["manager"], draft).line.stage == "draft"
        assert editions_of(work, people["leader"], KIND) == ()
        with pytest.raises(NotFound):
            edition_for(work, people["leader"], draft)


def test_the_latest_begun_that_was_not_retired_is_in_force(database: Database, people: dict[str, Actor]) -> None:
    first = approved(database, people, 1, in_force_from=NOW - timedelta(days=9))
    second = approved(database, people, 2)
    approved(database, people, 3, in_force_from=NOW + timedelta(days=9))
    with reading(database, NOW - timedelta(days=1)) as work:
        assert edition_in_force(work, KIND) == (first, 1)
    with reading(database, NOW) as work:
        assert edition_in_force(work, KIND) == (second, 2)
        assert numbers_in_force(work) == {KIND: 2}
        assert [one.stage for one in editions_of(work, people["leader"], KIND)] == ["coming", "in_force", "past"]
    acts.retire_edition(database, people["leader"], edition_id=second, reason="有误", now=NOW)
    with reading(database, NOW) as work:
        assert edition_in_force(work, KIND) == (first, 1)
    with pytest.raises(Refused) as error:
        acts.retire_edition(database, people["leader"], edition_id=second, reason="有误", now=NOW)
    assert codes(error) == ("template.not_approved",)


def test_what_may_not_stand_is_told_line_by_line(database: Database, people: dict[str, Actor]) -> None:
    page = shipped(KIND).page.replace("<p>你单位", "<p style='x'>你单位{{ document.rom }}")
    with pytest.raises(Invalid) as error:
        acts.save_draft(
            database, people["manager"], kind=KIND, page=page, style="p { src: url(x) }", reason="改", now=NOW
        )
    told = [sentence(one.code, "zh", **one.facts) for one in error.value.facts["faults"]]
    assert "第4行：这种文书没有“document.rom”这一项。请对照原版式核对名称。" in told
    assert told[1].startswith("第4行：版面中不得使用属性“style”。")
    assert told[2].startswith("样式第1行：不得使用“src”这一属性。")


def test_only_whoever_the_policy_names_writes_and_an_unknown_kind_is_none(
    database: Database, people: dict[str, Actor]
) -> None:
    with pytest.raises(Forbidden):
        acts.save_draft(database, people["clerk"], kind=KIND, page="一", style="", reason="改", now=NOW)
    with pytest.raises(NotFound):
        acts.save_draft(database, people["manager"], kind="nothing", page="一", style="", reason="改", now=NOW)


def test_a_comparison_shows_what_changed_and_what_stands_beside_it() -> None:
    lines = compared("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nx\ne\nf\n", around=1)
    assert [(one.before, one.after, one.change, one.words) for one in lines] == [
        (0, 0, "skipped", ""), (3, 3, "same", "c"), (4, 0, "gone", "d"), (0, 4, "new", "x"), (5, 5, "same", "e"),
        (0, 0, "skipped", ""),
    ]  # fmt: skip
    assert compared("a\n", "a\n") == ()
    assert cleaned("\r\na \r\nb\t\n\n") == "a\nb\n"


def test_every_finding_has_its_sentence_in_both_languages() -> None:
    from pathlib import Path
    from re import findall

    import documents.editions as editions
    import documents.trial as trial

    files = [*Path(editions.__path__[0]).glob("*.py"), Path(trial.__file__)]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    used = set(
        findall(
            r'(?:_found\(\s*\w+|found\(\s*\w+|Finding\([^,"]+|_refused\(|hidden_characters\(\w+),?\s*"([a-z_]+)"', text
        )
    )
    used |= {"outside_block", "style_unreadable", "place_in_tag", "markup_broken"}
    assert len(used) > 40
    for lang in LANGUAGES:
        assert {f"template.{code}" for code in used} - catalogue(lang).sentences.keys() == set()
        left = {code for code in catalogue(lang).sentences if code.startswith("template.")}
        known = {f"template.{code}" for code in used} | {
            f"template.{code}" for code in findall(r'"template\.([a-z_]+)"', _services())
        }
        assert left - known == set()


def _services() -> str:
    from pathlib import Path

    import services.templates

    return "\n".join(path.read_text(encoding="utf-8") for path in Path(services.templates.__path__[0]).glob("*.py"))


def test_a_source_is_named_by_its_hash() -> None:
    assert Source("a", "b").digest != Source("ab", "").digest
    assert unfit(()).facts["count"] == 0
    assert KIND in KINDS
