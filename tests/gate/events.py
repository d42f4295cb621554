"""Changes that add what people say of records: events, reviews, refusals.

Hostile, clumsy and unlucky ones get the code and the words that help; honest ones pass.
"""

from .base import (
    COUNTED,
    KEPT,
    LATER,
    LICENCE,
    REMOVED,
    RETRACTED,
    WITHDRAWAL,
    change,
    dispute,
    event,
    paper,
    refusal,
    review,
)
from .branches import Branch, Step, add, copy, crlf, edit, remove
from .rows import honest, refused

SETTINGS = "registry/registry.yaml"
# One digit is not that of the record.
ALMOST = f"{KEPT[:-1]}e"
URL = "http://arxiv.org/abs/2501.00001v1"
SOURCES = (
    "[{id: s001, kind: arxiv, identifier: 2501.00001v1, url: http://arxiv.org/abs/2501.00001v1, title: null},"
    " {id: s002, kind: arxiv, identifier: 2501.00002v2, url: http://arxiv.org/abs/2501.00002v2, title: null},"
    " {id: s003, kind: arxiv, identifier: 2502.00003v1, url: http://arxiv.org/abs/2502.00003v1, title: null}]"
)
ASTRAY = "\u202e"
CLAIM = "Foxglove keeps 3 routers in memory at a time."


def at(record: str, slug: str = "from-a-reader") -> str:
    """Return the path of an event."""
    return f"{paper(record)}/corrections/{slug}.yaml"


def reviewed(record: str, slug: str = "seen") -> str:
    """Return the path of a review."""
    return f"registry/reviews/{record[:2]}/{record}/{slug}.yaml"


def files(
    kind: str, *lines: str, record: str = COUNTED, slug: str = "from-a-reader", date: str = "2026-05-01"
) -> Step:
    """File an event."""
    return add(at(record, slug), event(record, kind, *lines, date=date))


def corrects(pointer: str, new: str, old: str | None = None, document: str = "manifest", **more: str) -> Step:
    """File a METADATA event with one change."""
    return files("METADATA", *change(pointer, new, old, document), **more)


def copied(pointer: str, new: str, old: str, **more: str) -> Step:
    """File an event that says that a text was copied wrongly here."""
    return files("METADATA", "reason: transcription", *change(pointer, new, old), **more)


def confirms(record: str, file: str, slug: str = "seen", **more: str) -> Step:
    """File a review of what stands at a path when the step is taken."""
    return lambda branch: branch.write(
        reviewed(record, slug), review(record, file, branch.read(file), **more).encode()
    )


def undated(branch: Branch) -> None:
    """File an event without a date."""
    branch.write(at(COUNTED), dispute(COUNTED).replace("date: 2026-05-01\n", "").encode())


def text(*instead: tuple[str, str]) -> str:
    """Return a fine notice with some words replaced; each must stand there."""
    written = dispute(COUNTED)
    for old, new in instead:
        assert old in written
        written = written.replace(old, new)
    return written


