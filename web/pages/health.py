"""Whether the process lives, and whether it can serve: for supervisors and load balancers."""

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from services.database.schema import SchemaNewer, standing
from web.visitor import Visitor, visiting

router = APIRouter()


@router.get("/livez")
def livez() -> JSONResponse:
    """The process answers."""
    return JSONResponse({"alive": True})


@router.get("/readyz")
def readyz(visitor: Visitor = Depends(visiting)) -> JSONResponse:
    """The database answers and its schema is the one this code knows; 503 otherwise. Names nothing else."""
    try:
        schema = standing(visitor.database)
    except SchemaNewer:
        return JSONResponse({"ready": False, "database": True, "schema": "newer"}, status_code=503)
    except Exception:
        return JSONResponse({"ready": False, "database": False, "schema": None}, status_code=503)
    body = {"ready": schema.at_head, "database": True, "schema": "head" if schema.at_head else "older"}
    return JSONResponse(body, status_code=200 if schema.at_head else 503)
