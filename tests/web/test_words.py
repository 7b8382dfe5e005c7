"""The words of the console: the same keys and places for facts in both languages, none missing, none left over."""

import re
from pathlib import Path

import pytest

import web
from documents.registry import KINDS
from statemachines.registry import EDITIONS
from tests.architecture.test_messages import placeholders
from web.navigation import ITEMS
from web.wording import LANGUAGES, say, words

ROOT = Path(web.__file__).parent
USED = re.compile(r"""(?:\bt|\bsay|item)\(\s*(?:"[^"]*", )?["']([a-z_]+\.[A-Za-z_0-9]+)["']""")
MADE = re.compile(r"""say\(f"([a-z_]+\.)\{""")
FAMILY = re.compile(r"""["']([a-z_]+\.(?:[a-z]+_)?)["'] ~""")


def used() -> tuple[set[str], set[str]]:
    """Keys written out in templates and code, and beginnings that are completed at run time."""
    texts = [path.read_text(encoding="utf-8") for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("**/*.py")]]
    keys = {key for text in texts for key in USED.findall(text) if not key.endswith("_")}
    keys |= {key for one in ITEMS if one.place == "office" for key in (one.text, f"{one.text}_lead")}
    return keys, {start for text in texts for start in (*FAMILY.findall(text), *MADE.findall(text))} | {
        "error.t",
        "done.",
        "act.",
    }


def test_both_languages_have_the_same_keys_and_facts() -> None:
    zh, en = words("zh"), words("en")
    assert zh.keys() == en.keys()
    for key, text in zh.items():
        assert placeholders(text) == placeholders(en[key]), key
        assert text.strip(), key


def test_every_key_that_is_used_is_there_and_no_other() -> None:
    keys, families = used()
    assert keys - words("zh").keys() == set()
    left = {key for key in words("zh") if key not in keys and not any(key.startswith(start) for start in families)}
    assert left == set()


def test_each_language_is_written_in_itself() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    others = {"site.brand", "site.other_language"}
    assert [key for key, text in words("en").items() if han.search(text) and key not in others] == []
    assert [key for key, text in words("zh").items() if not han.search(text) and key not in others] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_clock_and_effect_has_a_name(lang: str) -> None:
    for editions in EDITIONS.values():
        for process in editions.values():
            for state in process.states:
                for limit in state.limits:
                    assert f"limit.{limit.key}" in words(lang)
            for move in process.moves:
                for effect in move.then:
                    assert effect.inside or f"effect.{effect.name}" in words(lang)


def test_papers_have_names_in_both_languages() -> None:
    assert all(kind.title_zh and kind.title_en for kind in KINDS.values())


def test_a_missing_key_or_fact_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("case.no_such_key", "zh")
    with pytest.raises(KeyError):
        say("clock.overdue", "zh", hours=1)


def test_english_words_go_with_their_number() -> None:
    assert say("desk.soon", "en", days=1) == "1 day left"
    assert say("desk.soon", "en", days=2) == "2 days left"
