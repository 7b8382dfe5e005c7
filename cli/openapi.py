"""`chuke openapi`: prints the description of the interface, or keeps it in a file unless programs would break."""

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

REFUSED = 4


def openapi(
    *,
    to: Path | None = None,
    incompatible: Annotated[bool, Parameter(name="--incompatible", negative="")] = False,
) -> int:
    """接口说明 · Print the OpenAPI 3.1 description of the interface.

    Parameters
    ----------
    to:
        写入文件 the file to keep it in, as docs/openapi.json; refused when programs written against it would break.
    incompatible:
        不兼容也写 keep it all the same.
    """
    from web.app import description
    from web.interface.compatibility import incompatibilities

    found = description()
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if to is None:
        print(text, end="")
        return 0
    broken = incompatibilities(json.loads(to.read_text(encoding="utf-8")), found) if to.exists() else []
    if broken and not incompatible:
        print("\n".join(["会使现有程序失效，未写入 · would break programs, not written:", *broken]), file=sys.stderr)
        return REFUSED
    to.write_text(text, encoding="utf-8")
    return 0
