"""The text of an event file: what was drafted comes back, in the order of the contract, where it belongs."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import bundle, characters, filing, layout, schema, yaml_guard
from colophon.filing import Draft, DraftChange
from colophon.settings import Settings

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
TEXTS = st.text(max_size=30).filter(lambda text: characters.refused(text) is None)
VALUES = st.recursive(
    st.none() | TEXTS,
    lambda below: (
        st.lists(below, max_size=2) | st.dictionaries(st.text("abc", max_size=3), below, max_size=2)
    ),
    max_leaves=4,
)
CHANGES = st.builds(DraftChange, TEXTS, TEXTS, VALUES, VALUES, st.booleans())
LISTED = st.lists(CHANGES, max_size=2).map(tuple)
DRAFTS = st.builds(
    Draft,
    TEXTS,
    TEXTS,
    TEXTS,
    reason=st.none() | TEXTS,
    date=st.none() | TEXTS.filter(bool),
    reporter=TEXTS,
    orcid=st.none() | TEXTS,
    kind=TEXTS,
    evidence=st.lists(TEXTS, max_size=3).map(tuple),
    proposed=LISTED,
    changes=LISTED,
    successor=st.none() | TEXTS.filter(bool),
    removal=st.none() | st.dictionaries(st.text("abc", min_size=1), TEXTS, min_size=1, max_size=3),
)
DRAFT = Draft(
    PAPER,
    "DISPUTE",
    "The report lists 21 claims.\nIt states 28: count them.",
    reason="counts-disagree",
    date="2026-11-25",
    reporter="Ada Example",
    orcid="0000-0002-1825-0097",
    evidence=("https://arxiv.org/abs/2507.13374",),
    proposed=(DraftChange("manifest", "/claims/3/text", "28 claims", "21 claims: all"),),
)
TEXT = f"""\
# yaml-language-server: $schema=x
contract_version: correction-event-v1
paper: {PAPER}
type: DISPUTE
reason: counts-disagree
date: 2026-11-25
reporter:
  name: Ada Example
  orcid: 0000-0002-1825-0097
  kind: person
note: |-
  The report lists 21 claims.
  It states 28: count them.
evidence:
  - https://arxiv.org/abs/2507.13374
proposed:
  - document: manifest
    pointer: /claims/3/text
    old: 28 claims
    new: |-
      21 claims: all
"""


def expected(draft: Draft) -> dict[str, Any]:
    """Return the tree that a draft's file must hold."""
    reporter = {"name": draft.reporter, "kind": draft.kind}
    tree: dict[str, Any] = {
        "contract_version": "correction-event-v1", "paper": draft.paper, "type": draft.type,
        "date": draft.date or "YYYY-MM-DD", "note": draft.note,
        "reporter": reporter if draft.orcid is None else {**reporter, "orcid": draft.orcid},
    }  # fmt: skip
    for name in ("proposed", "changes"):
        tree[name] = [
            {"document": one.document, "pointer": one.pointer, "new": one.new}
            | ({} if one.adds else {"old": one.old})
            for one in getattr(draft, name)
        ]
    tree |= {"evidence": list(draft.evidence), "successor": draft.successor, "removal": draft.removal}
    kept = {name: value for name, value in tree.items() if value or name in ("paper", "type", "note")}
    return kept if draft.reason is None else kept | {"reason": draft.reason}


@given(DRAFTS)
@settings(max_examples=150)
def test_any_draft_is_read_back(draft: Draft) -> None:
    """Whatever may be stored is read from the file exactly, text for text."""
    reading = yaml_guard.read(filing.text(draft, "# x").encode())
    assert reading.faults == ()
    assert reading.value == expected(draft)


def test_a_file_is_what_a_person_would_write() -> None:
    """Keys stand in the contract's order, and only text that needs it stands on lines of its own."""
    assert filing.text(DRAFT, "# yaml-language-server: $schema=x") == TEXT
    assert filing.text(DRAFT) == TEXT.partition("\n")[2]


def test_the_file_is_valid() -> None:
    """What is drafted well passes the contract, and every draft has its keys in the contract's order."""
    draft = replace(
        DRAFT,
        type="SUPERSESSION",
        proposed=(),
        successor=PAPER,
    )
    for one in (DRAFT, draft):
        tree = schema.typed(filing.CONTRACT, yaml_guard.read(filing.text(one).encode()).value)
        assert schema.faults(filing.CONTRACT, tree) == ()
        assert list(schema.ordered(filing.CONTRACT, tree)) == list(tree)


