"""Personal data are found nowhere a flow leaves something: Prefect's own database, errands, mails, papers, logs."""

import gc
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from cli.bench.city import actors, build
from documents.registry import kind_of
from flows.log import log
from flows.mailing import send
from flows.prefect_server import EmbeddedServer
from flows.relay import Carrier, drain, drain_until_quiet
from services.cases import applying
from services.cases.objections import Objection, lodge_objection
from services.database.base import new_id
from services.database.engine import open_database
from services.database.work import Work, office_instant, reading, run
from services.issuance.commands import decide_document
from services.issuance.queries import document_bytes, documents_of
from services.notices.mail import Letter, set_address
from services.organizations.models import organizations
from services.outbox.commands import leave_errand
from services.outbox.queries import errands
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.protection.sealing import seal
from services.settings import settings
from statemachines.roles import Role
from tests.access.planting import found, left_in
from tests.database.office import MONDAY, PANEL, Office
from tests.flows.conftest import Postbox

pytestmark = [
    pytest.mark.xdist_group("prefect"),
    # Prefect leaves connections to the collector; they are collected before the next module's tests.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.timeout(400),
]

PLACES = {"prefect", "chuke.sqlite", "errand", "paper", "mail", "log"}


@dataclass
class Story(Office):
    """An office whose errands all go through Prefect with real papers and mails; what was typed, and what is left."""

    planted: dict[str, str] = field(default_factory=dict)
    through: Carrier | None = None
    server: EmbeddedServer | None = None
    postbox: Postbox | None = None

    def carry(self) -> None:
        """Carry out everything that is due, as the relay does."""
        assert self.through is not None
        drain_until_quiet(self.database, now=self.now, through=self.through)

    def left(self, said: str) -> dict[str, bytes]:
        """Files and dumps of both databases, every errand, every mail but for its address, every paper, the log."""
        assert self.server is not None
        assert self.postbox is not None
        left = left_in(self.server.home, told="prefect/")
        left |= left_in(Path(str(self.database.url.database)).parent)
        with reading(self.database, self.now) as work:
            for one in errands(work, standing="all", limit=10_000):
                left[f"errand {one.effect} {one.id}"] = repr(one).encode()
            for paper in documents_of(work):
                left[f"paper {paper.kind} {paper.id}"] = document_bytes(work, paper.id) if paper.drawn_at else b""
        for place, envelope in enumerate(self.postbox.taken):
            content = bytes(envelope.content or b"")
            # The address must be read by whoever carries the mail, and by nobody else.
            for address in envelope.rcpt_tos:
                content = content.replace(f"To: {address}".encode(), b"")
            left[f"mail {place}"] = content
        return left | {"log": said.encode()}


@pytest.fixture
def story(sqlite_template: Path, tmp_path: Path, prefect_server: EmbeddedServer, postbox: Postbox) -> Iterator[Story]:
    """One organization from application to its first payment, one that is objected to, one with half a form."""
    from flows.through_prefect import ThroughPrefect

    shutil.copyfile(sqlite_template, tmp_path / "chuke.sqlite")
    database, now = open_database(f"sqlite:///{tmp_path / 'chuke.sqlite'}"), office_instant(MONDAY)
    told = Story(database, build(database, organizations_count=3, now=now), now)
    told.people = actors(database, now=now, organizations_count=3)
    told.through, told.server, told.postbox = ThroughPrefect(prefect_server.ready), prefect_server, postbox
    _enter(told)
    _write(told)
    award = told.awarded(told.incubating(1), 300_000)
    told.planted["account"] = "6200000000000031"
    told.instruct(f"{award}-1")
    told.carry()
    _object(told)
    _fail(told)
    yield told
    database.close()
    gc.collect()


def _enter(story: Story) -> None:
    """A telephone in the register, an address for mail, a password."""
    phone = story.planted["phone"] = "19870012347"
    address = story.planted["mail address"] = "jixiang.ouyang@qingyan.example"
    password = story.planted["password"] = "Rain-104729-house-door"

    def unit(work: Work) -> None:
        identity = story.city.organization_ids[0]
        sealed = seal("organizations", identity, "leader_phone", phone)
        work.connection.execute(
            update(organizations).where(organizations.c.id == identity).values(leader_phone_sealed=sealed)
        )
        person = add_person(work, username="sysadmin", name="系统员", password=password)
        grant_role(work, person, Role.SYSTEM_ADMINISTRATOR, valid_from=work.today)

    run(story.database, story.now, unit)
    with reading(story.database, story.now) as work:
        administrator = actor_named(work, "sysadmin")
    leader = story.people["applicant1"].id
    set_address(story.database, administrator, leader, address, now=story.now)