# What an event says of values: H301 to H310.
VALUES = (
    refused(
        "old_is_stale",
        "H301",
        f'the value is "{URL}"',
        patch=f"old: {URL}\n",
        by=[
            corrects("/sources/0/url", "https://arxiv.org/abs/2501.00001", "http://arxiv.org/abs/2501.00001")
        ],
    ),
    refused(
        "old_is_stale_in_a_list",
        "H301",
        patch="    old: false\n",
        by=[
            files("CLAIM", *change("/claims/0/struck", "no"), slug="kept", date="2026-04-20"),
            files("CLAIM", *change("/claims/0/struck", "yes", "true")),
        ],
    ),
    refused(
        "old_is_what_was_before_an_event",
        "H301",
        'by "Fabricated Press" set it on 2026-04-10',
        patch="old: CC0-1.0\n",
        by=[corrects("/license", "MIT", "all rights reserved")],
    ),
    refused(
        "conflict_with_a_published_event",
        "H302",
        'the value is "CC0-1.0"',
        "Fabricated Press",
        patch="old: CC0-1.0\n",
        by=[corrects("/license", "MIT", "null")],
    ),
    refused(
        "conflict_in_one_change",
        "H302",
        "Fabricated Press",
        by=[
            corrects("/submitted", "2026-03-05", "2026-03-04", slug="fifth"),
            corrects("/submitted", "2026-03-06", "2026-03-04", slug="sixth", date="2026-05-02"),
        ],
    ),
    refused("added_where_a_value_stands", "H301", "a line `old:`", by=[corrects("/license", "MIT")]),
    refused(
        "pointer_misses_by_a_letter",
        "H303",
        f'did you mean /sources/0/url, which is "{URL}"',
        by=[corrects("/source/0/url", "https://x.example", URL)],
    ),
    refused(
        "pointer_of_the_next_claim",
        "H301",
        "the text of `old` stands at /claims/0/text, did you mean that?",
        by=[
            files(
                "DISPUTE",
                "reason: other",
                "proposed:",
                *change("/claims/1/text", "Another text.", CLAIM)[1:],
            )
        ],
    ),
    refused(
        "pointer_beyond_the_list", "H303", "whose next item is 3", by=[corrects("/sources/4", "{kind: doi}")]
    ),
    refused("pointer_to_nowhere", "H303", "is no field", by=[corrects("/invented", "x")]),
    refused(
        "pointer_of_another_document", "H303", "/methodology", by=[corrects("/methodology", "x", "null")]
    ),
    refused(
        "words_of_the_publisher",
        "H304",
        "`type: DISPUTE`",
        by=[corrects("/title", "Better", "Fabricated Report")],
    ),
    refused(
        "words_in_a_whole_claim",
        "H304",
        "what the publisher said",
        by=[corrects("/claims/-", "{text: One more.}")],
    ),
    refused(
        "words_beside_a_fine_change",
        "H304",
        "/abstract",
        by=[
            files(
                "METADATA",
                *change("/sources/0/title", "A title", "null"),
                "  - document: manifest",
                "    pointer: /abstract",
                "    old: x",
                "    new: y",
            )
        ],
    ),
    refused(
        "new_is_old", "H305", "the value that stands there", by=[corrects("/license", "CC0-1.0", "CC0-1.0")]
    ),
    refused("value_of_another_form", "H306", "/submitted", by=[corrects("/submitted", "soon", "2026-03-04")]),
    refused("value_of_no_choice", "H306", "synthesis", by=[corrects("/kind", "essay", "null")]),
    refused("list_with_one_less", "H306", "struck: true", by=[corrects("/sources", "[]", SOURCES)]),
    refused(
        "source_that_is_not_listed",
        "H306",
        "names source s009",
        by=[corrects("/claims/0/sources", "[s009]", "null")],
    ),
    refused("fixed_id", "H307", "never changes", by=[corrects("/id", LATER, COUNTED)]),
    refused(
        "fixed_display_id",
        "H307",
        "/display_id",
        by=[corrects("/display_id", "SRCH:00000000", "SRCH:C23C1127")],
    ),
    refused(
        "fixed_ingest",
        "H307",
        "/ingest/sha256",
        by=[corrects("/ingest/sha256", "x", "y", document="provenance")],
    ),
    refused(
        "fixed_claim_id",
        "H307",
        "never changes",
        by=[corrects("/claims/0/id", "c009", "c001")],
    ),
    refused(
        "copy_of_nothing",
        "H310",
        "does not stand in report.txt",
        by=[copied("/title", "A report that nobody wrote", "Fabricated Report: Memory of Imaginary Routers")],
    ),
    refused(
        "copy_of_a_piece_of_a_word",
        "H310",
        "'verything'",
        by=[copied("/limitations/0", "verything", "Everything in this report is made up.")],
    ),
    refused(
        "copy_over_a_stale_value",
        "H301",
        "the value is",
        by=[copied("/limitations/0", "made up.", "Nothing in this report is made up.")],
    ),
    refused(
        "copy_of_a_number_that_is_nowhere",
        "H310",
        "'7777'",
        by=[copied("/stated/papers_retrieved", "7777", "3")],
    ),
)

