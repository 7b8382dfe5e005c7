"""Writes an application the way a person does: page by page, with files, up to whatever point a test begins at."""

import re
import struct
import zlib
from typing import Any

from fastapi.testclient import TestClient

from tests.web.conftest import Scene

ANSWERS: dict[str, dict[str, str]] = {
    "consent": {"agreed": "yes"},
    "basics": {
        "name": "铁东里社区秧歌队", "standing": "founding", "category": "CULTURE_SPORT", "place": "铁东里社区活动室",
        "members": "２４", "party_members": "3",
    },
    "people": {
        "leader_name": "马跃", "leader_phone": "１９９ ０００００００１",
        "founders.0.name": "马跃", "founders.0.part": "队长",
        "founders.1.name": "𠮷田·买买提", "founders.1.phone": "19900000002",
    },
    "activities": {"activities": "教居民扭秧歌", "group": "elderly", "beneficiaries": "360", "volunteers": "12"},
    "plan": {
        "aim": "办成能自己运转的队伍", "steps.0.when": "每周三", "steps.0.what": "排练", "budget": "12,000.50",
        "sources": "会费和街道补助",
    },
    "needs": {"mode": "virtual", "needs.0.area": "finance", "needs.0.level": "3"},
    "commitments": {"truthful": "yes", "non_profit": "yes", "supervised": "yes", "reporting": "yes"},
}  # fmt: skip


def pdf(text: str = "hello") -> bytes:
    """A small honest PDF."""
    body = (
        f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%{text}\n"
    )
    return (
        f"{body}xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 1>>\nstartxref\n{len(body)}\n%%EOF\n".encode()
    )


def png(width: int = 4, height: int = 3) -> bytes:
    """A small honest picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))

    rows = (b"\0" + b"\x40\x80\xc0" * width) * height
    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def begun(scene: Scene, leader: str = "ma") -> str:
    """A draft whose form was begun."""
    number = scene.numbers["draft"]
    assert scene.browser(leader).post(f"/applications/{number}").status_code == 303
    return number


def hidden(text: str) -> dict[str, str]:
    """What the forms of the page carry along."""
    return dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', text.split("<main", 1)[-1]))


def write(client: TestClient, number: str, section: str, **typed: str) -> Any:
    """Write one part with what the page carried along."""
    path = f"/applications/{number}/sections/{section}"
    return client.post(path, data={**hidden(client.get(path).text), **typed})


def upload(client: TestClient, number: str, material: str, *, name: str = "a.pdf", content: bytes | None = None) -> Any:
    """Hand a file in for one material."""
    files = {"file": (name, pdf(material) if content is None else content)}
    return client.post(f"/applications/{number}/materials", data={"material": material}, files=files)


def written(scene: Scene, leader: str = "ma") -> str:
    """An application with everything written and handed in, not signed."""
    number, client = begun(scene, leader), scene.browser(leader)
    for section, typed in ANSWERS.items():
        answer = write(client, number, section, **typed)
        assert answer.status_code == 303, answer.text
    page = client.get(f"/applications/{number}/materials").text
    for material in re.findall(r'name="material" value="([^"]+)"', page):
        assert upload(client, number, material).status_code == 303
    return number


def hand_in(client: TestClient, number: str, **more: str) -> Any:
    """Press the button on the page that checks everything."""
    page = client.get(f"/applications/{number}/check").text
    return client.post(f"/applications/{number}/hand-in", data={**hidden(page), "declared": "yes", **more})