def _write(story: Story) -> None:
    """Half a form, with the number and the home of a founder in it."""
    number, applicant = story.apply(3), story.people["applicant3"]
    identity = story.planted["identity number"] = "229902197001011037"
    home = story.planted["address"] = "桦林街道铁东里101号楼2单元"
    applying.begin_form(story.database, applicant, number=number, now=story.now)
    for section, typed in (
        ("consent", {"agreed": "yes"}),
        ("people", {"leader_name": "马跃", "leader_phone": "19900000001", "leader_work": identity,
                    "founders": [{"name": "马跃", "part": home}]}),
    ):  # fmt: skip
        applying.save_section(
            story.database, applicant, number=number, section=section, typed=typed, seen=0, now=story.now
        )


def _object(story: Story) -> None:
    contact = story.planted["contact"] = "reach7919@example.cn"
    number = story.reviewed(2)
    for name in PANEL:
        story.score(name, story.round(number).id)
    story.move("manager", number, "admit", mode="resident", room="102室")
    story.carry()
    lodge_objection(story.database, number=number, objection=Objection("王某", contact, "名册不实"), now=story.now)
    story.carry()


def _fail(story: Story) -> None:
    """An errand breaks on what it has in hand, and says so."""

    def fail(_paper: Any) -> Any:
        raise RuntimeError(f"no face for {story.planted['phone']}, {story.planted['contact']}")

    assert story.through is not None
    _decide(story, kind_of("graduation_certificate").sample())
    drain(story.database, now=story.now, worker="one", through=story.through, render=fail)


def _decide(story: Story, inputs: Any) -> None:
    """Decide one more paper with these inputs and leave the errand that issues it."""
    case = story.subject(story.apply(3)).case

    def unit(work: Work) -> None:
        document = decide_document(
            work, kind=kind_of("graduation_certificate"), prefix="样孵", certificate_prefix="YL-CQ", case_id=case.id,
            move_sequence=99, organization_id=story.city.organization_ids[2], build=lambda _number: inputs,
        )  # fmt: skip
        payload = {"document": "graduation_certificate", "document_id": document, "number": "1", "to": ["applicant"]}
        leave_errand(
            work, key=f"{case.id}:99:{new_id()}", effect="issue_document", case_id=case.id, case_number=case.number,
            move_sequence=99, payload=payload,
        )  # fmt: skip

    run(story.database, story.now, unit)


def _leak(story: Story) -> None:
    """The planted bugs: one value told in each place that must not have it."""
    phone = story.planted["phone"]

    def unit(work: Work) -> None:
        payload = {"message": "application_received", "to": [Role.APPLICANT.value]}
        leave_errand(
            work, key="leak:payload", effect="no_such_effect", case_id=None, case_number="YL-2026-9001",
            move_sequence=1, payload=payload | {"reach": phone},
        )  # fmt: skip
        leave_errand(
            work, key="leak:prefect", effect="no_such_effect", case_id=None, case_number=phone, move_sequence=2,
            payload=payload,
        )  # fmt: skip

    run(story.database, story.now, unit)
    _decide(story, replace(kind_of("graduation_certificate").sample(), identity_number=phone))
    story.carry()
    letter = Letter("<leak@x>", "chuke@x.example", story.planted["mail address"], f"请致电{phone}", "见正文")
    send(letter, settings().smtp_url)
    log("leak").warning("leak", reach=phone)


def _places(story: Story, said: str) -> set[str]:
    """In which kinds of places the telephone lies."""
    hits = (line.partition(" in ")[2] for line in found({"phone": story.planted["phone"]}, story.left(said)))
    return {hit.split("/")[0].split(" ")[0].removesuffix("-wal") for hit in hits}


def test_what_people_typed_reaches_no_flow(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    left = story.left("".join(capsys.readouterr()))
    assert {"prefect/prefect.db", "chuke.sqlite", "log", "mail 0"} <= set(left)
    assert any(place.startswith("paper disbursement_notice") and content for place, content in left.items())
    assert found(story.planted, left) == []
    _leak(story)
    said, deadline = "".join(capsys.readouterr()), time.monotonic() + 60
    while (places := _places(story, said)) != PLACES and time.monotonic() < deadline:
        # The recorder of runs lags by seconds.
        time.sleep(1)
    assert places == PLACES
