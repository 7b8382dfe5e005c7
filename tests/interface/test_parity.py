"""What the console can do, the interface can do; what it cannot is listed with the reason."""

from web.app import CONSOLE, INTERFACE

API = "/api/v1"

TWINS = {
    ("POST", "/account/factors/code/remove"): ("DELETE", "/me/factors/code"),
    ("POST", "/account/factors/passkeys/{passkey_id}/name"): ("PUT", "/me/passkeys/{passkey_id}/name"),
    ("POST", "/account/factors/passkeys/{passkey_id}/remove"): ("DELETE", "/me/passkeys/{passkey_id}"),
    ("POST", "/account/factors/recovery-codes"): ("POST", "/me/factors/recovery-codes"),
    ("POST", "/account/identities/{identity_id}/remove"): ("DELETE", "/me/identities/{identity_id}"),
    ("POST", "/account/language"): ("PUT", "/me/language"),
    ("POST", "/account/password"): ("PUT", "/me/password"),
    ("POST", "/account/sign-ins/end-others"): ("POST", "/me/other-sign-ins/end"),
    ("POST", "/account/sign-ins/{sign_in_id}/end"): ("DELETE", "/me/sign-ins/{sign_in_id}"),
    ("POST", "/account/tokens"): ("POST", "/me/tokens"),
    ("POST", "/account/tokens/{token_id}/revoke"): ("DELETE", "/me/tokens/{token_id}"),
    ("POST", "/applications"): ("POST", "/cases"),
    ("POST", "/applications/{number}/corrections"): ("PUT", "/applications/{number}/answers"),
    ("POST", "/applications/{number}/materials"): ("PUT", "/applications/{number}/files"),
    ("POST", "/applications/{number}/materials/removal"): ("DELETE", "/applications/{number}/files"),
    ("POST", "/applications/{number}/sections/{section}"): ("PUT", "/applications/{number}/sections/{section}"),
    ("POST", "/assessments/{assessment_id}/draft"): ("PUT", "/assessments/{assessment_id}/sheet"),
    ("POST", "/assessments/{assessment_id}/sheet"): ("PUT", "/assessments/{assessment_id}/sheet"),
    ("POST", "/audit/verification"): ("POST", "/audit-verification"),
    ("POST", "/budget/refusals"): ("POST", "/budget/proposals/{proposal_id}/refuse"),
    ("POST", "/centres/operator"): ("POST", "/centres/{centre_id}/operator"),
    ("POST", "/calendar"): ("POST", "/me/calendar-feed"),
    ("POST", "/calendar/end"): ("DELETE", "/me/calendar-feed"),
    ("POST", "/cases/{number}/moves/{trigger}"): ("POST", "/cases/{number}/transitions/{trigger}"),
    ("POST", "/desk-many/moves"): ("POST", "/bulk-moves"),
    ("POST", "/desk-many/rehearsal"): ("POST", "/bulk-moves/rehearsal"),
    ("POST", "/desk-settings/filters"): ("POST", "/filters"),
    ("POST", "/desk-settings/filters/{filter_id}/default"): ("PUT", "/filters/{filter_id}/default"),
    ("POST", "/desk-settings/filters/{filter_id}/removal"): ("DELETE", "/filters/{filter_id}"),
    ("POST", "/desk/{number}/claim"): ("POST", "/cases/{number}/claim"),
    ("POST", "/desk/{number}/copies"): ("POST", "/cases/{number}/copies"),
    ("POST", "/desk/{number}/delegation"): ("POST", "/cases/{number}/delegate"),
    ("POST", "/desk/{number}/hand-over"): ("POST", "/cases/{number}/hand-over"),
    ("POST", "/desk/{number}/letters"): ("POST", "/cases/{number}/letters/send"),
    ("POST", "/desk/{number}/letters/withdrawal"): ("POST", "/cases/{number}/letters/withdraw"),
    ("POST", "/desk/{number}/moves"): ("POST", "/cases/{number}/transitions/{trigger}"),
    ("POST", "/desk/{number}/nudges"): ("POST", "/cases/{number}/nudge"),
    ("POST", "/desk/{number}/opinions"): ("POST", "/cases/{number}/opinions"),
    ("POST", "/desk/{number}/release"): ("POST", "/cases/{number}/release"),
    ("POST", "/desk/{number}/requests/{request_id}/answer"): ("POST", "/desk-requests/{request_id}/answer"),
    ("POST", "/desk/{number}/requests/{request_id}/withdrawal"): ("POST", "/desk-requests/{request_id}/take-back"),
    ("POST", "/divisions"): ("POST", "/divisions/import"),
    ("POST", "/grades/cancellation"): ("POST", "/grades/{grade_id}/cancellation"),
    ("POST", "/grades/lowering"): ("POST", "/grades/{grade_id}/lowering"),
    ("POST", "/grades/return"): ("POST", "/grades/{grade_id}/return"),
    ("POST", "/organizations/import/confirmation"): ("POST", "/organizations/import"),
    ("POST", "/publicity/{number}"): ("POST", "/publicity/{number}/objections"),
    ("POST", "/reconciliation/import/confirmation"): ("POST", "/reconciliation/import"),
    ("POST", "/releases/lines/{line_id}/removal"): ("DELETE", "/releases/lines/{line_id}"),
    ("POST", "/service-catalogue/consultation"): ("POST", "/service-catalogue/{item_id}/consultation"),
    ("POST", "/sign-in/code"): ("POST", "/sign-in"),
    ("POST", "/sign-out"): ("DELETE", "/sign-in"),
    ("POST", "/verify"): ("POST", "/verifications"),
    ("POST", "/webhooks/deliveries/{delivery_id}/replay"): ("POST", "/webhook-deliveries/{delivery_id}/replay"),
    ("POST", "/webhooks/{subscription_id}/end"): ("DELETE", "/webhooks/{subscription_id}"),
    ("POST", "/working-days/import/confirmation"): ("POST", "/working-days/import"),
}
"""Where the interface calls the same act by another name; everything else has the console's own path."""

