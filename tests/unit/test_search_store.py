"""The database of the search: what is put in is found, what changed is found as it is now, and no more."""

import gzip
import json
import random
import re
import sqlite3
import struct
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from colophon import canon
from colophon.model import Artifact
from colophon.search_entry import NOT_RUN, Entry
from colophon.search_store import FACETS, NO_DAY, SearchStore

WORDS = "attention routing experts kettle lantern recall latency sparse dense memory garden quill".split()
GONE = 0xFFFE


def fabricated(number: int, *, seed: int = 0) -> Entry:
    """A paper of drawn words."""
    drawn = random.Random(f"{seed} {number}")
    title, text = (" ".join(drawn.choices(WORDS, k=count)) for count in (4, 9))
    return Entry(
        id=f"00000000-0000-4000-8000-{number:012d}",
        display_id=f"SRCH:{number:08X}",
        title=title,
        about=text,
        publisher=drawn.choice(("Ada", "Grace")),
        subject=drawn.choice(WORDS),
        day=drawn.choice((None, drawn.randrange(9000, 9800))),
        tier=drawn.choice(("UNSAFE", "UNCHECKED")),
        level="L0",
        state="CURRENT",
        verdict=NOT_RUN,
        text=f"{title} {text}",
    )


def filled(file: Path, entries: Iterable[Entry]) -> SearchStore:
    """A store with papers, each under its own title as key."""
    store = SearchStore(file)
    store.put((one.title, one) for one in entries)
    store.finish()
    return store


class Site:
    """What a browser reads of a store: its parts joined, and the columns."""

    def __init__(self, store: SearchStore, folder: Path) -> None:
        files = {one.path: one for one in store.files()}
        self.files: dict[str, Artifact] = files
        self.listed = json.loads(files["search/parts.txt"].body)
        whole = folder / "joined.sqlite"
        whole.write_bytes(b"".join(files[part["path"]].body for part in self.listed["parts"]))
        self.database = sqlite3.connect(whole)
        head, _, rest = gzip.decompress(files[self.listed["columns"]].body).partition(b"\n")
        self.head = json.loads(head)
        rows = self.head["rows"]
        self.days = struct.unpack(f"<{rows}H", rest[: 2 * rows])
        self.columns = {
            name: rest[(2 + place) * rows : (3 + place) * rows]
            for place, (name, _) in enumerate(self.head["facets"])
        }

    def _numbers(self, table: str, words: list[str]) -> set[int]:
        asked = " AND ".join(f'"{word}"' for word in words)
        found = self.database.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (asked,))
        return {n for (n,) in found if self.days[n] != GONE}

    def found(self, words: list[str]) -> list[tuple[bool, int, str]]:
        """Papers as a page shows them: in the title or not, day, id; those of one day by id."""
        first = self._numbers("titles", words)
        rows = [
            (
                n in first,
                -1 if self.days[n] == NO_DAY else self.days[n],
                self.database.execute("SELECT id FROM papers WHERE n = ?", (n,)).fetchone()[0],
            )
            for n in self._numbers("texts", words)
        ]
        return sorted(sorted(rows, key=lambda row: row[2]), key=lambda row: row[:2], reverse=True)

    def value(self, facet: str, record_id: str) -> str:
        """The value of a facet that a paper is counted under."""
        n = self.database.execute("SELECT n FROM papers WHERE id = ?", (record_id,)).fetchone()[0]
        values = dict(self.head["facets"])[facet]
        return str(values[self.columns[facet][n]])


def test_a_paper_is_found_by_its_words(tmp_path: Path) -> None:
    """By any form of a word, without accents, by identifier; in the title first, then the newest first."""
    first = replace(fabricated(1), title="Kettles", text="Kettles of Zürich SRCH:00000001", day=9000)
    second = replace(fabricated(2), title="Lanterns", text="Lanterns beside a kettle", day=9700)
    site = Site(filled(tmp_path / "s", [first, second]), tmp_path)
    assert [one[2] for one in site.found(["kettle"])] == [first.id, second.id]
    assert [one[2] for one in site.found(["zurich"])] == [first.id]
    assert [one[2] for one in site.found(["00000001"])] == [first.id]
    assert site.found(["kettle", "marigold"]) == []


def test_facets_say_what_a_paper_is(tmp_path: Path) -> None:
    """Each facet's column has the value of each paper, and the list says how many papers there are."""
    entries = [fabricated(n) for n in range(40)]
    site = Site(filled(tmp_path / "s", entries), tmp_path)
    assert site.listed["papers"] == 40
    for one in entries:
        for facet in FACETS:
            assert site.value(facet, one.id) == getattr(one, facet)


