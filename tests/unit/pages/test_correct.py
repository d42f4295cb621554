"""What the forms of a paper begin can be filed as it is, once it has a date."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from colophon import folder
from colophon.model import Page
from colophon.pages.correct import correct
from colophon.pages.paper import paper
from colophon.store import OverlayTree, WorkTree
from colophon.views import RecordView

from ...pages.paper.conftest import example, view
from .registries import CORRECTED, REGISTRIES, Begun, Forms, findings_of, in_link, views

LATER = "2027-01-01"
FORGES = {
    "none": {"repository_url": None, "forge": "other"},
    "github": {"repository_url": "https://github.com/press/registry", "forge": "github"},
    "forgejo": {"repository_url": "https://codeberg.org/press/registry", "forge": "forgejo"},
    "gitlab": {"repository_url": "https://gitlab.com/press/registry", "forge": "gitlab"},
}


def bodies(of: RecordView) -> dict[str, str]:
    """Return the pages with forms by file name."""
    return {page.path.rpartition("/")[2]: page.body for page in correct(of) if isinstance(page, Page)}


@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("tree", REGISTRIES, ids=lambda tree: tree.root.rpartition("/")[2])
def test_what_a_page_begins_passes_the_check(tree: WorkTree, forge: str) -> None:
    """Of every record of three registries each file, in a link or copied, passes once it is filled in."""
    for of in views(tree, **FORGES[forge]):
        first, *rest = bodies(of).values()
        found = [one for body in (first, *(first + body for body in rest)) for one in Forms(body).found]
        assert found
        for begun in dict.fromkeys(found):
            assert findings_of(tree, of.record.id, begun.dated(LATER).filled()) == [], begun


@pytest.mark.parametrize("forge", ["none", "gitlab"])
def test_what_all_files_begin_with_stands_once(forge: str) -> None:
    """On each page of texts to be copied; the text of a claim stands in its proposal, and not above it."""
    for tree in REGISTRIES:
        for of in views(tree, **FORGES[forge]):
            for body in bodies(of).values():
                assert body.count("contract_version: correction-event-v1") == 1
            of_claims = [form for form in of.forms if form.about.startswith("Claim ")]
            assert all("\n    new: " in form.end and form.quote == "" for form in of_claims)
            assert len({form.begin for form in of.forms}) == 1


@pytest.mark.parametrize("forge", ["github", "forgejo"])
@pytest.mark.parametrize("tree", REGISTRIES, ids=lambda tree: tree.root.rpartition("/")[2])
def test_the_button_of_a_paper_begins_the_same(tree: WorkTree, forge: str) -> None:
    """The button on a paper's own page begins the file that the form for the whole paper begins."""
    for of in views(tree, **FORGES[forge]):
        pages = {page.path: page for page in paper(of) if isinstance(page, Page)}
        (begun,) = Forms(pages[f"papers/{of.record.id}.html"].body).found
        assert begun == in_link(of.forms[0].link)
        assert findings_of(tree, of.record.id, begun.dated(LATER).filled()) == []


def test_what_is_not_filled_in_is_asked_for() -> None:
    """An untouched file names the lines to write, whether its date can be read or not."""
    (of,) = (one for one in views(REGISTRIES[2]) if one.record.id == CORRECTED)
    path = of.forms[0].path
    begun = Begun(f"registry/{path}", of.forms[0].text)
    lines = begun.text.split("\n")
    found = findings_of(REGISTRIES[2], CORRECTED, begun.dated(LATER))
    assert {lines[one.line - 1].strip() for one in found} == {"name: Your name or handle", "note: |-"}
    assert {one.code for one in found} == {"H313"}
    tree = OverlayTree(REGISTRIES[2], ((path, begun.text.encode()),))
    undated = [
        one for one in folder.load(tree, CORRECTED, of.record.folder, "SRCH").findings if one.path == path
    ]
    assert {(one.code, one.pointer) for one in undated} == {
        ("S110", "/date"),
        ("H313", "/note"),
        ("H313", "/reporter/name"),
    }


def test_every_file_name_is_free_and_every_form_once() -> None:
    """The forms of one paper have an anchor each; none takes the name of a file that is there."""
    for tree in REGISTRIES:
        for of in views(tree):
            forms = of.forms
            assert max(Counter(form.anchor for form in forms).values()) == 1
            assert not {form.path for form in forms} & {
                f"{of.record.folder}/corrections/{filed.slug}.yaml" for filed in of.record.events
            }


@pytest.mark.parametrize("length", [100, 3_000], ids=["short", "long"])
@pytest.mark.parametrize("forge", FORGES)
def test_a_page_leads_to_what_it_has(forge: str, length: int) -> None:
    """What a page says to begin with stands on it, also where a link would be too long for its forge."""
    manifest = example("paper-manifest", "v1.1")
    manifest["abstract"] = "word " * (length // 5)
    manifest["claims"] = [
        {**manifest["claims"][1], "id": f"c{number:03d}", "text": "long " * (length // 5)}
        for number in range(1, 31)
    ]
    for body in bodies(view(manifest, **FORGES[forge])).values():
        assert set(re.findall('href="#([^"]+)"', body)) <= set(re.findall(' id="([^"]+)"', body))
        copied = body.count("<pre tabindex")
        assert (body.count('id="begin"'), '"#begin"' in body) == (int(copied > 0), copied > 0)


@pytest.mark.parametrize("forge", FORGES)
def test_three_hundred_claims_continue(forge: str) -> None:
    """The forms go on at correct-2.html, linked with its neighbours; each claim's link finds its form."""
    manifest = example("paper-manifest", "v1.1")
    manifest["claims"] = [
        {**manifest["claims"][1], "id": f"c{number:03d}", "text": f"Claim {number} <&\"' " + "long " * 40}
        for number in range(1, 301)
    ]
    of = view(manifest, **FORGES[forge])
    made = bodies(of)
    names = ["correct.html", *(f"correct-{number}.html" for number in range(2, len(made) + 1))]
    assert list(made) == names
    assert len(names) > 1
    for before, after in pairwise(names):
        assert f'rel="next" href="{after}"' in made[before]
        assert f'rel="prev" href="{before}"' in made[after]
    links = [
        found
        for page in paper(of) if isinstance(page, Page)
        for found in re.findall(r'<a class="correct" href="(?:[0-9a-f-]{36}/)?([^"#]+)#(c\d+)"', page.body)
    ]  # fmt: skip
    assert sorted(anchor for _, anchor in links) == [f"c{number:03d}" for number in range(1, 301)]
    assert {name for name, _ in links} <= set(names)
    assert all(f'id="{anchor}"' in made[name] for name, anchor in links)
    assert {anchor: name for name, anchor in links}.items() <= {
        form.anchor: form.page for form in of.forms
    }.items()
