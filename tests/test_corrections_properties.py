"""What holds for all corrections together, whatever people file: the promises that the pages make."""

import copy
import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from colophon import canon, contracts, folder, pipeline, schema
from colophon import pointer as pointers
from colophon import settings as registry_settings
from colophon.alterations import note_of
from colophon.amend import FieldChange
from colophon.contracts.correction_event import Event
from colophon.contracts.review import Review
from colophon.entries import FiledEvent, FiledReview, ordered
from colophon.examination import Examined, Task, examine
from colophon.executor import Serial
from colophon.filed import event_id
from colophon.fold import Documents, Step, Version, fold
from colophon.index import Facts
from colophon.model import Finding
from colophon.pointer import ABSENT, all_pointers
from colophon.rules.derive import derive
from colophon.store import OverlayTree, Tree, WorkTree

REGISTRY = WorkTree(str(Path(__file__).resolve().parent / "registry"))
PAPER = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
FOLDER = f"papers/{PAPER[:2]}/{PAPER}"
KINDS = ("METADATA", "ARTIFACT", "CLAIM", "BENCHMARK", "PROVENANCE", "QUALITY_ASSESSMENT")
NOTICES = ("RETRACTION", "WITHDRAWAL", "SUPERSESSION", "REINSTATEMENT", "DISPUTE", "EXPRESSION_OF_CONCERN")
# Worst last.
TIERS = ("GROUNDED", "MOSTLY_GROUNDED", "LOCATED", "UNCHECKED", "UNSAFE", "WITHHELD")
SLUGS = ("aaa", "bbb", "ccc", "ddd", "eee", "fff", "ggg", "hhh", "iii", "jjj")
# Deterministic, so that a build is red for a reason and not by luck.
calm = settings(derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


@cache
def filed() -> Documents:
    """The documents of one record as filed."""
    loaded = folder.load(REGISTRY, PAPER, FOLDER, "SRCH").record
    assert loaded is not None
    return loaded.filed


# Values that people file for fields which take them, so that many events apply, conflict and undo each other.
FIELDS: dict[tuple[str, str], tuple[Any, ...]] = {
    ("manifest", "/license"): (None, "CC0-1.0", "MIT"),
    ("manifest", "/submitted"): ("2026-03-04", "2026-03-05", "soon"),
    ("manifest", "/kind"): (None, "draft", "essay"),
    ("manifest", "/sources/0/title"): (None, "On things", "On\nthings"),
    ("manifest", "/claims/1/sources"): (None, ["s001"], ["s009"]),
    ("manifest", "/claims/1/struck"): ("yes", "no", None),
    ("manifest", "/stated/papers_retrieved"): ("3", "4", "many"),
    ("manifest", "/title"): ("Fabricated Report: Memory of Imaginary Routers", "Fabricated Report", ""),
    ("manifest", "/stated/correction"): (None, {"status": "RETRACTED", "count": "1"}, {"status": "CURRENT"}),
    ("provenance", "/search/query_count"): ("2", "3", "-1"),
    ("provenance", "/search/databases"): (["arXiv"], ["arXiv", "DBLP"], "arXiv"),
    ("provenance", "/verification/threshold/value"): ("0.2", "0.25", None),
    ("provenance", "/notes"): (None, "x", ["x", "y"]),
}
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e6, 1e6) | TEXTS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS, below, max_size=3),
    max_leaves=5,
)


@st.composite
def likely(draw: st.DrawFn) -> dict[str, Any]:
    """Return a change of a field that exists, between values that it may well have; often the filed one."""
    document, pointer = draw(st.sampled_from(sorted(FIELDS)))
    values = FIELDS[document, pointer]
    old = values[0] if draw(st.integers(0, 2)) else draw(st.sampled_from(values))
    is_there = pointers.resolve(filed().named(document), pointer) is not ABSENT
    given_old = {"old": old} if is_there == bool(draw(st.integers(0, 9))) else {}
    others = [value for value in values if value != old] if draw(st.integers(0, 5)) else values
    return {"document": document, "pointer": pointer, **given_old, "new": draw(st.sampled_from(others))}