# When, by whom, of what: dates, papers, reasons, repetitions.
STATEMENTS = (
    refused(
        "key_in_the_name",
        "H313",
        "was read as a part of the name",
        by=[
            files("DISPUTE", "reason: other"),
            edit(
                at(COUNTED),
                "reporter:\n  name: Fabricated Press\n  kind: person\n",
                "reporter:\n  name:Ada\n",
            ),
        ],
    ),
    refused(
        "name_left_as_the_form_has_it",
        "H313",
        "expected yours in its place",
        by=[files("DISPUTE", "reason: other"), edit(at(COUNTED), "Fabricated Press", "Your name or handle")],
    ),
    refused(
        "before_the_paper",
        "H308",
        "the paper is of 2026-03-09",
        also=("H407",),
        by=[files("DISPUTE", "reason: other", record=RETRACTED, date="2026-03-08")],
    ),
    refused(
        "from_the_future",
        "H101",
        "2026-12-02 lies after",
        by=[files("DISPUTE", "reason: other", date="2026-12-02")],
    ),
    refused(
        "from_the_afternoon",
        "H101",
        "lies after",
        by=[files("DISPUTE", "reason: other", date="2026-12-01T12:00:01Z")],
    ),
    refused(
        "late",
        "H407",
        "the line `date: 2026-04-10T00:00:01Z`",
        patch="date: 2026-04-10T00:00:01Z",
        by=[files("DISPUTE", "reason: other", date="2026-04-09")],
    ),
    refused(
        "late_for_a_review",
        "H407",
        "`date: 2026-04-02T00:00:01Z`",
        by=[files("DISPUTE", "reason: other", record=RETRACTED, date="2026-04-02")],
    ),
    refused(
        "undated", "S110", "expected the line `date: 2026-12-01`", patch="date: 2026-12-01", by=[undated]
    ),
    refused(
        "dated_with_nothing",
        "S110",
        "a line such as `date: 2026-12-01`",
        patch="date: 2026-12-01",
        by=[add(at(COUNTED), text(("date: 2026-05-01", "date:")))],
    ),
    refused(
        "dated_as_people_write",
        "S110",
        "`date: 2026-12-01`",
        patch="date: 2026-12-01",
        by=[add(at(COUNTED), text(("date: 2026-05-01", "date: 1 May 2026")))],
    ),
    refused(
        "dated_in_another_zone",
        "S110",
        "`date: 2026-12-01`",
        by=[add(at(COUNTED), text(("2026-05-01", "2026-05-01T09:00:00+02:00")))],
    ),
    refused(
        "same_bytes_again",
        "H309",
        "has the id of corrections/licence-set.yaml",
        by=[copy(LICENCE, at(COUNTED, "licence-again"))],
    ),
    refused(
        "same_bytes_by_a_later_name",
        "H309",
        "is the same file as corrections/licence-set.yaml",
        by=[copy(LICENCE, at(COUNTED, "my-licence"))],
    ),
    refused(
        "same_words_another_day",
        "H309",
        "corrections/first.yaml",
        by=[
            files("DISPUTE", "reason: other", slug="first"),
            files("DISPUTE", "reason: other", slug="second", date="2026-05-02"),
        ],
    ),
    refused(
        "reason_misspelt",
        "H312",
        "did you mean counts-disagree?",
        patch="reason: counts-disagree",
        by=[files("DISPUTE", "reason: count-disagree")],
    ),
    refused(
        "reason_of_another_type",
        "H312",
        "no reason of DISPUTE",
        by=[files("DISPUTE", "reason: newer-version")],
    ),
    refused("notice_without_reason", "S110", '"reason"', by=[files("DISPUTE")]),
    refused(
        "type_misspelt",
        "S110",
        "did you mean DISPUTE?",
        by=[add(at(COUNTED), text(("type: DISPUTE", "type: dispte")))],
    ),
    refused(
        "field_misspelt",
        "S110",
        "did you mean evidence?",
        by=[files("DISPUTE", "reason: other", "evidense: https://x.example")],
    ),
    refused(
        "paper_of_another_folder",
        "S112",
        f"lies in the folder of {LATER}",
        patch=f"paper: {LATER}",
        by=[add(at(LATER), event(COUNTED, "DISPUTE", "reason: other", date="2026-05-02"))],
    ),
    refused(
        "paper_that_is_not_there",
        "S113",
        f"did you mean {KEPT} (Fabricated Page on the Latency",
        also=("S117",),
        by=[files("DISPUTE", "reason: other", record=ALMOST)],
    ),
    refused(
        "review_of_a_paper_that_is_not_there",
        "S113",
        f"did you mean {KEPT} (Fabricated Page",
        by=[add(reviewed(ALMOST), review(ALMOST, at(ALMOST), b"words"))],
    ),
    refused(
        "dispute_with_changes",
        "S110",
        "writes the same list as `proposed`",
        by=[files("DISPUTE", "reason: other", *change("/license", "MIT", "CC0-1.0"))],
    ),
    refused(
        "correction_with_proposals",
        "S110",
        "What a DISPUTE or EXPRESSION_OF_CONCERN would have",
        by=[files("METADATA", "proposed:", *change("/license", "MIT", "CC0-1.0")[1:])],
    ),
    refused(
        "successor_that_is_not_there",
        "S113",
        "names as successor",
        f"did you mean {KEPT} (Fabricated Page on the Latency of Imaginary Gates)?",
        by=[files("SUPERSESSION", "reason: newer-version", f"successor: {ALMOST}")],
    ),
    refused(
        "successor_is_itself",
        "S113",
        "supersedes itself",
        by=[files("SUPERSESSION", "reason: newer-version", f"successor: {COUNTED}")],
    ),
    refused(
        "contract_misspelt",
        "S109",
        "did you mean correction-event-v1?",
        by=[add(at(COUNTED), text(("event-v1", "event-v2")))],
    ),
    refused(
        "contract_missing",
        "S109",
        "is missing",
        by=[add(at(COUNTED), text(("contract_version: correction-event-v1\n", "")))],
    ),
)

