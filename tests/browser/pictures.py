"""Takes the pictures under docs/pictures: `./chuke pictures --home HOME` over a demo city that `./chuke demo` made.

Every page once, seen by the person whose daily page it is, in both languages, on a desktop and on a telephone. The
table below is the only list; a test says which page of the console is missing in it.
"""

import argparse
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from cli.demo.city import ORGANIZATIONS
from services.cases.lists import case_list
from services.database.engine import Database, open_database
from services.database.work import reading, run
from services.people.queries import actor_named
from services.people.sign_ins import open_sign_in
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

    In the address `{O4}` is the incubation case of the organization the demo calls O4.
    """

    name: str
    username: str
    route: str
    path: str


# fmt: off
PICTURES: tuple[Picture, ...] = (
    Picture("sign-in",   "",            "/sign-in",        "/sign-in"),
    Picture("guide",     "",            "/guide",          "/guide"),
    Picture("applicant", "qinmoyan",    "/",               "/"),
    Picture("my-papers", "qinmoyan",    "/my-papers",      "/my-papers"),
    Picture("progress",  "",            "/progress",       "/progress"),
    Picture("specimen",  "",            "/guide/samples/{key}", "/guide/samples/commitment"),
    Picture("rating",    "qinmoyan",    "/cases/{number}/ratings/{topic}", "/cases/{O3}/ratings/acceptance"),
    Picture("work-list", "zhaoweiyang", "/",               "/"),
    Picture("cases",     "linzhixia",   "/cases",          "/cases"),
    Picture("case",      "linzhixia",   "/cases/{number}", "/cases/{O6}"),
)
# fmt: on
NOT_PICTURED: dict[str, str] = {
    **dict.fromkeys(
        (
            "/applications/{number}",
            "/applications/{number}/check",
            "/applications/{number}/corrections",
            "/applications/{number}/materials",
            "/applications/{number}/received",
            "/applications/{number}/sections/{section}",
        ),
        "needs an application that is still being written; every one of the demo city was handed in on paper",
    ),
    "/livez": "says one word to machines",
    "/material-files/{file_id}": "a file that was handed in, given out as a file",
    "/readyz": "says one word to machines",
    "/papers/{document_id}.pdf": "the paper itself, see documents/",
    "/papers/{document_id}/pages/{page}.webp": "one page of a paper, shown on the page of the paper",
}
"""Routes that answer a GET but are no page, each with its reason."""


def main() -> None:
    """Take every picture, or those named, and say what is wrong with a page; status 1 when anything is."""
    parser = argparse.ArgumentParser(prog="chuke pictures", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("chuke-demo") / "state")
    parser.add_argument("names", nargs="*", help="only these pictures")
    asked = parser.parse_args()
    database = open_database(f"sqlite:///{(asked.home / 'chuke.db').resolve()}")
    FOLDER.mkdir(exist_ok=True)
    wanted = [one for one in PICTURES if not asked.names or one.name in asked.names]
    cases = numbers_of(database)
    wrong = 0
    with served(create_app(database, clock=lambda: NOW)) as site, browser() as launched:
        for one in wanted:
            for fault in taken(launched, site, database, one, one.path.format(**cases)):
                wrong += 1
                print(fault)
    database.close()
    raise SystemExit(1 if wrong else 0)


def numbers_of(database: Database) -> dict[str, str]:
    """The demo's name of an organization (O1 …) to the number of its latest incubation case."""
    with reading(database, NOW) as work:
        lines = case_list(work, actor_named(work, "linzhixia"), kind="incubation", limit=100)
    latest = {line.organization: line.number for line in reversed(lines)}
    return {one.key: latest.get(one.name, "") for one in ORGANIZATIONS}


def taken(launched: Browser, site: str, database: Database, one: Picture, path: str) -> list[str]:
    """Save the four pictures of one page; answers what is wrong with it, a line each."""
    faults = []
    token = ""
    if one.username:
        token = run(database, NOW, lambda work: open_sign_in(work, actor_named(work, one.username).id)).token
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


def _save(png: bytes, path: Path) -> None:
    """The picture as WebP; what is taller than anybody would look at is cut."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    if picture.width > WIDEST:
        picture = picture.resize((WIDEST, round(picture.height * WIDEST / picture.width)), Image.Resampling.LANCZOS)
    picture.crop((0, 0, picture.width, min(picture.height, TALLEST))).save(path, "WEBP", quality=QUALITY, method=4)


if __name__ == "__main__":
    main()
