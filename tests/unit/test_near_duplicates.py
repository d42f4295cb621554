"""Texts that are the same but for a few words: which are found, which never, and with how much work."""

import random
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import near_duplicates as module
from colophon.model import WAITING
from colophon.near_duplicates import Pair, Signature, near_duplicates, signature

WORDS = [f"word{number}" for number in range(120)]
LONG = " ".join(WORDS)


class Text(NamedTuple):
    """A text as the search sees it."""

    id: str
    signature: str
    admitted: int | None
    supersedes: str | None = None


def text(
    record: str, words: str, admitted: int | None, supersedes: str | None = None, claims: tuple[str, ...] = ()
) -> Text:
    """Return a text with its signature; its words are no abstract, so nothing is equal but by them."""
    return Text(record, str(signature([words], "", claims)), admitted, supersedes)


def exchanged(words: list[str], count: int, seed: int = 0) -> str:
    """Return words with some of them exchanged, far from one another."""
    found = list(words)
    for place in range(count):
        found[5 + place * 9] = f"other{seed}x{place}"
    return " ".join(found)


def alike(one: str, other: str) -> float:
    """Return the share of pairs of neighbouring words that two texts have in common."""
    left, right = set(pairwise(one.split())), set(pairwise(other.split()))
    return len(left & right) / len(left | right)


def found(*texts: Text) -> list[Pair]:
    """Return the pairs that are found."""
    return list(near_duplicates(texts))


@pytest.mark.parametrize("count", range(1, 13))
def test_the_share_is_counted(count: int) -> None:
    """A pair is told from four fifths on and with its share; every usual text is known whole."""
    other = exchanged(WORDS, count)
    share = alike(LONG, other)
    pairs = found(text("a", LONG, 1), text("b", other, 2))
    assert pairs == ([Pair("b", "a", "pairs", int(100 * share))] if share >= 0.8 else [])


def test_long_texts_are_sampled() -> None:
    """Of more pairs than are kept the share is an estimate, near the true one."""
    words = [f"w{number}" for number in range(1_500)]
    near, far = list(words), list(words)
    near[::40] = [f"n{number}" for number in range(len(near[::40]))]
    far[::4] = [f"f{number}" for number in range(len(far[::4]))]
    (pair,) = found(*(text(str(n), " ".join(one), n) for n, one in enumerate((words, near, far))))
    assert (pair.later, pair.earlier) == ("1", "0")
    assert abs(pair.share - 100 * alike(" ".join(words), " ".join(near))) < 8


def test_a_text_within_a_longer_one_is_no_copy() -> None:
    """The share is of all pairs that either has."""
    assert not found(text("a", LONG, 1), text("b", f"{LONG} {' '.join(f'm{n}' for n in range(31))}", 2))


def test_the_later_is_told_whatever_the_order_of_looking() -> None:
    """The earliest that was found is named, and each later one once."""
    first, second, third = (text(name, exchanged(WORDS, 1, n), n) for n, name in enumerate("cab", 1))
    other = text("z", " ".join(f"else{number}" for number in range(90)), 4)
    pairs = found(first, second, third, other)
    assert [pair[:2] for pair in pairs] == [("a", "c"), ("b", "c")]
    assert found(other, third, second, first) == pairs


def test_of_one_commit_the_higher_id_is_later() -> None:
    """So a batch of copies that came at once is told too."""
    assert found(text("b", LONG, 7), text("a", LONG, 7)) == [Pair("b", "a", "pairs")]


def test_without_an_order_nothing_is_told() -> None:
    """Neither where nobody knows it, nor of two that wait for a commit; all others came before these."""
    assert not found(text("a", LONG, None), text("b", LONG, None))
    assert not found(text("a", LONG, 1), text("b", LONG, None))
    assert not found(text("a", LONG, WAITING), text("b", LONG, WAITING))
    pairs = found(text("c", LONG, 1), text("b", LONG, WAITING), text("a", LONG, WAITING))
    assert [pair[:2] for pair in pairs] == [("a", "c"), ("b", "c")]


def test_a_version_repeats_none_that_it_replaces() -> None:
    """Over any versions between them and either way; one that replaces itself, or in a ring, ends nothing."""
    versions = [text(f"v{n}", LONG, n, f"v{n - 1}") for n in range(30)]
    assert not found(*versions)
    assert not found(text("a", LONG, 1, "b"), text("b", LONG, 2))
    assert found(text("a", LONG, 1, "a"), text("b", LONG, 2, "b")) == [Pair("b", "a", "pairs")]
    middle = Text("b", "", 2, "a")
    assert not found(text("a", LONG, 1), middle, text("c", LONG, 3, "b"))
    ring = [
        text("a", LONG, 1, "b"),
        text("b", LONG, 2, "a"),
        text("c", LONG, 3, "d"),
        text("d", LONG, 4, "c"),
    ]
    assert {pair[:2] for pair in found(*ring)} == {("c", "a"), ("d", "a")}


