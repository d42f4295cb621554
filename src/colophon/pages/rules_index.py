"""The index of all rules, by family; each rule's own page is prose."""

from collections.abc import Iterator
from itertools import groupby

from colophon.model import Page
from colophon.pages import Output, _words, registry_page, render
from colophon.views import RegistryView

_FAMILIES = {
    "S": "Schema and stored form",
    "C": "Counts",
    "T": "Topic",
    "X": "Text",
    "K": "Grounding",
    "U": "Duplicates",
    "B": "Bibliography and links",
    "E": "Evidence and runs",
    "H": "History and dates",
    "N": "Numbers",
    "R": "The record's own rules",
    "P": "Presentation",
}
_LINE = 300


@registry_page("rules_index")
def rules_index(view: RegistryView) -> Iterator[Output]:
    """Yield rules/index.html."""
    order = list(_FAMILIES)
    rules = sorted(view.rules.values(), key=lambda rule: (order.index(rule.code[0]), rule.code))
    families = [
        (letter, _FAMILIES[letter], [(rule, first_sentence(rule.what)) for rule in members])
        for letter, members in groupby(rules, key=lambda rule: rule.code[0])
    ]
    total = _words.counted(len(rules), "rule")
    body = render("rules_index.html", families=families, total=total)
    yield Page("rules/index.html", "Rules", f"{total}, by family, with severity and class.", "rules", body)


def first_sentence(text: str) -> str:
    """Return the first sentence of a rule's prose on one line, without the marks of code."""
    line = " ".join(text.replace("`", "").split())
    head, dot, _ = line.partition(". ")
    return _words.short(head + dot.strip(), _LINE)