@st.composite
def any_change(draw: st.DrawFn) -> dict[str, Any]:
    """Return a change of whatever: a pointer that exists, nearly exists or does not, and any values."""
    document = draw(st.sampled_from(("manifest", "provenance")))
    existing = st.sampled_from(all_pointers(filed().named(document)))
    pointer = draw(existing | TEXTS.map(lambda text: f"/{text}"))
    how = draw(st.integers(0, 5))
    if how == 0:
        at = draw(st.integers(1, len(pointer)))
        pointer = pointer[:at] + draw(TEXTS) + pointer[at + 1 :]
    elif how == 1:
        pointer += draw(st.sampled_from(("/-", "/0", "/99", "/", "/~0", "/~1", "/٣", "/-1", "/00")))
    found = pointers.resolve(filed().named(document), pointer)
    old = {} if found is ABSENT or not draw(st.integers(0, 4)) else {"old": found}
    old = {"old": draw(ANY)} if not draw(st.integers(0, 2)) else old
    return {"document": document, "pointer": pointer, **old, "new": draw(ANY)}


@st.composite
def statements(draw: st.DrawFn, changes: st.SearchStrategy[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return a correction event that fits its contract."""
    changes = likely() if changes is None else changes
    day, second = draw(st.integers(1, 3)), draw(st.integers(0, 59))
    data: dict[str, Any] = {
        "contract_version": "correction-event-v1",
        "paper": PAPER,
        "date": draw(st.sampled_from((f"2026-05-0{day}", f"2026-05-0{day}T00:00:{second:02d}Z"))),
        "reporter": {"name": draw(st.sampled_from(("Ada", "Eve"))), "kind": "person"},
        "note": f"Note {draw(st.integers(0, 99))}.",
    }
    if draw(st.integers(0, 3)):
        reason = draw(st.sampled_from(("transcription", "transcription", None, "publisher-revision")))
        data["type"] = draw(st.sampled_from(KINDS))
        data["changes"] = draw(st.lists(changes, min_size=1, max_size=draw(st.integers(1, 3))))
        data |= {} if reason is None else {"reason": reason}
    else:
        data["type"] = draw(st.sampled_from(NOTICES))
        data["reason"] = draw(st.sampled_from(("other", "unheard-of")))
        if data["type"] == "SUPERSESSION":
            data["successor"] = PAPER
        if data["type"] in ("DISPUTE", "EXPRESSION_OF_CONCERN"):
            data["proposed"] = draw(st.lists(changes, max_size=2))
    return data


def review(file: str, raw: bytes, date: str) -> dict[str, Any]:
    """Return a maintainer's confirmation of a file."""
    return {
        "contract_version": "review-v1", "paper": PAPER, "file": file, "sha256": canon.digest(raw),
        "reviewer": "Rae Example", "date": date, "looked_at": "The file.",
    }  # fmt: skip


def stored(data: dict[str, Any]) -> bytes:
    """Return a document as somebody might write it in YAML; JSON is YAML too."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")


@st.composite
def entries(
    draw: st.DrawFn, changes: st.SearchStrategy[dict[str, Any]] | None = None
) -> list[FiledEvent | FiledReview]:
    """Return events, with reviews of some of them, in any order."""
    found: list[FiledEvent | FiledReview] = []
    for number, data in enumerate(draw(st.lists(statements(changes), max_size=5))):
        assume(not schema.faults("correction-event-v1", data))
        raw, event = stored(data), contracts.read(data)
        assert isinstance(event, Event)
        found.append(FiledEvent(event_id(event.date, raw), SLUGS[number], event, canon.digest(raw)))
        if draw(st.booleans()):
            date = draw(st.sampled_from((event.date, "2026-05-04")))
            confirming = review(f"{FOLDER}/corrections/{SLUGS[number]}.yaml", raw, date)
            of = contracts.read(confirming)
            assert isinstance(of, Review)
            found.append(FiledReview(event_id(of.date, stored(confirming)), SLUGS[number], of))
    return draw(st.permutations(found))


def folded(of: list[FiledEvent | FiledReview]) -> list[Version]:
    """Return all versions; folding may not touch what was filed."""
    before = copy.deepcopy(filed())
    versions = list(fold(filed(), ordered(of)))
    assert filed() == before
    return versions


@settings(calm, max_examples=200)
@given(entries(likely() | any_change()))
def test_folding_never_fails(of: list[FiledEvent | FiledReview]) -> None:
    """Whatever fits the contract of events is folded, and every version fits the contracts of documents."""
    versions = folded(of)
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    begun = [version.step.id for version in versions if version.step and not version.step.review]
    assert begun == [entry.id for entry in ordered(of) if isinstance(entry, FiledEvent)]
    for version in versions:
        for document in (version.documents.manifest, version.documents.provenance):
            assert schema.faults(document["contract_version"], document) == ()
            contracts.read(document)


@calm
@given(entries())
def test_folding_again_gives_the_same(of: list[FiledEvent | FiledReview]) -> None:
    """The same events give the same versions; what was folded and has no events is one version of its own."""
    versions = folded(of)
    assert folded(list(reversed(of))) == versions
    last = versions[-1].documents
    assert list(fold(last, [])) == [Version(1, None, last)]


@calm
@given(entries())
def test_a_version_rests_on_what_came_before(of: list[FiledEvent | FiledReview]) -> None:
    """Whatever is filed later, each earlier version stays what it was."""
    placed = ordered(of)
    whole = folded(of)
    for length in range(len(placed)):
        earlier = folded(list(placed[:length]))
        assert whole[: len(earlier)] == earlier


@calm
@given(entries())
def test_old_is_what_was_and_new_what_is(of: list[FiledEvent | FiledReview]) -> None:
    """Each change that took effect leads from its old value to its new one, and nothing else differs."""
    for before, after in pairwise(folded(of)):
        step = after.step
        assert step is not None
        expected = copy.deepcopy(before.documents)
        for change in step.changes if step.outcome in ("applied", "confirmed") else ():
            put(expected.named(change.document), change)
        assert after.documents == expected


def put(document: dict[str, Any], change: FieldChange) -> None:
    """Set one value in place; what stood there must be the old one."""
    *above, name = pointers.parts(change.pointer)
    holder: Any = document
    for part in above:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    last = int(name) if isinstance(holder, list) else name
    if not change.adds:
        assert holder[last] == change.old
        holder[last] = change.new
    elif isinstance(holder, list):
        assert len(holder) == last
        holder.append(change.new)
    else:
        assert last not in holder
        holder[last] = change.new


@calm
@given(st.sampled_from(sorted(FIELDS)), st.integers(1, 2))
def test_a_change_is_undone_by_another(field: tuple[str, str], number: int) -> None:
    """The event with old and new exchanged, as text in a file, brings back the very bytes."""
    was, now = pointers.resolve(filed().named(field[0]), field[1]), FIELDS[field][number]
    assume(was is not ABSENT)
    files = {"one": exchange(field, was, now, "2026-05-01")}
    done = steps_of(files)[-1].step
    assume(done is not None and done.outcome == "applied")
    assert done is not None
    files["two"] = exchange(field, done.changes[0].new, done.changes[0].old, "2026-05-02")
    last = steps_of(files)[-1]
    assert last.step is not None
    assert (last.step.outcome, last.number) == ("applied", 3)
    for name in ("manifest", "provenance"):
        assert canon.dumps(last.documents.named(name)) == canon.dumps(filed().named(name))


def exchange(field: tuple[str, str], old: Any, new: Any, date: str) -> bytes:
    """Return the file of an event with one change."""
    change = {"document": field[0], "pointer": field[1], "old": old, "new": new}
    head = {"contract_version": "correction-event-v1", "paper": PAPER, "type": "METADATA"}
    rest = {"reason": "transcription", "reporter": "Ada", "note": f"On {date}.", "date": date}
    return stored({**head, **rest, "changes": [change]})


def steps_of(files: dict[str, bytes]) -> list[Version]:
    """Return the versions of the record with these events in its folder, by name."""
    record = folder.load(laid(files), PAPER, FOLDER, "SRCH").record
    assert record is not None
    return list(record.versions())


def laid(files: dict[str, bytes], of: str = PAPER) -> Tree:
    """Return the registry with a record's events, by name, and reviews, by ``r-`` and name."""
    placed = []
    for name, raw in files.items():
        is_review = name.startswith("r-")
        at = f"reviews/{of[:2]}/{of}" if is_review else f"papers/{of[:2]}/{of}/corrections"
        placed.append((f"{at}/{name.removeprefix('r-')}.yaml", raw))
    return OverlayTree(REGISTRY, tuple(placed))


# Of two files with the same bytes one is set aside by its name, so a review may miss the one that is left.
DISTINCT = st.lists(statements(), max_size=6, unique_by=stored)
RECORDS = tuple(name for name, _ in folder.record_folders(REGISTRY))
History = tuple[str, dict[str, bytes], dict[str, bytes]]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Return a record, files of events and reviews of it by name, and the same bytes under shuffled names."""
    record = draw(st.sampled_from((PAPER, PAPER, PAPER, *RECORDS)))
    events = [about(stored(data), record) for data in draw(DISTINCT)]
    names = draw(st.permutations(SLUGS[: len(events)]))
    wanted = draw(st.lists(st.integers(0, max(len(events) - 1, 0)), unique=True, max_size=len(events)))
    found: list[dict[str, bytes]] = []
    for slugs in (SLUGS[: len(events)], names):
        files = dict(zip(slugs, events, strict=True))
        # A review names the file that it confirms, so other names make other bytes; a date of its own
        # gives each the same place among all.
        confirming = {
            at: stored(review(event_file(record, slugs[at]), events[at], f"2026-05-04T00:00:0{at}Z"))
            for at in wanted
        }
        reviews = {f"r-{slugs[at]}": about(raw, record) for at, raw in confirming.items()}
        found.append(dict(draw(st.permutations(sorted({**files, **reviews}.items())))))
    return record, found[0], found[1]


def event_file(record: str, slug: str) -> str:
    """Return the path of a record's event."""
    return f"papers/{record[:2]}/{record}/corrections/{slug}.yaml"


def about(raw: bytes, record: str) -> bytes:
    """Return a file that is about another record."""
    return raw.replace(PAPER.encode(), record.encode())


@calm
@given(histories())
def test_the_order_of_files_on_disk_makes_no_difference(history: History) -> None:
    """The same statements under other names, listed in another order, replay to the same record."""
    name, *both = history

    def told(files: dict[str, bytes]) -> tuple[Any, ...]:
        record = folder.load(laid(files, name), name, f"papers/{name[:2]}/{name}", "SRCH").record
        assert record is not None
        steps = [(s.version, s.event.id, s.date, s.outcome, s.changes, s.refused, s.at) for s in record.steps]
        return record.current, record.manifest, record.provenance, steps

    assert told(both[0]) == told(both[1])


@calm
@given(histories(), st.integers(0, len(SLUGS)))
def test_a_removed_correction_leaves_every_version_its_number(history: History, which: int) -> None:
    """The note in its place says enough, so that no address of a version or event leads to another."""
    name, files, _ = history
    events = [file for file in sorted(files) if not file.startswith("r-")]
    assume(events)
    file = events[which % len(events)]
    note = note_of(files[file], is_statement=True)
    went = files | {file: note.raw}
    steps = [
        [
            (step.version, step.filed_as, step.id, step.event.path, step.date, bool(step.review))
            for step in one
        ]
        for one in (_steps(name, files), _steps(name, went))
    ]
    assert steps[0] == steps[1]
    outcomes = {step.outcome for step in _steps(name, went) if step.event.path == event_file(name, file)}
    assert outcomes <= {"not applied"}


def _steps(name: str, files: dict[str, bytes]) -> tuple[Step, ...]:
    record = folder.load(laid(files, name), name, f"papers/{name[:2]}/{name}", "SRCH").record
    assert record is not None
    return record.steps


@cache
def _plain(record: str) -> Examined:
    return examined(REGISTRY, record)


def examined(tree: Tree, record: str) -> Examined:
    """Examine one record of a registry."""
    return examine(Task(tree, record, f"papers/{record[:2]}/{record}", "SRCH"))


def stated(found: tuple[Finding, ...]) -> set[tuple[str, str, str, str]]:
    """Return what was found about what a publisher stated: all but what is said of events."""
    of_report = [one for one in found if not one.code.startswith("H3") and "/corrections/" not in one.path]
    return {(one.code, one.path, one.pointer, one.message) for one in of_report}


@calm
@given(histories())
def test_no_correction_removes_a_finding(history: History) -> None:
    """Whatever is filed and confirmed, what was found about the report as filed is found still."""
    record, files, _ = history
    after = examined(laid(files, record), record)
    assert stated(after.findings) >= stated(_plain(record).findings)
    assert set(after.outcomes) == set(_plain(record).outcomes)


@cache
def _vocabularies() -> dict[str, dict[str, Any]]:
    loaded = registry_settings.load(REGISTRY).settings
    assert loaded is not None
    return loaded.vocabularies


def tier(facts: Facts | None, found: tuple[Finding, ...]) -> int:
    """Return the place of a record's tier, the worst being the highest."""
    assert facts is not None
    return TIERS.index(derive(facts, found, _vocabularies()).tier.value)


@calm
@given(histories())
def test_no_stranger_improves_a_tier(history: History) -> None:
    """Without a maintainer's review nothing that anyone files leads to a better tier."""
    record, both, _ = history
    files = {name: raw for name, raw in both.items() if not name.startswith("r-")}
    after, before = examined(laid(files, record), record), _plain(record)
    assert tier(after.facts, after.findings) >= tier(before.facts, before.findings)


def test_the_tiers_are_those_of_the_vocabulary() -> None:
    """The order that the property above speaks of is of the released tiers."""
    names = [one["name"] for one in _vocabularies()["quality-tiers-v2"]["tiers"]]
    assert sorted(names) == sorted(TIERS)
    assert [name for name in names if name not in ("WITHHELD", "UNSAFE")] == list(TIERS[:4])


BYTES = st.binary(max_size=200) | statements(any_change()).map(stored)


@calm
@given(BYTES, st.integers(0, 400), st.binary(max_size=3))
def test_any_file_is_answered(raw: bytes, at: int, put_in: bytes) -> None:
    """Bytes that are no event, or one with a few others in it, are found fault with and nothing fails."""
    damaged = raw[:at] + put_in + raw[at + 1 :]
    after = examined(laid({"any": damaged, "r-any": damaged}), PAPER)
    assert after.facts is not None
    assert stated(after.findings) >= stated(_plain(PAPER).findings)
    for found in after.findings:
        assert found.line >= 1
        assert re.fullmatch("[SHA-Z][0-9]{3}", found.code)


def test_a_whole_registry_is_judged_all_the_same() -> None:
    """The survey of a registry with files that cannot be read ends with a finding on each."""
    files = {
        "one": stored({"contract_version": "correction-event-v1"}),
        "two": b"\xff",
        "r-two": b"[",
    }
    survey = pipeline.survey(laid(files), Serial(), lambda *_: None)
    assert {found.path.rpartition("/")[2] for found in survey.integrity} == {"one.yaml", "two.yaml"}
