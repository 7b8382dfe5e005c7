"""Tokens for programs: shown once, narrowed to scopes, ended by their owner, by time and by disabling."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from services.authority.rules import policy, scopes, scopes_on_offer
from services.database.work import reading, unit_of_work
from services.errors import Forbidden, Invalid
from services.people.models import access_tokens, persons
from services.people.tokens import PREFIX, actor_by_token, create_token, tokens_of
from tests.web.conftest import Scene
from tests.web.reading import Page

SHOWN = re.compile(rf'<span class="secret" translate="no">({PREFIX}[\w-]{{43}})</span>')


def made(scene: Scene, username: str, *scope: str, days: int = 30) -> TestClient:
    """A program with a fresh token of that person."""
    city = scene.city
    token = create_token(city.database, city.actor(username), name="报表", scopes=scope, days=days, now=city.now)
    client = scene.program()
    client.headers["authorization"] = f"Bearer {token.secret}"
    return client


def test_a_token_is_made_on_a_page_and_shown_once(scene: Scene) -> None:
    client = scene.browser("manager")
    answer = client.post("/account/tokens", data={"name": "统计报表", "scope": ["read", "own"], "days": "90"})
    (secret,) = SHOWN.findall(answer.text)
    assert Page(answer.text).faults == []
    listed = client.get("/account/tokens").text
    assert "统计报表" in listed
    assert secret not in listed
    assert Page(listed).faults == []
    with reading(scene.city.database, scene.city.now) as work:
        (row,) = work.connection.execute(select(access_tokens)).all()
    assert secret not in str(row)
    assert row.expires_at - scene.city.now == timedelta(days=90)


@pytest.mark.parametrize(
    "form", [{"scope": "read", "days": "30"}, {"name": "x", "days": "30"}, {"name": "x", "scope": "read"}]
)
def test_a_token_needs_a_name_a_scope_and_an_end(form: dict[str, str], scene: Scene) -> None:
    answer = scene.browser("manager").post("/account/tokens", data=form)
    assert answer.status_code == 422
    assert SHOWN.findall(answer.text) == []


def test_a_reading_token_reads_and_does_nothing(scene: Scene) -> None:
    program, number = made(scene, "manager", "read"), scene.numbers["review"]
    seen = program.get(f"/api/v1/cases/{number}")
    assert seen.status_code == 200
    tag = {"if-match": seen.headers["etag"]}
    moved = program.post(f"/api/v1/cases/{number}/transitions/reject", json={}, headers=tag)
    assert (moved.status_code, moved.json()["codes"]) == (403, ["access.token_scope"])
    assert program.get("/cases").status_code == 303


def test_a_moving_token_moves_what_its_person_may_move(scene: Scene) -> None:
    number = scene.numbers["draft"]
    for username, reason in (("clerk", "access.token_scope"), ("auditor", "")):
        program = made(scene, username, "read", *(() if username == "clerk" else ("case:move",)))
        tag = {"if-match": program.get(f"/api/v1/cases/{number}").headers.get("etag", '"1"')}
        moved = program.post(f"/api/v1/cases/{number}/transitions/submit", json={}, headers=tag)
        assert moved.status_code in (403, 404)
        assert reason in "".join(moved.json()["codes"])


def test_a_token_never_reaches_further_than_its_person(scene: Scene) -> None:
    with pytest.raises(Forbidden) as caught:
        made(scene, "zhou", "budget:manage")
    assert caught.value.codes == ("token.scope_not_held",)
    with pytest.raises(Invalid):
        made(scene, "zhou")


def test_scopes_and_roles_both_have_to_allow_every_action(scene: Scene) -> None:
    """For every person of the city and every action: a token without the scope has none of it, one with it the same."""
    city = scene.city
    for username in ("manager", "maker", "zhou", "auditor"):
        person = city.actor(username)
        offered = scopes_on_offer(person)
        for action in {one for one, _ in policy()}:
            assert (action in offered) is bool(scopes(person, action) and (action, "anyone") not in policy())
        for scope in offered:
            token = create_token(city.database, person, name="x", scopes=[scope], days=1, now=city.tick())
            with unit_of_work(city.database, city.now) as work:
                actor = actor_by_token(work, token.secret)
                work.connection.execute(update(access_tokens).values(ended_at=city.now))
            assert actor is not None
            for action in {one for one, _ in policy()}:
                reach = scopes(actor, action)
                assert reach in (frozenset(), scopes(person, action))
                looks = scope == "read" and action.partition(":")[2].startswith(("list", "read"))
                assert bool(reach) is bool(
                    scopes(person, action) and (action == scope or looks or (action, "anyone") in policy())
                )


def test_a_token_ends_with_its_time_its_revoking_and_its_person(scene: Scene) -> None:
    city, browser = scene.city, scene.browser("manager")
    late, revoked, disabled = (made(scene, "manager", "read", days=days) for days in (1, 30, 30))
    assert {one.get("/api/v1/me").status_code for one in (late, revoked, disabled)} == {200}
    with reading(city.database, city.now) as work:
        wanted = tokens_of(work, city.actor("manager").id)[1]
    assert scene.browser("clerk").post(f"/account/tokens/{wanted.id}/revoke").status_code == 404
    assert browser.post(f"/account/tokens/{wanted.id}/revoke").status_code == 303
    city.now += timedelta(days=1)
    with reading(city.database, city.now) as work:
        assert [one.live for one in tokens_of(work, city.actor("manager").id)].count(True) == 1
    answers = [one.get("/api/v1/me").status_code for one in (late, revoked, disabled)]
    assert sorted(answers) == [200, 401, 401]
    with unit_of_work(city.database, city.now) as work:
        work.connection.execute(update(persons).where(persons.c.username == "manager").values(disabled=True))
    assert {one.get("/api/v1/me").status_code for one in (late, revoked, disabled)} == {401}


def test_the_list_says_when_a_token_was_last_used(scene: Scene) -> None:
    program = made(scene, "manager", "read")
    program.get("/api/v1/me")
    with reading(scene.city.database, scene.city.now) as work:
        (line,) = tokens_of(work, scene.city.actor("manager").id)
    assert line.used_at == scene.city.now


def test_a_token_is_no_cookie_and_makes_no_tokens(scene: Scene) -> None:
    program = made(scene, "manager", "read", "own")
    browser = scene.browser()
    browser.cookies.set("chuke", program.headers["authorization"].removeprefix("Bearer "))
    assert browser.get("/account/tokens").status_code == 303
