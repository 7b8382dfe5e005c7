"""Takes the pictures under docs/pictures: `./chuke pictures --home HOME` over a demo city that `./chuke demo` made.

Every page once, seen by the person whose daily page it is, in both languages, on a desktop and on a telephone. The
table below is the only list; a test says which page of the console is missing in it.
"""

import argparse
import io
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from cli.demo.city import ORGANIZATIONS
from services.cases.applying import begin_form
from services.cases.commands import open_incubation
from services.cases.lists import case_list
from services.cases.seats import queue_of
from services.database.engine import Database, open_database
from services.database.work import reading, run
from services.issuance.queries import documents_of
from services.organizations.queries import centre_lines, organization_lines
from services.people.queries import actor_named, people
from services.people.sign_ins import open_sign_in
from services.rulesets.queries import versions
from services.settings import settings
from tests.browser.browsing import DESKTOP, TELEPHONE, browser, serious_faults, served, sideways, visit
from web.app import create_app

NOW = datetime.fromisoformat("2026-12-08T09:00:00+08:00")
"""The demo city's present day."""
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SIZES = {"desktop": DESKTOP, "phone": TELEPHONE}
QUALITY, WIDEST, TALLEST = 50, 960, 1800


@dataclass(frozen=True, slots=True)
class Picture:
    """One page: the name of its files, who looks, the route as declared, and the address that stands for it.

    In the address `{O4}` is the incubation case of the organization the demo calls O4; the other names are those of
    `addresses`.
    """

    name: str
    username: str
    route: str
    path: str


