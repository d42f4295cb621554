"""Text of a record can reach a page as text alone."""

import html
import re
from enum import StrEnum
from pathlib import Path

import minijinja
import pytest
from hypothesis import given
from hypothesis import strategies as st

from colophon import pages
from colophon.pages import _words

TEMPLATES = sorted(Path(pages.__file__).parent.glob("*.html"))
TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=200) | st.text(
    alphabet="<>&\"'/-_ ab2", max_size=60
)
WHATEVER = (
    "{% macro inner(x) %}{{ x }}{% endmacro %}"
    "{{ t }}|{{ inner(t) }}|{{ t ~ '/' }}|{{ [t, t] | join('<') }}|{{ t | upper }}|{{ [t] }}|{{ {'k': t} }}"
    "|{{ t | e }}|{% set held %}{{ t }}{% endset %}{{ held }}|{{ t | default('') }}"
    "|{{ t | keep }}|{{ t | wrap }}"
)


class Named(StrEnum):
    """A text that is not of the plain type."""

    HOSTILE = "<b>"


def render(source: str, **context: object) -> str:
    """Render a template of this test as the pages are rendered."""
    return pages._bare(pages._environment().render_str(source, name="x.html", **context))


@given(TEXTS)
def test_text_is_escaped_once(text: str) -> None:
    """A text loses the five characters that mean something, no other, and a browser reads it back."""
    shown = render("{{ t }}", t=text)
    assert not set("<>\"'") & set(shown)
    assert html.unescape(shown) == html.unescape(html.escape(text))
    assert "&#x2f;" not in shown or "&#x2f;" in html.escape(text)
    assert len(shown.encode()) == _words.cost(text)


@given(TEXTS)
def test_no_way_through_a_template_escapes_escaping(text: str) -> None:
    """Macros, filters, joins, captures and lists: whatever is done to a text, it makes no element."""
    shown = render(WHATEVER, t=text)
    assert not set("<>\"'") & set(re.sub('<span class="keep">|</span>|<wbr>', "", shown))


@given(TEXTS)
def test_marks_add_no_character(text: str) -> None:
    """What keeps a word together or lets it break is an element; copied text stays as it is."""
    for mark in (pages.keep, pages.wrap):
        marked = str(mark(text))
        bare, number = re.subn('<span class="keep">|<wbr>', "", marked)
        assert html.unescape(bare.replace("</span>", "")) == html.unescape(html.escape(text))
        assert number <= pages.MARKS


def test_what_is_kept_together() -> None:
    """Short hyphenated words only, and few of them."""
    kept = re.compile('<span class="keep">(.*?)</span>')
    assert kept.findall(pages.keep("Trade-offs of Kosmos-2 - a state-of-the-art one")) == [
        "Trade-offs",
        "Kosmos-2",
    ]
    assert len(kept.findall(pages.keep("a-1 " * 100))) == pages.MARKS
    assert pages.keep("<b>-1") == '<span class="keep">&lt;b&gt;-1</span>'
    assert pages.wrap("A_B") == "A_<wbr>B"


def test_what_is_no_plain_text() -> None:
    """Other types are escaped too, markup stays markup, and an unknown name is an error."""
    assert render("{{ t }}", t=Named.HOSTILE) == "&lt;b&gt;"
    assert render("{{ t }}", t=["<b>"]).count("<") == 0
    assert render("{{ t }}", t=minijinja.Markup("<i>")) == "<i>"
    with pytest.raises(minijinja.TemplateError, match="undefined"):
        render("{{ unknown }}")


def test_nothing_prints_as_none() -> None:
    """In every test of this suite a template that prints None is an error, not the word on a page."""
    with pytest.raises(ValueError, match="None would be printed"):
        render("{{ t }}", t=None)
    assert render("{{ 'x' if t is none else '' }}", t=None) == "x"


def test_rows_are_parted_where_no_text_can_part_them() -> None:
    """A text that looks like what stands between rows is escaped, so each row stays one."""
    hostile = {"id": "c001", "text": _words.Text(f"a{pages._BETWEEN}b"), "proposed": []}
    page = {"kind": "text", "root": "../", "way": "", "json": "x.json"}
    rows = list(pages.rendered("_record_rows.html", [hostile] * 150, **page))
    assert len(rows) == 150
    assert set(rows) == {"<li><bdi>a&lt;between/&gt;b</bdi></li>\n"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_quote_and_trust_nothing(path: Path) -> None:
    """No template calls a value safe, and each value inside a tag stands between double quotes."""
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape", source)
    plain = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", source, flags=re.DOTALL)
    for tag in re.findall(r"<[a-z][a-z0-9]*((?:[^<>{]|\{\{.*?\}\})*)>", plain):
        assert "{{" not in re.sub(r'"(?:[^"{]|\{\{.*?\}\})*"', "", tag), tag
