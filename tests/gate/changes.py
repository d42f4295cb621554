"""Changes of files, whatever they say: what each does to the base, and what the gate says of it.

Paths are relative to the repository, whose registry lies in ``registry``.
"""

from collections.abc import Mapping

from colophon import canon

from ..reruns import EXPERIMENT, run
from .base import (
    ABSENT,
    BINDING,
    EVENT,
    KEPT,
    LATER,
    REFUSAL,
    REMOVAL,
    REMOVED,
    RETRACTED,
    REVIEW,
    SOURCE,
    WORK,
    WORK_BESIDE,
    dispute,
    paper,
    refusal,
    removal,
    rerun,
    review,
    source,
    work,
)
from .branches import (
    Branch,
    Step,
    add,
    copy,
    crlf,
    delete,
    edit,
    executable,
    link,
    move,
    remove,
    submodule,
    unnameable,
)
from .rows import Row, honest, refused

MANIFEST, REPORT = f"{paper(KEPT)}/manifest.json", f"{paper(KEPT)}/report.txt"
PROVENANCE = f"{paper(KEPT)}/provenance.json"
NEW_EVENT = f"{paper(KEPT)}/corrections/counts-disputed.yaml"
TIERS = "registry/vocabularies/quality-tiers-v2.yaml"
SCHEMA = "schemas/paper-manifest/v1.json"
SETTINGS = "registry/registry.yaml"


def filed(files: Mapping[str, bytes], only: str = "", also: str = "/none/") -> list[Step]:
    """Return the steps that add files, or those whose path has one of two parts."""
    return [add(path, raw) for path, raw in files.items() if only in path or also in path]


OVERRIDE, NEWLINE = "report\u202etxt.yaml", "two\nlines.yaml"

# What is filed stays: H401, H402, H406, H412.
ALTERED = (
    refused(
        "edit_manifest",
        "H401",
        f"colophon correct {KEPT}",
        "git checkout",
        also=("S110",),
        by=[edit(MANIFEST, '"title"', '"titel"')],
    ),
    refused(
        "edit_report", "H401", "is filed and changed", also=("S113",), by=[add(REPORT, "Another report.\n")]
    ),
    refused("empty_provenance", "H401", "is filed and changed", also=("S101",), by=[add(PROVENANCE, "")]),
    refused("edit_work", "H401", "as a file beside it", by=[edit(WORK, "v1", "v2")]),
    refused(
        "edit_vocabulary", "H401", "a new version", also=("S110",), by=[edit(TIERS, "GROUNDED", "Grounded")]
    ),
    refused(
        "edit_shared_vocabulary",
        "H401",
        "a new version",
        by=[edit("vocabularies/quality-tiers-v2.yaml", "GROUNDED", "Grounded")],
    ),
    refused("edit_schema", "H401", "a new version", by=[edit(SCHEMA, '"maxLength"', '"maxlength"')]),
    refused("edit_event", "H406", "in a new file", by=[edit(EVENT, "never", "hardly")]),
    refused("edit_review", "H406", "in a new file", by=[edit(REVIEW, "report", "abstract")]),
    refused("edit_refusal", "H406", "in a new file", by=[edit(REFUSAL, "Ada", "Eve")]),
    refused("line_ends_of_report", "H412", "core.autocrlf", also=("S113",), by=[crlf(REPORT)]),
    refused("line_ends_of_event", "H412", "core.autocrlf", by=[crlf(EVENT)]),
    refused("final_newline", "H412", "final newline", by=[edit(WORK, "\n}\n", "\n}")]),
    refused("delete_record", "H402", "is deleted", "colophon correct", by=[delete(paper(KEPT))]),
    refused("delete_report", "H402", "git checkout", f"-- {REPORT}", also=("S117",), by=[delete(REPORT)]),
    refused("delete_event", "H402", "say in a new file", by=[delete(EVENT)]),
    refused("delete_review", "H402", "say in a new file", by=[delete(REVIEW)]),
    refused("delete_refusal", "H402", "say in a new file", by=[delete(REFUSAL)]),
    refused("delete_schema", "H402", "a new version", by=[delete(SCHEMA)]),
    refused("delete_all_papers", "H402", "is deleted", also=("S117",), by=[delete("registry/papers")]),
    refused(
        "rename_event",
        "H402",
        "was moved to registry/papers/1a",
        also=("H309",),
        by=[move(EVENT, EVENT.replace("depth", "width"))],
    ),
    refused(
        "rename_event_with_edit",
        "H402",
        "say in a new file",
        also=("H407",),
        by=[move(EVENT, NEW := EVENT.replace("depth", "width")), edit(NEW, "never", "hardly")],
    ),
    refused(
        "rename_record",
        "H402",
        f"was moved to registry/papers/63/{ABSENT}/report.txt",
        also=("S112",),
        by=[move(paper(KEPT), paper(ABSENT))],
    ),
    refused(
        "move_registry",
        "H402",
        "was moved to archive/papers",
        also=("H408",),
        by=[move("registry", "archive")],
    ),
)

