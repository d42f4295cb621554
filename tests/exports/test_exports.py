"""Citations say what a work is, and no text of a record leaves its field."""

import json
import os
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.library import Library
from hypothesis import example, given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec
from pylatexenc.latex2text import get_default_latex_context_db as text_context
from pylatexenc.latexwalker import get_default_latex_context_db as walker_context

from colophon import contracts
from colophon.contracts.paper_manifest import Manifest
from colophon.exports import EXPORTS, Citation, cite, one_line
from colophon.index import EventFacts
from colophon.rules.state import correction_state

HERE = Path(__file__).parent
MINIMAL = HERE.parent / "contracts" / "paper-manifest" / "v1.1" / "valid" / "shows-nothing.json"
FULL = MINIMAL.with_name("shows-everything.json")
SUFFIX = {"bibtex": "bib", "csl_json": "json", "ris": "ris"}
SITE = "https://press.example/registry/"
HOSTILE = (
    'Gains of 50% & more_{x}^2 #1 $5 ~ \\input{/etc/passwd} }, note = {"fine"}\n}\n@misc{other,\n'
    "ER  - \nTY  - JOUR\nTI  - Another <i>title</i> \\"
)
# Any character that stored text may hold, and line breaks.
NOTE = "The encoder was never measured, & the table says 5% of it."
EVENT = "2026-11-25-0123456789ab"
# Which events of one record lead to a state, as (type, outcome), and what its title then begins with.
HISTORIES: dict[str, tuple[str, list[tuple[str, str]], str]] = {
    "current": ("CURRENT", [], ""),
    "corrected": ("CORRECTED", [("METADATA", "applied")], ""),
    "not-applied": ("CURRENT", [("CLAIM", "not applied")], ""),
    "disputed": ("DISPUTED", [("DISPUTE", "proposed")], ""),
    "of-concern": ("DISPUTED", [("EXPRESSION_OF_CONCERN", "notice")], "EXPRESSION OF CONCERN: "),
    "of-concern-then-disputed": (
        "DISPUTED",
        [("EXPRESSION_OF_CONCERN", "notice"), ("DISPUTE", "notice")],
        "EXPRESSION OF CONCERN: ",
    ),
    "waiting": ("DISPUTED", [("RETRACTION", "waits")], ""),
    "superseded": ("SUPERSEDED", [("SUPERSESSION", "confirmed")], ""),
    "withdrawn": ("WITHDRAWN", [("WITHDRAWAL", "confirmed")], "WITHDRAWN: "),
    "retracted": ("RETRACTED", [("RETRACTION", "confirmed"), ("DISPUTE", "notice")], "RETRACTED: "),
    "reinstated": ("CURRENT", [("RETRACTION", "confirmed"), ("REINSTATEMENT", "confirmed")], ""),
    "removed": ("CORRECTED", [("REMOVAL", "notice"), ("METADATA", "applied")], "REMOVED: "),
}
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
PRINTABLE = st.text(st.characters(exclude_categories=UNSEEN) | st.just("\n"))
TITLES = PRINTABLE.filter(lambda text: one_line(text) != "")
SPECIAL = st.text(st.sampled_from('{}\\%&_^~#$@"=,<>\n -TYER')).filter(lambda text: one_line(text) != "")


def manifest(path: Path = MINIMAL, **changes: Any) -> Manifest:
    """Return the manifest of an example, with changed fields."""
    read = contracts.read({**json.loads(path.read_text(encoding="utf-8")), **changes})
    assert isinstance(read, Manifest)
    return read


def written(name: str, citation: Citation, of: Manifest | None = None) -> str:
    """Return what one format writes."""
    return EXPORTS.all()[name].write(of or manifest(), citation)


def history(case: str, note: str = NOTE) -> tuple[EventFacts, ...]:
    """Return the steps of one of the histories."""
    return tuple(
        EventFacts(
            number, f"2026-11-{24 + number}-0123456789ab", f"event-{number}", number + 1, kind, None,
            f"2026-11-{24 + number}T00:00:00Z", "Ada Example", "person", note, outcome, None,
            "2026-11-29-ba9876543210" if outcome == "confirmed" else "",
        )
        for number, (kind, outcome) in enumerate(HISTORIES[case][1], 1)
    )  # fmt: skip


