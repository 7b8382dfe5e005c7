"""The person behind the token."""

from fastapi import APIRouter, Depends

from web.interface.shapes import Reply
from web.visitor import Visitor, visiting

router = APIRouter(prefix="/api/v1", tags=["me"])


class Grant(Reply):
    """A role that is held today, and for what."""

    role: str
    office: str
    organization_id: str | None
    division_code: str | None


class Me(Reply):
    """The person, the language notices are written in, and the roles of the day."""

    id: str
    username: str
    name: str
    language: str
    grants: list[Grant]


@router.get("/me", summary="Who this token stands for")
def me(visitor: Visitor = Depends(visiting)) -> Me:
    """The person and the roles held today."""
    actor = visitor.person
    grants = [
        Grant(role=one.role.value, office=one.office, organization_id=one.organization_id,
              division_code=one.division_code)
        for one in actor.grants
    ]  # fmt: skip
    return Me(id=actor.id, username=actor.username, name=actor.name, language=actor.language, grants=grants)