# Only plain files: H403.
MODES = (
    refused("executable", "H403", "git update-index --chmod=-x", by=[executable(REPORT)]),
    refused(
        "new_executable", "H403", "executable", by=[add(NEW_EVENT, dispute(KEPT)), executable(NEW_EVENT)]
    ),
    refused(
        "executable_with_edit", "H403", "executable", also=("H401",), by=[add(REPORT), executable(REPORT)]
    ),
    refused("link_for_file", "H403", "symbolic link", by=[link(MANIFEST, "/etc/passwd")]),
    refused("new_link", "H403", "symbolic link", by=[link(NEW_EVENT, "../../../registry.yaml")]),
    refused(
        "link_for_folder",
        "H403",
        "symbolic link",
        also=("H402", "H405", "S108"),
        by=[link("registry/papers", "../elsewhere")],
    ),
    refused(
        "link_for_registry",
        "H403",
        "symbolic link",
        also=("H402", "H405", "H408"),
        by=[link("registry", "elsewhere")],
    ),
    refused(
        "link_for_settings", "H403", "symbolic link", also=("H408", "S108"), by=[link(SETTINGS, "/dev/null")]
    ),
    refused("link_for_schemas", "H403", "symbolic link", also=("H402", "H405"), by=[link("schemas", "s")]),
    refused(
        "submodule",
        "H403",
        "a submodule",
        "git rm --cached",
        by=[submodule(f"registry/runs/sums/code/{'0' * 64}.py")],
    ),
    refused(
        "submodule_for_record", "H403", "a submodule", also=("H402", "H405"), by=[submodule(paper(KEPT))]
    ),
)

# Names that are one on some machine: H404.
COLLISIONS = (
    refused(
        "case_of_event", "H404", "one file", also=("H405",), by=[copy(EVENT, EVENT.replace("depth", "Depth"))]
    ),
    refused(
        "case_of_folder",
        "H404",
        "'Works' and 'works'",
        also=("H405",),
        by=[add("registry/Works/arxiv/x.json")],
    ),
    refused("case_of_registry", "H404", "'Registry/", "'registry'", by=[add("Registry/papers/aa/x.json")]),
    refused("case_of_schemas", "H404", "'schemas'", by=[add("Schemas/paper-manifest/v1.json")]),
    refused(
        "accent_of_work",
        "H404",
        "one file",
        also=("H405",),
        by=[add("registry/works/caf\u00e9.json"), add("registry/works/cafe\u0301.json")],
    ),
    refused(
        "unseen_in_name",
        "H404",
        "\\u{200b}",
        also=("H405",),
        by=[add("registry/works/arxiv/2501.\u200b00001/x.json")],
    ),
    refused("unseen_in_registry", "H404", "'registry'", by=[add("regi\u200dstry/papers/aa/x.json")]),
)

