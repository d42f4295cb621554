"""Placeholders and debris are told from mathematics, code and plain words."""

import pytest

from colophon.audits._debris import debris, placeholder


@pytest.mark.parametrize(
    "text",
    [
        "a ** b and 2**3",
        "x_1 and y_{12}",
        "p** < 0.01, p* < 0.05",
        "\\mathbf{{x}}",
        "the tokens <s>, <p> and <box>",
        "<p>a snowman</p><box>",
        "R&D, AT&T; and Q&A;",
        "F# and C#",
        "[12] and [MASK]",
        "[Add & Norm]",
        "1 < 2 > 0",
        "$a\\_b$",
        "\\texttt{a\\_b}",
        "snake_case_name",
        "{title}",
        "5 * 3 * 2",
        "#1 in 3 of 4",
        "x **2 + y** z",
        "[here](https://example.org/a_b)",
    ],
)
def test_sound_text_has_no_debris(text: str) -> None:
    """Powers, footnote marks, code, formulas and model tokens are no debris."""
    assert list(debris(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "**3 Results**",
        "the **best** model",
        "revision\\_round",
        "## Results",
        "a<br>b",
        "10<sup>2</sup>",
        "A &amp; B",
        "&#8217;",
        "```python",
        "{{ title }}",
        "{% block x %}",
        "[insert title]",
        "Lorem ipsum dolor",
    ],
)
def test_debris_is_found(text: str) -> None:
    """Markup that was not rendered and slots that were not filled are found."""
    assert list(debris(text))


@pytest.mark.parametrize("text", ["N/A", "not publicly specified", "[TBD]", "undefined.", "—", "...", "xxx"])
def test_placeholders_are_found(text: str) -> None:
    """A value that stands for a missing one is found, whatever its case."""
    assert placeholder(text)


@pytest.mark.parametrize(
    "text", ["Not registered", "unknown", "None.", "The value is undefined at 0.", "NaN values"]
)
def test_honest_words_are_no_placeholders(text: str) -> None:
    """A value that says something is no placeholder."""
    assert placeholder(text) is None
