"""Webhooks from the move to the receiver: fed once, signed, tried for three days, sent nowhere inside."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import delete, update
from standardwebhooks import Webhook

from flows import posting
from flows.chores import feed_webhooks
from flows.posting import post
from flows.relay import InProcess, drain_until_quiet
from services.actors import Actor
from services.cases import commands as cases
from services.cases.advance import AdvanceCase
from services.database.work import Work, reading
from services.errors import Forbidden, Invalid, NotFound, Refused
from services.outbox.queries import errands
from services.people.commands import add_person, grant_role
from services.people.models import role_grants
from services.people.queries import actor_by_id
from services.rulesets.commands import rule_set_on
from services.settings import settings
from services.webhooks import commands
from services.webhooks.queries import DeliveryLine, Message, delivery_lines, subscription_lines
from services.webhooks.rules import WAITS
from statemachines.roles import Role
from tests.database_fixtures import NOW
from tests.flows.ground import LEADER, Ground


@dataclass
class Receiver:
    """Another system on this machine: keeps what it was sent and answers as it is told."""

    address: str
    statuses: list[int] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    pause: threading.Event = field(default_factory=threading.Event)
    slow: bool = False


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if found.slow:
                found.pause.wait(5)
            self.send_response(found.statuses.pop(0) if found.statuses else 204)
            self.send_header("Location", f"{found.address}/elsewhere")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.pause.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def this_machine_may_be_called(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CHUKE_WEBHOOK_LOOPBACK", "true")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def manager(ground: Ground) -> Actor:
    def unit(work: Work) -> Actor:
        person = add_person(work, username="manager", name="沈小满")
        grant_role(work, person, Role.CENTRE_MANAGER, valid_from=NOW.date())
        return actor_by_id(work, person)

    return ground.do(unit)


def subscribe(ground: Ground, manager: Actor, receiver: Receiver, *kinds: str) -> commands.Subscribed:
    return commands.subscribe(
        ground.database, manager, url=f"{receiver.address}/in", kinds=kinds or ("case",), loopback=True, now=NOW
    )


def move(ground: Ground) -> None:
    with reading(ground.database, NOW) as work:
        names = rule_set_on(work, work.today).value("materials.application")
    cases.provide_materials(ground.database, ground.leader, number=ground.number, names=names, now=NOW)
    said = {"privacy_notice_accepted": True, "commitments_accepted": True}
    command = AdvanceCase(ground.number, "submit", None, said)
    cases.advance_case(ground.database, ground.leader, command, now=NOW)


def carry(ground: Ground, now: datetime = NOW) -> None:
    feed_webhooks(ground.database, now=now)
    drain_until_quiet(ground.database, now=now, through=InProcess())


def sent(ground: Ground, manager: Actor) -> tuple[DeliveryLine, ...]:
    with reading(ground.database, NOW) as work:
        return delivery_lines(work, manager)


def test_a_move_reaches_the_receiver_signed_and_once(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    subscribed = subscribe(ground, manager, receiver, "case.incubation")
    move(ground)
    carry(ground)
    carry(ground)
    ((headers, body),) = receiver.taken
    told = json.loads(body)
    expected = Webhook(subscribed.secret).sign(headers["webhook-id"], NOW, body.decode())
    assert headers["webhook-signature"] == expected
    assert told["type"] == "case.incubation.SUBMITTED"
    assert (told["data"]["case"], told["data"]["trigger"]) == (ground.number, "submit")
    (line,) = sent(ground, manager)
    assert (line.standing, line.last_status, line.attempts) == ("delivered", 204, 1)


def test_nothing_personal_leaves_the_house(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    subscribe(ground, manager, receiver)
    move(ground)
    carry(ground)
    (headers, body) = receiver.taken[0]
    for personal in (LEADER, "星火社区养老服务队", "沈小满", ground.leader.id):
        assert personal not in body.decode()
        assert personal not in str(headers)


def _forget(ground: Ground, line: DeliveryLine) -> None:
    forgotten = delete(commands.deliveries).where(commands.deliveries.c.id == line.id)
    ground.do(lambda work: work.connection.execute(forgotten))


def test_nobody_is_told_what_was_before_or_is_not_wanted(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    move(ground)
    subscribe(ground, manager, receiver)
    subscribe(ground, manager, receiver, "payment.confirmed")
    carry(ground)
    assert receiver.taken == []


def test_a_move_committed_late_is_not_skipped(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    subscribe(ground, manager, receiver)
    move(ground)
    carry(ground)
    # As if this move had been committed after a later one was read: the cursor stands, the message is not there.
    line = sent(ground, manager)[0]
    _forget(ground, line)
    assert feed_webhooks(ground.database, now=NOW) == 1
    assert feed_webhooks(ground.database, now=NOW) == 0


def test_a_cursor_without_a_look_back_would_skip_it(
    ground: Ground, manager: Actor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.webhooks.feeding._earlier", lambda move_id, _by: move_id)
    subscribe(ground, manager, receiver)
    move(ground)
    feed_webhooks(ground.database, now=NOW)
    line = sent(ground, manager)[0]
    _forget(ground, line)
    assert feed_webhooks(ground.database, now=NOW) == 0


def test_what_fails_is_tried_for_three_days_then_parked_then_replayed(
    ground: Ground, manager: Actor, receiver: Receiver
) -> None:
    subscribe(ground, manager, receiver)
    receiver.statuses = [500] * 10
    move(ground)
    now = NOW
    carry(ground, now)
    for wait in WAITS:
        assert sent(ground, manager)[0].standing == "waiting"
        drain_until_quiet(ground.database, now=now + wait - timedelta(seconds=1), through=InProcess())
        now += wait
        carry(ground, now)
    (line,) = sent(ground, manager)
    assert (line.standing, line.attempts, line.last_reason) == ("parked", 10, "webhook.not_taken")
    assert len(receiver.taken) == 10
    assert timedelta(days=3) <= now - NOW <= timedelta(days=3, hours=12)
    assert len({headers["webhook-id"] for headers, _ in receiver.taken}) == 1
    commands.replay(ground.database, manager, delivery_id=line.id, now=now)
    carry(ground, now)
    assert sent(ground, manager)[0].standing == "delivered"
    with reading(ground.database, now) as work:
        assert errands(work, standing="parked") == ()


def test_a_message_under_way_is_not_sent_beside_itself(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    subscribed = subscribe(ground, manager, receiver)
    delivery = commands.ping(ground.database, manager, subscription_id=subscribed.id, now=NOW)
    with pytest.raises(Refused) as refused:
        commands.replay(ground.database, manager, delivery_id=delivery, now=NOW)
    assert refused.value.codes == ("webhook.under_way",)


def test_a_test_message_arrives(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    subscribed = subscribe(ground, manager, receiver)
    commands.ping(ground.database, manager, subscription_id=subscribed.id, now=NOW)
    carry(ground)
    assert json.loads(receiver.taken[0][1])["type"] == "ping"


def test_gone_for_good_ends_the_subscription(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    subscribed = subscribe(ground, manager, receiver)
    receiver.statuses = [410]
    move(ground)
    carry(ground)
    assert sent(ground, manager)[0].standing == "parked"
    with pytest.raises(NotFound):
        commands.ping(ground.database, manager, subscription_id=subscribed.id, now=NOW)


def test_an_ended_subscription_sends_nothing_more(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    subscribed = subscribe(ground, manager, receiver)
    commands.ping(ground.database, manager, subscription_id=subscribed.id, now=NOW)
    commands.end_subscription(ground.database, manager, subscription_id=subscribed.id, now=NOW)
    move(ground)
    carry(ground)
    assert receiver.taken == []
    assert [line.standing for line in sent(ground, manager)] == ["parked"]


def test_an_owner_who_lost_the_role_is_told_nothing(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    subscribe(ground, manager, receiver)
    begun, over = NOW.date() - timedelta(days=2), NOW.date() - timedelta(days=1)
    ended = update(role_grants).where(role_grants.c.person_id == manager.id).values(valid_from=begun, valid_to=over)
    ground.do(lambda work: work.connection.execute(ended))
    move(ground)
    carry(ground)
    assert receiver.taken == []


def test_who_may_not_subscribes_to_nothing(ground: Ground, receiver: Receiver) -> None:
    with pytest.raises(Forbidden):
        subscribe(ground, ground.leader, receiver)


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "https://10.0.0.1/x", "https://user:pw@example.org/", "ftp://x"]
)
def test_an_address_that_is_never_called_is_not_taken(ground: Ground, manager: Actor, url: str) -> None:
    with pytest.raises(Invalid):
        commands.subscribe(ground.database, manager, url=url, kinds=("case",), now=NOW)


def test_the_secret_is_sealed_and_not_shown_again(ground: Ground, manager: Actor, receiver: Receiver) -> None:
    subscribed = subscribe(ground, manager, receiver)
    with reading(ground.database, NOW) as work:
        row = work.connection.execute(commands.subscriptions.select()).one()
        assert subscribed.secret not in str(subscription_lines(work, manager))
    assert subscribed.secret not in row.secret_sealed


# One post ------------------------------------------------------------------------------------------


def message(url: str) -> Message:
    return Message(url, "move:1", b"{}", "whsec_" + "QUFB" * 8, ended=False)


def test_being_sent_on_is_not_followed(receiver: Receiver) -> None:
    receiver.statuses = [302]
    assert post(message(f"{receiver.address}/in"), now=NOW, loopback=True).status == 302
    assert len(receiver.taken) == 1


def test_a_receiver_that_never_ends_is_cut_off(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.3)
    receiver.slow = True
    posted = post(message(f"{receiver.address}/in"), now=NOW, loopback=True)
    assert (posted.status, posted.reason) == (None, "webhook.no_answer")


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["192.168.1.1"], ["::1"], ["fe80::1%eth0"], ["fd00::1"],
     ["::ffff:10.0.0.1"], ["64:ff9b::a00:1"], ["0.0.0.0"], ["100.64.0.1"], ["224.0.0.1"], ["8.8.8.8", "127.0.0.1"], []],
)  # fmt: skip
def test_a_name_that_leads_inside_is_not_called(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting.socket, "create_connection", lambda *_: pytest.fail("a connection was made"))
    posted = post(message("https://hooks.example.org/in"), now=NOW, loopback=False, resolve=lambda *_: addresses)
    assert posted.reason == "webhook.address_not_public"


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    dialled, answers = [], iter([["93.184.216.34"], ["127.0.0.1"]])

    def dial(place: tuple[str, int], *_: Any) -> None:
        dialled.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(posting.socket, "create_connection", dial)
    post(message("https://hooks.example.org/in"), now=NOW, loopback=False, resolve=lambda *_: next(answers))
    assert dialled == [("93.184.216.34", 443)]
