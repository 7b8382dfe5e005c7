-- What the application's own database user may do: read and write, but never change or remove a row of a book.
-- Run as the owner of the tables after every upgrade:  psql -v role=chuke -f deploy/grants.sql chuke
grant usage on schema public to :"role";
grant select, insert, update, delete on all tables in schema public to :"role";
revoke update, delete, truncate on
  acted_for, audit_entries, bank_answers, case_moves, ledger_entries, ledger_postings, ledger_reversals, log_leaves,
  payment_approvals, reversed_refunds, review_ballots, rule_sets
from :"role";
revoke insert, update, delete on alembic_version from :"role";
grant usage, select on all sequences in schema public to :"role";
