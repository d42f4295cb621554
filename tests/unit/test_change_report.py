"""What a change does, for people: the verdict is right, and no text of a record leaves its place."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from colophon import faults
from colophon.change_report import ChangeReport, FieldChange, RecordChange, markdown, text_summary
from colophon.change_report._markdown import LIMIT
from colophon.model import Fault, Finding, FindingClass, Patch, Severity
from colophon.report import harmless

ID = "633d4d8a-aa2a-449c-8123-213191021a18"
HOSTILE = (
    "<script>alert(1)</script> <img src=x> ![a](http://b.example/x.png) [a](javascript:b) @octocat "
    "org/repo#12 GH-7 http://evil.example www.evil.example a@b.example | x | `` ``` ` **b** "
    "&#64;user \u202e $x$ <!-- \\"
)
NASTY = [
    HOSTILE, "\n\n# heading", "`", "``", " ` ", "  ", "```\n<b>", "~~~", "\n::error::x", "##[error]x",
    "- x\n+ y", "|\n|---|", "\\", "\\`", "<!--", "1) x", "[x]: http://a.example", "@a/b", "\r", "\x0c",
    "&lt;",
]  # fmt: skip
MARKS = st.text(st.sampled_from("`\\|<>[]()!@#*_~&;:/-+=$.\n\r\t 1ax\u202e"), min_size=1)
TEXTS = st.sampled_from(NASTY) | MARKS | st.text(min_size=1)
DAMAGE = faults.finding(Fault("S105", 7, "/title", "holds U+202E"), "papers/63/x/manifest.json", ID)
EDITORIAL = Finding(
    "papers/63/x/manifest.json", 41, "/stated/claims_extracted", "C101", "states 28, lists 21",
    "counts-disagree", Severity.ERROR, FindingClass.EDITORIAL, ID,
)  # fmt: skip
FORGE = MarkdownIt("gfm-like", {"html": True})
SITE = "https://press.example/registry/"


def record(text: str = "x1", **changes: object) -> RecordChange:
    """Return a record all of whose texts are ``text``."""
    made = RecordChange(
        id=text, display_id=text, title=text, is_new=False, files=(text,),
        tier=(text, f"{text}2"), level=(text, text), state=(None, text),
        fields=(
            FieldChange(text, text, text, text, f"{text}2", text),
            FieldChange(text, text, text, None, text, "folded"),
        ),
        events=((text, text, text, text), (text, text, text, text)), removed=(text,),
    )  # fmt: skip
    return replace(made, **changes)


def change(text: str = "x1") -> ChangeReport:
    """Return a report all of whose texts are ``text``."""
    patched = [
        replace(finding, path=text, pointer=text, message=text, patch=Patch(1, 1, text))
        for finding in (DAMAGE, EDITORIAL)
    ]
    return ChangeReport(text, text, (record(text),), 2, tuple(patched), 3, text, (text, text))


def report(*findings: Finding, records: tuple[RecordChange, ...] = ()) -> ChangeReport:
    """Return a plain report."""
    return ChangeReport("aaaa", "bbbb", records, len(records), findings, 0, "colophon check", ())


def tokens(text: str) -> Iterator[Token]:
    """Yield all tokens that a forge's Markdown finds."""
    for token in FORGE.parse(text):
        yield token
        yield from token.children or ()


def blocks(text: str) -> list[tuple[str, str]]:
    """Return what stands in a text, without its words."""
    return [(token.type, token.tag) for token in tokens(text) if token.type != "text"]


def said(text: str) -> list[tuple[str, str]]:
    """Return the words outside code and where links lead."""
    return [
        (token.content, str(token.attrGet("href") or ""))
        for token in tokens(text)
        if token.type in ("text", "link_open", "html_inline", "html_block", "image")
    ]


def explained(text: str) -> str:
    """Return a summary without the line that explains written-out characters."""
    return text.replace("\n`\\u{...}` stands for the character with that number.\n", "")


@given(TEXTS, st.sampled_from([None, SITE]))
@example(HOSTILE, None)
@example("`", SITE)
@example(" `", SITE)
def test_record_text_never_becomes_markdown(text: str, site: str | None) -> None:
    """Whatever the texts are: same blocks, same links, same words outside code as with a harmless text."""
    plain, hostile = (explained(markdown(change(one), "", site)) for one in ("x1", f"{text}1"))
    assert blocks(hostile) == blocks(plain)
    assert [words for words, _ in said(hostile)] == [words for words, _ in said(plain)]
    assert all(link.startswith(SITE) for _, link in said(hostile) if link)


