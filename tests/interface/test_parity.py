"""What the console can do, the interface can do; what it cannot is listed with the reason."""

from web.app import CONSOLE, INTERFACE

API = "/api/v1"

TWINS = {
    ("POST", "/applications/{number}/corrections"): ("PUT", "/applications/{number}/answers"),
    ("POST", "/applications/{number}/materials"): ("PUT", "/applications/{number}/files"),
    ("POST", "/applications/{number}/materials/removal"): ("DELETE", "/applications/{number}/files"),
    ("POST", "/applications/{number}/sections/{section}"): ("PUT", "/applications/{number}/sections/{section}"),
    ("POST", "/assessments/{assessment_id}/draft"): ("PUT", "/assessments/{assessment_id}/sheet"),
    ("POST", "/audit/verification"): ("POST", "/audit-verification"),
    ("POST", "/calendar"): ("POST", "/me/calendar-feed"),
    ("POST", "/calendar/end"): ("DELETE", "/me/calendar-feed"),
    ("POST", "/webhooks/deliveries/{delivery_id}/replay"): ("POST", "/webhook-deliveries/{delivery_id}/replay"),
    ("POST", "/webhooks/{subscription_id}/end"): ("DELETE", "/webhooks/{subscription_id}"),
    ("POST", "/applications"): ("POST", "/cases"),
    ("POST", "/assessments/{assessment_id}/sheet"): ("PUT", "/assessments/{assessment_id}/sheet"),
    ("POST", "/cases/{number}/moves/{trigger}"): ("POST", "/cases/{number}/transitions/{trigger}"),
    ("POST", "/publicity/{number}"): ("POST", "/publicity/{number}/objections"),
    ("POST", "/sign-out"): ("DELETE", "/sign-in"),
    ("POST", "/verify"): ("POST", "/verifications"),
}
"""Where the interface calls the same act by another name; everything else has the console's own path."""

CONSOLE_ONLY = {
    ("POST", "/organizations/import/confirmation"): "the second step of an import; programs say `dry_run: false`",
    ("POST", "/cases/{number}/versions/seen"): "marks what one reader has looked at on the page",
    ("POST", "/divisions"): "takes a whole file; programs on the machine run `chuke division import`",
    ("POST", "/working-days/import"): "takes a whole file; programs on the machine run `chuke calendar import`",
    ("POST", "/working-days/import/confirmation"): "the second step of the same import",
    ("POST", "/audit/export"): "a spreadsheet of what GET /audit-entries lists",
    ("POST", "/language"): "a cookie of one browser; programs say Accept-Language",
}
"""Acts that only make sense in a browser, each with the reason."""


def paths(routers: tuple[object, ...]) -> set[tuple[str, str]]:
    return {(method, route.path) for router in routers for route in router.routes for method in route.methods}


def without_twin(console: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Acts of the console that no route of the interface does."""
    interface = {(method, path.removeprefix(API)) for method, path in paths(INTERFACE)}
    acts = {one for one in console if one[0] != "GET"} - CONSOLE_ONLY.keys()
    return {one for one in acts if TWINS.get(one, one) not in interface}


def test_what_the_console_can_do_the_interface_can_do() -> None:
    assert without_twin(paths(CONSOLE)) == set()
    assert CONSOLE_ONLY.keys() <= paths(CONSOLE)
    assert TWINS.keys() <= paths(CONSOLE)


def test_an_act_of_the_console_alone_is_found() -> None:
    assert without_twin({("POST", "/only/here")}) == {("POST", "/only/here")}
