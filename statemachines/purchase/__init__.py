"""The purchase case: one service bought by civil affairs or a street, from the need to the last assessment."""

from statemachines.purchase import v1

EDITIONS = {1: v1.PROCESS}
CURRENT = v1.PROCESS
