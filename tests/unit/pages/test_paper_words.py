"""Texts, days and addresses of the paper page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import pages
from colophon.pages import _links, _words


@given(st.text(max_size=300))
def test_cost_is_what_a_page_pays(text: str) -> None:
    """The cost of a text is the length of its escaped form."""
    clean = text.encode("utf-8", "ignore").decode()
    page = {"kind": "text", "root": "", "way": "", "json": ""}
    items = [{"text": _words.Text(one), "proposed": []} for one in ("", clean)]
    row, filled = pages.rendered("_record_rows.html", items, **page)
    assert _words.cost(clean) == len(filled.encode()) - len(row.encode())


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.integers(0, 200))
def test_clip_keeps_a_beginning_within_the_limit(text: str, limit: int) -> None:
    """A clipped text is a beginning of the text, within the limit, and says whether it goes on."""
    clipped = _words.clip(text, limit)
    assert text.startswith(clipped.shown)
    assert _words.cost(clipped.shown) <= limit
    assert clipped.goes_on == (clipped.shown != text)


def test_days() -> None:
    """Days are written as people write them."""
    assert _words.day("2026-06-03") == "3 June 2026"
    assert _words.day("2026-06-13T10:00:00Z") == "13 June 2026"
    assert _words.day(None) is None
    assert _words.month("2026-12-01") == "December 2026"


@pytest.mark.parametrize(
    ("kind", "identifier", "url", "expected"),
    [
        ("arxiv", "2601.15305v1", "http://arxiv.org/abs/2601.15305v1", "https://arxiv.org/abs/2601.15305v1"),
        ("arxiv", "arXiv:hep-th/9901001", None, "https://arxiv.org/abs/hep-th/9901001"),
        ("arxiv", "2601.15305/../../x", None, ""),
        ("doi", '10.1000/a"b<c>', None, "https://doi.org/10.1000/a%22b%3Cc%3E"),
        ("doi", "javascript:alert(1)", None, ""),
        ("url", "https://a.example/x?y=1#z", None, "https://a.example/x?y=1#z"),
        ("url", "http://a.example/", "http://a.example/", ""),
        ("url", "https://user@a.example/", None, ""),
        ("url", "https://a.example/ x", None, ""),
        ("other", "javascript:alert(1)", None, ""),
        ("other", "JAVASCRIPT:alert(1)", "data:text/html,x", ""),
        ("url", "https://a.example/%zz", None, ""),
    ],
)
def test_only_safe_addresses_become_links(kind: str, identifier: str, url: str | None, expected: str) -> None:
    """What is not of a known, safe shape stays text."""
    assert _links.of_source(kind, identifier, url) == expected
