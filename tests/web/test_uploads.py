"""G2: no hostile file is taken, none costs much memory or time, each refusal says why; honest files are kept clean."""

import json
import socket
import struct
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from services.applications import containers
from services.applications.inspection import Upload, inspect
from services.applications.scanning import Clamd, NoScanner, scanner_at
from services.database.work import reading
from services.errors import Invalid, Unavailable
from services.invariants.check import check_in
from services.messages import catalogue, sentence
from tests.web.conftest import Scene
from tests.web.hostile import honest, hostile, office
from tests.web.reading import Page
from tests.web.writing import begun, pdf, png, upload, write

LONGEST_SECONDS = 2.0
MOST_GROWTH = 64 * 1024 * 1024


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, float, int]]:
    """Every hostile file tried in a process of its own whose addresses are limited to 1.5 GB."""
    folder = tmp_path_factory.mktemp("hostile")
    lines = []
    for number, (what, name, make) in enumerate(hostile()):
        path = folder / str(number)
        path.write_bytes(make())
        lines.append(json.dumps([what, name, str(path)]))
    done = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -v 1500000; exec "$0" -m tests.web.hostile', sys.executable],
        input="\n".join(lines), capture_output=True, text=True, timeout=110, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def test_more_than_sixty_hostile_files_are_all_refused_each_with_a_sentence(tried: list) -> None:
    assert len(tried) >= 60
    assert [what for what, answer, _, _ in tried if answer == "taken"] == []
    for _, answer, _, _ in tried:
        assert answer in catalogue("zh").sentences
        assert "—" not in sentence(answer, "zh", extension="pdf", megabytes=20)


def test_none_of_them_costs_more_than_two_seconds_or_sixty_four_megabytes(tried: list) -> None:
    assert max(seconds for _, _, seconds, _ in tried) <= LONGEST_SECONDS
    assert max(growth for *_, growth in tried) <= MOST_GROWTH, max(tried, key=lambda one: one[3])


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("program as pdf", "upload.not_what_it_is_called"), ("10,000 entries", "upload.too_many_entries"),
        ("bomb of 30 MB zeros", "upload.swells"), ("overlapping entries", "upload.swells"),
        ("macros", "upload.active"), ("outside entity in docx", "upload.outside_reference"),
        ("pdf with an archive behind", "upload.two_kinds"), ("nothing", "upload.empty"),
        ("picture 30000 x 30000", "upload.picture_too_large"), ("nested without a name", "upload.nested"),
        ("entry /etc/cron.d/evil", "upload.unsafe_entry"), ("pdf with a packed script", "upload.active"),
    ],
)  # fmt: skip
def test_the_reason_is_the_one_a_person_can_act_on(what: str, code: str, tried: list) -> None:
    assert {answer for one, answer, _, _ in tried if one == what} == {code}


@pytest.mark.parametrize(("name", "content"), [pytest.param(name, content, id=name) for name, content in honest()])
def test_honest_files_are_taken(name: str, content: bytes) -> None:
    assert inspect(Upload(name, content)).content


def test_a_picture_is_drawn_anew_upright_and_tells_nothing_of_camera_and_place() -> None:
    photo = next(content for name, content in honest() if name == "a.JPEG")
    assert b"Canary" in photo
    kept = inspect(Upload("a.jpg", photo)).content
    assert b"Canary" not in kept
    with Image.open(BytesIO(kept)) as drawn:
        assert drawn.size == (16, 24)
        assert not drawn.getexif()


def test_a_large_photo_of_a_telephone_is_taken() -> None:
    out = BytesIO()
    Image.new("RGB", (8000, 6000), (90, 90, 90)).save(out, "JPEG", quality=30)
    assert inspect(Upload("a.jpg", out.getvalue())).content.startswith(b"\xff\xd8\xff")


