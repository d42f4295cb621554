"""What the files of every record depend on: the program that writes them, and not the audits."""

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from colophon import bundle, dependence, pipeline, reuse, search_build
from colophon.executor import Serial
from colophon.frame import Frame
from colophon.rendering import Workshop
from colophon.store import WorkTree


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    """A workshop with the rules of this program, as a build has one."""
    tree = WorkTree(str(Path(__file__).parents[1] / "registry"))
    settings = pipeline.survey(tree, Serial(), lambda *_: None).settings
    assert settings is not None
    return Workshop(tree, settings, pipeline.rules(), cast(Frame, None), Path())


def test_data_counts(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another file that the program reads writes other pages."""
    before = reuse.inputs(workshop, "prose")
    monkeypatch.setattr(bundle, "data_digest", lambda: "another")
    assert reuse.inputs(workshop, "prose") != before


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ("paper_claims.html", {"paper"}),
        ("badge.svg.html", {"badge"}),
        ("colophon.pages.badge", {"badge"}),
        ("colophon.audits.text_cut", set()),
        ("correct.html", {"correct"}),
        ("_macros.html", {"correct", "event", "paper", "version"}),
        ("home.html", set()),
    ],
)
def test_a_template_counts_for_its_pages_alone(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, changed: str, kinds: set[str]
) -> None:
    """Of a record only those kinds of pages depend on it that name it, directly or not."""
    common, before = reuse._common(workshop, "prose"), reuse._of_kinds(workshop).digests
    digest = dependence._text_digest
    monkeypatch.setattr(dependence, "_text_digest", lambda name: "" if name == changed else digest(name))
    assert reuse._common(workshop, "prose") == common
    after = reuse._of_kinds(workshop).digests
    assert {name for name in after if before[name] != after[name]} == kinds


def test_templates_are_named_where_they_are_used() -> None:
    """A name that is put together would be no dependence: every call and every template asks by a text."""
    package = bundle.PACKAGE / "pages"
    for file in {*package.glob("*.py")} - {package / "__init__.py"}:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in {"render", "rendered"}:
                assert isinstance(call.args[0], ast.Constant), f"{file.name}:{call.lineno}"
                assert call.args[0].value in dependence._needs(f"colophon.pages.{file.stem}")
    for file in package.glob("*.html"):
        asked = re.findall(
            r"\{%-?\s*(?:from|import|include|extends)\b([^%]*)", file.read_text(encoding="utf-8")
        )
        assert len({one.split()[0] for one in asked}) == len(dependence._needs(file.name)), file.name


def test_rules_settings_prose_and_form_count(workshop: Workshop) -> None:
    """A page names rules and the site; a slim one has another form."""
    before = reuse.inputs(workshop, "prose")
    code, rule = next(iter(workshop.rules.items()))
    renamed = {**workshop.rules, code: replace(rule, slug="another")}
    slim = replace(workshop, slim=cast(Frame, object()))
    others = [
        reuse.inputs(replace(workshop, rules=renamed), "prose"),
        reuse.inputs(replace(workshop, settings=replace(workshop.settings, name="Another")), "prose"),
        reuse.inputs(slim, "prose"),
        reuse.inputs(workshop, "other prose"),
    ]
    assert len({before, *others}) == 1 + len(others)
    assert reuse.inputs(replace(workshop, target=Path("elsewhere")), "prose") == before


def test_the_program_that_writes_records_counts_and_audits_do_not(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an audit finds differently is in what was found in the record."""
    digest, changed = dependence._text_digest, "colophon.pages.paper"
    before = reuse.inputs(workshop, "prose")
    monkeypatch.setattr(dependence, "_text_digest", lambda name: "" if name == changed else digest(name))
    assert reuse.inputs(workshop, "prose") != before
    changed = "colophon.audits.text_cut"
    assert reuse.inputs(workshop, "prose") == before


def test_the_search_needs_no_page() -> None:
    """What it knows of a paper is read from the record and from what was found in it."""
    needed = frozenset[str]().union(*(dependence.needed(name) for name in search_build._PROGRAMS))
    assert not [name for name in needed if name.startswith(("colophon.pages", "colophon.rendering"))]
