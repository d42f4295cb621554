"""The slim form of a site, for hosts that limit its size: what it leaves out, and where links to that lead.

A paper is one short page.  Whatever else is known of it lies in the registry, from which everybody can make
the whole site.  Corrections keep their notices and versions, for few papers have any.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from colophon.model import Artifact, Page

# The page that says what is left out.
INSTEAD: Final = "left-out.html"
# Kinds of pages that stand in for one another, or that a slim site has none of.
_WHOLE_ONLY = frozenset({"paper", "correct", "badge", "record_json", "record_sarif", "data"})
_SLIM_ONLY = frozenset({"slim_paper"})
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Beside a paper: its JSON, badge, findings as SARIF, forms, continued lists, and its versions as JSON.  Of
# the registry: the findings of a rule, the papers of a tier and those that cite a source, all sources but the
# most cited, and the papers as lines of JSON, which stand in a table too.
_LEFT_OUT = re.compile(
    rf"papers/{_ID}(?:\.json|\.svg|/findings\.sarif|/correct\.html|/[a-z]+-[0-9]+\.html|/v[0-9]+\.json)"
    r"|findings/[a-z][0-9]{3}(?:-[0-9]+)?\.html|tiers/.+|sources/.+|sources-[0-9]+\.html|data/.+\.jsonl"
)


def _words(escaped: str) -> str:
    """Return words for the search, which splits at all else, of an identifier escaped as a name in a path."""
    return re.sub("_[0-9a-f]+_", "+", escaped)


# What the search finds just as well: papers of a tier, with findings of a rule, that cite a source.
_SEARCHED = (
    (re.compile(r"tiers/([a-z_]+)(?:-[0-9]+)?\.html"), "tier", str.upper),
    (re.compile(r"findings/([a-z][0-9]{3})(?:-[0-9]+)?\.html"), "q", str.upper),
    (re.compile(r"sources/(?:arxiv|doi)-((?:[0-9a-z.-]|_[0-9a-f]{1,6}_)+)(?:__[0-9]+)?\.html"), "q", _words),
)
_LINK = re.compile(r'<(a|link) [^<>]*?href="([^"#?:]+)(?:[#?][^"]*)?"[^<>]*>\n?')


def makes(kind: str, *, is_slim: bool) -> bool:
    """Return whether a site of this form has pages of a kind."""
    return kind not in (_WHOLE_ONLY if is_slim else _SLIM_ONLY)


def kept(outputs: Iterable[Page | Artifact]) -> Iterator[Page | Artifact]:
    """Yield what a slim site has of some pages and files, with links that lead to nothing left out."""
    for output in outputs:
        if not _LEFT_OUT.fullmatch(output.path):
            yield _linked(output) if isinstance(output, Page) else output


def _linked(page: Page) -> Page:
    return replace(page, body=linked(page.path, page.body), head=linked(page.path, page.head))


def linked(path: str, html: str) -> str:
    """Return HTML of the page at ``path``, whose links lead to what a slim site has."""
    folder = posixpath.dirname(path)

    def link(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, found[2]))
        if not _LEFT_OUT.fullmatch(target):
            return found[0]
        # A link of the head says where the same is in another form, and here it is in none.
        if found[1] == "link":
            return ""
        start = found.start(2) - found.start()
        end = found[0].index('"', start)
        return f"{found[0][:start]}{'../' * path.count('/')}{_instead(target)}{found[0][end:]}"

    return _LINK.sub(link, html)


def _instead(path: str) -> str:
    """Return where a link leads that led to something left out, from the root of the site."""
    for pattern, name, spelled in _SEARCHED:
        if found := pattern.fullmatch(path):
            return f"search.html?{name}={spelled(found[1])}"
    return INSTEAD