# Who confirms and declines.
REVIEWS = (
    refused(
        "review_by_nobody",
        "H411",
        "Mallory is no maintainer",
        "names Ada Example",
        by=[confirms(REMOVED, WITHDRAWAL, by="Mallory")],
    ),
    refused(
        "reviewer_misspelt",
        "H411",
        "did you mean Ada Example?",
        patch="reviewer: Ada Example",
        by=[confirms(REMOVED, WITHDRAWAL, by="Ada Exmple")],
    ),
    refused(
        "review_by_a_maintainer_of_the_same_change",
        "H411",
        "Mallory is no maintainer",
        by=[
            edit(SETTINGS, "name: Ada Example", "name: Ada Example\n  - name: Mallory"),
            confirms(REMOVED, WITHDRAWAL, by="Mallory"),
        ],
    ),
    refused(
        "review_of_a_draft",
        "H311",
        "digest differs",
        patch="sha256: sha256:",
        by=[add(reviewed(REMOVED), review(REMOVED, WITHDRAWAL, b"a draft"))],
    ),
    refused(
        "review_of_no_file",
        "H311",
        f"did you mean {WITHDRAWAL.removeprefix('registry/')}?",
        by=[add(reviewed(REMOVED), review(REMOVED, WITHDRAWAL.replace("asked", "ask"), b"words"))],
    ),
    refused(
        "review_of_a_name_alone",
        "H311",
        "there is no file withdrawal-asked.yaml",
        patch=f"file: {WITHDRAWAL.removeprefix('registry/')}",
        by=[
            lambda branch: branch.write(
                reviewed(REMOVED),
                review(REMOVED, "withdrawal-asked.yaml", branch.read(WITHDRAWAL)).encode(),
            )
        ],
    ),
    refused(
        "review_of_a_report",
        "H311",
        "there is no file",
        by=[
            lambda branch: branch.write(
                reviewed(REMOVED),
                review(REMOVED, f"{paper(REMOVED)}/report.txt", branch.read(WITHDRAWAL)).encode(),
            )
        ],
    ),
    refused(
        "refusal_without_what_was_asked",
        "S110",
        "correction",
        by=[
            add(
                f"registry/refusals/1a/{RETRACTED}/not-so.yaml",
                refusal(RETRACTED).partition("correction:")[0],
            )
        ],
    ),
    refused(
        "review_of_what_comes_later",
        "H311",
        "before what it confirms",
        also=("H413",),
        by=[
            files("RETRACTION", "reason: other", record=LATER, date="2026-05-20"),
            confirms(LATER, at(LATER), date="2026-05-19"),
        ],
    ),
    refused(
        "retraction_with_its_review",
        "H413",
        "two changes",
        by=[files("RETRACTION", "reason: flawed-method"), confirms(COUNTED, at(COUNTED), date="2026-05-01")],
    ),
    refused(
        "transcription_with_its_review",
        "H413",
        "merge the event first",
        by=[
            copied("/limitations/0", "made up.", "Everything in this report is made up."),
            confirms(COUNTED, at(COUNTED)),
        ],
    ),
    refused(
        "review_of_the_bytes_of_another_name",
        "H311",
        "there is no file",
        by=[
            lambda branch: branch.write(
                reviewed(REMOVED),
                review(REMOVED, WITHDRAWAL.replace("asked", "other"), branch.read(WITHDRAWAL)).encode(),
            )
        ],
    ),
    refused(
        "review_late",
        "H407",
        "`date: 2026-04-20T00:00:01Z`",
        also=("H311",),
        by=[confirms(REMOVED, WITHDRAWAL, date="2026-04-19")],
    ),
    refused(
        "refusal_by_nobody",
        "H411",
        "Mallory is no maintainer",
        "names Ada Example",
        by=[add(f"registry/refusals/1a/{RETRACTED}/not-so.yaml", refusal(RETRACTED, by="Mallory"))],
    ),
    refused(
        "refusal_without_words",
        "S110",
        "is a required property",
        by=[
            add(
                f"registry/refusals/1a/{RETRACTED}/not-so.yaml",
                refusal(RETRACTED).replace("note: The report says what the record says.\n", ""),
            )
        ],
    ),
    refused(
        "retraction_undone_by_removal_of_its_review",
        "H406",
        "in a new file",
        also=("S113",),
        by=[remove(f"registry/reviews/1a/{RETRACTED}/retraction-seen.yaml")],
    ),
)

