"""The award case: public money promised to one organization, from application to closure."""

from statemachines.award import v1

EDITIONS = {1: v1.PROCESS}
CURRENT = v1.PROCESS
