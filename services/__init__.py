"""Everything the service knows and writes: rules, tables, commands and queries, one package per noun."""