def test_rare_values_of_a_facet_are_counted_together(tmp_path: Path) -> None:
    """A facet is one byte wide, whatever strangers write in it."""
    entries = [replace(fabricated(n), subject=f"subject {n % 500:03d}") for n in range(1000)]
    site = Site(filled(tmp_path / "s", entries), tmp_path)
    values = dict(site.head["facets"])["subject"]
    assert len(values) == 200
    assert values[-1] == "other"
    assert site.value("subject", entries[499].id) == "other"


def test_an_updated_index_answers_like_a_fresh_one(tmp_path: Path) -> None:
    """After many changes, a thousand questions have the answers that an index has that never was another."""
    before = [fabricated(n) for n in range(300)]
    store = filled(tmp_path / "updated", before)
    store.close()
    after = list(before)
    drawn = random.Random(1)
    for turn in range(8):
        changed = drawn.sample(range(300), 12)
        for n in changed:
            after[n] = fabricated(n, seed=turn + 1)
        new = [fabricated(len(after) + n, seed=turn) for n in range(3)]
        after += new
        store = filled(tmp_path / "updated", [*(after[n] for n in changed), *new])
        store.close()
    (tmp_path / "b").mkdir()
    updated = Site(SearchStore(tmp_path / "updated"), tmp_path)
    fresh = Site(filled(tmp_path / "fresh", after), tmp_path / "b")
    assert updated.listed["papers"] == fresh.listed["papers"] == len(after)
    asked = 0
    for _ in range(1000):
        words = drawn.sample(WORDS, drawn.randint(1, 3))
        found = fresh.found(words)
        asked += bool(found)
        assert updated.found(words) == found
    assert asked > 300


def test_the_same_papers_make_the_same_bytes(tmp_path: Path) -> None:
    """A site that is built anew is the same, so that unchanged parts keep their names."""
    entries = [fabricated(n) for n in range(50)]
    one, other = ({a.path: a.body for a in filled(tmp_path / x, entries).files()} for x in "ab")
    assert one == other
    named = [re.fullmatch(r"search/(?:\d{3}|columns)-([0-9a-f]{8})\.bin", path) for path in sorted(one)[:-1]]
    digests = [canon.digest(one[path])[7:15] for path in sorted(one)[:-1]]
    assert [match and match[1] for match in named] == digests


def test_parts_are_small(tmp_path: Path) -> None:
    """No file is larger than a host takes, and all but the last end where a page of the database does."""
    text = " ".join(f"word{n}" for n in range(4000))
    store = filled(tmp_path / "s", [replace(fabricated(n), text=f"{text} {n}") for n in range(1200)])
    sizes = [part["bytes"] for part in json.loads([*store.files()][-1].body)["parts"]]
    assert len(sizes) > 1
    assert set(sizes[:-1]) == {4 * 2**20}


def test_what_is_kept_is_known_by_its_key(tmp_path: Path) -> None:
    """A record is put again only where something about it changed."""
    entry = fabricated(1)
    filled(tmp_path / "s", [entry]).close()
    store = SearchStore(tmp_path / "s")
    assert store.has(entry.id, entry.title)
    assert not store.has(entry.id, "another")
    assert not store.has(fabricated(2).id, entry.title)


def test_what_was_not_finished_is_not_kept(tmp_path: Path) -> None:
    """A build that dies leaves the index as it was."""
    filled(tmp_path / "s", [fabricated(1)]).close()
    store = SearchStore(tmp_path / "s")
    store.put([("key", fabricated(2))])
    store.close()
    assert not SearchStore(tmp_path / "s").has(fabricated(2).id, "key")


def test_words_of_a_removed_record_do_not_stay(tmp_path: Path) -> None:
    """Once a record may no longer be found, the index is made anew, without its words."""
    secret = replace(fabricated(1), text="unspeakable")
    store = filled(tmp_path / "s", [secret, fabricated(2)])
    assert not store.is_worn([secret.id, fabricated(2).id])
    assert store.is_worn([fabricated(2).id])
    store.clear()
    store.put([("key", fabricated(2))])
    store.finish()
    assert b"unspeakabl" not in b"".join(one.body for one in store.files())


def test_an_index_of_old_rows_is_made_anew(tmp_path: Path) -> None:
    """Old rows take room, so they do not gather for ever."""
    entries = [fabricated(n) for n in range(100)]
    store = filled(tmp_path / "s", entries)
    wanted = [one.id for one in entries]
    for turn in range(10):
        assert not store.is_worn(wanted)
        store.put((f"{turn}", one) for one in entries)
    store.put([("more", entries[0])])
    assert store.is_worn(wanted)


@pytest.mark.parametrize("body", [b"", b"no database at all" * 400])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, body: bytes) -> None:
    """It can be made again, so nobody has to repair it."""
    (tmp_path / "s").write_bytes(body)
    store = filled(tmp_path / "s", [fabricated(1)])
    assert Site(store, tmp_path).listed["papers"] == 1