# Files that a parser, an editor or a reader would stumble over.
HOSTILE = (
    refused(
        "alias_bomb",
        "S116",
        "anchor",
        by=[
            add(
                at(COUNTED),
                dispute(COUNTED)
                + "evidence:\n  - &a [x, x, x]\n"
                + "".join(
                    f"  - &{b} [*{a}, *{a}, *{a}, *{a}]\n"
                    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
                ),
            )
        ],
    ),
    refused(
        "tag",
        "S116",
        "a tag",
        by=[add(at(COUNTED), text(("type: DISPUTE", "type: !!python/name:os.system")))],
    ),
    refused(
        "merge_key", "S116", "merge key", by=[add(at(COUNTED), dispute(COUNTED) + "<<: {type: RETRACTION}\n")]
    ),
    refused(
        "yaml_directive", "S116", "directive", by=[add(at(COUNTED), "%YAML 1.1\n---\n" + dispute(COUNTED))]
    ),
    refused(
        "two_documents",
        "S116",
        "more than one",
        by=[add(at(COUNTED), dispute(COUNTED) + "---\n" + dispute(COUNTED))],
    ),
    refused(
        "key_twice", "S102", "stands twice", by=[add(at(COUNTED), dispute(COUNTED) + "type: RETRACTION\n")]
    ),
    refused(
        "deep",
        "S104",
        "deeper than",
        by=[add(at(COUNTED), dispute(COUNTED) + "evidence: " + "[" * 40 + "]" * 40 + "\n")],
    ),
    honest(
        "line_ends_of_windows",
        by=[add(at(COUNTED), dispute(COUNTED)), crlf(at(COUNTED))],
        touched=1,
        state="DISPUTED",
    ),
    refused("line_ends_of_old", "S106", "CR", by=[add(at(COUNTED), dispute(COUNTED).replace("\n", "\r"))]),
    refused("byte_order_mark", "S106", "byte order mark", by=[add(at(COUNTED), "\ufeff" + dispute(COUNTED))]),
    refused(
        "no_utf8", "S106", "not UTF-8", by=[add(at(COUNTED), dispute(COUNTED).encode() + b"evidence: \xff\n")]
    ),
    refused("right_to_left_note", "S105", "U+202E", by=[add(at(COUNTED), text(("never", f"ne{ASTRAY}ver")))]),
    refused(
        "unseen_in_a_comment",
        "S105",
        "U+200B",
        by=[add(at(COUNTED), "# \u200bshown nowhere\n" + dispute(COUNTED))],
    ),
    refused(
        "escaped_control",
        "S105",
        "U+0007",
        by=[add(at(COUNTED), text(("The imaginary encoder Lupin was never measured.", '"bell \\a"')))],
    ),
    refused(
        "three_hundred_kilobytes",
        "S107",
        "at most 262144",
        by=[add(at(COUNTED), dispute(COUNTED) + "# " + "x" * 300_000 + "\n")],
    ),
    refused("no_yaml", "S116", "no YAML", by=[add(at(COUNTED), "- a\nb: c\n")]),
    refused("empty", "S110", "no object", by=[add(at(COUNTED), "")]),
    refused("only_words", "S110", "no object", by=[add(at(COUNTED), "The title is wrong.\n")]),
    refused(
        "address_that_runs",
        "S110",
        "javascript:alert(1)",
        "begins with https://",
        by=[files("DISPUTE", "reason: other", "evidence: javascript:alert(1)")],
    ),
    refused(
        "display_ids_of_another_registry",
        "S112",
        "id_prefix was SRCH and is EVIL",
        by=[edit(SETTINGS, 'id_prefix: "SRCH"', 'id_prefix: "EVIL"')],
    ),
)

