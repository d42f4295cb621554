"""A fingerprint proves a run of words that was taken over, all of it, and nothing that was not."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from colophon.fingerprint import RUN, Worded, fingerprint, longest_run

VOCABULARY = [f"word{number}" for number in range(400)]
texts = st.lists(st.sampled_from(VOCABULARY), min_size=40, max_size=120)
# Without a word that stands twice a run can be found nowhere but where it is.
distinct = st.lists(st.sampled_from(VOCABULARY), min_size=40, max_size=120, unique=True)
LEAST = 11
SLACK = 3


@given(texts | distinct, st.data())
def test_a_run_that_was_taken_over_is_found_nearly_whole(words: list[str], data: st.DataObject) -> None:
    """Of eleven words or more at most three at either end are not proved, and no word beside them is."""
    first = data.draw(st.integers(0, len(words) - LEAST))
    length = data.draw(st.integers(LEAST, len(words) - first))
    text = " ".join(["other", *words[first : first + length], "else"])
    found = longest_run(Worded(text), fingerprint(" ".join(words)))
    assert found is not None
    before, shared, after = (
        part.split() for part in (text[: found.start], text[found.start : found.end], text[found.end :])
    )
    assert [*before, *shared, *after] == text.split()
    assert length - 2 * SLACK <= len(shared) == found.words
    assert (before[:1], after[-1:]) == (["other"], ["else"])
    if len(set(words)) == len(words):
        assert max(len(before), len(after)) <= 1 + SLACK


@given(texts, texts)
def test_what_is_proved_stands_in_both(one: list[str], other: list[str]) -> None:
    """Every run that is reported is a run of both texts, word for word."""
    found = longest_run(Worded(" ".join(one)), fingerprint(" ".join(other)))
    if found is not None:
        shared = " ".join(one)[found.start : found.end]
        assert f" {shared} " in f" {' '.join(other)} "
        assert len(shared.split()) == found.words >= RUN


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_it(one: str, other: str) -> None:
    """Whatever strangers write, there is an answer."""
    made = fingerprint(one)
    assert len(made.positions) == len(made.hashes)
    assert list(made.positions) == sorted(set(made.positions))
    longest_run(Worded(other), made)


def test_spelling_of_spaces_hyphens_and_case_makes_no_difference() -> None:
    """A text that was broken into lines and set in other quotes is the same text."""
    plain = "We let the gate decide which of the heads takes part, and the others rest for this token alone."
    broken = plain.replace("which of", "WHICH\n  of").replace("takes part", "takes\u00a0part")
    found = longest_run(Worded(broken), fingerprint(plain))
    assert found is not None
    assert found.words == len(plain.split())


def test_one_changed_word_ends_a_run() -> None:
    """A hash covers eight words, so a run is never carried over a word that differs."""
    words = VOCABULARY[:40]
    changed = [*words[:20], "changed", *words[21:]]
    found = longest_run(Worded(" ".join(changed)), fingerprint(" ".join(words)))
    assert found is not None
    assert found.words <= 20


def test_a_text_that_repeats_itself_takes_no_longer_for_each_repetition() -> None:
    """The work of comparing two texts of one word each stays within the most places that are looked at."""
    same = "buffalo " * 20_000
    found = longest_run(Worded(same), fingerprint(same))
    assert found is not None
    assert found.words >= RUN


def test_it_is_the_same_on_every_machine() -> None:
    """A stored fingerprint stays comparable: the hashes are those that were stored."""
    expected = json.loads(Path(__file__).with_name("fingerprint.json").read_text())
    made = fingerprint(expected["text"])
    assert [made.words, list(made.positions), list(made.hashes)] == expected["fingerprint"]
