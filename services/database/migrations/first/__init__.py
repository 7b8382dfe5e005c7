"""The tables as first released; later editions of the code change their own tables and add steps, never these."""

TABLES = (
    "assessments",
    "audit",
    "calendar",
    "cases",
    "funding",
    "issuance",
    "ledger",
    "notices",
    "organizations",
    "outbox",
    "people",
    "rulesets",
)
