"""The frozen table of how many documents have a stem."""

from colophon.language.weights import table, weight

# A table with other counts is another method, under a name of its own.
DIGEST = "sha256:6530e4bc8300a9371865dbcffd95c41e67dde9b5e3a9b495513734df4dcf05f0"


def test_the_table_is_the_one_that_was_frozen() -> None:
    """By its digest; it is in order, and no stem is of one document alone."""
    counts, total, digest = table()
    assert digest == DIGEST
    assert list(counts) == sorted(counts)
    assert min(counts.values()) >= 2
    assert max(counts.values()) <= total


def test_a_rare_word_weighs_more() -> None:
    """And one that no document has weighs most."""
    assert 0 < weight("the") < weight("patient") < weight("encod") <= weight("foxglov")