# Paths that do not follow from the id, odd names, strange places, sizes: H405.
PLACES = (
    refused("upper_case_id", "H405", f"such as {ABSENT}", by=[copy(paper(KEPT), paper(ABSENT.upper()))]),
    refused(
        "wrong_shard",
        "H405",
        f"expected papers/63/{ABSENT}/report.txt",
        by=[copy(paper(KEPT), f"registry/papers/64/{ABSENT}")],
    ),
    refused("no_id", "H405", "is no record's id", by=[copy(paper(KEPT), "registry/papers/63/new")]),
    refused("above_record", "H405", "above a record's folder", by=[add("registry/papers/63/report.txt")]),
    refused("event_above", "H405", "corrections/NAME.yaml", by=[add(f"{paper(KEPT)}/x.yaml", dispute(KEPT))]),
    refused(
        "event_in_shard_of_another",
        "H405",
        f"expected papers/0f/{KEPT}",
        by=[add(NEW_EVENT.replace("papers/0f", "papers/1a"), dispute(KEPT))],
    ),
    refused("event_ends_yml", "H405", "corrections/NAME.yaml", by=[add(NEW_EVENT.replace(".yaml", ".yml"))]),
    refused("event_name_too_short", "H405", "3 to 40", by=[add(f"{paper(KEPT)}/corrections/ab.yaml")]),
    refused("notes_in_record", "H405", "no place in a record", by=[add(f"{paper(KEPT)}/notes.docx")]),
    refused(
        "check_of_no_shape",
        "S110",
        "claim-check-v1",
        by=[add(f"{paper(KEPT)}/checks/2026-05-01-ada.yaml")],
    ),
    refused(
        "vocabulary_of_another_release",
        "S114",
        "none of the released vocabularies",
        by=[add("registry/vocabularies/quality-tiers-v9.yaml")],
    ),
    refused("review_above", "H405", "above a record's folder", by=[add("registry/reviews/ok.yaml")]),
    refused(
        "review_in_folder",
        "H405",
        "no file of reviews",
        also=("S114",),
        by=[add(REVIEW.replace("retraction", "x/y"))],
    ),
    refused("right_to_left_name", "H405", "\\u{202e}", by=[add(f"{paper(KEPT)}/corrections/{OVERRIDE}")]),
    refused("newline_in_name", "H405", "two\\nlines", by=[add(f"{paper(KEPT)}/corrections/{NEWLINE}")]),
    refused("no_utf8_name", "H405", "\\u{dce9}", by=[add(b"registry/works/arxiv/caf\xe9.json")]),
    refused("space_in_name", "H405", "a-z, 0-9", by=[add("registry/works/arxiv/two words.json")]),
    refused("workflow_command_in_name", "H405", "a-z, 0-9", by=[add("registry/works/arxiv/::error::x")]),
    refused("hidden_file", "H405", "hidden name", by=[add("registry/works/arxiv/.htaccess")]),
    refused("attributes", "H405", "hidden name", by=[add("registry/.gitattributes", "* filter=evil\n")]),
    refused(
        "attributes_that_change_line_ends",
        "H405",
        "can change the registry's files on checkout",
        by=[add(".gitattributes", "*.png binary\nregistry/papers/*/*/corrections/* text eol=crlf\n")],
    ),
    refused("attributes_of_all_files", "H405", "text=auto", by=[add(".gitattributes", "* text=auto\n")]),
    refused("attributes_by_a_macro", "H405", "[attr]", by=[add(".gitattributes", "[attr]x filter=lfs\n")]),
    refused("attributes_by_any_folder", "H405", "re*/", by=[add(".gitattributes", "re*/** ident\n")]),
    refused(
        "attributes_without_end", "H405", "expected a few lines", by=[add(".gitattributes", "# x\n" * 20_000)]
    ),
    refused("git_folder", "H405", "hidden name", by=[unnameable(paper(KEPT), ".git")]),
    refused("git_folder_of_windows", "H405", "a-z, 0-9", by=[unnameable("registry/works", "git~1")]),
    refused("two_dots", "H405", "hidden name", by=[unnameable(f"{paper(KEPT)}", "..")]),
    refused("one_dot", "H405", "hidden name", by=[unnameable("registry/works", ".")]),
    refused("backslashes", "H405", "a-z, 0-9", by=[add("registry/works/x\\..\\evil.json")]),
    refused(
        "huge_file",
        "H405",
        "at most 5242880",
        by=[add(f"registry/runs/sums/desk/2026-07-02-{'0' * 16}.json", b"x" * 5_242_881)],
    ),
    refused("deep_path", "H405", "9 levels", by=[add("registry/works/a/b/c/d/e/f/g/h.json")]),
    refused(
        "review_outside_of_the_registry",
        "H405",
        f"expected registry/reviews/1a/{RETRACTED}/seen.yaml",
        by=[add(f"reviews/1a/{RETRACTED}/seen.yaml", review(RETRACTED, EVENT, b"words"))],
    ),
    refused(
        "correction_at_the_top",
        "H405",
        "git mv my-word.yml there",
        by=[add("my-word.yml", dispute(KEPT))],
    ),
    refused("unknown_folder", "H405", "'paper' has no place", by=[add("registry/paper/x.json")]),
    refused("unknown_file", "H405", "has no place in a registry", by=[add("registry/notes.txt")]),
    refused("schemas_in_registry", "H405", "'schemas' has no place", by=[add("registry/schemas/x/v1.json")]),
    refused("file_for_folder", "H405", "expected a folder", by=[add("registry/runs")]),
    refused("upper_case_schema", "H405", "a-z, 0-9", by=[add("schemas/README.md")]),
    refused("keeper_with_words", "H405", "at most 0", by=[add("registry/papers/.gitkeep", "hidden words\n")]),
)

