"""Signs that a text was not finished, or carries the markup of the tool that made it."""

import re
from collections.abc import Iterator

# Values that stand for a missing one.  "Not available" and "unknown" are honest words and not among them.
_PLACEHOLDERS = frozenset(
    {
        "not publicly specified", "not specified", "not provided", "none provided", "n/a", "tbd", "tba",
        "tbc", "todo", "fixme", "to be determined", "to be announced", "to be added", "to be completed",
        "to be filled in", "placeholder", "lorem ipsum", "undefined", "null", "nan", "xxx", "xxxx",
        "object object", "coming soon", "to follow", "to come", "to be written", "to be supplied",
        "to be defined", "to be inserted", "to be decided", "tk",
    }
)  # fmt: skip
# A whole value that is one variable of a template, in the marks of whatever language it was written in.
_VARIABLE = re.compile(
    r"\$\{?[A-Za-z_]\w{2,40}\}?\$?|%\(\w{1,40}\)[a-z]|%[sd]|@@\w{2,40}@@|%%?[A-Za-z_]\w{2,40}%%?"
    r"|__\w{2,40}__|\{\w{1,40}\}|<<[\w ]{2,40}>>"
)
# A part of a report in brackets stands for that part; "[ACCEPT]" and "[MASK]" stand for themselves.
_PART_NAME = re.compile(
    r"[\[<]\s?(?:(?:the|your|author|insert|enter|add|report|paper|first|last|full|short|publication) ){0,3}"
    r"(?:authors?|names?|titles?|abstracts?|dates?|years?|sources?|citations?|references?|summary|text|doi|url|links?|journal|institution"
    r"|affiliation|publisher|topic|question|methods?|description|e-?mail|address|keywords?|figure"
    r"|table|numbers?|value|score)\s?[\]>]",
    re.IGNORECASE,
)
_TO_THE_WRITER = re.compile(
    r"(?:insert|enter|type|add|write|fill in|paste|describe|provide)\b[^.!?]{1,60}\b(?:here|below)\W*"
    r"|(?:todo|fixme|tbd)\s?:.{0,200}",
    re.IGNORECASE | re.DOTALL,
)
_EMPTY_CELL = re.compile(r"[\s\-–—_.…?·|\[\]()]+")
_LONGEST_SHOWN = 60

# Two letters inside keep powers such as "a ** b" and "2**3" out.
_EMPHASIS = re.compile(
    r"(?<![\w*])\*\*(?=[^\s*])[^*\n]{0,200}?[^\W\d_]{2}[^*\n]{0,200}?(?<=[^\s*])\*\*(?![\w*])"
)
_ESCAPE = re.compile(r"(?<=[A-Za-z0-9])\\[_*#](?=[A-Za-z0-9])")
_LATEX = re.compile(r"\$|\\[A-Za-z]+\{")
_HEADING_MARK = re.compile(r"(?:^|\n)#{2,6}[ \t]+\S")
# Vocabulary tokens such as <p>, <s> or <box> occur in papers on language models, so a tag needs its end.
_TAG = re.compile(
    r"<br\s*/?>|<(b|i|u|em|strong|sup|sub|span|div|td|tr|th|li|ul|ol|h[1-6]|font|a|code|small|center)\b"
    r"[^<>]{0,200}>[^<]{0,500}</\1\s*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|nbsp|apos|[mn]dash|hellip|[lr][sd]quo|#[0-9]{2,5}|#x[0-9A-Fa-f]{2,5});"
)
# Two underscores around a name in small letters are code.
_UNDERSCORES = re.compile(r"(?<![\w_])__(?=[A-Z][a-z]|[^_\n]{1,100}? )[^_\s][^_\n]{1,200}__(?![\w_])")
# A text in a paragraph's tag begins with it; inside, the same marks a phrase in some vocabularies.
_PARAGRAPH = re.compile(r"\A\s*<(?:p|div)\b[^<>]{0,100}>(?=[^\W\d_])(?![^<]{0,500}</p>\s?<)", re.IGNORECASE)
_LINE_END = re.compile(r"(?<=[A-Za-z0-9.,;:!?)])\\[nrt](?=\s|$|\\n)|(?<=[.,;:!?])\\n(?=[A-Z])")
# Commands for text; those for formulas, and names of code, are kept as they are.
_LATEX_TEXT = re.compile(
    r"\\(?:textbf|textit|textsc|emph|underline|cite[pt]?|ref|label|footnote|href|url|begin|end|caption"
    r"|(?:sub){0,2}section\*?|paragraph)\s?\{"
)
_FENCE = re.compile(r"```")
# Not after a backslash command, a script mark or a brace: \mathbf{{x}}, x_{{i}}.
_SLOT = re.compile(
    r"(?<![\\\w^_}{$])\{\{\s*[A-Za-z_][\w. ]{0,60}\s*\}\}(?!\})|\{%[^{}%]{1,100}%\}"
    r"|%\([A-Za-z_]\w{1,40}\)[sdif]\b"
)
_INSTRUCTION = re.compile(
    r"\[(?:insert|placeholder|todo|tbd|citation needed|your (?:name|title|text))\b[^\[\]]{0,80}\]"
    r"|\blorem ipsum\b",
    re.IGNORECASE,
)
_SIGNS = (
    ("Markdown emphasis", _EMPHASIS),
    ("a Markdown escape", _ESCAPE),
    ("a Markdown heading", _HEADING_MARK),
    ("a code fence", _FENCE),
    ("Markdown emphasis", _UNDERSCORES),
    ("an HTML tag", _PARAGRAPH),
    ("an escaped line end", _LINE_END),
    ("a LaTeX command", _LATEX_TEXT),
    ("an HTML tag", _TAG),
    ("an HTML entity", _ENTITY),
    ("a template slot", _SLOT),
    ("an instruction to the writer", _INSTRUCTION),
)
_SUSPECT = re.compile(r"[*\\#<&{`\[]")
_SUSPECT_PARTS = ("__", "%(", "lorem")


def placeholder(text: str) -> str | None:
    """Return what a text is when its whole value stands for a missing one, or None."""
    bare = text.strip().strip("[]()<>{}").rstrip(".").strip().casefold()
    if bare in _PLACEHOLDERS:
        return f'is the placeholder "{text.strip()[:_LONGEST_SHOWN]}"'
    whole = text.strip()
    if any(form.fullmatch(whole) for form in (_VARIABLE, _PART_NAME, _TO_THE_WRITER)):
        return f'is the placeholder "{whole[:_LONGEST_SHOWN]}"'
    return "is an empty cell" if _EMPTY_CELL.fullmatch(text) else None


def debris(text: str) -> Iterator[str]:
    """Yield what of a template or of markup is left in a text, once per kind."""
    lower = text.lower()
    if not _SUSPECT.search(text) and not any(part in lower for part in _SUSPECT_PARTS):
        return
    for name, pattern in _SIGNS:
        match = pattern.search(text)
        if match and not (pattern in (_ESCAPE, _LATEX_TEXT) and _is_formula(text, match)):
            yield f"{name} {_around(text, match)}"


def _is_formula(text: str, match: re.Match[str]) -> bool:
    """Whether a mark belongs to a formula: to any in its text, a command to that around it."""
    if match.re is _LATEX_TEXT:
        return text.count("$", 0, match.start()) % 2 == 1
    return _LATEX.search(text) is not None


def _around(text: str, match: re.Match[str]) -> str:
    """Return the match in quotation marks, widened to whole words and shortened."""
    start, end = match.span()
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    shown = " ".join(text[start:end].split())
    return f'"{shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 3] + "..."}"'
