"""Every rule is explained: what, why, an example, how to mend, what follows."""

import pytest

from colophon import pipeline, rulebook
from colophon.model import FindingClass, Rule, Severity

RULES = pipeline.rules()


def rule(severity: Severity, finding_class: FindingClass, *, second: bool = False) -> Rule:
    return Rule(
        "Z999", "made-up", severity, finding_class, "What.", "Why.", "Example.", "Mend.", second=second
    )


@pytest.mark.parametrize("code", RULES)
def test_every_rule_is_explained_in_full(code: str) -> None:
    """No part is empty, and the text for the terminal fits 100 columns."""
    found = RULES[code]
    assert all((found.what, found.why, found.example, found.mend))
    text = rulebook.text(found)
    assert text.startswith(f"{code} {found.slug}  (")
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize(
    ("declared", "words", "follows"),
    [
        (rule(Severity.ERROR, FindingClass.INTEGRITY), "integrity", "nothing is published"),
        (rule(Severity.ERROR, FindingClass.EDITORIAL), "error", "UNSAFE"),
        (rule(Severity.NOTE, FindingClass.EDITORIAL), "note", "does not fail by default"),
        (
            rule(Severity.WARNING, FindingClass.EDITORIAL, second=True),
            "warning, compares stated with derived",
            "never changes",
        ),
    ],
)
def test_consequences_follow_class_and_severity(declared: Rule, words: str, follows: str) -> None:
    """What a finding does is said in words, from its class, its severity and whether it is a second one."""
    assert rulebook.weight(declared) == words
    assert follows in rulebook.consequence(declared)


def test_pages_are_named_by_code_and_slug() -> None:
    """One page a rule; only editorial ones lead to a list of records, as integrity findings are never
    published.
    """
    pages = rulebook.pages({"Z999": rule(Severity.NOTE, FindingClass.EDITORIAL)})
    assert list(pages) == ["z999-made-up.md"]
    assert pages["z999-made-up.md"].startswith("# Z999 made-up\n\n*Note.*\n\n## What it finds\n\nWhat.\n")
    assert "findings/z999.html" in pages["z999-made-up.md"]
    damage = rulebook.pages({"Z999": rule(Severity.ERROR, FindingClass.INTEGRITY)})["z999-made-up.md"]
    assert "findings/" not in damage