CONSOLE_ONLY = {
    ("POST", "/account/confirm"): "a program proves the factor anew by signing in with a code",
    ("POST", "/account/confirm/options"): "a passkey is asked by the browser",
    ("POST", "/account/confirm/passkey"): "a passkey answers in the browser",
    ("POST", "/account/factors/code"): "draws the code that a telephone photographs from the screen",
    ("POST", "/account/factors/code/confirm"): "the second step of the same",
    ("POST", "/account/factors/passkeys"): "a passkey is made by the browser",
    ("POST", "/account/identities"): "sends the browser to the provider",
    ("POST", "/account/passkeys/options"): "a passkey is asked by the browser",
    ("POST", "/audit/export"): "a spreadsheet of what GET /audit-entries lists",
    ("POST", "/cases/export.csv"): "a spreadsheet of what GET /cases lists",
    ("POST", "/cases/export.xlsx"): "a spreadsheet of what GET /cases lists",
    ("POST", "/cases/{number}/file.zip"): "an archive of the files that GET /cases/{number}/documents lists",
    ("POST", "/cases/{number}/versions/seen"): "marks what one reader has looked at on the page",
    ("POST", "/desk-settings/keys"): "switches the single keys of the page on or off",
    ("POST", "/grades/export.csv"): "a spreadsheet of what GET /grades lists",
    ("POST", "/grades/export.xlsx"): "a spreadsheet of what GET /grades lists",
    ("POST", "/language"): "a cookie of one browser; programs say Accept-Language",
    ("POST", "/ledger/export.csv"): "a spreadsheet of what GET /ledger/postings lists",
    ("POST", "/ledger/export.xlsx"): "a spreadsheet of what GET /ledger/postings lists",
    ("POST", "/sign-in/code/options"): "a passkey is asked by the browser",
    ("POST", "/sign-in/enrolment"): "the first factor is set up in the browser, before any token is given",
    ("POST", "/sign-in/links/{link}"): "a one-time link is opened by the person it was given to",
    ("POST", "/sign-in/passkey"): "a passkey answers in the browser",
    ("POST", "/sign-in/passkey/options"): "a passkey is asked by the browser",
    ("POST", "/star-rounds/{round_id}/export.csv"): "a spreadsheet of what GET /star-rounds/{round_id} lists",
    ("POST", "/star-rounds/{round_id}/export.xlsx"): "a spreadsheet of what GET /star-rounds/{round_id} lists",
    ("POST", "/sign-in/provider"): "sends the browser to the provider",
}
"""Acts that only make sense in a browser, each with the reason."""


def paths(routers: tuple[object, ...]) -> set[tuple[str, str]]:
    return {(method, route.path) for router in routers for route in router.routes for method in route.methods}


def without_twin(console: set[tuple[str, str]], interface: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Acts of the console that no route of the interface does."""
    known = {(method, path.removeprefix(API)) for method, path in interface}
    acts = {one for one in console if one[0] != "GET"} - CONSOLE_ONLY.keys()
    return {one for one in acts if TWINS.get(one, one) not in known}


def test_what_the_console_can_do_the_interface_can_do() -> None:
    assert without_twin(paths(CONSOLE), paths(INTERFACE)) == set()


def test_no_line_of_the_lists_is_stale() -> None:
    assert CONSOLE_ONLY.keys() | TWINS.keys() <= paths(CONSOLE)
    assert not CONSOLE_ONLY.keys() & TWINS.keys()


def test_a_twin_that_is_taken_away_is_missed() -> None:
    twin = ("POST", f"{API}/absences")
    assert without_twin(paths(CONSOLE), paths(INTERFACE) - {twin}) == {("POST", "/absences")}


def test_an_act_of_the_console_alone_is_found() -> None:
    assert without_twin({("POST", "/only/here")}, paths(INTERFACE)) == {("POST", "/only/here")}
