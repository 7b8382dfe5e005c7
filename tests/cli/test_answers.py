"""What commands answer: tables for people, JSON for programs, sentences in the person's language."""

import json
import sqlite3
from pathlib import Path

import pytest

from services.messages import sentence
from services.settings import settings
from tests.cli.conftest import Chuke


def test_a_refusal_is_a_sentence_in_chinese_and_in_english(chuke: Chuke) -> None:
    asked = ("case", "advance", chuke.number, "resubmit", "--as", "mayue")
    chinese, english = chuke(*asked), chuke(*asked, "--lang", "en")
    assert "不能办理此操作" in chinese.err
    assert "cannot be done" in english.err
    assert "[case.move_not_from_this_state]" in chinese.err
    assert "[case.move_not_from_this_state]" in english.err
    assert chinese.out == english.out == ""


def test_a_refusal_as_json_carries_codes_and_sentences(chuke: Chuke) -> None:
    said = chuke("case", "advance", chuke.number, "resubmit", "--as", "mayue", "--json", "--lang", "en")
    assert said.data["done"] is False
    assert said.data["codes"] == ["case.move_not_from_this_state"]
    assert len(said.data["sentences"]) == 1


def test_advance_moves_the_case_and_names_the_papers(chuke: Chuke) -> None:
    said = chuke(
        "case", "advance", chuke.number, "accept_application", "--as", "shenxiaoman", "--on", "2026-11-17", "--json"
    )
    assert said.status == 0
    assert (said.data["source"], said.data["state"]) == ("SUBMITTED", "ACCEPTED")
    assert [paper["document"] for paper in said.data["documents"]] == ["acceptance_notice"]
    assert "2026-11-17" in said.err


def test_the_same_request_is_answered_once_and_for_all(chuke: Chuke) -> None:
    asked = (
        "case", "advance", chuke.number, "accept_application", "--as", "shenxiaoman", "--on", "2026-11-17",
        "--request", "r-1", "--json",
    )  # fmt: skip
    first, second = chuke(*asked), chuke(*asked)
    assert (first.data["version"], first.data["replayed"]) == (second.data["version"], False)
    assert second.data["replayed"] is True


def test_a_version_that_was_not_the_last_is_refused(chuke: Chuke) -> None:
    said = chuke("case", "advance", chuke.number, "accept_application", "--as", "shenxiaoman", "--seen", "0")
    assert said.status == 4
    assert "[case.stale]" in said.err


def test_details_come_from_a_file_and_single_values_from_the_line(chuke: Chuke, tmp_path: Path) -> None:
    items = [{"field": "成员名册", "problem": "缺", "how_to_fix": "补交"}]
    told = tmp_path / "items.json"
    told.write_text(json.dumps({"items": items}), encoding="utf-8")
    said = chuke(
        "case", "advance", chuke.number, "request_correction", "--as", "shenxiaoman", "--details", str(told),
        "--on", "2026-11-18", "--json",
    )  # fmt: skip
    assert said.data["state"] == "CORRECTION"
    page = chuke("case", "show", chuke.number, "--json").data
    assert page["timeline"][-1]["details"]["items"] == items
    assert {"correction"} == {one["key"] for one in page["clocks"] if one["standing"] == "running"}
    refused = chuke("case", "advance", chuke.number, "resubmit", "--as", "mayue", "--set", "answers=yes")
    assert refused.status == 4


def test_offers_say_what_is_open_and_why_the_rest_is_closed(chuke: Chuke) -> None:
    said = chuke("case", "offers", chuke.number, "--as", "shenxiaoman", "--json")
    reasons = {one["trigger"]: one["reasons"] for one in said.data}
    assert reasons["accept_application"] == []
    assert "request_correction" in reasons


def test_a_case_is_opened_and_its_missing_materials_listed(chuke: Chuke) -> None:
    opened = chuke("case", "open", "晨光社区邻里互助社", "--as", "zhounuan", "--on", "2026-11-20", "--json").data
    assert opened["state"] == "DRAFT"
    missing = chuke("case", "materials", opened["number"], "--as", "zhounuan", "--json").data["missing"]
    assert "入驻申请表" in missing
    after = chuke("case", "materials", opened["number"], "入驻申请表", "--as", "zhounuan", "--json").data
    assert "入驻申请表" not in after["missing"]


