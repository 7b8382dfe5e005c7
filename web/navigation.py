"""Where people go from any page: one row a page, shown to whom the policy lets in."""

from dataclasses import dataclass
from typing import Literal

SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class Item:
    """One way: where it leads, the key of its name, the action it asks for (or SIGNED_IN), where it is shown.

    `bar`: on top of every page. `office`: a card on the page 管理 (its lead is the text `<text>_lead`). `own`: in the
    menu under the person's name.
    """

    path: str
    text: str
    action: str
    place: Literal["bar", "office", "own"] = "bar"


# fmt: off
ITEMS: tuple[Item, ...] = (
    Item("/",        "nav.waiting", "case:list"),
    Item("/assessments", "nav.assessments", "assessment:score"),
    Item("/cases",   "nav.cases",   "case:list"),
    Item("/my-papers", "nav.my_papers", "paper:own"),
    Item("/board",   "nav.board",   "report:read"),
    Item("/gifts",   "nav.gifts",   "offer:own"),
    Item("/notices", "nav.notices", SIGNED_IN),
    Item("/finance", "nav.money",   "ledger:read"),
    Item("/payments", "nav.payments", "payment:read", "office"),
    Item("/errands", "nav.errands", "errand:read", "office"),
    Item("/people", "nav.people", "person:list", "office"),
    Item("/evaluators", "nav.evaluators", "evaluator:list", "office"),
    Item("/releases", "nav.releases", "release:prepare", "office"),
    Item("/deliveries", "nav.deliveries", "delivery:read", "office"),
    Item("/objections", "nav.objections", "case:rule_objection", "office"),
    Item("/rule-sets", "nav.rule_sets", "rules:read", "office"),
    Item("/centres", "nav.centres", "centre:manage", "office"),
    Item("/divisions", "nav.divisions", "division:manage", "office"),
    Item("/accounts", "nav.accounts", "account:list", "office"),
    Item("/budget", "nav.budget", "budget:read", "office"),
    Item("/budget/execution", "nav.execution", "ledger:read", "office"),
    Item("/calls", "nav.calls", "call:read", "office"),
    Item("/awards/new", "nav.new_award", "case:open", "office"),
    Item("/ledger", "nav.ledger", "ledger:read", "office"),
    Item("/reconciliation", "nav.reconciliation", "reconciliation:read", "office"),
    Item("/money/returns", "nav.returns", "ledger:read", "office"),
    Item("/working-days", "nav.calendar", "calendar:read", "office"),
    Item("/bulletins", "nav.bulletins", "report:read", "office"),
    Item("/templates", "nav.templates", "template:read", "office"),
    Item("/paper-changes", "nav.paper_changes", "document:change", "office"),
    Item("/mail-log", "nav.mail_log", "mail:read", "office"),
    Item("/doctor", "nav.doctor", "machine:check", "office"),
    Item("/audit", "nav.audit", "audit:read", "office"),
    Item("/export-leaves", "nav.export_leaves", "export:ask", "office"),
    Item("/webhooks", "nav.webhooks", "webhook:manage", "office"),
    Item("/calendar", "nav.calendar_feed", SIGNED_IN, "own"),
    Item("/organizations", "nav.organizations", "organization:list", "office"),
    Item("/my-papers", "nav.my_papers", "paper:open", "own"),
    Item("/absences", "nav.absences", "absence:declare", "own"),
    Item("/account", "nav.account", SIGNED_IN, "own"),
    Item("/account/factors", "nav.factors", SIGNED_IN, "own"),
    Item("/account/tokens", "nav.tokens", SIGNED_IN, "own"),
    Item("/evaluator-statistics", "nav.evaluator_statistics", "assessment:statistics", "office"),
    Item("/reveals", "nav.reveals", "reveal:read", "office"),
    Item("/star-rounds", "nav.star_rounds", "report:read", "office"),
    Item("/offers", "nav.offers", "offer:match", "office"),
    Item("/star-rounds", "nav.star_rounds", "star:apply", "own"),
    Item("/purchases", "nav.purchases", "purchase:read", "office"),
    Item("/service-catalogue", "nav.service_catalogue", "purchase:read", "office"),
    Item("/suppliers", "nav.suppliers", "purchase:read", "office"),
    Item("/purchasers", "nav.purchasers", "purchaser:keep", "office"),
    Item("/services", "nav.services", "bid:submit", "own"),
    Item("/supplier-application", "nav.supplier_application", "supplier:apply", "own"),
    Item("/grades", "nav.grades", "organization:list", "office"),
)
# fmt: on