# fmt: off
PICTURES: tuple[Picture, ...] = (
    # whoever comes by
    Picture("sign-in",       "",            "/sign-in",                   "/sign-in"),
    Picture("guide",         "",            "/guide",                     "/guide"),
    Picture("specimen",      "",            "/guide/samples/{key}",       "/guide/samples/commitment"),
    Picture("progress",      "",            "/progress",                  "/progress"),
    Picture("verify",        "",            "/verify",                    "/verify"),
    Picture("verified",      "",            "/verify/{code}",             "/verify/{code}"),
    Picture("publicities",   "",            "/publicity",                 "/publicity"),
    # the applicant
    Picture("applicant",     "qinmoyan",    "/",                          "/"),
    Picture("new-application", "dingyifan", "/applications/new",          "/applications/new"),
    Picture("application",   "dingyifan",   "/applications/{number}",     "/applications/{draft}"),
    Picture("section",       "dingyifan",   "/applications/{number}/sections/{section}",
            "/applications/{draft}/sections/activities"),
    Picture("materials",     "dingyifan",   "/applications/{number}/materials", "/applications/{draft}/materials"),
    Picture("check-answers", "dingyifan",   "/applications/{number}/check", "/applications/{draft}/check"),
    Picture("deliveries",    "zhaoweiyang", "/deliveries",                "/deliveries"),
    Picture("my-papers",     "qinmoyan",    "/my-papers",                 "/my-papers"),
    Picture("rating",        "qinmoyan",    "/cases/{number}/ratings/{topic}", "/cases/{O3}/ratings/acceptance"),
    # the evaluator
    Picture("seats",         "gunanqiao",   "/assessments",               "/assessments"),
    Picture("sheet",         "gunanqiao",   "/assessments/{assessment_id}", "/assessments/{assessment}"),
    Picture("paper-sheet",   "gunanqiao",   "/assessments/{assessment_id}/paper", "/assessments/{assessment}/paper"),
    # the panel and its objections
    Picture("evaluators",    "tangyian",    "/evaluators",                "/evaluators"),
    Picture("statistics",    "tangyian",    "/evaluator-statistics",      "/evaluator-statistics"),
    Picture("result",        "linzhixia",   "/assessments/{assessment_id}/result", "/assessments/{assessment}/result"),
    Picture("typed-sheets",  "tangyian",    "/assessments/{assessment_id}/paper-sheets",
            "/assessments/{assessment}/paper-sheets"),
    Picture("recusal",       "linzhixia",   "/cases/{number}/recusal",    "/cases/{O3}/recusal"),
    Picture("objections",    "linzhixia",   "/objections",                "/objections"),
    Picture("releases",      "linzhixia",   "/releases",                  "/releases"),
    Picture("star-rounds",   "linzhixia",   "/star-rounds",               "/star-rounds"),
    Picture("grades",        "linzhixia",   "/grades",                    "/grades"),
    Picture("bulletins",     "linzhixia",   "/bulletins",                 "/bulletins"),
    # service purchase
    Picture("services",      "",            "/services",                  "/services"),
    Picture("catalogue",     "wuqinghe",    "/service-catalogue",         "/service-catalogue"),
    Picture("purchases",     "wuqinghe",    "/purchases",                 "/purchases"),
    Picture("purchase",      "wuqinghe",    "/purchases/{purchase}",      "/purchases/QYFH-GM-2026-0002"),
    Picture("suppliers",     "wuqinghe",    "/suppliers",                 "/suppliers"),
    Picture("purchasers",    "zhengyuanshan", "/purchasers",              "/purchasers"),
    Picture("supplier-application", "fangjiming", "/supplier-application", "/supplier-application"),
    # every day in the office
    Picture("work-list",     "zhaoweiyang", "/",                          "/"),
    Picture("cases",         "linzhixia",   "/cases",                     "/cases"),
    Picture("search",        "linzhixia",   "/search",                    "/search?text=shequ"),
    Picture("case",          "linzhixia",   "/cases/{number}",            "/cases/{O3}"),
    Picture("messages",      "linzhixia",   "/cases/{number}/remarks",    "/cases/{O3}/remarks"),
    Picture("case-file",     "linzhixia",   "/cases/{number}/timeline",   "/cases/{O3}/timeline"),
    Picture("versions",      "linzhixia",   "/cases/{number}/versions",   "/cases/{O3}/versions"),
    Picture("paper-changes", "linzhixia",   "/paper-changes",             "/paper-changes"),
    Picture("paper-change",  "linzhixia",   "/papers/{document_id}/changes", "/papers/{paper}/changes"),
    Picture("paper",         "linzhixia",   "/papers/{document_id}",      "/papers/{paper}"),
    Picture("board",         "linzhixia",   "/board",                     "/board"),
    Picture("waiting-list",  "linzhixia",   "/waiting-list",              "/waiting-list"),
    Picture("notices",       "linzhixia",   "/notices",                   "/notices"),
    Picture("absences",      "linzhixia",   "/absences",                  "/absences"),
    Picture("calendar-feed", "linzhixia",   "/calendar",                  "/calendar"),
    Picture("organizations", "linzhixia",   "/organizations",             "/organizations"),
    Picture("organization",  "linzhixia",   "/organizations/{organization_id}", "/organizations/{organization}"),
    Picture("import",        "shenxiaoman", "/organizations/import",      "/organizations/import"),
    # money
    Picture("money",         "sunjianwei",  "/finance",                     "/finance"),
    Picture("payments",      "zhouyouyu",   "/payments",                  "/payments"),
    Picture("batch",         "zhouyouyu",   "/payments/batches/{number}", "/payments/batches/FK2026-0011"),
    Picture("reconciliation", "zhouyouyu",  "/reconciliation",            "/reconciliation"),
    Picture("returns",       "sunjianwei",  "/money/returns",             "/money/returns"),
    Picture("ledger",        "qianyihe",    "/ledger",                    "/ledger?period=2026"),
    Picture("vouchers",      "qianyihe",    "/ledger/vouchers",           "/ledger/vouchers?period=2026"),
    Picture("voucher",       "qianyihe",    "/ledger/vouchers/{number}",  "/ledger/vouchers/记-2026-0012"),
    Picture("accounts",      "qianyihe",    "/accounts",                  "/accounts"),
    Picture("budget",        "sunjianwei",  "/budget",                    "/budget"),
    Picture("execution",     "sunjianwei",  "/budget/execution",          "/budget/execution"),
    Picture("figure", "sunjianwei", "/budget/execution/detail", "/budget/execution/detail?year=2026&figure=paid"),
    Picture("lottery_notice", "zhengyuanshan", "/budget/lottery-notice",  "/budget/lottery-notice?year=2026"),
    Picture("new-award",     "shenxiaoman", "/awards/new",                "/awards/new"),
    Picture("calls",         "linzhixia",   "/calls",                     "/calls"),
    Picture("spending",      "zhaoweiyang", "/awards/{number}/spending",  "/awards/QYFH-ZZ-2025-0001/spending"),
    # looking after the office
    Picture("office",        "caoxingye",   "/office",                    "/office"),
    Picture("people",        "caoxingye",   "/people",                    "/people"),
    Picture("person",        "caoxingye",   "/people/{person_id}",        "/people/{person}"),
    Picture("rules",         "linzhixia",   "/rule-sets",                 "/rule-sets"),
    Picture("new-rules",     "linzhixia",   "/rule-sets/new",             "/rule-sets/new"),
    Picture("rule-set",      "linzhixia",   "/rule-sets/{rule_set_id}",   "/rule-sets/{rule_set}"),
    Picture("centres",       "caoxingye",   "/centres",                   "/centres"),
    Picture("divisions",     "caoxingye",   "/divisions",                 "/divisions"),
    Picture("working-days",  "caoxingye",   "/working-days",              "/working-days"),
    Picture("days-import",   "caoxingye",   "/working-days/import",       "/working-days/import"),
    Picture("errands",       "shihengyi",   "/errands",                   "/errands"),
    Picture("mail-log",      "shihengyi",   "/mail-log",                  "/mail-log"),
    Picture("webhooks",      "shihengyi",   "/webhooks",                  "/webhooks"),
    Picture("doctor",        "shihengyi",   "/doctor",                    "/doctor"),
    Picture("templates",     "linzhixia",   "/templates",                 "/templates"),
    Picture("template",      "linzhixia",   "/templates/{kind}",          "/templates/graduation_certificate"),
    Picture("template-edit", "linzhixia",   "/templates/{kind}/edit",     "/templates/admission_notice/edit"),
    Picture("audit",         "yanyinuo",    "/audit",                     "/audit"),
    Picture("reveals",       "yanyinuo",    "/reveals",                   "/reveals"),
    # one's own account
    Picture("account",       "linzhixia",   "/account",                   "/account"),
    Picture("factors",       "linzhixia",   "/account/factors",           "/account/factors"),
    Picture("password",      "linzhixia",   "/account/password",          "/account/password"),
    Picture("tokens",        "linzhixia",   "/account/tokens",            "/account/tokens"),
)
# fmt: on
_FILE, _STEP = "a file, given out as a file", "one step of signing in, seen by tests/web on its way"
_GIFT = "needs a donor; nobody in the demo city gives"
NOT_PICTURED: dict[str, str] = {
    "/calls/{call_id}/order": "a table; on the demo day no application waits to be proposed",
    "/expenses/{expense_id}/receipt": _FILE,
    "/livez": "says one word to machines",
    "/readyz": "says one word to machines",
    "/deliveries/{try_id}/scan": "the scan of a signed proof, saved and not shown",
    "/papers/{document_id}.pdf": "the paper itself, see documents/",
    "/verify/keys.pem": _FILE,
    "/verify/revocations.json": _FILE,
    "/papers/{document_id}/pages/{page}.webp": "one page of a paper, shown on the page of the paper",
    "/material-files/{file_id}": _FILE,
    "/cases/{number}/file.zip": "asks for a reason as the lists do, see exports",
    "/cases/export.csv": _FILE,
    "/cases/export.xlsx": _FILE,
    "/ledger/export.csv": _FILE,
    "/ledger/export.xlsx": _FILE,
    "/budget/execution.csv": _FILE,
    "/budget/execution.xlsx": _FILE,
    "/organizations/import/template.xlsx": _FILE,
    "/calendar/{secret}.ics": "the feed, for calendars",
    "/publicity/{number}": "no case of the demo city is in its publicity on its last day",
    "/cases/{number}/objections/new": "needs a case in its publicity",
    "/cases/{number}/reviews/new": "needs a decision that can still be reviewed",
    "/accounts/{account_id}": "one account, opened from the list of accounts",
    "/accounts/{account_id}/agreement": _FILE,
    "/reconciliation/statements/{statement_id}": "one statement, opened from the page of reconciliation",
    "/reconciliation/statements/{statement_id}/file": _FILE,
    "/organizations/{organization_id}/correction": "one form, opened from the page of an organization",
    "/draws/{draw_id}": "one draw, opened from the page of its case",
    "/paper-sheets/{paper_id}": "needs a sheet typed in from paper that waits to be checked",
    "/paper-sheets/{paper_id}/scan": _FILE,
    "/papers/{document_id}/signed-copy": "the scan of an agreement signed by hand, saved and not shown",
    "/veto-evidence/{finding_id}": _FILE,
    "/releases/{release_id}": "needs results that wait to be made known",
    "/releases/lines/{line_id}/views/{view}": "one sheet of such a release",
    "/export-leaves": "needs a list longer than a file may be alone",
    "/offers": _GIFT,
    "/offers/{number}/match": _GIFT,
    "/offers/{number}/money": _GIFT,
    "/gifts": _GIFT,
    "/gifts/new": _GIFT,
    "/gifts/{number}": _GIFT,
    "/gifts/{number}/paper.pdf": _FILE,
    "/services/{purchase}/bid": "needs a call that takes bids",
    "/star-rounds/{round_id}": "needs a round of star ratings",
    "/star-rounds/{round_id}/application": "needs a round of star ratings",
    "/star-rounds/{round_id}/export.csv": _FILE,
    "/star-rounds/{round_id}/export.xlsx": _FILE,
    "/grades/export.csv": _FILE,
    "/grades/export.xlsx": _FILE,
    "/templates/{kind}/sheet": "the paper inside of the page of its kind",
    "/templates/{kind}/sheet.css": "the style of that paper",
    "/template-editions/{edition_id}": "needs an edition that somebody wrote",
    "/template-editions/{edition_id}/pages/{page}.webp": _FILE,
    "/template-editions/{edition_id}/preview.pdf": _FILE,
    "/desk/{number}": "the panel beside the work list, not a page by itself",
    "/applications/{number}/corrections": "needs an application sent back; the demo city's were handed in on paper",
    "/applications/{number}/received": "needs an application handed in through the form",
    "/reveals/new": "asks why somebody wants to see one field, opened from that field",
    "/account/confirm": _STEP,
    "/sign-in/code": _STEP,
    "/sign-in/enrolment": _STEP,
    "/sign-in/links/{link}": _STEP,
    "/sign-in/provider/back": _STEP,
}
"""Routes that answer a GET but are no page, each with its reason."""


