"""The audit log on a page: found by case, person, act and day, a page at a time; checked; exported with a note."""

import ast
import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

import services
from services.audit.commands import seal
from services.audit.queries import entries_of
from services.database.work import reading, unit_of_work
from services.messages import LANGUAGES
from services.people.acts import note
from services.people.commands import grant_role
from statemachines.roles import Role
from tests.database.conftest import without_guards
from tests.web.conftest import Scene
from tests.web.reading import Page
from tests.web.test_exports import PAYLOADS, live
from web.acts import act_name

WHY = {"action": "test:", "reason": "核对"}


def fill(scene: Scene, count: int) -> None:
    """That many entries of one person about one thing."""
    actor = scene.city.actor("manager")
    with unit_of_work(scene.city.database, scene.city.now) as work:
        for number in range(count):
            note(work, actor, "test:fill", stream="filling", object=f"第{number:03}件", details={"count": number})


def test_a_case_s_trail_is_found_by_its_number_in_the_words_of_the_process(scene: Scene) -> None:
    page = Page(scene.browser("auditor").get(f"/audit?object={scene.numbers['publicity']}").text)
    assert "拟入驻并公示" in page.text
    assert "职员manager 中心负责人" in page.text
    assert scene.numbers["draft"] not in page.text


@pytest.mark.parametrize(
    ("filters", "there", "away"),
    [
        ("person=职员clerk", "受理", "职员secretary"),
        ("action=assessment:", "组成专家组", "职员clerk"),
        ("result=refused", "没有符合条件的记录", "职员clerk"),
        ("first=2026-11-24", "没有符合条件的记录", "职员clerk"),
        ("last=2026-11-23", "职员clerk", "没有符合条件的记录"),
        ("first=yesterday&result=perhaps", "职员clerk", "没有符合条件的记录"),
    ],
)
def test_each_filter_narrows_the_search(filters: str, there: str, away: str, scene: Scene) -> None:
    shown = Page(scene.browser("auditor").get(f"/audit?{filters}").text).text
    assert there in shown
    assert away not in shown


def test_older_entries_are_reached_by_a_link_and_none_is_shown_twice(scene: Scene) -> None:
    fill(scene, 120)
    client, path, seen = scene.browser("auditor"), "/audit?action=test:", list[str]()
    for _ in range(3):
        page = Page(client.get(path).text)
        seen += [word for word in page.words if word.startswith("第") and word.endswith("件")]
        path = next((link for link in page.links if "before=" in link), "")
    assert seen == [f"第{number:03}件" for number in reversed(range(120))]
    assert path == ""


def test_a_wrong_cursor_is_not_found(scene: Scene) -> None:
    assert scene.browser("auditor").get("/audit?before=x").status_code == 404


def test_the_whole_log_is_checked_at_the_press_of_a_button(scene: Scene) -> None:
    seal(scene.city.database, scene.city.now)
    shown = Page(scene.browser("auditor").post("/audit/verification").text).text
    assert "日志完好" in shown
    assert "已封存" in shown


def test_a_planted_change_is_found_and_named(scene: Scene) -> None:
    change = text("update audit_entries set actor_name = '别人' where stream = :stream and sequence = 2")
    stream = scene.city.case_id(scene.numbers["review"])
    without_guards(scene.city.database, lambda connection: connection.execute(change, {"stream": stream}))
    answer = scene.browser("auditor").post("/audit/verification")
    assert f"第一处不符在“entry {stream} 2”" in Page(answer.text).text


def test_an_export_holds_what_was_searched_and_is_itself_noted(scene: Scene) -> None:
    actor = scene.city.actor("manager")
    with unit_of_work(scene.city.database, scene.city.now) as work:
        note(work, actor, "test:fill", stream="filling", object="=1+1", details={"said": "好"})
    answer = scene.browser("auditor").post("/audit/export", data=WHY)
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-2026-11-23.csv"'
    head, row, last = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[0] == "at"
    assert row[4] == "'=1+1"
    assert "said=好" in row
    assert "职员auditor" in last[0]
    with reading(scene.city.database, scene.city.now) as work:
        (entry,) = entries_of(work, "audit_exports")
    assert (entry.actor_name, entry.details) == ("职员auditor", {"action": "test:", "count": 1, "reason": "核对"})


def test_no_entry_becomes_a_formula_whoever_wrote_it(scene: Scene) -> None:
    """Names, objects and details come from people; a guard that only looks at the first character lets some by."""
    person = scene.city.actor("manager")
    with unit_of_work(scene.city.database, scene.city.now) as work:
        for place, payload in enumerate(PAYLOADS):
            named = replace(person, name=payload)
            details = {payload: payload}
            note(work, named, "test:formula", stream=f"formulas {place}", object=payload, details=details)
    content = scene.browser("auditor").post("/audit/export", data=WHY).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert len(rows) == len(PAYLOADS) + 2
    assert [cell for row in rows for cell in row if live(cell)] == []


def test_nobody_else_reads_the_log(scene: Scene) -> None:
    assert scene.browser("manager").get("/audit").status_code == 403
    assert scene.browser("administrator").post("/audit/export").status_code == 403


def test_the_log_administrator_reads_it(scene: Scene) -> None:
    with unit_of_work(scene.city.database, scene.city.now) as work:
        grant_role(work, scene.city.actor("ma").id, Role.LOG_ADMINISTRATOR, valid_from=work.today)
    assert "审计日志" in Page(scene.browser("ma").get("/office").text).text
    assert scene.browser("ma").get("/audit").status_code == 200


def recorded_acts() -> set[str]:
    """Every act the services write into the log, read off their sources."""
    writers = {"note", "act", "record", "noted", "acted", "_acted"}
    found: set[str] = set()
    for path in Path(services.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in writers:
                values = [*node.args, *(keyword.value for keyword in node.keywords)]
                found |= {str(one.value) for one in values if isinstance(one, ast.Constant)}
    return {one for one in found if re.fullmatch(r"[a-z_]+:[a-z_]+", one)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_act_that_is_noted_has_a_name(lang: str) -> None:
    assert len(recorded_acts()) > 40
    assert [one for one in sorted(recorded_acts()) if act_name(one, lang) == one] == []