# What source papers say, and what is held of them: the whole folder is read, the added file is judged.
OF_SOURCES = (
    refused(
        "work_unfinished",
        "S110",
        by=[add(WORK_BESIDE, '{\n  "contract_version": "work-manifest-v1"\n}\n')],
    ),
    refused(
        "work_that_strikes_nothing",
        "S113",
        "eve-c001 is no claim of an earlier file",
        by=[add(WORK_BESIDE, work(WORK_BESIDE, strikes=["eve-c001"]))],
    ),
    refused(
        "work_that_strikes_what_came_later",
        "S113",
        "ada-c001 is no claim of an earlier file",
        by=[add(early := WORK_BESIDE.replace("05-02", "04-01"), work(early, strikes=["ada-c001"]))],
    ),
    refused(
        "work_with_the_name_of_another",
        "S112",
        "2026-04-02-ada.json lies here too",
        by=[add(again := WORK_BESIDE.replace("eve", "ada"), work(again))],
    ),
    refused(
        "work_before_the_one_of_its_name",
        "S112",
        "2026-04-02-ada.json lies here too",
        by=[add(before := WORK.replace("04-02", "04-01"), work(before))],
    ),
    refused(
        "work_in_the_folder_of_another",
        "S112",
        "expected works/arxiv/2501.00002",
        by=[add(WORK_BESIDE, work(WORK_BESIDE, of="2501.00002"))],
    ),
    refused(
        "work_with_a_figure_of_its_own",
        "S113",
        "'2.0%' does not stand",
        by=[add(WORK_BESIDE, work(WORK_BESIDE, figure="2.0%"))],
    ),
    refused(
        "work_of_tomorrow",
        "H101",
        "date 2026-12-02 lies after",
        by=[add(late := WORK_BESIDE.replace("2026-05-02", "2026-12-02"), work(late))],
    ),
    refused(
        "source_in_the_folder_of_another",
        "S112",
        "expected sources/arxiv/2501.00001",
        by=[add(SOURCE.replace("2501.00001", "2501.00002"), source())],
    ),
)

_LARGE = b"#" * 5_242_880
_OTHER = {"name": "other.py", "sha256": f"sha256:{'0' * 64}"}
_EDITED = {"parameters": {**run()["metrics"]["parameters"], "value": 1001}}

