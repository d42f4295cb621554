"""All sources that are held, and which of them a claim could be about."""

from colophon.grounding.library import Library
from colophon.grounding.source import Source
from colophon.grounding.tables import Table

ROUTING = Source("b-routing", "full", "ModaRoute selects modalities for video retrieval.")
EXPERTS = Source("a-experts", "full", "ExpertFlow offloads experts to host memory.")
EMPTY = Source("c-empty", "full", "  ")
CELLS = Table("d-table", "Throughput of Foxglove", ("Model",), (("Foxglove",),))


def test_named_sources_are_those_that_are_held() -> None:
    """In the order in which the claim names them, without what has no text, and each once."""
    library = Library([EMPTY, ROUTING, EXPERTS])
    assert library.named(["b-routing", "unheard", "c-empty", "a-experts", "b-routing"]) == [ROUTING, EXPERTS]


def test_a_claim_without_sources_is_about_the_nearest() -> None:
    """By the telling words that they share; one that shares none is not looked at."""
    library = Library([ROUTING, EXPERTS, CELLS])
    assert library.nearest(["modarout", "video"]) == [ROUTING]
    assert library.nearest(["foxglov"]) == [CELLS]
    assert library.nearest(["zebra"]) == []


def test_another_source_that_fits_clearly_better_is_named() -> None:
    """So that a claim with the wrong source can be told from one with none."""
    library = Library([ROUTING, EXPERTS])
    terms = ["expertflow", "offload", "expert", "memori"]
    assert library.better(terms, ["b-routing"]) == "a-experts"
    assert library.better(terms, ["a-experts"]) is None
    assert library.better(["zebra"], ["a-experts"]) is None


def test_a_claim_is_grounded_by_the_sources_that_it_names() -> None:
    """And told where another fits clearly better; without names the nearest are asked."""
    library = Library([ROUTING, EXPERTS])
    claim = "ExpertFlow offloads experts to host memory."
    assert library.ground(claim, ["a-experts"]).verdict == library.ground(claim, None).verdict == "quoted"
    found = library.ground(claim, ["b-routing"])
    assert (found.verdict, found.signals["wrong_source"]) == ("not_located", "a-experts")
    assert "wrong_source" not in library.ground("Zebras sleep.", ["b-routing"]).signals


def test_nothing_stands_nowhere_while_a_source_is_not_held_in_full() -> None:
    """Neither the claim nor a name of it is said to be absent; what was found is said as before."""
    abstract = Source("e-abstract", "abstract", "ModaRoute weighs costs of retrieval.")
    library = Library([ROUTING, EXPERTS, CELLS, abstract])
    gone, named = "Zebras sleep at noon.", "ExpertFlow offloads experts of FoxgloveNet to host memory."
    for names in (["a-experts"], ["a-experts", "d-table"], ["a-experts", "b-routing"]):
        assert library.ground(gone, names).verdict == "not_located"
        assert library.ground(named, names).verdict == "conflict"
    for other in ("unheard", "e-abstract"):
        for claim in (gone, named):
            found = library.ground(claim, ["a-experts", other])
            assert found.verdict == "source_missing"
            assert found.rule.endswith(f"; of {other} no full text is held")
        assert library.ground(EXPERTS.original, ["a-experts", other]).verdict == "quoted"
    one_part_stands = library.ground(f"{gone} {ROUTING.original}", ["b-routing", "unheard"])
    assert [part.verdict for part in one_part_stands.parts] == ["source_missing", "quoted"]
