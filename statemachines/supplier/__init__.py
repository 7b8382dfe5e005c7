"""The supplier case: one organization's place in the catalogue of those who may take services, reviewed every year."""

from statemachines.supplier import v1

EDITIONS = {1: v1.PROCESS}
CURRENT = v1.PROCESS
