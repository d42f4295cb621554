"""What a slim site leaves out, and where links to that lead."""

import pytest

from colophon import slim
from colophon.model import Artifact, Page
from colophon.pages import KINDS

ID = "00229be1-c413-8b2c-aeae-ae61ea0c9a9b"
LEFT_OUT = (
    f"papers/{ID}.json",
    f"papers/{ID}.svg",
    f"papers/{ID}/findings.sarif",
    f"papers/{ID}/correct.html",
    f"papers/{ID}/correct-2.html",
    f"papers/{ID}/claims-12.html",
    f"papers/{ID}/v3.json",
    "findings/k104.html",
    "findings/k104-3.html",
    "tiers/unsafe-2.html",
    "sources/doi-10.1000_2f_182.html",
    "sources-2.html",
    "data/2026-01.jsonl",
)
KEPT = (
    f"papers/{ID}.html",
    f"papers/{ID}/2026-03-01-000000000025.html",
    f"papers/{ID}/v3.html",
    f"papers/{ID}/feed.atom",
    "papers/2026-01-2.html",
    "papers/undated.html",
    "findings/by-tier.html",
    "findings.html",
    "tiers.html",
    "sources.html",
    "data/papers.parquet",
    "data.html",
    "index.json",
    "works/arxiv-2507.13374.json",
)


def page(body: str, path: str = f"papers/{ID}.html", head: str = "") -> Page:
    """A page with a body."""
    return Page(path, "A title", "What it is.", "papers", body, head)


def linked(body: str, path: str = f"papers/{ID}.html") -> str:
    """The body of a page as a slim site has it."""
    (found,) = slim.kept([page(body, path)])
    assert isinstance(found, Page)
    return found.body


@pytest.mark.parametrize("path", LEFT_OUT)
def test_what_is_left_out(path: str) -> None:
    """Neither the page or file is kept, nor a link to it."""
    assert list(slim.kept([page("", path), Artifact(path, "application/json", b"{}")])) == []
    assert path not in linked(f'<p><a href="../{path}">There</a></p>')


@pytest.mark.parametrize("path", KEPT)
def test_what_is_kept(path: str) -> None:
    """Pages and files stay as they are, and so do links to them."""
    outputs = [page("<p>It</p>", path), Artifact(path, "application/json", b"{}")]
    assert list(slim.kept(outputs)) == outputs
    body = f'<p><a class="x" href="../{path}#here">There</a></p>'
    assert linked(body) == body


@pytest.mark.parametrize(
    ("path", "instead"),
    [
        (f"{ID}.json", "../left-out.html"),
        (f"{ID}/correct.html#c001", "../left-out.html#c001"),
        ("../tiers/mostly_grounded.html", "../search.html?tier=MOSTLY_GROUNDED"),
        ("../findings/k104-2.html", "../search.html?q=K104"),
        ("../sources/arxiv-2507.13374.html", "../search.html?q=2507.13374"),
        ("../sources/doi-10.1000_2f_182.html", "../search.html?q=10.1000+182"),
        ("../sources/arxiv-hep-th_2f_9901001__2.html", "../search.html?q=hep-th+9901001"),
        (f"../sources/doi-{'x' * 20}_0123456789abcdef.html", "../left-out.html"),
        ("../sources/url-https_3a__2f__2f_a.example.html", "../left-out.html"),
        ("../sources-2.html", "../left-out.html"),
    ],
)
def test_where_links_lead_instead(path: str, instead: str) -> None:
    """The search finds papers of a tier, with findings of a rule, that cite a source; else the page says."""
    target = instead.partition("#")[0]
    assert linked(f'<a href="{path}" rel="next">x</a>') == f'<a href="{target}" rel="next">x</a>'


def test_links_count_from_their_page() -> None:
    """An address is read from where its page lies, and addresses of other hosts are none of ours."""
    below = f"papers/{ID}/v3.html"
    assert linked(f'<a href="../{ID}.json">x</a>', below) == '<a href="../../left-out.html">x</a>'
    assert linked('<a href="sources-2.html">x</a>', "sources.html") == '<a href="left-out.html">x</a>'
    for body in (
        f'<a href="https://example.org/papers/{ID}.json">x</a>',
        '<a href="#c001">x</a>',
        f"<p>papers/{ID}.json</p>",
    ):
        assert linked(body, "index.html") == body


def test_links_of_the_head_go() -> None:
    """A form that is not there is not named to machines; what else stands in the head stays."""
    canonical = f'<link rel="canonical" href="https://example.org/papers/{ID}.html">\n'
    other = f'<link rel="alternate" type="application/json" href="{ID}.json">\n'
    (found,) = slim.kept([page("", head=canonical + other)])
    assert isinstance(found, Page)
    assert found.head == canonical


def test_kinds_stand_in_for_one_another() -> None:
    """A paper has one page in either form; every kind is made in one of them, most in both."""
    whole = {name for name in KINDS.all() if slim.makes(name, is_slim=False)}
    short = {name for name in KINDS.all() if slim.makes(name, is_slim=True)}
    assert whole | short == set(KINDS.all())
    assert short - whole == {"slim_paper"}
    assert whole - short == {"paper", "correct", "badge", "record_json", "record_sarif", "data"}