# What is wrong with runs and bindings is refused with its own codes.
OF_RERUNS = (
    refused("binding_of_another_ending", "H405", "bindings/EXPERIMENT/NAME.json",
            by=[add(BINDING.replace(".json", ".yaml"))]),
    refused("binding_without_a_folder", "H405", "no place in bindings",
            by=[add("registry/bindings/small.json")]),
    refused("run_of_another_name", "H405", "<16 hex>", by=[add("registry/runs/depth/h100/20260501.json")]),
    refused("code_of_another_name", "H405", "<SHA-256>.py", by=[add("registry/runs/depth/code/00ff.py")]),
    refused("run_without_its_code", "E102", "is not there", by=filed(rerun(), only="/desk/")),
    refused("run_with_other_code", "E102", "other.py ran", also=("S114",),
            by=filed(rerun({"code": [_OTHER]}))),
    refused("run_under_another_digest", "E103", "its name says 0000",
            by=filed(rerun(named=f"2026-07-02-{'0' * 16}.json"))),
    refused("run_with_an_edited_metric", "E104", "is 1001, its formula gives 1000",
            by=filed(rerun({"metrics": _EDITED}))),
    refused("run_of_the_smoke_preset", "E106", "only shows that the code works",
            by=filed(rerun({"preset": "smoke"}))),
    refused("run_of_tomorrow", "H101", "lies after",
            by=filed(rerun({"ended": "2026-12-02T00:00:00Z"}), only="/desk/", also="/code/")),
    refused("code_that_no_run_names", "S114", "no run of this experiment", by=filed(rerun(), only="/code/")),
    refused("binding_of_a_figure_of_its_own", "E105", "does not stand in the claim",
            by=filed(rerun(expected={"text": "63.0%", "value": 63, "unit": "%", "relation": "equals"}))),
    refused("binding_of_nobodys_claim", "S113", "has no claim ada-c009",
            by=filed(rerun(claim={"kind": "arxiv", "identifier": "2501.00001", "claim": "ada-c009"}))),
    refused("direct_binding_without_a_run", "E101", "no stored run",
            by=filed(rerun(grade="direct"), only="/bindings/")),
)  # fmt: skip

# The promise, and a change that brings its own judge: H408, H409.
PROMISES = (
    refused("unset", "H408", "any more", by=[edit(SETTINGS, "append_only: true", "append_only: false")]),
    refused(
        "unset_in_other_words",
        "H408",
        "any more",
        also=("S110",),
        by=[edit(SETTINGS, "append_only: true", "append_only:")],
    ),
    refused(
        "unset_and_delete",
        "H408",
        "any more",
        also=("H402",),
        by=[edit(SETTINGS, "append_only: true", "append_only: no"), delete(REFUSAL)],
    ),
    refused(
        "line_deleted", "H408", "any more", also=("S110",), by=[edit(SETTINGS, "append_only: true\n", "")]
    ),
    refused(
        "said_twice",
        "H408",
        "cannot be read",
        also=("S102",),
        by=[edit(SETTINGS, "append_only: true", "append_only: true\nappend_only: false")],
    ),
    refused("settings_deleted", "H408", "is missing", by=[delete(SETTINGS)]),
    refused(
        "settings_damaged",
        "H408",
        "cannot be read",
        also=("S106",),
        by=[add(SETTINGS, b"append_only: true\n\xff")],
    ),
    refused(
        "contract_with_record",
        "H409",
        "two pull requests",
        also=("S109",),
        by=[
            add("schemas/paper-manifest/v9.json", "{}\n"),
            copy(paper(KEPT), paper(ABSENT)),
            edit(f"{paper(ABSENT)}/manifest.json", '"paper-manifest-v1', '"paper-manifest-v9'),
            edit(f"{paper(ABSENT)}/manifest.json", "manifest-v9.1", "manifest-v9"),
        ],
    ),
    refused(
        "contract_with_event",
        "H409",
        "names correction-event-v9",
        also=("S109",),
        by=[
            add("schemas/correction-event/v9.json", "{}\n"),
            add(NEW_EVENT, dispute(KEPT).replace("event-v1", "event-v9")),
        ],
    ),
)


def explained(path: str, slug: str = "report-removed") -> Step:
    """Add the event that explains the removal of a file of the base."""
    _, _, _, record, file = path.split("/", 4)

    def step(branch: Branch) -> None:
        branch.write(
            f"{paper(record)}/corrections/{slug}.yaml", removal(record, file, branch.filed(path)).encode()
        )

    return step


def seen(path: str, slug: str = "report-removed", by: str = "Ada Example") -> Step:
    """Add a maintainer's review of the event that explains the removal of a file of the base."""
    record = path.split("/")[3]
    event = f"{paper(record)}/corrections/{slug}.yaml"
    place = f"registry/reviews/{record[:2]}/{record}/{slug}.yaml"
    return lambda branch: branch.write(place, review(record, event, branch.read(event), by=by).encode())


GONE = f"{paper(RETRACTED)}/corrections/event-removed.yaml"
SEEN = f"registry/reviews/{RETRACTED[:2]}/{RETRACTED}/removal-seen.yaml"

# What the note of the retraction says besides its digest.
DATED = ', "date": "2026-04-01", "waited": true'


