"""Every example report gives exactly the facts that stand beside it."""

import json
import os
from pathlib import Path

import pytest

from colophon import characters, ingests

EXAMPLES = Path(__file__).parent / "examples"
REPORTS = sorted(EXAMPLES.glob("*.txt"))
FORMAT_BY_PREFIX = {
    "000": "assignee-report",
    "001": "record-page",
    "002": "kernel-draft",
    "minimal_record": "record-page",
    "minimal_kernel": "kernel-draft",
    "variant_record": "record-page",
    "variant_kernel": "kernel-draft",
}


def written(facts: object) -> str:
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def expected_format(path: Path) -> str:
    fitting = [name for prefix, name in FORMAT_BY_PREFIX.items() if path.name.startswith(prefix)]
    return fitting[0] if fitting else "assignee-report"


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_report_gives_the_facts_beside_it(path: Path) -> None:
    """A report's manifest and provenance equal the golden files; REGENERATE=1 writes them anew."""
    text = path.read_bytes().decode()
    form = ingests.recognise(text)
    assert form is not None
    assert form.name == expected_format(path)
    parsed = form.parse(text)
    for part, facts in (("manifest", parsed.manifest), ("provenance", parsed.provenance)):
        golden = path.with_suffix(f".{part}.json")
        if os.environ.get("REGENERATE"):
            golden.write_text(written(facts), encoding="utf-8")
        assert golden.read_text(encoding="utf-8") == written(facts)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_exactly_one_format_recognises_a_report(path: Path) -> None:
    """The formats exclude each other, as received and as tidied."""
    text = path.read_bytes().decode()
    for shown in (text, characters.tidy(text)):
        fitting = [form.name for form in ingests.FORMATS.all().values() if form.recognises(shown)]
        assert fitting == [expected_format(path)]


def test_display_id_is_the_printed_one() -> None:
    """The record page prints its display id, the other reports print none."""
    found = {}
    for path in REPORTS[:3]:
        form = ingests.recognise(path.read_bytes().decode())
        assert form is not None
        found[path.name[:3]] = form.parse(path.read_bytes().decode()).display_id
    assert found == {"000": None, "001": "SRCH:C157B341", "002": None}


@pytest.mark.parametrize("path", REPORTS[:3], ids=lambda path: path.stem)
def test_lost_tabs_lose_no_facts(path: Path) -> None:
    """The real reports give the same facts when their tabs have become single spaces."""
    text = path.read_bytes().decode()
    form = ingests.recognise(text)
    assert form is not None
    assert form.parse(text.replace("\t", " ")) == form.parse(text)
