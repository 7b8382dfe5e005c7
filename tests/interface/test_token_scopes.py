"""A program's token never does more than its scopes, on any route, and never more than its person."""

from services.authority.rules import ANYONE, MOVE, policy
from services.people.tokens import create_token
from tests.web.conftest import Scene
from tests.web.test_routes import ROUTES, address
from web.routes import SIGNED_IN, table

API = "/api/v1"


def with_token(scene: Scene, username: str, *scopes: str):
    made = create_token(
        scene.city.database, scene.city.actor(username), name="test", scopes=scopes, days=7, now=scene.city.now
    )
    client = scene.program()
    client.headers["authorization"] = f"Bearer {made.secret}"
    return client


def test_every_route_is_closed_to_a_token_without_its_scope(scene: Scene) -> None:
    client, asked = with_token(scene, "manager", MOVE), 0
    for method, path in ROUTES:
        action = table()[method, path]
        if not path.startswith(API) or action in ("anyone", SIGNED_IN) or (action, ANYONE) in policy():
            continue
        answer = client.request(method, address(scene, path), **({"json": {}} if method in ("POST", "PUT") else {}))
        assert answer.status_code == 403, (method, path, answer.text)
        asked += 1
    assert asked > 60


def test_a_reading_token_reads_and_moves_nothing(scene: Scene) -> None:
    client = with_token(scene, "ma", "read")
    path = f"{API}/cases/{scene.numbers['draft']}"
    seen = client.get(path)
    assert seen.status_code == 200
    headers = {"if-match": seen.headers["etag"]}
    assert client.post(f"{path}/transitions/submit", json={"details": {}}, headers=headers).status_code == 403
    assert client.post(f"{API}/me/calendar-feed").status_code == 403


def test_a_scope_opens_what_it_names(scene: Scene) -> None:
    client = with_token(scene, "manager", "webhook:manage")
    assert client.get(f"{API}/webhooks").status_code == 200
    assert client.get(f"{API}/cases").status_code == 403