def test_a_missing_date_is_asked_for() -> None:
    """Without a date a placeholder stands in its line, which the contract refuses there."""
    written = filing.text(replace(DRAFT, date=None))
    assert "\ndate: YYYY-MM-DD\n" in written
    tree = schema.typed(filing.CONTRACT, yaml_guard.read(written.encode()).value)
    assert [fault.pointer for fault in schema.faults(filing.CONTRACT, tree)] == ["/date"]


def test_a_key_or_item_is_added_without_old() -> None:
    """``old: null`` and no ``old`` differ; a new item is a mapping."""
    item = {"text": "A claim", "sources": ["s001"], "stated": {"page": None}}
    changes = (
        DraftChange("provenance", "/generator", None, "GPT"),
        DraftChange("manifest", "/claims/-", new=item, adds=True),
    )
    written = filing.text(replace(DRAFT, type="CLAIM", proposed=(), changes=changes))
    assert written.endswith(
        "changes:\n"
        "  - document: provenance\n    pointer: /generator\n    old: null\n    new: GPT\n"
        "  - document: manifest\n    pointer: /claims/-\n    new:\n      text: A claim\n"
        "      sources:\n        - s001\n      stated:\n        page: null\n"
    )


@pytest.mark.parametrize(
    ("words", "taken", "slug"),
    [
        ("Counts disagree", (), "counts-disagree"),
        ("Żółć & Crème brûlée!", (), "zoc-creme-brulee"),
        ("ﬁle ②", (), "file-2"),
        ("日本語", (), "correction"),
        ("", ("correction", "correction-2"), "correction-3"),
        ("ab", (), "correction"),
        ("--a--b--c--", ("a-b-c",), "a-b-c-2"),
        ("../../etc/passwd", (), "etc-passwd"),
        ("a word " * 20, (), "a-word-a-word-a-word-a-word-a-word-a"),
        ("x" * 50, ("x" * 40,), "x" * 38 + "-2"),
    ],
)
def test_slugs_are_made_of_words(words: str, taken: tuple[str, ...], slug: str) -> None:
    """Letters lose their accents, long texts end between words, a taken name gets a number."""
    assert filing.slug_of(words, taken) == slug


@given(st.text(max_size=60), st.sets(st.text("ab-2", max_size=4)))
@settings(max_examples=200)
def test_any_words_give_a_free_name_of_the_contract(words: str, taken: set[str]) -> None:
    """The name has 3 to 40 of the allowed characters and is not taken."""
    slug = filing.slug_of(words, taken)
    assert slug not in taken
    assert 3 <= len(slug) <= 40
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert filing.slug_of(words, {*taken, slug}) != slug


def registry(site_url: str | None, folder: str) -> Settings:
    """Return the settings of a registry with these two."""
    return Settings(
        name="n", description="d", id_prefix="MADE", site_url=site_url, repository_url=None,
        opened="2026-01-01", append_only=False, vocabularies={}, forge="other", branch="main",
        folder=folder, maintainers=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("site_url", "folder", "address"),
    [
        ("https://a.example/r/", "registry", "https://a.example/r/schemas/correction-event-v1.json"),
        (None, "registry", "../../../../../schemas/correction-event/v1.json"),
        (None, "", "../../../../schemas/correction-event/v1.json"),
        (None, ".", "../../../../schemas/correction-event/v1.json"),
        (None, "data/registry", "../../../../../../schemas/correction-event/v1.json"),
    ],
)
def test_an_editor_finds_the_contract(site_url: str | None, folder: str, address: str) -> None:
    """On the site where there is one, else in the repository, seen from the event file."""
    line = filing.modeline(registry(site_url, folder))
    assert line == f"# yaml-language-server: $schema={address}"


def test_the_relative_address_leads_to_the_contract() -> None:
    """From the folder of an event the path ends at the schema that this version carries."""
    address = filing.modeline(registry(None, "registry")).partition("=")[2]
    steps = f"registry/{layout.corrections_folder(PAPER)}/{address}".split("/")
    place: list[str] = []
    for step in steps:
        place = place[:-1] if step == ".." else [*place, step]
    assert place[0] == "schemas"
    assert bundle.schemas().joinpath(*place[1:]).is_file()
