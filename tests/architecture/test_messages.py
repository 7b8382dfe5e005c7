"""Every reason has its sentence and every notice its text, in both languages, and none is left over."""

import ast
import re
import string
from pathlib import Path

import pytest

import statemachines
from services.cases.errands import NOTICES
from services.cases.occasions import NOTICES as OCCASION_NOTICES
from services.cases.paper_changes import NOTICES as CHANGE_NOTICES
from services.cases.payee_accounts import NOTICES as ACCOUNT_NOTICES
from services.cases.unspent import NOTICES as UNSPENT_NOTICES
from services.desk.rules import NOTICES as DESK_NOTICES
from services.grades.reminders import NOTICES as GRADE_NOTICES
from services.messages import LANGUAGES, catalogue, notice, sentence
from statemachines.registry import EDITIONS
from statemachines.table import Notify

ROOT = Path(statemachines.__file__).parent.parent
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
STATEMACHINES = ROOT / "statemachines"
GUARD_FILES = [*sorted(STATEMACHINES.glob("*/guards.py")), STATEMACHINES / "engine.py", STATEMACHINES / "publicity.py"]
ERRORS = {"Refused", "Invalid", "Stale", "Forbidden", "NotFound", "Broken", "Unavailable"}

# Nouns whose reasons are those of guards: each of their sentences must be some guard's, or raised by a service.
GUARD_NOUNS = {
    "agreement", "application", "centre", "clock", "correction", "decision", "expulsion", "graduation", "instalment",
    "midterm", "preliminary_review", "publicity", "purchase", "rectification", "star", "supplier", "suspension", "term",
    "withdrawal",
}  # fmt: skip

# What the services promise to be able to say, whether or not a line raises it today.
SERVICE_CODES = {
    "access.forbidden", "access.not_found", "assessment.comment_missing", "assessment.evaluator_has_conflict",
    "assessment.interest_not_declared", "assessment.item_missing", "assessment.item_out_of_range",
    "assessment.item_step", "assessment.not_seated", "assessment.panel_too_small", "assessment.sheet_locked",
    "assessment.sheets_not_locked", "assessment.too_few_sheets", "award.budget_exceeded", "calendar.year_unknown",
    "case.frozen_request_reused", "case.not_found", "case.stale", "document.missing_glyph", "document.not_found",
    "errand.not_parked", "input.missing", "input.not_a_date", "input.not_a_number", "input.out_of_range",
    "input.unknown_field", "organization.not_found", "person.disabled", "person.not_found", "sign_in.failed",
    "sign_in.throttled",
}  # fmt: skip


def placeholders(text: str) -> frozenset[str]:
    """The names of the facts a text has places for."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _strings(node: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and CODE.fullmatch(one.value)
    }


def guard_codes() -> set[str]:
    """Every reason a guard or the engine can answer with, read off their sources."""
    return {code for path in GUARD_FILES for code in _strings(ast.parse(path.read_text(encoding="utf-8")))}


def raised_codes() -> dict[str, str]:
    """Every reason written into the raising of a service error, with the file that raises it."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.glob("services/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                found |= {
                    code: str(path.relative_to(ROOT)) for code in _strings(ast.Tuple(list(node.args), ast.Load()))
                }
    return found