def test_planted_without_the_look_at_ratios_and_sizes_a_bomb_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = office(more={"word/a.xml": b"a" * 40_000_000})
    with pytest.raises(Invalid):
        inspect(Upload("a.docx", bomb))
    monkeypatch.setattr(containers, "LARGEST_RATIO", 10**9)
    assert inspect(Upload("a.docx", bomb)).extension == "docx"


def test_a_file_is_kept_replaced_given_out_and_forgotten(scene: Scene) -> None:
    number, client = begun(scene), scene.browser("ma")
    write(client, number, "consent", agreed="yes")
    assert upload(client, number, "承诺书").status_code == 303
    assert upload(client, number, "承诺书", name="承诺书 周暖 13800000000.png", content=png()).status_code == 303
    page = client.get(f"/applications/{number}/materials").text
    link = page.split('href="/material-files/', 1)[1].split('"', 1)[0]
    for username in ("ma", "clerk", "manager"):
        answer = scene.browser(username).get(f"/material-files/{link}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith('attachment; filename="')
        assert "13800000000" not in answer.headers["content-disposition"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.content.startswith(b"\x89PNG")
    assert f"/material-files/{link}" in scene.browser("clerk").get(f"/cases/{number}").text
    assert "/material-files/" not in scene.browser("maker").get(f"/cases/{number}").text
    for username in ("qin", "evaluator1", "maker"):
        assert scene.browser(username).get(f"/material-files/{link}").status_code in (403, 404)
    assert client.post(f"/applications/{number}/materials/removal", data={"material": "承诺书"}).status_code == 303
    assert scene.browser("clerk").get(f"/material-files/{link}").status_code == 404
    with reading(scene.city.database, scene.city.now) as work:
        assert [row for one in check_in(work) for row in one.rows if "stored file" in row] == []


def test_a_refused_file_is_told_at_its_material_and_nothing_is_kept(scene: Scene) -> None:
    number, client = begun(scene), scene.browser("ma")
    write(client, number, "consent", agreed="yes")
    answer = upload(client, number, "社区意见", name="a.pdf", content=b"MZ not a pdf")
    assert answer.status_code == 422
    text = Page(answer.text).text
    assert "内容与扩展名“pdf”不符" in text
    assert "material-files" not in answer.text
    assert upload(client, number, "别的材料").status_code == 422


class Daemon(threading.Thread):
    """A scanner that knows one signature and speaks its protocol."""

    def __init__(self, *, answers: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listening.getsockname()[1]}"
        self.answers = answers
        self.start()

    def run(self) -> None:
        """One conversation."""
        connection, _ = self.listening.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(length)
            found = b"stream: Test.Signature FOUND\0" if b"EICAR" in content else b"stream: OK\0"
            connection.sendall(self.answers or found)
        self.listening.close()


def test_the_scanner_is_asked_over_its_own_protocol() -> None:
    assert scanner_at("") == NoScanner()
    assert Clamd(Daemon().address).finds(b"a" * 200_000 + b"EICAR") == "Test.Signature"
    assert Clamd(Daemon().address).finds(b"clean") == ""
    with pytest.raises(Unavailable):
        Clamd(Daemon(answers=b"INSTREAM size limit exceeded. ERROR\0").address).finds(b"clean")
    with pytest.raises(Unavailable):
        Clamd("127.0.0.1:1").finds(b"clean")


def test_what_the_scanner_finds_is_refused_and_a_silent_scanner_lets_nothing_pass(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, client = begun(scene), scene.browser("ma")
    write(client, number, "consent", agreed="yes")
    monkeypatch.setattr("web.pages.materials.scanner_at", lambda _: Clamd(Daemon().address))
    answer = upload(client, number, "承诺书", content=pdf("EICAR"))
    assert answer.status_code == 422
    assert "查毒程序发现了病毒" in Page(answer.text).text
    monkeypatch.setattr("web.pages.materials.scanner_at", lambda _: Clamd("127.0.0.1:1"))
    assert upload(client, number, "承诺书").status_code == 503
