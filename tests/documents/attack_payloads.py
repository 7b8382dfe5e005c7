"""What somebody might type into a field, or write into a page, to have a paper fetch, read or show what it must not."""

from urllib.parse import quote

FILE, SITE = "CANARY_FILE", "CANARY_SITE"
"""Replaced by the address of a file with a secret in it, and by that of a listening server."""

OWN = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="99" height="99"'


def drawing(inner: str, *, before: str = "") -> str:
    """A drawing in the page itself, as a picture: its own document, which may ask for more."""
    return f'<img src="data:image/svg+xml,{quote(f"{before}<svg {OWN}>{inner}</svg>")}">'


VECTORS: dict[str, tuple[str, str]] = {
    "attachment by link": (f'<link rel="attachment" href="{FILE}">', "shown"),
    "attachment by anchor": (f'<a rel="attachment" href="{FILE}">x</a>', "shown"),
    "attachment by base": (f'<base href="{FILE}"><a rel="attachment" href="secret.svg">x</a>', "shown"),
    "picture on disk": (f'<img src="{FILE}">', "shown"),
    "object on disk": (f'<object data="{FILE}"></object>', "shown"),
    "embed on disk": (f'<embed src="{FILE}">', "shown"),
    "drawing with a picture on disk": (f'<svg {OWN}><image href="{FILE}" width="99" height="99"/></svg>', "shown"),
    "picture with a picture on disk": (drawing(f'<image href="{FILE}" width="99" height="99"/>'), "shown"),
    "style sheet on disk": (f'<link rel="stylesheet" href="{FILE}">', "read"),
    "style sheet imported": (f"<style>@import url({FILE});</style>", "read"),
    "background on disk": (f'<p style="background: url({FILE})">x</p>', "read"),
    "content on disk": (f"<style>p::before {{ content: url({FILE}) }}</style>", "shown"),
    "typeface on disk": (f"<style>@font-face {{ font-family: a; src: url({FILE}) }}</style>", "read"),
    "picture from a server": (f'<img src="{SITE}/a.png">', "asked"),
    "style sheet from a server": (f'<link rel="stylesheet" href="{SITE}/a.css">', "asked"),
    "typeface from a server": (f"<style>@font-face {{ font-family: a; src: url({SITE}/a) }}</style>", "asked"),
    "attachment from a server": (f'<link rel="attachment" href="{SITE}/a">', "asked"),
    "picture with a picture from a server": (drawing(f'<image href="{SITE}/a.png" width="9" height="9"/>'), "asked"),
    "frame": (f'<iframe src="{SITE}"></iframe>', "nothing"),
    "frame on disk": (f'<iframe src="{FILE}"></iframe>', "nothing"),
    "use of another drawing": (f'<svg {OWN}><use href="{FILE}#x"/></svg>', "nothing"),
    "use of a drawing on a server": (f'<svg {OWN}><use xlink:href="{SITE}/a.svg#x"/></svg>', "nothing"),
    "entity on disk": (
        drawing('<text y="20">&x;</text>', before=f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{FILE}">]>'), "nothing",
    ),
    "entity from a server": (
        drawing('<text y="20">&x;</text>', before=f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{SITE}/a">]>'), "nothing",
    ),
    "description of the document from a server": (
        drawing('<text y="20">x</text>', before=f'<!DOCTYPE svg SYSTEM "{SITE}/a.dtd">'), "nothing",
    ),
}  # fmt: skip
"""Every way by which the engine loads something, and what comes of it with the fetcher it brings along: what it loads
is `shown` on the paper or in the file, `read` only, or `asked` for at the server; ours must answer each with nothing.
"""

PAYLOADS: tuple[str, ...] = (
    f'<base href="{FILE}"><a rel="attachment" href="x">x</a>',
    f'<img srcset="{SITE}/a.png 2x">',
    f'<img src="{SITE}/a.svg">',
    f'<object data="{SITE}/a.svg" type="image/svg+xml"></object>',
    f'<embed src="{SITE}/a.svg">',
    f'<iframe srcdoc="&lt;img src={SITE}&gt;"></iframe>',
    f'<video poster="{SITE}/a.png"></video>',
    f'<input type="image" src="{SITE}/a.png">',
    f'<body background="{SITE}/a.png">',
    f'<table background="{SITE}/a.png"><tr><td>x</td></tr></table>',
    f'<meta http-equiv="refresh" content="0;url={SITE}">',
    f"<script>fetch('{SITE}')</script>",
    f"<style>@import url({SITE}/a.css);</style>",
    f"<style>@import '{FILE}';</style>",
    f"<style>body {{ background: url({SITE}/a.png) }}</style>",
    f"<style>@font-face {{ font-family: a; src: url({SITE}/a.woff2) }} p {{ font-family: a }}</style>",
    f"<style>@font-face {{ font-family: a; src: url({FILE}) }} p {{ font-family: a }}</style>",
    f"<style>li {{ list-style-image: url({SITE}/a.png) }}</style>",
    f"<style>p {{ border-image: url({SITE}/a.png) 1 }}</style>",
    f"<style>p {{ cursor: url({SITE}/a.cur), auto }}</style>",
    f"<style>@page {{ background: url({SITE}/a.png) }}</style>",
    f'<p style="background: url({SITE}/a.png)">x</p>',
    f'" style="background: url({SITE}/a.png)" x="',
    f'"><img src="{SITE}/a.png">',
    f"'><img src='{SITE}/a.png'>",
    f'</p></body><img src="{SITE}/a.png">',
    f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{SITE}/a.png" width="9" height="9"/></svg>',
    f'<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{FILE}"/></svg>',
    f'<svg><use href="{SITE}/a.svg#x"/></svg>',
    f'<svg><use xlink:href="{FILE}#x"/></svg>',
    f'<svg><rect fill="url({SITE}/a.svg#x)" width="9" height="9"/></svg>',
    f"<svg><style>@import url({SITE}/a.css);</style></svg>",
    f'<svg><foreignObject><img src="{SITE}/a.png"/></foreignObject></svg>',
    f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{FILE}">]><svg><text>&x;</text></svg>',
    '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><svg><text>&c;</text></svg>',
    f"@import url({SITE}/a.css);",
    f"p {{ background: u\\72l({SITE}/a.png) }}",
    f"p {{ background: image-set('{SITE}/a.png' 1x) }}",
    f"p {{ content: url({FILE}) }}",
    f"@font-face {{ font-family: 'Doc Song'; src: url({FILE}) }}",
    *(payload for payload, _ in VECTORS.values()),
    "{% include '/etc/passwd' %}",
    f'<![CDATA[<img src="{SITE}/a.png">]]>',
)