def sent_notices() -> set[str]:
    """Every notice a move of any edition sends."""
    return {
        effect.message
        for editions in EDITIONS.values()
        for process in editions.values()
        for move in process.moves
        for effect in move.then
        if isinstance(effect, Notify)
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_a_sentence(lang: str) -> None:
    known = catalogue(lang).sentences.keys()
    assert guard_codes() - known == set()
    assert SERVICE_CODES - known == set()
    assert {code: path for code, path in raised_codes().items() if code not in known} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_of_a_guard_is_left_over(lang: str) -> None:
    of_guards = {code for code in catalogue(lang).sentences if code.partition(".")[0] in GUARD_NOUNS}
    assert of_guards - guard_codes() - raised_codes().keys() == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_notices_are_those_the_processes_and_errands_send(lang: str) -> None:
    assert catalogue(lang).notices.keys() == sent_notices() | {
        *NOTICES,
        *DESK_NOTICES,
        *GRADE_NOTICES,
        *UNSPENT_NOTICES,
    }


def test_both_languages_say_the_same_things_about_the_same_facts() -> None:
    zh, en = catalogue("zh"), catalogue("en")
    assert zh.sentences.keys() == en.sentences.keys()
    for code, said in zh.sentences.items():
        assert placeholders(said) == placeholders(en.sentences[code]), code
    for name, (title, body) in zh.notices.items():
        assert placeholders(title + body) == placeholders("".join(en.notices[name])), name


def test_a_notice_asks_only_for_facts_every_case_has() -> None:
    for name, (title, body) in catalogue("zh").notices.items():
        assert placeholders(title) == frozenset()
        if name in GRADE_NOTICES:  # no case stands behind a grade
            assert placeholders(body) == {"organization_name", "grade", "due_on"}
            continue
        if name in ACCOUNT_NOTICES:  # of an account, masked; no case stands behind most of them
            assert {"organization_name", "account"} <= placeholders(body)
            continue
        if name in OCCASION_NOTICES:  # nor behind a paper that no move earned
            assert placeholders(body) == {"document", "document_number"}
            continue
        if name in CHANGE_NOTICES:
            assert {"document_number", "reason"} <= placeholders(body) <= {"document_number", "reason", "successor"}
            continue
        if name in UNSPENT_NOTICES:  # nor behind money that nobody used
            assert placeholders(body) == {"organization_name", "program", "amount", "since"}
            continue
        if name in DESK_NOTICES:  # from one person to another: they also say who, and in which words
            assert "by" in placeholders(body) or name == "absence_declared"
            continue
        assert {"organization_name", "case_number"} <= placeholders(body)
        assert placeholders(body) <= {"organization_name", "case_number", "due_on", "reason", "document_number"}


def test_each_text_is_whole_and_in_its_own_language() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    zh, en = catalogue("zh"), catalogue("en")
    for text in [*zh.sentences.values(), *(body for _, body in zh.notices.values())]:
        assert han.search(text), text
        assert text.endswith("。"), text
        assert not re.search(r"[,;:?!]|\.(?!\d)", text), f"half-width mark in: {text}"
    for text in [*en.sentences.values(), *(body for _, body in en.notices.values())]:
        assert not han.search(text), text
        assert text.endswith("."), text


def test_each_refusal_says_what_to_do_next() -> None:
    """A refusal is at least two clauses: what and why, then the way on. How a result came about refuses nothing."""
    for code, said in catalogue("zh").sentences.items():
        assert code.startswith("outcome.") or len(re.findall(r"[。；：，]", said)) >= 2, code


def test_facts_are_filled_in_and_missing_ones_are_shown_as_missing() -> None:
    assert sentence("input.missing", "zh", label="理由") == "没有填写“理由”，未能提交。请填写后再提交。"
    assert sentence("input.missing", "zh") == "没有填写“—”，未能提交。请填写后再提交。"
    assert sentence("input.missing", "zh", field=None) == sentence("input.missing", "zh")
    title, body = notice("case_lapsed", "en", organization_name="Lantern", case_number="F-1")
    assert title == "Case lapsed"
    assert body.startswith("The case of Lantern (F-1) has lapsed")


def test_a_fact_with_braces_is_text_and_never_a_template() -> None:
    assert "“{due_on.__class__}”" in sentence("input.missing", "zh", label="{due_on.__class__}")


@pytest.mark.parametrize(("code", "lang"), [("case.no_such_code", "zh"), ("case.stale", "fr"), ("case.stale", "../zh")])
def test_an_unknown_code_or_language_is_an_error(code: str, lang: str) -> None:
    with pytest.raises(KeyError):
        sentence(code, lang)
    with pytest.raises(KeyError):
        notice(code, lang)


def test_a_guard_s_new_reason_without_a_sentence_would_be_noticed() -> None:
    planted = ast.parse('def guard(facts):\n    return None if facts.x else "moon.not_full"\n')
    assert _strings(planted) - catalogue("zh").sentences.keys() == {"moon.not_full"}