def event_removed(more: str) -> list[Step]:
    """Return the steps of a removal of the retraction, explained and confirmed, with a note of more words."""
    return [
        remove(EVENT, more=more),
        explained(EVENT, "event-removed"),
        lambda branch: branch.write(SEEN, review(RETRACTED, GONE, branch.read(GONE)).encode()),
    ]


# The one exception, and how it fails: H410.
REMOVALS = (
    refused(
        "removal_without_event", "H410", "add an event of type REMOVAL", also=("S113",), by=[remove(REPORT)]
    ),
    refused(
        "removal_with_dispute",
        "H410",
        "add an event of type REMOVAL",
        also=("S113",),
        by=[remove(REPORT), add(NEW_EVENT, dispute(KEPT))],
    ),
    refused(
        "note_names_another_digest",
        "H410",
        "names sha256:",
        "has the digest sha256:",
        by=[remove(REPORT, b"else"), add(NEW_EVENT, removal(KEPT, "report.txt", b"else"))],
    ),
    refused(
        "event_names_another_digest",
        "H410",
        "but the event papers/0f",
        also=("S113",),
        by=[remove(REPORT), add(NEW_EVENT, removal(KEPT, "report.txt", b"else"))],
    ),
    refused(
        "event_in_folder_of_another",
        "H410",
        "add an event of type REMOVAL",
        also=("S112", "S113"),
        by=[
            remove(REPORT),
            explained(REPORT),
            move(f"{paper(KEPT)}/corrections/report-removed.yaml", f"{paper(LATER)}/corrections/gone.yaml"),
        ],
    ),
    Row(
        "removal_of_a_report_that_nobody_confirms",
        (remove(REPORT), explained(REPORT)),
        "H410",
        ("takes away report.txt", "review of this file by Ada Example"),
        removals=(REPORT,),
    ),
    Row(
        "removal_of_a_manifest_confirmed_by_a_stranger",
        (remove(MANIFEST), explained(MANIFEST), seen(MANIFEST, by="Mallory")),
        "H410",
        ("takes away manifest.json",),
        also=("H411",),
        removals=(MANIFEST,),
    ),
    refused(
        "note_of_a_removal_where_no_file_was",
        "H410",
        "where no file was",
        also=("S109",),
        by=[
            copy(paper(KEPT), paper(ABSENT)),
            add(f"{paper(ABSENT)}/manifest.json", '{"removed": "sha256:' + "0" * 64 + '"}\n'),
        ],
    ),
    Row(
        "two_files_with_one_event",
        (remove(REPORT), remove(MANIFEST), explained(REPORT), seen(REPORT)),
        "H410",
        ("with file: manifest.json",),
        also=("S109",),
        removals=(REPORT,),
    ),
    refused(
        "event_that_was_filed_before",
        "H410",
        "add an event of type REMOVAL",
        also=("S109",),
        by=[remove(f"{paper(REMOVED)}/manifest.json")],
    ),
    refused(
        "note_in_other_words",
        "H401",
        "is filed and changed",
        also=("S113",),
        by=[add(REPORT, "removed\n"), explained(REPORT)],
    ),
    refused(
        "note_with_more_words",
        "H401",
        "is filed and changed",
        also=("S113",),
        by=[remove(REPORT), edit(REPORT, "}\n", "}\nAnd more.\n"), explained(REPORT)],
    ),
    refused(
        "note_of_a_removal_as_an_editor_leaves_it",
        "H410",
        "is nearly the note of this removal",
        "printf",
        also=("S113",),
        by=[remove(REPORT), edit(REPORT, "}\n", "}\r\n"), explained(REPORT), seen(REPORT)],
    ),
    refused(
        "removal_by_the_path_from_the_registry",
        "H410",
        "expected file: report.txt",
        by=[
            add(NEW_EVENT, removal(KEPT, f"papers/0f/{KEPT}/report.txt", b"else")),
        ],
    ),
    refused("event_without_removal", "H410", "leaves as it is", by=[explained(REPORT)]),
    refused(
        "event_of_no_file",
        "H410",
        "has parts that lead nowhere",
        also=("S110",),
        by=[add(NEW_EVENT, removal(KEPT, "x/../y", b"else"))],
    ),
    *(
        refused(
            f"removal_in_the_spelling_{name}_that_removes_nothing",
            "H410",
            "leaves as it is",
            by=[explained(REPORT), edit(f"{paper(KEPT)}/corrections/report-removed.yaml", old, new)],
        )
        for name, old, new in (
            ("lower_case", "type: REMOVAL", "type: removal"),
            ("title_case", "type: REMOVAL", "type: Removal"),
            ("paper_in_capitals", f"paper: {KEPT}", f"paper: {KEPT.upper()}"),
        )
    ),
    refused(
        "removal_of_a_file_that_is_not_there",
        "H410",
        "which is no file of this record",
        by=[add(NEW_EVENT, removal(KEPT, "corrections/unheard-of.yaml", b"else"))],
    ),
    refused(
        "removal_by_a_path_with_a_detour",
        "H410",
        "expected file: corrections/depth-retracted.yaml",
        by=[add(GONE, removal(RETRACTED, "corrections/./depth-retracted.yaml", b"else"))],
    ),
    refused(
        "second_removal_of_a_file",
        "H410",
        "which was removed before",
        by=[add(f"{paper(REMOVED)}/corrections/again.yaml", removal(REMOVED, "report.txt", b"else"))],
    ),
    Row(
        "review_of_a_removed_event",
        (
            *event_removed(DATED),
            lambda branch: branch.write(
                SEEN.replace("removal-seen", "retraction-again"),
                review(RETRACTED, EVENT, branch.filed(EVENT), date="2026-05-03").encode(),
            ),
        ),
        "H311",
        ("was removed, expected a review of a file that is there",),
        removals=(EVENT,),
    ),
    refused(
        "removal_by_deletion",
        "H402",
        "expected the one line {",
        also=("S117",),
        by=[delete(REPORT), explained(REPORT)],
    ),
    refused(
        "removed_file_restored",
        "H401",
        "was removed",
        also=("S113",),
        by=[add(f"{paper(REMOVED)}/report.txt", "It is back.\n")],
    ),
    refused(
        "removed_again",
        "H401",
        "was removed",
        by=[
            remove(f"{paper(REMOVED)}/report.txt", b"else"),
            add(f"{paper(REMOVED)}/corrections/again.yaml", removal(REMOVED, "report.txt", b"else")),
        ],
    ),
    Row(
        "removed_executable",
        (remove(REPORT), explained(REPORT), seen(REPORT), executable(REPORT)),
        "H403",
        ("executable",),
        removals=(REPORT,),
    ),
    Row(
        "removal_of_an_event",
        (remove(EVENT, more=DATED), explained(EVENT, "event-removed")),
        "H410",
        ("expected a review of this file by Ada Example",),
        removals=(EVENT,),
    ),
    Row(
        "removal_of_an_event_with_a_review_by_nobody",
        (
            remove(EVENT, more=DATED),
            explained(EVENT, "event-removed"),
            lambda branch: branch.write(
                SEEN, review(RETRACTED, GONE, branch.read(GONE), by="Mallory").encode()
            ),
        ),
        "H410",
        ("expected a review",),
        also=("H411",),
        removals=(EVENT,),
    ),
    *(
        refused(
            f"note_of_an_event_{name}",
            "H410",
            "nearly the note of this removal",
            '"date": "2026-04-01", "waited": true}',
            by=event_removed(more),
            patch='"date": "2026-04-01", "waited": true}',
        )
        for name, more in (
            ("without_its_date", ""),
            ("of_another_day", ', "date": "2026-04-02", "waited": true'),
            ("that_did_not_wait", ', "date": "2026-04-01", "waited": false'),
        )
    ),
    refused(
        "note_of_an_event_in_another_order",
        "H410",
        "nearly the note of this removal",
        also=("S109",),
        by=event_removed(', "waited": true, "date": "2026-04-01"'),
    ),
    refused(
        "note_of_a_report_with_a_date",
        "H410",
        "nearly the note of this removal",
        by=[remove(REPORT, more=DATED), explained(REPORT), seen(REPORT)],
        patch='"}',
    ),
    refused(
        "event_deleted_for_its_removal",
        "H402",
        '"date": "2026-04-01", "waited": true}',
        by=[*event_removed("")[1:], delete(EVENT)],
    ),
    refused(
        "event_left_by_its_removal",
        "H410",
        "leaves as it is",
        '"date": "2026-04-01", "waited": true}',
        by=event_removed("")[1:],
    ),
    refused(
        "removal_of_a_removal",
        "H406",
        "is filed and edited here",
        also=("S113",),
        by=[
            remove(REMOVAL),
            explained(REMOVAL, "removal-removed"),
            seen(REMOVAL, "removal-removed"),
        ],
    ),
    refused("review_removed", "H406", "in a new file", also=("S113",), by=[remove(REVIEW)]),
    refused("work_removed", "H401", "is filed and changed", by=[remove(WORK)]),
)

