"""The star case: one organization's application in a yearly rating round, from applying to the end of its star."""

from statemachines.star import v1

EDITIONS = {1: v1.PROCESS}
CURRENT = v1.PROCESS