@pytest.mark.parametrize(
    ("tokens", "keys"),
    [
        (("case", "list"), {"number", "kind", "state", "stage", "organization", "due_on", "version"}),
        (("process", "list"), {"kind", "edition", "states", "moves", "current"}),
        (("ledger", "balance"), {"year", "source", "available", "committed", "paid", "receivable"}),
        (("people", "list"), {"username", "name", "roles"}),
        (("document", "list"), {"id", "code", "number", "standing"}),
        (("errands", "list", "all"), {"id", "effect", "case_number", "attempts", "last_reason"}),
        (("doctor",), {"name", "well", "found"}),
    ],
)
def test_lists_as_json_are_records_with_these_fields(chuke: Chuke, tokens: tuple[str, ...], keys: set[str]) -> None:
    said = chuke(*tokens, "--json")
    assert said.status == 0, said.err
    assert said.data
    assert all(keys <= one.keys() for one in said.data)


def test_settings_are_listed_without_their_secrets(chuke: Chuke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUKE_DATABASE_URL", "postgresql://office:s3cret-word@db/chuke")
    settings.cache_clear()
    said = chuke("config", "show", "--json")
    assert "s3cret-word" not in said.out
    assert "postgresql://office:****@db/chuke" in said.out


def test_the_database_says_where_it_stands(chuke: Chuke) -> None:
    assert chuke("db", "status", "--json").data["at_head"] is True
    assert chuke("db", "upgrade", "--json").data == {"applied": []}


def test_a_fresh_folder_gets_its_database_by_itself(
    chuke: Chuke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUKE_HOME", str(tmp_path / "fresh"))
    settings.cache_clear()
    assert chuke("db", "status").status == 3
    assert chuke("case", "list", "--json").data == []
    assert chuke("db", "status").status == 0


def test_the_first_person_is_added_without_anyone_signed_in_and_signs_in(
    chuke: Chuke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUKE_HOME", str(tmp_path / "fresh"))
    monkeypatch.setenv("CHUKE_NEW_PASSWORD", "a quiet morning")
    monkeypatch.setenv("CHUKE_PASSWORD", "a quiet morning")
    settings.cache_clear()
    assert chuke("people", "add", "caoxingye", "曹星野").status == 0
    assert chuke("people", "grant", "caoxingye", "security_administrator").status == 0
    assert chuke("token", "create", "备份", "--as", "caoxingye", "--lang", "en").status == 4
    monkeypatch.setenv("CHUKE_SECOND_FACTOR", "optional")
    settings.cache_clear()
    token = ("token", "create", "备份", "--scope", "read", "--as", "caoxingye")
    assert chuke(*token).out.startswith("chuke_")
    assert [one["name"] for one in chuke("token", "list", "--as", "caoxingye", "--json").data] == ["备份"]
    monkeypatch.setenv("CHUKE_PASSWORD", "a loud evening")
    assert chuke(*token).status == 4


def test_the_operator_enters_people_until_two_administrators_can(
    chuke: Chuke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHUKE_HOME", str(tmp_path / "fresh"))
    settings.cache_clear()
    for username, role in (("security", "security_administrator"), ("system1", "system_administrator")):
        assert chuke("people", "add", username, username, "--no-password").status == 0
        assert chuke("people", "grant", username, role).status == 0
    add = ("people", "add", "third", "第三人", "--no-password")
    assert chuke(*add).status == 2
    proposal = chuke(*add, "--as", "system1", "--reason", "新入职", "--json").data["proposal"]
    assert [one["username"] for one in chuke("people", "proposals", "--json").data["people"]] == ["third"]
    assert chuke("people", "confirm", proposal, "--as", "system1").status == 4
    assert chuke("people", "confirm", proposal, "--as", "security").status == 0
    assert "/sign-in/links/" in chuke("people", "link", "third", "--reason", "新入职", "--as", "system1").out
    assert chuke("people", "link", "third", "--reason", "新入职", "--as", "security").status == 4
    lost = ("people", "reset-factor", "third", "--reason", "手机丢失")
    assert (chuke(*lost, "--as", "system1").status, chuke(*lost, "--as", "security").status) == (4, 0)
    assert chuke("people", "disable", "third", "--reason", "离职", "--as", "system1").status == 0
    assert [one["disabled"] for one in chuke("people", "list", "--json").data if one["username"] == "third"] == [True]


def test_due_days_are_counted_in_working_days_and_marked_when_provisional(chuke: Chuke) -> None:
    assert chuke("calendar", "count", "2026-11-18", "15", "--json").data["due_on"] == "2026-12-09"
    assert chuke("calendar", "count", "2026-12-25", "10", "--json").data["provisional"] is True


def test_timers_are_listed_before_they_are_pulled(chuke: Chuke) -> None:
    chuke("case", "advance", chuke.number, "accept_application", "--as", "shenxiaoman", "--on", "2026-11-17")
    said = chuke("timers", "run", "--dry-run", "--on", "2026-11-18", "--json")
    assert said.data == {"due": []}
    assert chuke("timers", "run", "--on", "2026-11-18", "--json").data["moved"] == []


def test_a_process_is_drawn_in_both_forms_and_written_as_pages(chuke: Chuke, tmp_path: Path) -> None:
    assert chuke("process", "draw", "award").out.startswith("stateDiagram-v2")
    assert "<svg" in chuke("process", "draw", "award", "--form", "svg").out
    written = chuke("process", "draw", "--docs", "--folder", str(tmp_path / "pages")).out.splitlines()
    assert {Path(line).name for line in written} >= {"award.md", "incubation.md", "instalment.md"}


def test_the_same_edition_differs_in_nothing(chuke: Chuke) -> None:
    assert chuke("process", "diff", "incubation", "1", "1", "--json").data == []


def test_errands_are_carried_by_hand_when_prefect_is_away(chuke: Chuke, tmp_path: Path) -> None:
    said = chuke("relay", "--once", "--json")
    assert said.status == 0
    assert said.data["done"] >= 2
    papers = chuke("document", "list", chuke.number, "--json").data
    assert [one["standing"] for one in papers] == ["issued"]
    target = tmp_path / "receipt.pdf"
    assert chuke("document", "save", papers[0]["id"], str(target)).status == 0
    assert target.read_bytes().startswith(b"%PDF")
    verified = chuke("document", "verify", str(target), "--json")
    assert (verified.status, verified.data["standing"]) == (0, "issued")
    target.write_bytes(target.read_bytes() + b" ")
    assert chuke("document", "verify", str(target)).status == 5


def test_a_parked_errand_is_listed_and_sent_off_again(chuke: Chuke, home: Path) -> None:
    with sqlite3.connect(home / "chuke.db") as connection:
        connection.execute("update errands set parked_at = created_at, last_reason = '字体缺字'")
    parked = chuke("errands", "list", "parked", "--json").data
    assert parked
    assert {one["last_reason"] for one in parked} == {"字体缺字"}
    with sqlite3.connect(home / "chuke.db") as connection:
        connection.execute("update errands set last_reason = 'errand.no_answer'")
    for lang in ("zh", "en"):
        assert sentence("errand.no_answer", lang) in chuke("errands", "list", "parked", "--lang", lang, "--json").out
    assert chuke("errands", "retry", "--parked").status == 2
    assert chuke("errands", "retry", "--parked", "--as", "mayue").status == 4
    listed = chuke("errands", "retry", "--parked", "--dry-run", "--as", "linzhixia", "--json").data
    assert (listed["retried"], len(listed["chosen"])) == ([], len(parked))
    assert chuke("errands", "retry", "--parked", "--as", "linzhixia").status == 0
    assert chuke("errands", "list", "parked", "--json").data == []


def test_the_console_is_served_alone_beside_a_relay_of_its_own(chuke: Chuke, monkeypatch: pytest.MonkeyPatch) -> None:
    served: dict[str, object] = {}
    monkeypatch.setattr("uvicorn.run", lambda application, **given: served.update(given, application=application))
    said = chuke("serve", "--console-only", "--port", "8123")
    assert (said.status, said.out.splitlines()[0]) == (0, "http://127.0.0.1:8123")
    assert (served["application"], served["port"]) == ("web.app:create_app", 8123)
