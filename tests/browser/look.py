"""Takes pictures of pages: `python -m tests.browser.look --home HOME --user NAME --out FOLDER PATH [PATH …]`.

Signs the person in by a token of the installation under HOME (made with `chuke token create`'s service), opens each
path at desktop and telephone width in both languages, saves one PNG each, and prints what the accessibility checker
calls serious and by how many pixels a page is too wide.
"""

import argparse
import os
import re
from datetime import UTC, datetime
from pathlib import Path

from services.database.engine import open_database
from services.database.work import run
from services.people.queries import actor_named
from services.people.sign_ins import open_sign_in
from tests.browser.browsing import DESKTOP, TELEPHONE, browser, serious_faults, served, sideways, visit
from web.app import create_app

WIDTHS = {"desktop": DESKTOP, "phone": TELEPHONE}


def main() -> None:
    """Look at the pages that were asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--user", default="")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", default="zh,en")
    parser.add_argument("--widths", default="desktop,phone")
    parser.add_argument("--now", default="", help="the instant to look at, as 2026-12-08T09:00+08:00")
    parser.add_argument("paths", nargs="+")
    asked = parser.parse_args()
    os.environ.setdefault("CHUKE_HOME", str(asked.home.resolve()))
    database = open_database(f"sqlite:///{(asked.home / 'chuke.db').resolve()}")
    now = datetime.fromisoformat(asked.now) if asked.now else datetime.now(UTC)
    token = ""
    if asked.user:
        token = run(database, now, lambda work: open_sign_in(work, actor_named(work, asked.user).id)).token
    asked.out.mkdir(parents=True, exist_ok=True)
    with served(create_app(database, clock=lambda: now)) as site, browser() as launched:
        for lang in asked.lang.split(","):
            for width in asked.widths.split(","):
                context = visit(launched, site, token=token, lang=lang, size=WIDTHS[width])
                page = context.new_page()
                for path in asked.paths:
                    answer = page.goto(path)
                    page.wait_for_load_state()
                    name = re.sub(r"[^\w]+", "_", path).strip("_") or "home"
                    page.screenshot(path=asked.out / f"{name}.{lang}.{width}.png", full_page=True)
                    told = [*serious_faults(page), *([f"too wide by {wide}"] if (wide := sideways(page)) else [])]
                    print(answer.status if answer else "?", lang, width, path, *told, sep="  ")
                context.close()
    database.close()


if __name__ == "__main__":
    main()
