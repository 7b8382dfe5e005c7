"""The pictures under docs/pictures show every page of the console, in both languages and at both widths."""

from tests.browser.pictures import FOLDER, NOT_PICTURED, PICTURES, SIZES, index
from tests.web.test_routes import ROUTES


def test_every_page_is_pictured_or_says_why_not() -> None:
    pages = {path for method, path in ROUTES if method == "GET" and not path.startswith("/api")}
    pictured = {one.route for one in PICTURES}
    assert pages - pictured - NOT_PICTURED.keys() == set()
    assert (pictured | NOT_PICTURED.keys()) - pages == set()


def test_the_index_names_every_picture() -> None:
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == index()


def test_the_folder_holds_the_pictures_of_the_table_and_no_others() -> None:
    named = {f"{one.name}.{lang}.{size}.webp" for one in PICTURES for lang in ("zh", "en") for size in SIZES}
    assert {path.name for path in FOLDER.glob("*.webp")} == named
