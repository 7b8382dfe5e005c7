"""The incubation case, the main path of the policy: enter, incubate, be evaluated, graduate."""

from statemachines.incubation import v1

EDITIONS = {1: v1.PROCESS}
CURRENT = v1.PROCESS
