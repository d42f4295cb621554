"""Words are compared soundly: near names are found, cut texts are told from complete ones."""

import itertools

import pytest

from colophon import matching


def cut_reason(text: str, words_elsewhere: set[str]) -> str | None:
    """Why an abstract looks cut in a record whose one claim holds these words."""
    claim = {"text": f"{' '.join(sorted(words_elsewhere))}."}
    return dict(matching.cut_texts({"abstract": text, "claims": [claim]})).get("/abstract")


def test_tokens_are_case_folded_words() -> None:
    """Tokens keep inner hyphens and apostrophes and drop everything else."""
    assert matching.tokens("Kosmos-2 isn't (yet) on Flickr30K.") == [
        "kosmos-2",
        "isn't",
        "yet",
        "on",
        "flickr30k",
    ]


def test_did_you_mean_gives_the_nearest_or_nothing() -> None:
    """A slip finds its word, a strange word finds none."""
    known = ["paper-manifest-v1", "paper-manifest-v1.1", "source-provenance-v1"]
    assert matching.did_you_mean("paper-manifset-v1.1", known) == "paper-manifest-v1.1"
    assert matching.did_you_mean("teapot", known) is None
    assert matching.did_you_mean("anything", []) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("averaging 1.78 modalities per", 'ends on "per"'),
        ("with focus on", 'ends on "on"'),
        ("minimal loss in", 'ends on "in"'),
        ("alignment tasks (e.g., visual question", "a bracket is left open"),
        ('they call it "the best', "a quotation is left open"),
        ("they call it 'the best", "a quotation is left open"),
        ("they call it “the best", "a quotation is left open"),
        ("without sparsity in the convo", 'ends inside a word: "convo", elsewhere "convolutional"'),
        ("a state-of-the-", "ends on a hyphen"),
    ],
)
def test_cut_texts_are_told_why(text: str, reason: str) -> None:
    """A text that stops in the middle is named with its reason."""
    assert cut_reason(text, {"convolutional", "model", "tasks"}) == reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What Transformers Look At",
        "A Guide to Logging In",
        "Scaling Up",
        "Vitamin A",
        "A logical AND",
        "It displays the text 'Anniversary Turtle Soup' at the bottom",
        "It says 'Happy anniversary. I'm making turtle soup just for you.'",
        "The models' weights, the authors' code and rock 'n' roll of the '90s",
        'A 5" screen',
        "Half-open [0, 1) and lists: a) one b) two",
        "He asked what it was used for.",
        "A single model",
        "No full stop at the end",
        "F(x') is the derivative",
        "It isn’t cut and says ‘so’",
        "A study of data",
        "Evaluated across modal",
        "ends with a number 12",
    ],
)
def test_complete_texts_are_left_alone(text: str) -> None:
    """A missing full stop, an apostrophe, a particle of a title or another form of a word is no cut."""
    elsewhere = {"models", "dataset", "modal-wise", "ended", "endless", "derivatives", "numbers"}
    assert cut_reason(text, elsewhere) is None


def test_cut_texts_of_a_manifest_come_in_document_order() -> None:
    """Pointers follow the document; a word is a whole one when it stands in another text."""
    manifest = {
        "title": "On Convolutional Routers (a",
        "research_question": None,
        "subject": None,
        "abstract": "A router is a convolutional network and",
        "claims": [
            {"text": "Routers use convolu"},
            {"text": "A router is whole"},
            {"text": "It is the router"},
        ],
    }
    assert [pointer for pointer, _ in matching.cut_texts(manifest)] == [
        "/title",
        "/abstract",
        "/claims/0/text",
    ]


def test_a_long_record_is_read_once_per_text() -> None:
    """Thousands of claims that all end inside a word are all found."""
    endings = ["".join(letters) for letters in itertools.product("bcfghjkmpqtvw", repeat=3)]
    claims = [{"text": f"claim ends convol{ending}"} for ending in endings]
    abstract = " ".join(f"convol{ending}xtional" for ending in endings)
    manifest = {"title": "Whole", "abstract": abstract, "claims": claims}
    assert len(matching.cut_texts(manifest)) == len(endings)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It reaches 45% with 8 experts and", 'ends on "and"'),
        ("It reaches 45% (with 8", "a bracket is left open"),
        ('It is called "sparse', "a quotation is left open"),
        ("It is called multi-", "ends on a hyphen"),
        ("It reaches 45% with 8 experts", None),
        ("", None),
    ],
)
def test_a_text_that_stands_alone_may_look_cut(text: str, reason: str | None) -> None:
    """By a bracket or quotation left open, or its last word; a missing full stop alone is nothing."""
    assert matching.cut(text) == reason
