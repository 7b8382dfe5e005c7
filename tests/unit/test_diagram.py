"""The drawings say what the table says: every state, every move, the path taken, the present state."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import statemachines
from statemachines.diagram import mermaid, page, stages, stepper_svg, svg, write_pages
from statemachines.layout import STAGES_EN, layout, main_path
from statemachines.registry import CURRENT
from statemachines.table import Process

INCUBATION = CURRENT["incubation"]
ALL = [pytest.param(process, id=kind) for kind, process in CURRENT.items()]
SVG = "{http://www.w3.org/2000/svg}"
PAGES = Path(statemachines.__file__).parent.parent / "docs" / "processes"


def _groups(drawing: str, prefix: str) -> dict[str, str]:
    """Title of each drawn group, with its look (the part of the class name after `prefix`)."""
    found = {}
    for group in ET.fromstring(drawing).iter(f"{SVG}g"):
        for name in group.get("class", "").split():
            title = group.find(f"{SVG}title")
            if name.startswith(prefix) and title is not None:
                found[str(title.text)] = name.removeprefix(prefix)
    return found


def test_the_pages_of_the_documentation_are_fresh(tmp_path: Path) -> None:
    for fresh in write_pages(tmp_path):
        kept = PAGES / fresh.name
        assert kept.exists(), f"run python -m statemachines.diagram to write {kept.name}"
        assert kept.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), f"{kept.name} is stale"
    assert {path.name for path in PAGES.glob("*.md")} == {f"{kind}.md" for kind in CURRENT}


def test_a_changed_label_would_make_a_page_stale() -> None:
    assert page(INCUBATION) != page(INCUBATION).replace("草稿", "初稿")


@pytest.mark.parametrize("process", ALL)
def test_the_mermaid_text_has_every_state_and_every_move_once(process: Process[Any]) -> None:
    text = mermaid(process)
    for state in process.states:
        assert text.count(f'state "{state.zh}" as {state.name}\n') == 1
    for source, dest, move in process.edges():
        assert text.count(f"    {source} --> {dest} : {move.code} {move.zh} (") == 1
    assert text.count("-->") == len(list(process.edges())) + 1 + sum(state.final for state in process.states)


@pytest.mark.parametrize("process", ALL)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_mermaid_label_holds_no_mark_that_would_end_it(process: Process[Any], lang: str) -> None:
    for line in mermaid(process, lang).splitlines():
        label = line.partition(" : ")[2]
        assert not set(label) & set(':;#"{}'), line


def test_the_main_path_is_the_policy_s_four_stages() -> None:
    assert stages(INCUBATION) == ("入驻", "孵化", "评估", "出壳")
    assert main_path(INCUBATION)[0] == "DRAFT"
    assert main_path(INCUBATION)[-1] == "GRADUATED"
    assert main_path(CURRENT["award"])[-1] == "CLOSED"
    assert "HELD" not in main_path(CURRENT["instalment"])


@pytest.mark.parametrize("process", ALL)
def test_no_two_boxes_touch_and_all_lie_inside(process: Process[Any]) -> None:
    plan = layout(process)
    assert plan.centres.keys() == {state.name for state in process.states}
    places = list(plan.centres.values())
    for number, (x, y) in enumerate(places):
        assert 40 <= x <= plan.width - 40
        assert 60 <= y <= plan.height - 25
        assert all(abs(x - other) >= 80 or abs(y - under) >= 60 for other, under in places[:number])
    assert len({plan.centres[name][1] for name in plan.main}) == 1, "the main path is straight"


@pytest.mark.parametrize("process", ALL)
def test_every_stage_has_an_english_name(process: Process[Any]) -> None:
    assert {state.stage for state in process.states} <= STAGES_EN.keys()


@pytest.mark.parametrize("process", ALL)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_drawing_shows_every_state_and_every_move(process: Process[Any], lang: str) -> None:
    drawing = svg(process, lang=lang)
    assert set(_groups(drawing, "state-").values()) == {"plain"}
    assert len(_groups(drawing, "state-")) == len(process.states)
    titles = "\n".join(_groups(drawing, "move-"))
    for source, dest, move in process.edges():
        if source != dest:
            assert f"{move.code} {move.zh if lang == 'zh' else move.en}" in titles


def test_the_path_is_lit_the_present_state_strongly_and_the_rest_muted() -> None:
    drawing = svg(INCUBATION, path=("DRAFT", "SUBMITTED", "CORRECTION", "SUBMITTED"), current="ACCEPTED")
    looks = {title.partition("（")[0]: look for title, look in _groups(drawing, "state-").items()}
    assert {label for label, look in looks.items() if look == "taken"} == {"草稿", "已提交", "补正中"}
    assert {label for label, look in looks.items() if look == "current"} == {"已受理"}
    assert set(looks.values()) == {"taken", "current", "muted"}
    moves = _groups(drawing, "move-")
    taken = {title.partition(":")[0] for title, look in moves.items() if look == "taken"}
    assert taken == {"草稿 → 已提交", "已提交 → 补正中", "补正中 → 已提交", "已提交 → 已受理"}
    ways_on = {title.partition(":")[0] for title, look in moves.items() if look == "next"}
    assert ways_on == {"已受理 → 初审中", "已受理 → 申请人撤回"}


def test_the_path_may_end_with_the_present_state() -> None:
    path = ("DRAFT", "SUBMITTED")
    assert svg(INCUBATION, path=path, current="SUBMITTED") == svg(INCUBATION, path=path[:1], current="SUBMITTED")


@pytest.mark.parametrize("process", ALL)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_strict_content_security_policy_lets_the_drawing_through(process: Process[Any], lang: str) -> None:
    for drawing in (svg(process, current=process.initial, lang=lang), stepper_svg(process, current=process.initial)):
        tree = ET.fromstring(drawing)
        tags = {element.tag.removeprefix(SVG) for element in tree.iter()}
        assert tags <= {"svg", "title", "g", "rect", "circle", "path", "text", "tspan"}
        names = {name for element in tree.iter() for name in element.attrib}
        assert not [name for name in names if name in {"style", "href", "id"} or name.startswith(("on", "xlink"))]


@pytest.mark.parametrize("process", ALL)
def test_a_reader_who_cannot_see_it_is_told_what_it_shows(process: Process[Any]) -> None:
    root = ET.fromstring(svg(process, current=process.initial))
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert process.state(process.initial).zh in str(root[0].text)
    assert process.state(process.initial).en in str(
        ET.fromstring(svg(process, current=process.initial, lang="en"))[0].text
    )


def test_labels_are_escaped() -> None:
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", svg(INCUBATION, lang="en"))


@pytest.mark.parametrize(
    "draw", [lambda name: svg(INCUBATION, current=name), lambda name: svg(INCUBATION, path=[name])]
)
def test_a_state_the_process_does_not_have_is_an_error(draw: Any) -> None:
    with pytest.raises(KeyError):
        draw("MOON")


def _steps(current: str, *path: str) -> list[str]:
    tree = ET.fromstring(stepper_svg(INCUBATION, current=current, path=path))
    looks = [group.get("class", "").split()[-1] for group in tree.iter(f"{SVG}g")]
    return [look.removeprefix("step-") for look in looks]


def test_the_stepper_lights_the_present_stage() -> None:
    assert _steps("DRAFT") == ["current", "ahead", "ahead", "ahead"]
    assert _steps("RECTIFYING") == ["done", "current", "ahead", "ahead"]
    assert _steps("GRADUATION_REVIEW") == ["done", "done", "current", "ahead"]
    assert _steps("GRADUATED") == ["done", "done", "done", "done"]


def test_the_stepper_of_a_case_that_ended_aside_keeps_what_was_reached_and_marks_nothing_as_present() -> None:
    assert _steps("REJECTED", "DRAFT", "SUBMITTED") == ["done", "ahead", "ahead", "ahead"]
    assert _steps("EXPELLED", "DRAFT", "INCUBATING", "MIDTERM_REVIEW", "RECTIFYING") == [
        "done",
        "done",
        "done",
        "ahead",
    ]
