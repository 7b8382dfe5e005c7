"""Awards beside their money: calls, terms, budget tables, expenses and audits."""
