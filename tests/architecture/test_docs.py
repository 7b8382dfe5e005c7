"""What is written down is still true: pictures fresh, glossary complete, links and commands real, decisions indexed."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from statemachines.diagram import svg
from statemachines.registry import CURRENT
from statemachines.roles import Role
from web.wording import words

ROOT = Path(__file__).resolve().parents[2]
READMES = (ROOT / "README.md", ROOT / "README.en.md")
GLOSSARY = ROOT / "docs" / "glossary.md"
DECISIONS = ROOT / "docs" / "decisions"
HANDBOOK = ROOT / "docs" / "handbook"
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md"), *ROOT.glob("documents/**/README.md")]
)
PICTURES = {"incubation.svg": "zh", "incubation.en.svg": "en"}

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
# `-u chuke` names the account of the service.
COMMAND = re.compile(r"(?:\./|(?<=[\s`(/]))(?<!-u )chuke (?P<words>[a-z][a-z-]*(?: [a-z][a-z-]*)?)")
# Folders of a person's machine; the places an installation is told to use (/opt, /etc, /var) are none.
MACHINE = re.compile(r"(?<![\w.])/(home|root|Users|tmp|mnt|media|workspace)/\w|(?<!\w)[A-Z]:\\\w|file://")


def of_page(page: Path) -> str:
    return str(page.relative_to(ROOT))


# ---- pictures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "lang"), PICTURES.items())
def test_the_picture_of_the_process_is_fresh(name: str, lang: str) -> None:
    drawn = (ROOT / "docs" / "processes" / name).read_text(encoding="utf-8")
    command = f"./chuke process draw incubation --form svg --lang {lang} > docs/processes/{name}"
    assert drawn == svg(CURRENT["incubation"], lang=lang), f"the table changed; draw anew: {command}"


# ---- glossary ----------------------------------------------------------------------------------------------------


def words_of(text: str) -> set[str]:
    """The code names that stand in the rows of a page's tables."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return {word for line in rows for word in CODE.findall(line)}


def sections_of(text: str) -> dict[str, str]:
    """Heading of the second level to the text under it."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def nouns_of_services() -> set[str]:
    return {folder.parent.name for folder in ROOT.glob("services/*/__init__.py")}


def missing_words(text: str) -> set[str]:
    """Every role, state (under the heading of its process) and noun of services that the glossary does not explain."""
    sections = sections_of(text)
    headings = {
        "incubation": "an incubation",
        "award": "an award",
        "instalment": "an instalment",
        "purchase": "a purchase",
        "star": "a star rating",
        "recovery": "a recovery",
        "supplier": "a supplier entry",
        "review": "a review",
        "offer": "an offer",
    }
    missing = ({role.value for role in Role} | nouns_of_services()) - words_of(text)
    for kind, process in CURRENT.items():
        heading = next((one for one in sections if one.endswith(f"States of {headings[kind]}")), "")
        told = sections.get(heading, "")
        explained = words_of(told)
        missing |= {f"{kind} {state.name}" for state in process.states if state.name not in explained}
        missing |= {f"{kind} {state.zh}" for state in process.states if f"| {state.zh} |" not in told}
    return missing


def test_the_glossary_explains_every_role_state_and_noun() -> None:
    assert missing_words(GLOSSARY.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("word", ["`street_leader`", "`RELEASED`", "| 拟清退 |", "`outbox`"])
def test_a_word_taken_out_of_the_glossary_is_missed(word: str) -> None:
    text = GLOSSARY.read_text(encoding="utf-8")
    assert word in text
    assert missing_words(text.replace(word, "")) != set()


def test_the_glossary_explains_no_state_that_is_gone() -> None:
    known = {state.name for process in CURRENT.values() for state in process.states}
    sections = sections_of(GLOSSARY.read_text(encoding="utf-8"))
    told = {word for heading, text in sections.items() if "States of" in heading for word in words_of(text)}
    assert told <= known


# ---- decisions ---------------------------------------------------------------------------------------------------


def decisions() -> list[Path]:
    return sorted(DECISIONS.glob("[0-9][0-9][0-9][0-9]-*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(page.name[:4]) for page in decisions()] == list(range(1, len(decisions()) + 1))


def test_every_decision_is_in_the_index_with_its_state() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    for page in decisions():
        state = re.search(r"State: (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert state, f"{page.name} has no state"
        row = rf"^\| \[{page.name[:4]}\]\({re.escape(page.name)}\) \|.+\| {re.escape(state[1])} \|$"
        assert re.search(row, index, flags=re.MULTILINE), f"{page.name} ({state[1]}) is not in the index"


@pytest.mark.parametrize("page", decisions(), ids=lambda page: page.stem)
def test_a_decision_has_its_parts(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.match(rf"# {page.name[:4]} · .+\n\nDate: \d{{4}}-\d\d-\d\d · State: ", text)
    assert list(sections_of(text)) == ["Context", "Decision", "Consequences"]


# ---- links and places --------------------------------------------------------------------------------------------


def dead_links(page: Path, text: str) -> list[str]:
    """Links of a page to files that are not there; addresses of the web are not looked up."""
    targets = [match["target"] for match in LINK.finditer(text)]
    local = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    return [target for target in local if target and not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page, page.read_text(encoding="utf-8")) == []


def test_a_link_into_nothing_is_found() -> None:
    assert dead_links(ROOT / "README.md", "[a](docs/nowhere.md) [b](https://example.org/x) [c](README.md#d)") == [
        "docs/nowhere.md"
    ]


def machine_places(text: str) -> list[str]:
    """Places in a text that exist on somebody's machine only: home folders, scratch folders, this very checkout."""
    found = [match[0] for match in MACHINE.finditer(text)]
    # An installation may well stand where the manual says it should.
    here = str(ROOT) if ROOT.parts[1:2] != ("opt",) else ""
    return found + [here] * bool(here and re.search(re.escape(here) + r"(?![\w-])", text))


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_no_page_names_a_place_on_somebodys_machine(page: Path) -> None:
    assert machine_places(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", ["see /home/anna/x", r"C:\chuke", "file:///x", f"cd {ROOT} && ls"])
def test_a_place_on_somebodys_machine_is_found(text: str) -> None:
    assert machine_places(text) != []


def test_addresses_and_installed_places_are_no_such_place() -> None:
    assert machine_places("https://example.org/home/x /etc/chuke/chuke.env docs/home/x.md") == []


# ---- commands ----------------------------------------------------------------------------------------------------


def starter_commands() -> set[str]:
    """What the starter answers by itself."""
    last_case = (ROOT / "chuke").read_text(encoding="utf-8").rpartition("case ${1:-} in")[2]
    return set(re.findall(r"^  ([a-z]+)\)", last_case, flags=re.MULTILINE))


def registered_commands() -> dict[str, Path]:
    """Name to file of every command of the command line, read from the table in cli/main.py without running it."""
    tree = ast.parse((ROOT / "cli" / "main.py").read_text(encoding="utf-8"))
    values = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "COMMANDS"
    ]
    rows: Iterable[tuple[str, str, str]] = ast.literal_eval(values[0])
    return {name: ROOT / (target.partition(":")[0].replace(".", "/") + ".py") for name, target, _ in rows}