def main() -> None:
    """Take every picture, or those named, and say what is wrong with a page; status 1 when anything is."""
    parser = argparse.ArgumentParser(prog="chuke pictures", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("chuke-demo") / "state")
    parser.add_argument("names", nargs="*", help="only these pictures")
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "README.md").write_text(index(), encoding="utf-8")
    wanted = [one for one in PICTURES if not asked.names or one.name in asked.names]
    wrong = 0
    with tempfile.TemporaryDirectory() as copied:
        database = _copied(asked.home, Path(copied))
        filled = addresses(database)
        with served(create_app(database, clock=lambda: NOW)) as site, browser() as launched:
            for one in wanted:
                for fault in taken(launched, site, database, one, one.path.format(**filled)):
                    wrong += 1
                    print(fault, flush=True)
        database.close()
    raise SystemExit(1 if wrong else 0)


def index() -> str:
    """The page that shows every picture, in the order of the table."""
    told = [
        "# 控制台的每一页 · Every page of the console",
        "",
        "由 `./chuke pictures` 在演示城市上拍下：桌面和手机，中文和英文。Taken by that command over the demo city.",
        "",
        "| 页面 page | 地址 address | 中文 | English |",
        "|---|---|---|---|",
    ]
    for one in PICTURES:
        cells = [
            " · ".join(f"[{said}]({one.name}.{lang}.{size}.webp)" for size, said in names)
            for lang, names in (
                ("zh", (("desktop", "桌面"), ("phone", "手机"))),
                ("en", (("desktop", "desktop"), ("phone", "phone"))),
            )
        ]
        told.append(f"| {one.name} | `{one.route}` | {cells[0]} | {cells[1]} |")
    return "\n".join([*told, ""])


