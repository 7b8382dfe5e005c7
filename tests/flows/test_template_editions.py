"""A paper is drawn from the edition that was in force when it was decided, today and in ten years."""

from datetime import date, timedelta

from documents.editions.source import shipped
from documents.printed_fields import squeezed, text_of
from documents.registry import KINDS
from flows.errands import carry, draw
from services.actors import Actor
from services.audit.queries import entries_of
from services.database.work import Work, reading
from services.issuance.queries import document_bytes, document_to_draw
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.templates import acts
from services.templates.queries import editions_of
from statemachines.roles import Role
from tests.database_fixtures import NOW
from tests.flows.ground import Ground

KIND = "admission_notice"
LATER = NOW + timedelta(hours=1)


def people(ground: Ground) -> tuple[Actor, Actor]:
    def unit(work: Work) -> None:
        for username, role in (("manager", Role.CENTRE_MANAGER), ("bureau", Role.CIVIL_AFFAIRS_LEADER)):
            identity = add_person(work, username=username, name=f"某{username}")
            grant_role(work, identity, role, valid_from=date(2020, 1, 1))

    ground.do(unit)
    with reading(ground.database, NOW) as work:
        return actor_named(work, "manager"), actor_named(work, "bureau")


def test_old_papers_keep_their_edition_and_new_ones_take_the_new(small_ground: Ground) -> None:
    ground = small_ground
    manager, bureau = people(ground)
    before = ground.errand(ground.leave_paper(name=KIND))
    page = shipped(KIND).page.replace("同意{{ head", "欢迎并同意{{ head")
    style = ".clause { font-family: 'Doc Kai', 'Doc Song'; }"
    draft = acts.save_draft(
        ground.database, manager, kind=KIND, page=page.replace("\n", "\r\n"), style=style, reason="用语更亲切", now=NOW
    )
    acts.propose_edition(ground.database, manager, edition_id=draft, now=NOW)
    assert acts.approve_edition(ground.database, bureau, edition_id=draft, now=NOW) == 1
    after = ground.errand(ground.leave_paper(name=KIND, move=2))
    assert carry(ground.database, after, now=LATER) == "done"
    acts.retire_edition(ground.database, manager, edition_id=draft, reason="改回原样", now=LATER)
    with reading(ground.database, LATER) as work:
        old, new = (document_to_draw(work, errand.payload["document_id"]) for errand in (before, after))
        issued = document_bytes(work, new.id)
        (line,) = editions_of(work, bureau, KIND)
        done = [entry.action for entry in entries_of(work, acts.STREAM)]
    assert old.source is None
    assert draw(new).pdf == issued
    assert squeezed("欢迎并同意") in text_of(issued, KINDS[KIND].sample().head)
    assert (line.stage, line.papers, line.number) == ("retired", 1, 1)
    assert done == ["template:draft", "template:propose", "template:approve", "template:retire"]
