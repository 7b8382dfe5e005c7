"""A whole installation from an empty database, by commands only: the way the administrators' page tells it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.settings import settings
from tests.cli.conftest import Chuke

DIVISIONS = """code,name,level,kind,parent_code
229900,青檐市,prefecture,city,
229902,河湾区,county,county,229900
229902001,望河街道,street,street,229902
229902001001,晨光社区,community,urban,229902001
"""
SPRING_FESTIVAL = "date,kind\n2027-02-05,rest\n2027-02-08,rest\n2027-02-20,work\n"
CENTRE = (
    "centre", "add", "河湾区社区社会组织孵化中心", "--division", "229902", "--places", "12",
    "--number-prefix", "青河孵", "--bureau-prefix", "青河民", "--case-prefix", "QYFH",
    "--contact", "沈小满", "--phone", "0000-1234567",
)  # fmt: skip
SOCIETY = (
    "organization", "add", "晨光社区邻里互助社", "--category", "SERVICE", "--subtype", "邻里互助社",
    "--home", "229902001001", "--leader", "周暖", "--filing-number", "229902001-2026-0003", "--members", "24",
)  # fmt: skip
PEOPLE = {
    "clerk": ("intake_clerk", ""),
    "manager": ("centre_manager", ""),
    "maker": ("finance_maker", ""),
    "checker": ("finance_checker", ""),
    "payer": ("finance_payer", ""),
    "bureau": ("civil_affairs_leader", "229902"),
}


class Installation(Chuke):
    """An empty installation; `done` runs a command that must succeed and answers its JSON."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        super().__init__(capsys, "")
        self.folder = folder

    def done(self, *tokens: str, by: str = "") -> dict[str, str]:
        said = self(*tokens, *(("--as", by) if by else ()), "--json")
        assert said.status == 0, said.err
        return dict(said.data) if said.out.startswith("{") else {}

    def file(self, name: str, text: str, *, encoding: str = "utf-8") -> str:
        path = self.folder / name
        path.write_text(text, encoding=encoding)
        return str(path)

    def found(self) -> None:
        """Divisions, centre, people and roles; the last two of them end the founding."""
        self.done("db", "upgrade")
        self.done("division", "import", self.file("divisions.csv", DIVISIONS))
        self.done(*CENTRE)
        for username, (role, division) in PEOPLE.items():
            self.done("people", "add", username, username, "--no-password")
            self.done("people", "grant", username, role, *(("--division", division) if division else ()))
        for username, role in (("system1", "system_administrator"), ("security", "security_administrator")):
            self.done("people", "add", username, username, "--no-password")
            self.done("people", "grant", username, role)


@pytest.fixture
def chuke(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Installation]:
    for name in ("CHUKE_AS", "CHUKE_LANG", "CHUKE_DATABASE_URL", "CHUKE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHUKE_HOME", str(tmp_path / "state"))
    settings.cache_clear()
    yield Installation(capsys, tmp_path)
    settings.cache_clear()


def test_an_office_starts_from_an_empty_database_and_takes_its_first_application(chuke: Installation) -> None:
    chuke.found()
    chuke.done(*SOCIETY, by="clerk")
    hub = tuple("SUPPORT_HUB" if one == "SERVICE" else one for one in SOCIETY[3:10])
    federation = (*SOCIETY[:2], "晨光联合会", *hub, "方既明", "--credit-code", "51229902MJ9000030N")
    chuke.done(*federation, by="clerk")
    for username in ("zhounuan",):
        proposed = chuke.done("people", "add", username, "周暖", "--reason", "负责人", by="system1")["proposal"]
        chuke.done("people", "confirm", proposed, by="security")
        grant = ("people", "grant", username, "applicant", "--organization", "晨光社区邻里互助社", "--reason", "负责人")
        proposed = chuke.done(*grant, by="security")["proposal"]
        assert chuke("people", "confirm", proposed, "--as", "security").status == 4
        chuke.done("people", "confirm", proposed, by="system1")
    chuke.done("organization", "post", "晨光社区邻里互助社", "zhounuan", "leader", by="clerk")

    account = ("organization", "account", "add", "晨光社区邻里互助社", "2299000000000031", "--bank", "农村商业银行")
    identity = chuke.done(*account, "--holder", "晨光联合会", by="maker")["id"]
    assert chuke("organization", "account", "verify", identity, "--as", "maker").status == 4
    chuke.done("organization", "account", "verify", identity, by="checker")
    (listed,) = chuke("organization", "accounts", "晨光社区邻里互助社", "--as", "payer", "--json").data
    assert (listed["account_number"], listed["verified_by"]) == ("****0031", "checker")

    chuke.done("fund", "program", "社区社会组织培育扶持资金", "2026", by="checker")
    line = ("fund", "line", "社区社会组织培育扶持资金", "--source", "county_budget", "--office", "河湾区民政局")
    wish = chuke.done(*line, "--yuan", "180,000.50", by="maker")["proposal"]
    assert chuke("fund", "position", "--json").data == []
    assert chuke("budget", "approve", wish, "--as", "maker").status == 4
    (waiting,) = chuke("budget", "proposals", "--as", "checker", "--json").data
    assert (waiting["id"], waiting["amount_fen"]) == (wish, 18_000_050)
    chuke.done("budget", "approve", wish, by="checker")
    (position,) = chuke("fund", "position", "--json").data
    assert (position["appropriated"], position["available"]) == (18_000_050, 18_000_050)

    case = chuke.done("case", "open", "晨光社区邻里互助社", by="zhounuan")["number"]
    missing = chuke("case", "materials", case, "--as", "zhounuan", "--json").data["missing"]
    chuke.done("case", "materials", case, *missing, by="zhounuan")
    agreed = ("--set", "privacy_notice_accepted=true", "--set", "commitments_accepted=true")
    moved = chuke.done("case", "advance", case, "submit", *agreed, by="zhounuan")
    assert moved["state"] == "SUBMITTED"
    assert chuke.done("case", "advance", case, "accept_application", by="clerk")["state"] == "ACCEPTED"
    assert chuke("relay", "--once").status == 0
    assert chuke("audit", "seal").status == chuke("audit", "verify").status == 0
    assert chuke("invariants").status == 0


