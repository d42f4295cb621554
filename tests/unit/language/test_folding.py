"""Text in one spelling, and where each character of it stood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon.language.folding import fold

calm = settings(derandomize=True, max_examples=300)
PIECES = st.sampled_from(
    [
        *"aB9 \n-–\u00ad&$}~ﬁßİ漢א·’“\u00a0\u2009\u202e\ud800𝔘ﷺ",
        *("-\n", "&amp;", "&#8211;", "\\%", "\\text{", "e\u0301"),
    ]
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("plain text, as it is", "plain text, as it is"),
        ("the multi-\nmodal model", "the multimodal model"),
        ("soft\u00adhyphen", "softhyphen"),
        ("1–2 — a‑b", "1-2 - a-b"),
        ("“It’s”", '"It\'s"'),
        ("AT&amp;T &lt;5 &nbsp;x", "AT&T <5  x"),
        ("3·1% of it", "3.1% of it"),
        ("ﬁne and ½", "fine and 1⁄2"),
        (r"a gain of $5.2\%$ at \textbf{top} $k \leq 3$", "a gain of 5.2% at top k ≤ 3"),
        ("from $5 to $7", "from $5 to $7"),
        ("a\u00a0b\u2009c\td", "a b c d"),
        ("e\u0301t\u00e9", "été"),
        ("Table~2", "Table~2"),
    ],
)
def test_one_spelling(text: str, folded: str) -> None:
    """What is written otherwise and means the same is one text."""
    assert fold(text).text == folded


def test_a_stretch_is_shown_as_it_stood() -> None:
    """Offsets count in the original, whatever became of what stands before."""
    text = "The ﬁrst multi-\nmodal “model” scores 45\u202f%."
    found = fold(text)
    start = found.text.index("multimodal")
    first, last = found.original(start, start + len("multimodal"))
    assert text[first:last] == "multi-\nmodal"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Long-context retrieval", "long context  retrieval"),
        ("long-\ncontext", "Long–context"),
        ('the "best" model', "the best model"),
        ("Straße", "straße"),
    ],
)
def test_what_may_be_written_otherwise_is_squeezed_out(one: str, other: str) -> None:
    """Spaces, hyphens inside of words, case and quotes make no difference to a quotation."""
    assert fold(one).squeezed.text == fold(other).squeezed.text


@pytest.mark.parametrize(("one", "other"), [("10-20", "1020"), ("-5 degrees", "5 degrees"), ("3 4", "34")])
def test_numbers_stay_apart(one: str, other: str) -> None:
    """A sign, a range and two numbers side by side are not squeezed into another number."""
    assert fold(one).squeezed.text != fold(other).squeezed.text


@calm
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=40))
def test_every_character_knows_where_it_stood(text: str) -> None:
    """Offsets grow and stay inside; nothing fails, whatever the text holds."""
    found = fold(text)
    assert len(found.starts) == len(found.text) + 1
    assert list(found.starts) == sorted(found.starts)
    assert found.starts[-1] == len(text)
    squeezed = found.squeezed
    assert len(squeezed.starts) == len(squeezed.text) + 1
    assert list(squeezed.starts) == sorted(squeezed.starts)
    for at in range(len(squeezed.text)):
        stood = found.text[squeezed.starts[at]]
        assert stood.lower()[:1] == squeezed.text[at] or (stood.isspace() and squeezed.text[at] == " ")
