"""Who may see and do what: every role against every route, replayed addresses, forged orders, planted personal data."""