def cited(
    title: str = "A title", publisher: str = "Example Press", case: str = "current", note: str = NOTE
) -> Citation:
    """Return a citation of a record with these texts and one of the histories."""
    record = manifest(title=title, submitted="2026-02-28", publisher={"name": publisher, "url": None})
    steps = history(case, note)
    return cite(record, steps, tier="UNSAFE", state=correction_state(steps), site_url=SITE)


def entry(text: str) -> dict[str, str]:
    """Return the fields of the one BibTeX entry, braces removed, commands still commands."""
    library: Library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert len(library.blocks) == len(library.entries) == 1
    return {field.key: str(field.value) for field in library.entries[0].fields}


COMMANDS = {
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textless": "<",
    "textgreater": ">",
}


def printed(latex: str) -> str:
    """Return what TeX would print, with ``--`` and the like left as they are."""
    texts = text_context()
    macros = [MacroTextSpec(name, character) for name, character in COMMANDS.items()]
    texts.add_context_category("characters", macros, prepend=True)
    ligatures = ["nonascii-specials", "latex-base-specials"]
    specials = walker_context().filter_context(exclude_categories=ligatures)
    decoder = LatexNodes2Text(latex_context=texts, strict_latex_spaces=True, keep_comments=True)
    return str(decoder.latex_to_text(latex, latex_context=specials))


def golden_case(case: str) -> tuple[Manifest, Citation]:
    """Return what is written into the golden files of one case."""
    full, bare = manifest(FULL), manifest()
    if case == "plain":
        steps = history("corrected")
        return full, cite(full, steps, tier="LOCATED", state=correction_state(steps), site_url=SITE)
    if case == "hostile-retracted":
        return full, cited(HOSTILE, HOSTILE, "retracted", HOSTILE)
    return bare, cite(bare, (), tier="UNSAFE", state=correction_state(()), site_url=None)


@pytest.mark.parametrize("name", SUFFIX)
@pytest.mark.parametrize("case", ["plain", "hostile-retracted", "shows-nothing"])
def test_the_golden_files_stay_as_they_are(name: str, case: str) -> None:
    """What a reader downloads changes only when somebody meant it to.

    With the environment variable REGENERATE=1 the files are written anew; review sees the diff.
    """
    record, citation = golden_case(case)
    golden = HERE / "golden" / f"{case}.{SUFFIX[name]}"
    text = written(name, citation, record)
    if os.environ.get("REGENERATE"):
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text(encoding="utf-8")


def test_the_formats_are_the_three_of_the_published_record() -> None:
    """Each citation that a published record carries has a writer and a media type."""
    assert {name: form.media_type for name, form in EXPORTS.all().items()} == {
        "bibtex": "application/x-bibtex",
        "csl_json": "application/vnd.citationstyles.csl+json",
        "ris": "application/x-research-info-systems",
    }


@given(TITLES | SPECIAL, TITLES | SPECIAL)
@example(HOSTILE, HOSTILE)
def test_bibtex_keeps_every_text_in_its_field(title: str, publisher: str) -> None:
    """A parser finds one entry with our fields only, and TeX prints the same title."""
    fields = entry(written("bibtex", cited(title, publisher, "disputed", title)))
    assert list(fields) == ["title", "author", "howpublished", "year", "month", "url", "note"]
    for field, text in (("title", title), ("author", publisher)):
        assert fields[field].startswith("{") and fields[field].endswith("}")
        assert printed(fields[field][1:-1]) == one_line(text)
    assert printed(fields["note"]).startswith("Machine-generated synthesis. Evidence tier: UNSAFE.")


@given(TITLES | SPECIAL, TITLES | SPECIAL)
@example(HOSTILE, HOSTILE)
def test_bibtex_itself_counts_the_same_braces(title: str, publisher: str) -> None:
    """BibTeX counts braces even after a backslash: none of ours stands alone, on any line."""
    for line in written("bibtex", cited(title, publisher, "disputed", title)).splitlines()[1:-1]:
        depth = 0
        for character in line:
            depth += {"{": 1, "}": -1}.get(character, 0)
            assert depth >= 0
        assert depth == 0