def _copied(home: Path, folder: Path) -> Database:
    """The demo city in a folder of its own, with one application still being written; the demo stays as it is."""
    shutil.copytree(home, folder / "state")
    os.environ.update(CHUKE_HOME=str(folder / "state"), CHUKE_SECOND_FACTOR="optional")
    settings.cache_clear()
    return open_database(f"sqlite:///{folder / 'state' / 'chuke.db'}")


def addresses(database: Database) -> dict[str, str]:
    """What stands in the addresses: an organization's key (O1 …) for its latest incubation case, and one id of each."""
    with reading(database, NOW) as work:
        manager, evaluator = actor_named(work, "linzhixia"), actor_named(work, "gunanqiao")
        lines = case_list(work, manager, kind="incubation", limit=100)
        latest = {line.organization: line for line in reversed(lines)}
        numbers = {one.key: latest[one.name].number for one in ORGANIZATIONS if one.name in latest}
        paper = documents_of(work, case_ids=(latest["桦苑社区书画社"].id,))[0]
        organizations = {one.name: one.id for one in organization_lines(work, manager)}
        found = {
            "paper": paper.id,
            "code": paper.verify_code,
            "assessment": queue_of(work, evaluator).seats[0].assessment_id,
            "organization": organizations["桦苑社区书画社"],
            "person": next(one.id for one in people(work) if one.username == "zhaoweiyang"),
            "rule_set": versions(work)[0].id,
        }
        applicant, centre = actor_named(work, "dingyifan"), centre_lines(work)[0].id
    draft = open_incubation(
        database, applicant, organization_id=organizations["北甸镇志愿者协会（筹）"], centre_id=centre, now=NOW
    ).number
    begin_form(database, applicant, number=draft, now=NOW)
    return {**numbers, **found, "draft": draft}


