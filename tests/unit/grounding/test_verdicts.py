"""From what was found to a verdict."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon.grounding.source import Source
from colophon.grounding.tables import Table
from colophon.grounding.verdicts import Grounding, ground

TEXT = (
    "Foxglove is an imaginary encoder with 12 layers. "
    "On MeadowQA it reaches a recall of 45.5% with 8 experts. "
    "Training took 12 hours on one device. The gate did not improve latency. "
    "In 2024 a wider window increased recall on long reports."
)
FULL, ABSTRACT = Source("full", "full", TEXT), Source("abstract", "abstract", TEXT)
TABLE = Table("table", "Recall on MeadowQA", ("Model", "Recall"), (("Foxglove", "45.5"), ("Lupin", "40.0")))


@pytest.mark.parametrize(
    ("claim", "sources", "verdict"),
    [
        ("On MeadowQA it reaches a recall of 45.5% with 8 experts.", [FULL], "quoted"),
        ("On MeadowQA it reaches the recall of 45.5% with 8 experts.", [FULL], "values_match"),
        ("With 8 experts it reaches on MeadowQA a recall of 45.5%.", [FULL], "located"),
        ("On MeadowQA it reaches a recall of 54.5% with 8 experts.", [FULL], "conflict"),
        ("Recall of 54.5%.", [FULL], "conflict"),
        ("54.5%", [FULL], "not_located"),
        ("It is 9 hours.", [FULL], "not_located"),
        ("45.5%", [FULL], "located"),
        ("The gate improved latency.", [FULL], "conflict"),
        ("A wider window decreased recall on long reports.", [FULL], "conflict"),
        ("On MeadowQA, Hubble reaches a recall of 45.5% with 8 experts.", [FULL], "conflict"),
        ("Foxglove, an encoder, was trained on one device.", [FULL], "located"),
        ("Zebras sleep in the afternoon under acacias.", [FULL], "not_located"),
        ("Zebras sleep in the afternoon under acacias.", [ABSTRACT], "source_missing"),
        ("Foxglove uses 640 GB of memory.", [ABSTRACT], "source_missing"),
        ("Foxglove reaches a recall of 45.5.", [TABLE], "values_match"),
        ("Foxglove reaches a recall of 39.5.", [TABLE], "conflict"),
        ("Anything at all may be said here.", [], "source_missing"),
        ("", [FULL], "source_missing"),
        ("Foxglove reaches a recall of 45.5 with 8 experts and", [FULL], None),
        ("Foxglove (an encoder reaches 45.5", [FULL], None),
    ],
)
def test_each_verdict(claim: str, sources: list[Any], verdict: str | None) -> None:
    """The first rule that holds gives it; a cut claim gets none."""
    found = ground(claim, sources)
    assert found.verdict == verdict, found


SAID = (
    "Orion reaches 81.2% accuracy and Vega reaches 78.5% accuracy on MeadowQA. "
    "Orion outperforms Vega by 2.7 points. The error fell from 12.4% to 8.1%. "
    "Training Orion took 36 hours on 8 GPUs. Fewer than 5% of the patients relapsed within 6 months. "
    "Pruning may reduce the memory of Vega by up to 30%. The correlation was r=-0.45 there. "
    "Revenue was €40 million in total. The second worst model has 7 layers. "
    "A 20% speedup was claimed, but none seen. "
    "Accuracy is below 50% on 3 of 5 tasks. If the batch size is 8, recall is 50%. Their model has 30 layers."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Vega reaches 81.2% accuracy on MeadowQA.",
        "Orion reaches 78.5% accuracy and Vega reaches 81.2% accuracy on MeadowQA.",
        "Vega outperforms Orion by 2.7 points.",
        "Orion is outperformed by Vega by 2.7 points.",
        "The error fell from 8.1% to 12.4%.",
        "Training Orion took 8 hours on 36 GPUs.",
        "More than 5% of the patients relapsed within 6 months.",
        "5% of the patients relapsed within 6 months.",
        "Pruning reduces the memory of Vega by 30%.",
        "The correlation was 0.45 there.",
        "Revenue was $40 million in total.",
        "The worst model has 7 layers.",
        "A 20% speedup was seen.",
        "Accuracy is 50% on 3 of 5 tasks.",
        "Recall is 50%.",
        "Our model has 30 layers.",
    ],
)
def test_what_only_has_the_same_words_and_numbers_is_not_carried(claim: str) -> None:
    """Exchanged, bounded, hedged, denied, attributed or under a condition: no verdict that supports it."""
    assert ground(claim, [Source("s", "full", SAID)]).verdict not in ("quoted", "values_match")


def test_a_table_that_shows_no_cell_locates_nothing() -> None:
    """What is located has a span; words of a caption and two columns of one name have none."""
    twice = Table(
        "twice", "Recall on MeadowQA", ("Model", "Recall", "Recall"), (("Foxglove", "45.5", "44.0"),)
    )
    found = ground("Foxglove reaches a recall of 45.5 on MeadowQA.", [twice])
    assert (found.verdict, found.spans) == ("source_missing", ())


def test_the_order_of_sources_makes_no_difference() -> None:
    """Of two that fit alike it is always the same that is shown."""
    claim = "Orion reaches 81.2% accuracy on MeadowQA."
    some = [
        Source("d", "full", "Orion reaches 70.0% accuracy on MeadowQA."),
        Source("e", "abstract", "Orion reaches an accuracy on MeadowQA."),
    ]
    assert ground(claim, some) == ground(claim, some[::-1])


def test_sources_that_disagree() -> None:
    """One carries it, another says otherwise: both are shown."""
    other = Source("other", "full", "On MeadowQA it reaches a recall of 31.0% with 8 experts.")
    found = ground("On MeadowQA it reaches a recall of 45.5% with 8 experts.", [FULL, other])
    assert found.verdict == "disputed"


def test_a_claim_of_two_sentences_is_as_good_as_its_weakest() -> None:
    """A quotation and a wrong number are a conflict."""
    quote = "Training took 12 hours on one device."
    assert ground(quote, [FULL]).verdict == "quoted"
    found = ground(f"{quote} On MeadowQA it reaches a recall of 54.5% with 8 experts.", [FULL])
    assert (found.verdict, found.signals["parts"]) == ("conflict", 2)
    assert found.deciding[0].quote == "On MeadowQA it reaches a recall of 45.5% with 8 experts."
    assert found.deciding[0] == found.spans[0]


def test_spans_are_the_words_of_the_source() -> None:
    """Cut out of the text by their offsets, or out of the sentence that was given."""
    apart = Source("apart", "full", "", "", ("We use Adam", "The model has a win-", "dow of 3 layers"))
    assert ground("we use adam the model has a window", [apart]).verdict != "quoted"
    parts = ("Foxglove is new.", "It\u00a0has 12\nlayers in the multi-\nmodal part.")
    for source in (FULL, Source("parts", "full", "", "", parts)):
        for span in ground("The multimodal part has 12 layers", [source]).spans:
            text = source.original if span.sentence is None else source.parts[span.sentence]
            assert text[span.start : span.end] == span.quote
            assert span.quote


TEXTS = st.text(max_size=60) | st.text("0123456789.%,- abAB()[]\n'\"&;$\\{}", max_size=60)


@settings(derandomize=True, max_examples=200)
@given(TEXTS, TEXTS, st.sampled_from(["full", "abstract"]))
def test_any_claim_gets_an_answer(claim: str, text: str, kind: Any) -> None:
    """Whatever both hold: one of the verdicts, spans that are the source's, and the same again."""

    def once() -> Grounding:
        return ground(claim, [Source("s", kind, text), Source("t", "full", TEXT)])

    found = once()
    assert found == once()
    assert found.verdict in (
        None, "quoted", "values_match", "conflict", "disputed", "located", "not_located", "source_missing"
    )  # fmt: skip
    for span in found.spans:
        assert {"s": text, "t": TEXT}[span.source][span.start : span.end] == span.quote


@settings(derandomize=True, max_examples=100)
@given(TEXTS)
def test_a_source_carries_its_own_sentences(text: str) -> None:
    """What stands there and is a sentence of words is never in conflict with itself."""
    source = Source("s", "full", f"{text}\n\nThe encoder Foxglove has twelve layers of 64 heads.")
    assert ground("The encoder Foxglove has twelve layers of 64 heads.", [source]).verdict == "quoted"