@given(TITLES | SPECIAL, TITLES | SPECIAL)
@example(HOSTILE, HOSTILE)
def test_ris_keeps_every_text_in_its_field(title: str, publisher: str) -> None:
    """A parser finds one reference, with the same title and publisher."""
    references = rispy.loads(written("ris", cited(title, publisher, "disputed", title)))
    assert len(references) == 1
    assert references[0]["type_of_reference"] == "RPRT"
    assert references[0]["title"] == one_line(title)
    assert references[0]["authors"] == [one_line(publisher)]
    assert "unknown_tag" not in references[0]


@given(TITLES | SPECIAL, TITLES | SPECIAL)
@example(HOSTILE, HOSTILE)
def test_csl_json_keeps_every_text_in_its_field(title: str, publisher: str) -> None:
    """It is JSON with one item, the same title, and the publisher as a literal name, never split."""
    (item,) = json.loads(written("csl_json", cited(title, publisher, "disputed", title)))
    assert item["title"] == one_line(title)
    assert item["author"] == [{"literal": one_line(publisher)}]
    assert item["issued"] == {"date-parts": [[2026, 2, 28]]}


def title_and_note(name: str, text: str) -> tuple[str, str]:
    """Return title and note as a parser of the format reads them."""
    if name == "bibtex":
        fields = entry(text)
        return printed(fields["title"][1:-1]), printed(fields["note"])
    if name == "ris":
        (reference,) = rispy.loads(text)
        return reference["title"], reference["notes"][0]
    (item,) = json.loads(text)
    return item["title"], item["note"]


@pytest.mark.parametrize("name", SUFFIX)
@pytest.mark.parametrize("case", HISTORIES)
def test_a_parser_reads_the_state_back(name: str, case: str) -> None:
    """Who sees only a reference list sees what the state puts before the title; the note names the state."""
    state, _, prefix = HISTORIES[case]
    title, note = title_and_note(name, written(name, cited(case=case)))
    assert title == f"{prefix}A title"
    assert f"State: {state}" in note


@pytest.mark.parametrize("name", SUFFIX)
def test_the_note_names_the_event_that_gave_the_state(name: str) -> None:
    """Its id, its type, since when, and the beginning of what was said; a later dispute does not hide it."""
    _, note = title_and_note(name, written(name, cited(case="retracted")))
    assert note.endswith(f"State: RETRACTED by event {EVENT} (RETRACTION, 2026-11-25): {NOTE}")
    _, note = title_and_note(name, written(name, cited(case="waiting")))
    assert f"State: DISPUTED by event {EVENT} (RETRACTION, not confirmed, 2026-11-25)" in note
    _, note = title_and_note(name, written(name, cited(case="not-applied")))
    assert note.endswith("State: CURRENT.")


def test_a_long_note_is_cut_in_a_citation() -> None:
    """A citation stays one: it gives the beginning and says by a mark that more was said."""
    note = cited(case="retracted", note="word " * 40).note
    assert note.endswith("word…")
    assert len(note) < 320


@pytest.mark.parametrize("name", SUFFIX)
def test_every_format_says_machine_generated_and_tier(name: str) -> None:
    """The warning travels with the citation."""
    text = written(name, cited()).replace("\\_", "_")
    assert "Machine-generated synthesis. Evidence tier: UNSAFE. State: CURRENT." in text


@pytest.mark.parametrize("name", SUFFIX)
def test_the_address_names_the_full_id(name: str) -> None:
    """A short id may fit two records; the address never does."""
    assert f"{SITE}papers/11111111-1111-4111-8111-111111111111.html" in written(name, cited())


def test_an_address_cannot_leave_its_field() -> None:
    """Characters that no address holds are percent-encoded in BibTeX."""
    citation = Citation("a", "DEMO:1", "T", "P", None, None, "https://a.example/}\n{ \\x", "note", "CURRENT")
    assert entry(written("bibtex", citation))["url"] == "https://a.example/%7D%0A%7B%20%5Cx"


@pytest.mark.parametrize("name", SUFFIX)
def test_a_year_without_a_day_is_enough(name: str) -> None:
    """What is not known is left out, not guessed."""
    citation = Citation("a", "DEMO:1", "T", "P", 2026, None, None, "note", "CURRENT")
    text = written(name, citation)
    assert "2026" in text
    assert "month" not in text and "DA  -" not in text and "http" not in text
