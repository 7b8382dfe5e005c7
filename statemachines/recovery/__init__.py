"""The recovery (追回): money that was paid and is owed back, from the finding to the last fen."""

from statemachines.recovery import v1

EDITIONS = {1: v1.PROCESS}
CURRENT = v1.PROCESS
