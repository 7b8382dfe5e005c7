"""The review (复核): a second look at one decision, by people who had no part in it."""

from statemachines.review import v1

EDITIONS = {1: v1.PROCESS}
CURRENT = v1.PROCESS
