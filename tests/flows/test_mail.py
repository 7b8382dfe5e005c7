"""A notice also goes out by e-mail: once, without anything personal, and a server that fails holds up nothing."""

from datetime import timedelta
from typing import Any

import pytest

from flows.relay import InProcess, drain_until_quiet
from services.actors import Actor, Grant
from services.cases.mail_log import ToldLine, told_lines
from services.database.work import reading
from services.errors import Forbidden, Invalid
from services.notices.mail import address_of, set_address
from services.notices.models import mail_addresses
from services.outbox.commands import retry_errand
from services.outbox.queries import errands
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from statemachines.roles import Role
from tests.database_fixtures import NOW
from tests.flows.conftest import Postbox
from tests.flows.ground import LEADER, Ground

ADDRESS = "leader@qingyan.example"


def administrator(ground: Ground) -> Actor:
    def unit(work: Any) -> Actor:
        person = add_person(work, username="sysadmin", name="系统员")
        grant_role(work, person, Role.SYSTEM_ADMINISTRATOR, valid_from=NOW.date())
        return actor_named(work, "sysadmin")

    return ground.do(unit)


def addressed(ground: Ground) -> None:
    set_address(ground.database, administrator(ground), ground.leader.id, ADDRESS, now=NOW)


def carry(ground: Ground, *, after: timedelta = timedelta()) -> None:
    drain_until_quiet(ground.database, now=NOW + after, through=InProcess())


def told(ground: Ground) -> ToldLine:
    with reading(ground.database, NOW) as work:
        (line,) = told_lines(work)
        return line


def test_a_notice_is_mailed_once_and_says_nothing_personal(ground: Ground, postbox: Postbox) -> None:
    addressed(ground)
    ground.leave()
    carry(ground)
    (envelope,) = postbox.taken
    content = bytes(envelope.content or b"").decode()
    assert envelope.rcpt_tos == [ADDRESS]
    assert f"Message-ID: <{told(ground).id}@127.0.0.1>" in content
    assert "Auto-Submitted: auto-generated" in content
    assert LEADER not in content
    assert ground.number not in content
    assert told(ground).mail == "sent"
    carry(ground, after=timedelta(days=1))
    assert len(postbox.taken) == 1


def test_who_has_no_address_is_told_on_the_console_alone(ground: Ground, postbox: Postbox) -> None:
    ground.leave()
    carry(ground)
    assert postbox.taken == []
    assert told(ground).mail == ""


def test_without_a_server_nothing_is_owed(small_ground: Ground) -> None:
    addressed(small_ground)
    small_ground.leave()
    carry(small_ground)
    assert told(small_ground).mail == ""


def test_a_server_that_fails_is_asked_again_then_parked_and_the_notice_stands(
    small_ground: Ground, postbox: Postbox
) -> None:
    addressed(small_ground)
    postbox.broken = True
    notice = small_ground.leave()
    carry(small_ground)
    assert small_ground.errand(notice).done_at is not None
    assert told(small_ground).mail == "failed"
    for hour in range(1, 12):
        carry(small_ground, after=timedelta(hours=2 * hour))
    assert told(small_ground).mail == "parked"
    assert "451" in told(small_ground).reason
    assert len(small_ground.notices()) == 1
    postbox.broken = False
    with reading(small_ground.database, NOW) as work:
        (parked,) = errands(work, standing="parked")
    small_ground.do(lambda work: retry_errand(work, actor=small_ground.leader, errand_id=parked.id))
    carry(small_ground)
    assert told(small_ground).mail == "sent"
    assert len(postbox.taken) == 1


def test_an_address_taken_back_is_not_written_to(small_ground: Ground, postbox: Postbox) -> None:
    admin = administrator(small_ground)
    set_address(small_ground.database, admin, small_ground.leader.id, ADDRESS, now=NOW)
    postbox.broken = True
    small_ground.leave()
    carry(small_ground)
    postbox.broken = False
    set_address(small_ground.database, admin, small_ground.leader.id, "", now=NOW)
    carry(small_ground, after=timedelta(hours=2))
    assert postbox.taken == []
    assert told(small_ground).mail == "not_needed"


def test_an_address_is_kept_sealed(ground: Ground) -> None:
    addressed(ground)
    with reading(ground.database, NOW) as work:
        stored = work.connection.execute(mail_addresses.select()).one()
        assert ADDRESS not in str(stored)
        assert address_of(work, ground.leader.id) == ADDRESS


@pytest.mark.parametrize("text", ["leader", "a@b", "a@b..c", "a b@c.d", "甲@乙.丙", "a@b.c, d@e.f", "a@b@c.d"])
def test_what_is_no_address_is_refused(text: str, small_ground: Ground) -> None:
    with pytest.raises(Invalid):
        set_address(small_ground.database, administrator(small_ground), small_ground.leader.id, text, now=NOW)


def test_only_the_system_administrator_sets_one(small_ground: Ground) -> None:
    other = Actor(small_ground.leader.id, "leader", LEADER, grants=(Grant(Role.CENTRE_MANAGER),))
    with pytest.raises(Forbidden):
        set_address(small_ground.database, other, small_ground.leader.id, ADDRESS, now=NOW)
