"""Who may do what on which case: one policy table, asked by code, by queries and by tests."""