def test_founding_ends_with_the_first_security_administrator(chuke: Installation) -> None:
    chuke.found()
    other = tuple("另一中心" if one == CENTRE[2] else one for one in CENTRE)
    assert chuke(*other).status == 2
    assert chuke(*other, "--as", "system").status == 4
    assert chuke(*other, "--as", "clerk").status == 4
    chuke.done(*other, by="security")
    assert len(chuke("centre", "list", "--json").data) == 2


def test_founding_reaches_neither_organizations_nor_money(chuke: Installation) -> None:
    chuke.done("division", "import", chuke.file("divisions.csv", DIVISIONS))
    assert chuke(*SOCIETY).status == 2
    assert chuke(*SOCIETY, "--as", "system").status == 4
    assert chuke("fund", "program", "资金", "2026", "--as", "system").status == 4


def test_a_file_of_divisions_is_checked_whole_before_anything_is_written(chuke: Installation) -> None:
    good = chuke.file("good.csv", DIVISIONS)
    tried = chuke("division", "import", good, "--dry-run", "--json")
    assert (len(tried.data["added"]), tried.data["dry_run"]) == (4, True)
    assert chuke("division", "list", "--json").data == []
    wrong = chuke.file("wrong.csv", DIVISIONS + "22990200,坏,street,street,229902\n229902002,坏,street,city,2299\n")
    said = chuke("division", "import", wrong, "--json", "--lang", "en")
    assert said.status == 4
    assert [(one["line"], one["code"]) for one in said.data["rows"]] == [
        (6, "division.code_malformed"),
        (7, "division.kind_unknown"),
        (7, "division.parent_missing"),
    ]
    assert "  6: The code 22990200 is not right" in said.err
    assert chuke("division", "list", "--json").data == []


def test_a_file_from_excel_is_read_and_one_without_its_columns_is_not(chuke: Installation) -> None:
    chuke.done("division", "import", chuke.file("excel.csv", DIVISIONS, encoding="gb18030"))
    chuke.done("division", "import", chuke.file("bom.csv", DIVISIONS, encoding="utf-8-sig"))
    names = [one["name"] for one in chuke("division", "list", "229902001", "--json").data]
    assert names == ["望河街道", "晨光社区"]
    said = chuke("division", "import", chuke.file("short.csv", "code,name\n1,2\n"))
    assert said.status == 2
    assert "level, kind, parent_code" in said.err


def test_a_year_of_the_calendar_is_tried_then_imported_by_the_security_administrator(chuke: Installation) -> None:
    chuke.found()
    notice = ("calendar", "import", chuke.file("2027.csv", SPRING_FESTIVAL), "--source", "国办发明电〔2026〕1号")
    assert chuke(*notice, "--as", "clerk").status == 4
    tried = chuke.done(*notice, "--dry-run", by="security")
    assert chuke("calendar", "show", "2027", "--json").data["standing"] == "projected"
    done = chuke.done(*notice, by="security")
    assert tried["changed"] == done["changed"]
    assert chuke("calendar", "show", "2027", "--json").data == {
        "year": 2027,
        "standing": "official",
        "days": [
            {"day": "2027-02-05", "kind": "rest"},
            {"day": "2027-02-08", "kind": "rest"},
            {"day": "2027-02-20", "kind": "work"},
        ],
    }
    bad = chuke.file("bad.csv", SPRING_FESTIVAL + "2027-13-01,rest\n2028-01-01,rest\n")
    said = chuke("calendar", "import", bad, "--source", "通知", "--as", "security", "--json")
    assert (said.status, [one["line"] for one in said.data["rows"]]) == (4, [5, 6])


@pytest.mark.parametrize("yuan", ["0", "-5", "1.234", "ten", "NaN"])
def test_an_amount_that_is_none_is_asked_wrongly(chuke: Installation, yuan: str) -> None:
    line = ("fund", "line", "资金", "--source", "donation", "--office", "民政局", f"--yuan={yuan}", "--as", "checker")
    assert chuke(*line).status == 2


def test_what_does_not_exist_is_not_found(chuke: Installation) -> None:
    chuke.found()
    unknown = ("--source", "donation", "--office", "民政局", "--yuan", "5", "--as", "checker")
    assert chuke("fund", "line", "没有的资金", *unknown).status == 5
    assert chuke("fund", "refund", "QYFH-ZZ-2026-0001", "--yuan", "5", "--serial", "R", "--as", "payer").status == 5
    assert chuke("organization", "post", "没有的组织", "clerk", "staff", "--as", "manager").status == 5
    nowhere = tuple("229902009" if one == "229902001001" else one for one in SOCIETY[:-4])
    said = chuke(*nowhere, "--as", "clerk")
    assert (said.status, "229902009" in said.err) == (5, True)
    assert chuke("organization", "accounts", "--as", "clerk").status == 4