def taken(launched: Browser, site: str, database: Database, one: Picture, path: str) -> list[str]:
    """Save the four pictures of one page; answers what is wrong with it, a line each."""
    faults = []
    token = _token(database, one.username) if one.username else ""
    for lang in ("zh", "en"):
        for size_name, size in SIZES.items():
            context = visit(launched, site, token=token, lang=lang, size=size)
            page = context.new_page()
            answer = page.goto(path)
            page.wait_for_load_state()
            where = f"{one.name} {lang} {size_name} {path}"
            if answer is None or answer.status != 200:
                faults.append(f"{where}: status {answer.status if answer else '?'}")
            faults += [f"{where}: {fault}" for fault in serious_faults(page)]
            if sideways(page):
                faults.append(f"{where}: too wide by {sideways(page)}")
            _save(page.screenshot(full_page=True), FOLDER / f"{one.name}.{lang}.{size_name}.webp")
            context.close()
    return faults


@cache
def _token(database: Database, username: str) -> str:
    """One sign-in a person, so that the page of one's sign-ins is not a list of pictures taken."""
    return run(database, NOW, lambda work: open_sign_in(work, actor_named(work, username).id)).token


def _save(png: bytes, path: Path) -> None:
    """The picture as WebP; what is taller than anybody would look at is cut."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    if picture.width > WIDEST:
        picture = picture.resize((WIDEST, round(picture.height * WIDEST / picture.width)), Image.Resampling.LANCZOS)
    picture.crop((0, 0, picture.width, min(picture.height, TALLEST))).save(path, "WEBP", quality=QUALITY, method=4)


if __name__ == "__main__":
    main()