def has_subcommands(file: Path) -> bool:
    return file.exists() and ".command" in file.read_text(encoding="utf-8")


def knows(file: Path, word: str) -> bool:
    """Whether the file of a group of commands has one of that name."""
    text = file.read_text(encoding="utf-8")
    return bool(re.search(rf'^def {word.replace("-", "_")}_?\(|name="{word}"', text, flags=re.MULTILINE))


def unknown_commands(text: str) -> set[str]:
    """Commands a text tells people to type that nobody answers."""
    known, own = registered_commands(), starter_commands()
    unknown = set()
    for match in COMMAND.finditer(text):
        first, _, second = match["words"].partition(" ")
        file = known.get(first)
        if file is None:
            unknown |= {first} - own
        elif second and has_subcommands(file) and not knows(file, second):
            unknown.add(f"{first} {second}")
    return unknown


@pytest.mark.parametrize("page", PAGES, ids=of_page)
def test_pages_name_commands_that_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    spoken = [*CODE.findall(text), *re.findall(r"(?s)```.*?```", text)]
    assert unknown_commands("\n".join(spoken)) == set()


def test_a_command_nobody_answers_is_found() -> None:
    assert unknown_commands("./chuke demo; ./chuke test -q; ./chuke audit verify") == set()
    assert unknown_commands("./chuke demonstrate; ./chuke audit burn") == {"demonstrate", "audit burn"}


def test_both_readmes_lead_with_the_two_commands_and_say_the_same() -> None:
    texts = [page.read_text(encoding="utf-8") for page in READMES]
    for text in texts:
        first = re.findall(r"(?s)```sh\n(.*?)```", text)[0]
        assert [line.partition("#")[0].strip() for line in first.splitlines()] == ["./chuke demo", "./chuke test"]
    commands = [{match["words"] for match in COMMAND.finditer(text)} for text in texts]
    assert commands[0] == commands[1]
    assert [len(sections_of(text)) for text in texts] == [len(sections_of(texts[0]))] * 2


def test_the_readmes_name_each_other() -> None:
    assert "(README.en.md)" in READMES[0].read_text(encoding="utf-8")
    assert "(README.md)" in READMES[1].read_text(encoding="utf-8")


# ---- handbook ----------------------------------------------------------------------------------------------------


def test_every_page_of_the_handbook_is_in_its_index() -> None:
    index = (HANDBOOK / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in HANDBOOK.glob("*.md")} - {"README.md"}
    assert pages == {match["target"] for match in LINK.finditer(index)} & pages


@pytest.mark.parametrize("page", sorted(HANDBOOK.glob("*.md")), ids=lambda page: page.stem)
def test_the_handbook_names_moves_as_the_buttons_do(page: Path) -> None:
    """What stands in 「」 is read on a button or a page: a label of a move, a state, a field or of the console."""
    labels = {move.zh for process in CURRENT.values() for move in process.moves}
    labels |= {state.zh for process in CURRENT.values() for state in process.states}
    labels |= set(words("zh").values())
    forms = [field for process in CURRENT.values() for form in process.forms.values() for field in form]
    labels |= {one.zh for field in forms for one in (field, *field.columns)}
    quoted = set(re.findall(r"「([^」]+)」", page.read_text(encoding="utf-8")))
    assert quoted - labels == set()