HONEST = (
    honest("nothing", by=[]),
    honest("record_after_the_keeper", by=[add("registry/papers/.gitkeep", "")]),
    honest("event", by=[add(NEW_EVENT, dispute(KEPT))]),
    honest("second_event", by=[add(EVENT.replace("depth", "width"), dispute(RETRACTED))]),
    honest("refusal", by=[add(f"registry/refusals/1a/{RETRACTED}/not-so.yaml", refusal(RETRACTED))]),
    honest(
        "work_source_binding_run",
        by=[
            add(other := "registry/works/arxiv/2501.00002/2026-05-01-ada.json", work(other, of="2501.00002")),
            add(SOURCE, source()),
            *filed(rerun()),
        ],
    ),
    honest("binding_that_waits_for_its_run", by=filed(rerun(), only="/bindings/")),
    honest("work_that_strikes_a_claim", by=[add(WORK_BESIDE, work(WORK_BESIDE, strikes=["ada-c001"]))]),
    honest(
        "new_contract",
        by=[
            add("schemas/paper-manifest/v9.json"),
            add("schemas/examples/paper-manifest-v9.json", '{"contract_version": "paper-manifest-v9"}'),
        ],
    ),
    honest(
        "new_vocabulary",
        by=[add("vocabularies/quality-tiers-v9.yaml")],
    ),
    honest("settings", by=[edit(SETTINGS, "name: Ada Example", "name: Ada Example\n  - name: Eve Example")]),
    honest("promise_in_other_words", by=[edit(SETTINGS, "append_only: true", "append_only: yes")]),
    honest(
        "outside_of_the_registry",
        by=[
            edit("README.md", "registry", "Registry"),
            add("docs/Notes.txt"),
            executable("README.md"),
            link("current", "registry"),
            add("papers/x.txt"),
            add("registry.txt"),
            add("theme/.hidden"),
        ],
    ),
    honest(
        "attributes_of_other_files",
        by=[
            add(
                ".gitattributes",
                "# Ours.\n\n*.png binary\n*.sh text eol=lf\ndocs/** text\nregistry/** -text\n* linguist\n",
            ),
            add("docs/.gitattributes", "* text=auto\n"),
        ],
    ),
    honest(
        "large_as_allowed",
        by=[
            *filed(rerun({"code": [*run()["code"], {"name": "large.py", "sha256": canon.digest(_LARGE)}]})),
            add(f"registry/runs/{EXPERIMENT}/code/{canon.digest(_LARGE)[7:]}.py", _LARGE),
        ],
    ),
    Row("removal", (remove(REPORT), explained(REPORT), seen(REPORT)), removals=(REPORT,)),
    Row(
        "removal_of_two_files",
        (
            remove(REPORT),
            explained(REPORT),
            seen(REPORT),
            remove(MANIFEST),
            explained(MANIFEST, "manifest-removed"),
            seen(MANIFEST, "manifest-removed"),
        ),
        removals=(MANIFEST, REPORT),
    ),
    Row(
        "removal_of_an_event_with_a_review",
        tuple(event_removed(DATED)),
        removals=(EVENT,),
        state="CORRECTED",
    ),
    Row(
        "removal_in_lower_case",
        (
            remove(REPORT),
            explained(REPORT),
            edit(f"{paper(KEPT)}/corrections/report-removed.yaml", "type: REMOVAL", "type: removal"),
            seen(REPORT),
        ),
        removals=(REPORT,),
    ),
)

CHANGES = (*ALTERED, *MODES, *COLLISIONS, *PLACES, *OF_SOURCES, *OF_RERUNS, *PROMISES, *REMOVALS, *HONEST)