@given(TEXTS)
@example(HOSTILE)
def test_record_text_is_readable_in_full(text: str) -> None:
    """The title stands in the heading as it is, only with invisible characters written out."""
    made = markdown(report(records=(record(text, id=ID),)), "")
    spans = [token.content for token in tokens(made) if token.type == "code_inline"]
    shown = harmless(text)
    assert spans[2] == shown if len(shown) <= 300 else spans[2].startswith(shown[:300])


@given(TEXTS)
@example("\n::error::x")
def test_the_summary_steers_no_log(text: str) -> None:
    """It may be printed in a forge's log: no line is a workflow command, nothing in it is invisible."""
    for made in (markdown(change(text), text), text_summary(change(text))):
        assert "##[" not in made
        assert not any(line.lstrip().startswith("::") for line in made.split("\n"))
        assert harmless(made.replace("\n", "")) == made.replace("\n", "")


def test_mentions_stay_inside_code() -> None:
    """What a forge would make of plain text is nowhere outside code."""
    outside = " ".join(words for words, _ in said(markdown(change(HOSTILE), "")))
    for bait in ("octocat", "@", "#12", "evil", "GH-7", "<", "javascript", "&"):
        assert bait not in outside


@pytest.mark.parametrize(
    ("findings", "failing", "verdict"),
    [
        ((), (), "May be merged"),
        ((EDITORIAL,), (), "May be merged"),
        ((DAMAGE, EDITORIAL), (), "Must not be merged yet: 1 thing"),
        ((DAMAGE, EDITORIAL), (Severity.ERROR,), "Must not be merged yet: 2 things"),
        ((EDITORIAL,), (Severity.WARNING,), "May be merged"),
    ],
)
def test_the_verdict_is_the_heading(
    findings: tuple[Finding, ...], failing: tuple[Severity, ...], verdict: str
) -> None:
    """Damage blocks, and what the check was told to fail on; the count is that of the list below."""
    made = markdown(report(*findings), "registry/", failing=failing)
    assert made.startswith(f"# {verdict}\n")
    assert text_summary(report(*findings), failing).endswith(f"\n{verdict[0].lower()}{verdict[1:]}")
    blocked, _, noticed = made.partition("## What else")
    assert blocked.count("colophon explain") == sum(map(int, filter(str.isdigit, verdict)))
    assert made.count("colophon explain") == len(findings)
    assert ("## What must be mended" in made) == ("Must not" in verdict)
    assert bool(noticed) == (blocked.count("colophon explain") < len(findings))


def test_nothing_touched_is_said() -> None:
    """A change without a record says so in words, on the page and in the terminal."""
    assert "\n0 records touched, 0 files changed, 0 findings brought by the change." in markdown(report(), "")
    assert text_summary(report()).splitlines() == [
        "0 records touched",
        "brought by the change: 0 integrity findings, 0 editorial findings (0 errors, 0 warnings, 0 notes)",
        "may be merged",
    ]


def test_a_finding_says_where_what_and_the_exact_lines() -> None:
    """Place, message, the lines to write and the command that explains it."""
    finding = replace(DAMAGE, patch=Patch(7, 7, "  title: 'A ``` B'"))
    assert (
        "\n**S105 character-refused**, integrity, at `registry/papers/63/x/manifest.json:7` `/title`\n"
        "\n`holds U+202E`\n"
        "\nWrite instead of line 7:\n"
        "\n````\n  title: 'A ``` B'\n````\n"
        "\nHelp: `colophon explain S105`\n"
    ) in markdown(report(finding), "registry/")


def test_lines_that_are_written_out_are_explained() -> None:
    """Where a patch cannot be shown exactly, the reader is told how to read it."""
    made = markdown(report(replace(DAMAGE, patch=Patch(7, 7, "a\u202eb"))), "")
    assert "\n```\na\\u{202e}b\n```\n\n`\\u{...}` stands for the character with that number.\n" in made


def test_a_patch_is_whole_or_absent() -> None:
    """A part of a file would be pasted over the whole: what is too long is only counted."""
    long = "\n".join(f"line {number}" for number in range(3_000))
    made = markdown(report(replace(DAMAGE, patch=Patch(0, 0, long))), "")
    assert "line 2" not in made
    assert (
        "\nWrite as the whole file what `colophon check` prints: 3000 lines, too much for this place.\n"
        in made
    )
    gone = markdown(report(replace(DAMAGE, patch=Patch(3, 4, ""))), "")
    assert "\nWrite nothing instead of lines 3 to 4.\n" in gone


