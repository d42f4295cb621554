"""BibTeX, for LaTeX and most reference managers.

BibTeX counts braces even behind a backslash, so no brace of a record's text is ever written: each becomes
a command.  Source of the rules: "BibTeXing", O. Patashnik, 1988, and ``btxdoc``.
"""

import re
from urllib.parse import quote

from colophon.contracts.paper_manifest import Manifest
from colophon.exports import Citation, export, one_line, work_type

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COMMANDS = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "<": r"{\textless}",
        ">": r"{\textgreater}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
    }
)
_URL_CHARACTERS = "!$&'()*+,/:;=?@[]~%#"


@export("bibtex", media_type="application/x-bibtex")
def bibtex(manifest: Manifest, citation: Citation) -> str:
    """Return one ``@misc`` entry; its key is made of the full id, so it is unique."""
    key = re.sub("[^a-z0-9-]", "", f"{citation.display_id.partition(':')[0]}-{citation.id}".lower())
    fields = [
        ("title", f"{{{{{escaped(citation.shown_title)}}}}}"),
        ("author", f"{{{{{escaped(citation.publisher)}}}}}"),
        ("howpublished", f"{{{escaped(f'{work_type(manifest)}, {citation.display_id}')}}}"),
        *_dates(citation),
        *([("url", f"{{{quote(citation.url, safe=_URL_CHARACTERS)}}}")] if citation.url else []),
        ("note", f"{{{escaped(citation.note)}}}"),
    ]
    lines = "".join(f"  {name} = {value},\n" for name, value in fields)
    return f"@misc{{{key},\n{lines}}}\n"


def _dates(citation: Citation) -> list[tuple[str, str]]:
    dates = [("year", f"{{{citation.year:04d}}}")] if citation.year is not None else []
    if citation.date:
        dates.append(("month", _MONTHS[int(citation.date[5:7]) - 1]))
    return dates


def escaped(text: str) -> str:
    """Return text on one line in which no character commands TeX and no brace stands alone.

    TeX may still join ``--`` and the like into one character; reference managers show them as they are.
    """
    return one_line(text).translate(_COMMANDS)
