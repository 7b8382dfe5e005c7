"""The checks of the installation on a page, for the system administrator alone."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.database.work import unit_of_work
from services.outbox.commands import claim_errands
from services.protection.keys import ring, ring_file
from services.settings import settings
from tests.web.conftest import Scene
from tests.web.reading import Page


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home folder and a copy of the keys for each test: what it does to them reaches no other worker's tests."""
    ring()
    monkeypatch.setenv("CHUKE_KEYS", str(shutil.copy2(ring_file(), tmp_path / "keys.json")))
    monkeypatch.setenv("CHUKE_HOME", str(tmp_path / "state"))
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_what_is_well_and_what_is_late_is_said_in_words(scene: Scene) -> None:
    scene.city.now += timedelta(minutes=10)
    shown = Page(scene.browser("administrator").get("/doctor").text).text
    assert "后续事项转运 有问题" in shown
    assert "查看转运程序是否在运行" in shown
    with unit_of_work(scene.city.database, scene.city.now) as work:
        claim_errands(work, worker="test", limit=1000)
    shown = Page(scene.browser("administrator", lang="en").get("/doctor").text).text
    assert "Relay of errands OK" in shown  # papers that wait to be drawn have a line of their own


def test_a_folder_nobody_can_write_is_named(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CHUKE_HOME", str(tmp_path / "file"))
    settings.cache_clear()
    assert "数据目录 有问题" in Page(scene.browser("administrator").get("/doctor").text).text


def test_keys_that_others_can_read_and_a_factor_that_may_be_left_out_are_named(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = lambda: Page(scene.browser("administrator").get("/doctor").text).text  # noqa: E731
    assert "密钥 正常" in page()
    assert "第二重验证 正常 required" in page()
    ring_file().chmod(0o644)
    assert "密钥 有问题" in page()
    monkeypatch.setenv("CHUKE_SECOND_FACTOR", "optional")
    settings.cache_clear()
    shown = page()
    assert "第二重验证 有问题" in shown
    assert "请去掉 CHUKE_SECOND_FACTOR 的设置" in shown


def test_nobody_else_sees_it(scene: Scene) -> None:
    assert scene.browser("manager").get("/doctor").status_code == 403