FINE = (
    honest(
        "dispute_with_a_proposal",
        state="DISPUTED",
        touched=1,
        by=[
            files(
                "DISPUTE",
                "reason: counts-disagree",
                "proposed:",
                *change("/stated/claims_extracted", "4", "9")[1:],
            )
        ],
    ),
    honest(
        "a_text", by=[corrects("/sources/0/title", "Imaginary things, measured", "null")], state="CORRECTED"
    ),
    honest(
        "a_text_without_document",
        by=[files("METADATA", "changes:", "  pointer: /license", "  old: CC0-1.0", "  new: MIT")],
    ),
    honest("an_address", by=[corrects("/sources/0/url", "https://arxiv.org/abs/2501.00001", URL)]),
    honest("a_day", by=[corrects("/submitted", "2026-03-05", "2026-03-04")]),
    honest("a_choice", by=[corrects("/kind", "synthesis", "null")]),
    honest("nothing_for_a_value", by=[corrects("/license", "null", "CC0-1.0")]),
    honest("a_whole_number", by=[corrects("/search/query_count", "3", "2", document="provenance")]),
    honest("a_number", by=[corrects("/verification/threshold/value", "0.25", "0.2", document="provenance")]),
    honest(
        "a_list_of_texts",
        by=[corrects("/search/databases", "[arXiv, DBLP]", "[arXiv]", document="provenance")],
    ),
    honest("an_item_of_a_list_of_texts", by=[corrects("/search/databases/-", "DBLP", document="provenance")]),
    honest(
        "a_new_source", by=[corrects("/sources/-", "{kind: doi, identifier: 10.1234/x, title: On things}")]
    ),
    honest("a_source_of_a_claim", by=[corrects("/claims/0/sources", "[s002]", "null")]),
    honest(
        "a_claim_struck_and_taken_back",
        state="CORRECTED",
        by=[
            files("CLAIM", *change("/claims/2/struck", "yes"), slug="struck"),
            files("CLAIM", *change("/claims/2/struck", "no", "yes"), slug="back", date="2026-05-02"),
        ],
    ),
    honest(
        "a_copy_of_the_report",
        by=[
            copied(
                "/limitations/0",
                "one of four claims stayed below it.",
                "Everything in this report is made up.",
            )
        ],
    ),
    honest("on_a_manifest_of_the_first_contract", by=[corrects("/license", "MIT", "null", record=KEPT)]),
    honest("a_retraction_that_waits", by=[files("RETRACTION", "reason: flawed-method")], state="DISPUTED"),
    honest("a_review_of_what_waited", by=[confirms(REMOVED, WITHDRAWAL)], state="WITHDRAWN"),
    honest(
        "a_reinstatement_that_waits",
        state="RETRACTED",
        by=[files("REINSTATEMENT", "reason: error-in-notice", record=RETRACTED)],
    ),
    honest(
        "a_supersession_that_waits",
        by=[files("SUPERSESSION", "reason: newer-version", f"successor: {LATER}")],
    ),
    honest(
        "a_revision_by_the_publisher_that_waits",
        by=[
            files(
                "METADATA",
                "reason: publisher-revision",
                *change("/title", "Memory of Routers", "'Fabricated Report: Memory of Imaginary Routers'"),
            )
        ],
    ),
    honest("a_concern", by=[files("EXPRESSION_OF_CONCERN", "reason: under-investigation")], state="DISPUTED"),
    honest(
        "several_events_of_one_day",
        by=[
            corrects("/license", "MIT", "CC0-1.0", slug="one", date="2026-05-01T09:00:00Z"),
            corrects("/license", "CC-BY-4.0", "MIT", slug="two", date="2026-05-01T09:00:01Z"),
            files("DISPUTE", "reason: other", slug="three", date="2026-05-01T18:30:00Z"),
        ],
    ),
    honest(
        "events_of_two_records",
        touched=2,
        by=[
            files("DISPUTE", "reason: other"),
            files("DISPUTE", "reason: other", record=LATER, date="2026-05-02"),
        ],
    ),
    honest("a_refusal", touched=1, by=[add(f"registry/refusals/c2/{COUNTED}/not-so.yaml", refusal(COUNTED))]),
    honest("an_agent", by=[add(at(COUNTED), text(("kind: person", "kind: agent")))]),
    honest(
        "as_people_write",
        by=[
            add(
                at(COUNTED),
                text(
                    ("type: DISPUTE", "type: dispute"),
                    ("2026-05-01", "2026-05-01 09:30 UTC"),
                    ("reporter:\n  name: Fabricated Press\n  kind: person", "reporter: Ada Example"),
                ),
            )
        ],
    ),
    honest(
        "a_new_maintainer",
        touched=0,
        by=[edit(SETTINGS, "name: Ada Example", "name: Ada Example\n  - name: Eve Example")],
    ),
    honest("only_a_readme", by=[edit("README.md", "registry", "Registry")], touched=0),
)

EVENTS = (*VALUES, *STATEMENTS, *REVIEWS, *HOSTILE, *FINE)