def test_two_that_replace_one_repeat_each_other() -> None:
    """The later of them is told, and not as a copy of what it replaces."""
    pairs = found(text("a", LONG, 1), text("b", LONG, 2, "a"), text("c", LONG, 3, "a"))
    assert pairs == [Pair("c", "b", "pairs")]


def test_equal_parts_are_told_and_nothing_beside_them() -> None:
    """An equal abstract and equal claims each, in other case, spaces, order and form of characters."""
    claims = tuple(f"The fabricated encoder Lupin number {n} gained {n} points" for n in range(3))
    one = Text("a", str(signature([LONG], LONG, claims)), 1)
    spelled = LONG.upper().replace(" ", " \n\u00a0")
    other = Text("b", str(signature([spelled], spelled, claims[::-1])), 2)
    assert found(one, other) == [Pair("b", "a", "abstract"), Pair("b", "a", "claims")]
    less = Text("b", str(signature([LONG], "", claims[:2])), 2)
    assert found(one, less) == [Pair("b", "a", "pairs")]


@pytest.mark.parametrize("words", ["", " \n", "...", "None was given.", "a of the in " * 40, "- 1 " * 7])
def test_texts_that_say_nothing_never_match(words: str) -> None:
    """Empty ones, and those that nobody needs to copy to have them."""
    signed = signature([words], words, [words] * 3)
    assert signed == Signature("", "", "", "")
    assert not found(Text("a", str(signed), 1), Text("b", str(signed), 2))


TEXTS = st.text(st.sampled_from("abcde  \n.é´ﬁ中国1-"), max_size=200) | st.text(max_size=50)


@settings(derandomize=True)
@given(st.lists(TEXTS, max_size=3), TEXTS, st.lists(TEXTS, max_size=3))
def test_a_signature_can_be_kept(texts: list[str], abstract: str, claims: list[str]) -> None:
    """It is what it was when it is read back, small, and the same whatever the order of claims."""
    signed = signature(texts, abstract, claims)
    assert Signature.read(str(signed)) == signed
    assert signed == signature(texts, abstract, claims[::-1])
    assert len(str(signed)) <= 411
    assert not str(signature(["" for _ in texts], "", []))


CROWDS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 14), st.integers(1, 6), st.none() | st.integers(0, 11)),
    max_size=12,
)


@settings(derandomize=True, max_examples=200)
@given(CROWDS, st.randoms(use_true_random=False))
def test_the_order_of_looking_changes_nothing(
    crowd: list[tuple[int, int, int, int | None]], draw: random.Random
) -> None:
    """Pairs are the same; each is of a later and an earlier, true, and of none that replaces the other."""
    bases = [[f"b{base}w{number}" for number in range(120)] for base in range(4)]
    texts, words = [], {}
    for number, (base, count, admitted, replaces) in enumerate(crowd):
        name = f"{number:02d}"
        words[name] = exchanged(bases[base], min(count, 12), number)
        texts.append(text(name, words[name], admitted, None if replaces is None else f"{replaces:02d}"))
    pairs = found(*texts)
    draw.shuffle(texts)
    assert found(*texts) == pairs
    known = {one.id: one for one in texts}
    assert len({pair.later for pair in pairs}) == len(pairs)
    for pair in pairs:
        later, earlier = known[pair.later], known[pair.earlier]
        assert (earlier.admitted, earlier.id) < (later.admitted, later.id)
        assert alike(words[pair.later], words[pair.earlier]) >= 0.8
        assert pair.earlier != later.supersedes and pair.later != earlier.supersedes
    # What comes later never changes what was found of what came before.
    last = max((one.admitted or 0 for one in texts), default=0)
    before = found(*(one for one in texts if one.admitted != last and not one.supersedes))
    after = found(*(one for one in texts if not one.supersedes))
    assert before == [pair for pair in after if known[pair.later].admitted != last]


def test_a_crowd_makes_little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of many texts that are nearly copies is compared with 64 at most, and a copy is still found."""
    compared = 0
    share = module._Numbers.share

    def counting(numbers: module._Numbers, one: int, other: int) -> int:
        nonlocal compared
        compared += 1
        return share(numbers, one, other)

    monkeypatch.setattr(module._Numbers, "share", counting)
    draw = random.Random(1)
    words = []
    for number in range(400):
        words.append(list(WORDS))
        for place in draw.sample(range(0, 120, 2), 6):
            words[-1][place] = f"x{number}x{place}"
    crowd = [text(f"{n:04d}", " ".join(one), n) for n, one in enumerate(words)]
    copy = text("copy", " ".join(words[300]) + " and more", 1_000)
    assert Pair("copy", "0300", "pairs", 98) in found(*crowd, copy)
    assert len(crowd) < compared <= 64 * len(crowd)


def test_a_huge_text_is_no_trouble() -> None:
    """Its beginning is compared, and its digest is of the whole."""
    huge = " ".join(f"w{number % 7_000}" for number in range(300_000))
    one, other = signature([huge], huge, ()), signature([f"{huge} end"], f"{huge} end", ())
    assert one.keys == other.keys
    assert one.abstract != other.abstract
