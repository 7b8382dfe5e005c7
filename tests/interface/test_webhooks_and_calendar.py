"""Subscriptions and the calendar address over the interface and on their pages."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from icalendar import Calendar
from standardwebhooks import Webhook

from tests.web.conftest import Scene

API = "/api/v1"
WANTED = {"url": "https://hooks.example.org/in", "kinds": ["case.incubation", "paper.issued"]}


def test_a_subscription_shows_its_secret_once(scene: Scene) -> None:
    client = scene.program("manager")
    made = client.post(f"{API}/webhooks", json=WANTED, headers={"idempotency-key": "hook"})
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    again = client.post(f"{API}/webhooks", json=WANTED, headers={"idempotency-key": "hook"})
    assert again.json() == {"id": made.json()["id"], "secret": None}
    (line,) = client.get(f"{API}/webhooks").json()["subscriptions"]
    assert (line["kinds"], line["ended_at"]) == (WANTED["kinds"], None)
    assert made.json()["secret"] not in client.get(f"{API}/webhooks").text


def test_a_test_message_waits_until_it_is_carried_and_the_end_is_the_end(scene: Scene) -> None:
    client = scene.program("manager")
    identity = client.post(f"{API}/webhooks", json=WANTED).json()["id"]
    assert client.post(f"{API}/webhooks/{identity}/ping").status_code == 202
    (sent,) = client.get(f"{API}/webhook-deliveries?standing=waiting").json()["deliveries"]
    assert sent["kind"] == "ping"
    assert client.post(f"{API}/webhook-deliveries/{sent['id']}/replay").status_code == 409
    assert client.delete(f"{API}/webhooks/{identity}").status_code == 204
    assert client.post(f"{API}/webhooks/{identity}/ping").status_code == 404


def test_an_inner_address_is_refused_with_its_field(scene: Scene) -> None:
    answer = scene.program("manager").post(f"{API}/webhooks", json=WANTED | {"url": "https://10.0.0.1/"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/url")


def test_the_page_shows_the_secret_once_and_keeps_what_was_typed(scene: Scene) -> None:
    browser = scene.browser("manager")
    made = browser.post("/webhooks", data=WANTED)
    assert "whsec_" in made.text
    assert "whsec_" not in browser.get("/webhooks").text
    refused = browser.post("/webhooks", data=WANTED | {"url": "http://hooks.example.org/"})
    assert refused.status_code == 422
    assert 'value="http://hooks.example.org/"' in refused.text


def test_a_calendar_reads_due_days_and_nothing_personal(scene: Scene) -> None:
    address = scene.program("clerk").post(f"{API}/me/calendar-feed").json()["address"]
    scene.city.provide(scene.numbers["draft"], "ma")
    scene.city.move(scene.numbers["draft"], "submit", "ma", privacy_notice_accepted=True, commitments_accepted=True)
    answer = scene.program().get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert scene.numbers["draft"] in event["summary"]
    assert isinstance(event["dtstart"].dt, date)
    for personal in ("周暖", "19900000001", "负责人", "职员"):
        assert personal not in answer.text


def test_a_day_that_may_still_move_is_marked(scene: Scene) -> None:
    from sqlalchemy import update

    from services.cases.models import case_clocks
    from services.database.work import run

    client = scene.program("clerk")
    address = client.post(f"{API}/me/calendar-feed").json()["address"]
    scene.city.provide(scene.numbers["draft"], "ma")
    scene.city.move(scene.numbers["draft"], "submit", "ma", privacy_notice_accepted=True, commitments_accepted=True)
    assert "暂定" not in scene.program().get(address).text
    marked = update(case_clocks).values(provisional=True)
    run(scene.city.database, scene.city.now, lambda work: work.connection.execute(marked))
    (event,) = Calendar.from_ical(scene.program().get(address).content).walk("VEVENT")
    assert "暂定" in event["summary"]


def test_an_ended_or_replaced_address_reads_nothing(scene: Scene) -> None:
    client = scene.program("clerk")
    first = client.post(f"{API}/me/calendar-feed").json()["address"]
    second = client.post(f"{API}/me/calendar-feed").json()["address"]
    assert scene.program().get(first).status_code == 404
    assert scene.program().get(second).status_code == 200
    assert client.get(f"{API}/me/calendar-feed").json()["since"]
    assert client.delete(f"{API}/me/calendar-feed").status_code == 204
    assert scene.program().get(second).status_code == 404
    assert client.get(f"{API}/me/calendar-feed").json() == {"since": None}


def test_the_check_that_is_shown_to_programmers_knows_our_messages_and_no_others() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "interface.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    told: dict[str, Any] = {}
    exec(compile(shown, "interface.md", "exec"), told)
    secret, sent, body = "whsec_" + "QUJD" * 8, datetime(2026, 12, 8, 1, tzinfo=UTC), '{"type": "ping"}'
    at = sent.timestamp()
    headers = {"webhook-id": "m1", "webhook-timestamp": str(int(at))}
    headers["webhook-signature"] = Webhook(secret).sign("m1", sent, body)
    assert told["is_ours"](secret, headers, body.encode(), at)
    assert not told["is_ours"](secret, headers, body.encode() + b" ", at)
    assert not told["is_ours"]("whsec_" + "QUJE" * 8, headers, body.encode(), at)
    assert not told["is_ours"](secret, headers, body.encode(), at + 301)
    assert not told["is_ours"](secret, headers | {"webhook-id": "m2"}, body.encode(), at)
