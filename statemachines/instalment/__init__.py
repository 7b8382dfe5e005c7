"""The instalment case: one part of an award, from earned to paid and confirmed by the payee."""

from statemachines.instalment import v1

EDITIONS = {1: v1.PROCESS}
CURRENT = v1.PROCESS
