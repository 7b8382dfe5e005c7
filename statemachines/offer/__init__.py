"""The offer (捐赠与开放资源): what somebody gives, from the posting to the thanks, with what became of it."""

from statemachines.offer import v1

EDITIONS = {1: v1.PROCESS}
CURRENT = v1.PROCESS