def test_fields_are_shown_as_a_difference() -> None:
    """Old and new stand under each other; long texts from shortly before where they part, with counts."""
    begin, end = "b" * 1_400, "e" * 1_100
    long = FieldChange("e1", "manifest", "/abstract", f"{begin}old{end}", f"{begin}new{end}", "folded")
    short = FieldChange("e2", "manifest", "/claims/3/text", "two\nlines", "one", "proposed")
    added = FieldChange("e3", "provenance", "/generator", None, "GPT", "not applied")
    made = markdown(report(records=(record(fields=(long, short, added)),)), "")
    assert (
        "\n`manifest` `/claims/3/text`: proposed, event `e2`\n\n```diff\n- two\n- lines\n+ one\n```\n"
        "\n`provenance` `/generator`: not applied, event `e3`\n\n```diff\n+ GPT\n```\n"
    ) in made
    (block,) = [
        token.content for token in tokens(made) if "b" * 80 in token.content and token.type == "fence"
    ]
    assert block.splitlines() == [
        "  … 1320 characters before this agree",
        f"- {'b' * 80}old{'e' * 917}",
        "  … 183 more characters",
        f"+ {'b' * 80}new{'e' * 917}",
        "  … 183 more characters",
    ]


def test_removed_files_are_loud() -> None:
    """They stand in the second line, at their record and in the terminal, in capitals."""
    made = report(records=(record(removed=("papers/a/report.txt", "papers/a/b.json")),))
    head, _, below = markdown(made, "").partition("## Records")
    assert "**REMOVED: 2 files, listed at the records.**" in head
    assert "**REMOVED: 2 files**\n\n- `papers/a/report.txt`\n- `papers/a/b.json`\n" in below
    assert "; REMOVED: 2 files" in text_summary(made)


@pytest.mark.parametrize("text", ["x" * 500, HOSTILE * 9, "`" * 3_000, "\u202e" * 900])
@pytest.mark.parametrize(("records", "findings"), [(400, 0), (0, 900), (300, 300)])
def test_the_summary_fits_and_says_what_is_left_out(text: str, records: int, findings: int) -> None:
    """Never beyond the limit; cut between entries, with counts; the last line stays the last."""
    one = change(text)
    made = replace(
        one,
        records=one.records * records,
        findings=tuple(sorted(one.findings * findings)),
        notes=one.notes * 100,
        standing=12_345,
        standing_where="colophon check",
    )
    written = markdown(made, "registry/", SITE)
    assert len(written) <= LIMIT
    sections = [name for name, count in (("finding", findings), ("row", records)) if count]
    for name in sections:
        assert f" more {name}s left out here, of " in written
    assert "12345 findings stood before this change: `colophon check`\n" in written[-80:]
    assert [token.type for token in FORGE.parse(written)][-3:] == [
        "paragraph_open",
        "inline",
        "paragraph_close",
    ]


def test_small_rows_fill_the_summary_up_to_the_limit() -> None:
    """The line that counts what is left out has its place, too."""
    many = record(events=(("e", "CLAIM", "Ada", "folded"),) * 9_000)
    assert LIMIT - 1_000 < len(markdown(report(records=(many,)), "")) <= LIMIT
    kept = replace(report(records=(many,)), base="`" * 5_000, head="\u202e" * 5_000)
    assert LIMIT - 1_000 < len(markdown(kept, "")) <= LIMIT


def test_the_terminal_names_the_records() -> None:
    """Ten records at most, each with what changes; control characters of titles are written out."""
    new = record(
        title="A \x1b[31mtitle", display_id="DEMO:1", is_new=True, removed=(), state=(None, "CURRENT"),
        tier=(None, "UNSAFE"), level=(None, None), fields=(), events=(),
    )  # fmt: skip
    old = replace(new, is_new=False, state=("CURRENT", "CORRECTED"), tier=("UNSAFE", "UNSAFE"),
                  fields=record().fields[1:], events=(("e", "CLAIM", "Ada", "folded"),))  # fmt: skip
    made = replace(report(DAMAGE, records=(new, old, *[old] * 11)), standing=2, notes=("a note",))
    lines = text_summary(made).splitlines()
    assert lines[:3] == [
        "13 records touched:",
        "  DEMO:1 A \\u{1b}[31mtitle; new; state CURRENT; tier UNSAFE",
        "  DEMO:1 A \\u{1b}[31mtitle; state CORRECTED (was CURRENT); 1 field folded; 1 event",
    ]
    assert lines[10:] == [
        lines[9],
        "  and 3 more records",
        "note: a note",
        "brought by the change: 1 integrity finding, 0 editorial findings (0 errors, 0 warnings, 0 notes)",
        "2 findings stood before: colophon check",
        "must not be merged yet: 1 thing",
    ]


@pytest.mark.parametrize("site", ["javascript:alert(1)", "", "//evil.example"])
def test_only_an_address_is_linked(site: str) -> None:
    """A site address that is none makes no link."""
    assert "](" not in markdown(change(), "", site)
    assert f"[S105 character-refused]({SITE}rules/s105-character-refused.html)" in markdown(
        change(), "", SITE
    )
