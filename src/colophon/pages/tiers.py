"""The tiers: ours with rule and count, the publisher's as published, and one list of papers per tier."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from colophon.contracts.quality_tiers import PublisherTier, PublisherTierRule, PublisherTierVocabulary
from colophon.judgement import Judged
from colophon.model import Page
from colophon.pages import Output, _lists, _words, registry_page, render
from colophon.rules.publisher_tier import StatedFacts, publisher_tiers, tier_name
from colophon.rules.vocabularies import vocabularies_of
from colophon.settings import Settings
from colophon.views import RegistryView

_WITHHELD = "WITHHELD"


@dataclass(frozen=True, slots=True)
class Span:
    """Scores for which the same publisher tiers hold, in words, and the labels of those tiers per column."""

    scores: str
    holding: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What else the publisher's rules ask for: one column of the table."""

    label: str
    verified: int
    reproducibility: str | None


@registry_page("tiers")
def tiers(view: RegistryView) -> Iterator[Output]:
    """Yield tiers.html and the lists of papers per tier."""
    yield _overview(view)
    newest = _lists.newest_first(view.listed)
    for tier in _lists.tiers(view.settings).values():
        if tier["name"] != _WITHHELD:
            papers = [item for item in newest if item.derived.tier.value == tier["name"]]
            yield from _of_tier(view.settings, tier, papers)


def _overview(view: RegistryView) -> Page:
    """Return tiers.html."""
    ours, published = (view.settings.vocabularies[name] for name in ("quality-tiers-v2", "quality-tiers-v1"))
    typed = vocabularies_of(view.settings.vocabularies).publisher_tiers
    columns = inputs(typed)
    body = render(
        "tiers.html",
        statement=ours["statement"],
        tiers=[_evidence(view, tier) for tier in ours["tiers"]],
        facts=ours["facts"],
        confidence=f"{ours['confidence_level']:.0%}",
        statement_of_publisher=published["statement"],
        published=[_published(tier, typed.scale.maximum) for tier in typed.tiers],
        out_of=f"{typed.scale.maximum:g}",
        scale=f"{typed.scale.minimum:g} to {typed.scale.maximum:g}",
        stated=_stated(view.listed, published["tiers"]),
        columns=columns,
        spans=(found := spans(typed, columns)),
        gap=any(not labels for span in found for labels in span.holding),
    )
    about = f"The evidence tiers and the publisher's tiers. {ours['statement']}"
    return Page("tiers.html", "Tiers", about, "tiers", body)


def _evidence(view: RegistryView, tier: dict[str, Any]) -> dict[str, Any]:
    """Return one evidence tier with its rule in words, its count and the list of its papers."""
    name = tier["name"]
    items = view.withheld if name == _WITHHELD else view.listed
    href = "withheld.html" if name == _WITHHELD else f"tiers/{name.lower()}.html"
    count = sum(item.derived.tier.value == name for item in items)
    note = _lists.NEEDS_TEXTS.format("this tier") if name in _lists.ON_TEXTS else ""
    return {**tier, "note": note, "count": count, "href": href}


def _published(tier: PublisherTier, out_of: float) -> dict[str, str]:
    """Return one tier of the publisher with its rule in words."""
    return {"name": tier.name, "label": tier.label, "rule": published_rule(tier.rule, out_of)}


def published_rule(rule: PublisherTierRule, out_of: float) -> str:
    """Return a publisher's rule in words; every score names its scale."""
    scores = (
        ("Score at least", rule.score_at_least),
        ("Score below", rule.score_below),
        ("Score at most", rule.score_at_most),
    )
    words = [f"{asks} {score:g} of {out_of:g}" for asks, score in scores if score is not None]
    if rule.verified_at_least is not None:
        words.append(f"at least {_words.counted(rule.verified_at_least, 'verified claim')}")
    if rule.reproducibility is not None:
        words.append(f"reproducibility {rule.reproducibility}")
    return ", ".join(words)


def _stated(listed: Sequence[Judged], published: list[dict[str, Any]]) -> dict[str, Any]:
    """Count the tiers that publishers state: per tier of the vocabulary, others, and none."""
    printed = [tier_name(item.facts.stated_tier) if item.facts.stated_tier else "" for item in listed]
    counts = Counter(printed)
    known = {tier["name"] for tier in published}
    return {
        "counts": {name: counts[name] for name in known},
        "none": counts[""],
        "other": sum(number for name, number in counts.items() if name and name not in known),
    }


def inputs(vocabulary: PublisherTierVocabulary) -> list[Inputs]:
    """Return the combinations of verified claims and reproducibility at which some rule changes."""
    rules = [tier.rule for tier in vocabulary.tiers]
    found: dict[tuple[int, str | None], Inputs] = {(0, None): Inputs("no verified claim", 0, None)}
    for rule in rules:
        if rule.verified_at_least is not None or rule.reproducibility is not None:
            verified, level = rule.verified_at_least or 0, rule.reproducibility
            label = _words.counted(verified, "verified claim")
            label = f"{label}, reproducibility {level}" if level else label
            found[verified, level] = Inputs(label, verified, level)
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1] or ""))]


def spans(vocabulary: PublisherTierVocabulary, columns: Sequence[Inputs]) -> list[Span]:
    """Return which sets of the publisher's tiers hold for which scores, lowest scores first.

    A rule can change only at a score that it names, so it is enough to look at those scores and at one
    point between each two of them.  Neighbours with the same sets are one span.
    """
    points = _points(vocabulary)
    merged: list[tuple[int, int, tuple[tuple[str, ...], ...]]] = []
    for place, score in enumerate(points):
        holding = tuple(_holding(vocabulary, score, column) for column in columns)
        if merged and merged[-1][2] == holding:
            merged[-1] = (merged[-1][0], place, holding)
        else:
            merged.append((place, place, holding))
    return [Span(_scores(points, first, last), holding) for first, last, holding in merged]


def _points(vocabulary: PublisherTierVocabulary) -> list[float]:
    """Return the named scores at even places and one score between each two of them at odd ones."""
    named = {vocabulary.scale.minimum, vocabulary.scale.maximum}
    for tier in vocabulary.tiers:
        rule = tier.rule
        named |= {s for s in (rule.score_at_least, rule.score_below, rule.score_at_most) if s is not None}
    points = sorted(named)
    between = [(low + high) / 2 for low, high in pairwise(points)]
    return sorted([*points, *between])


def _holding(vocabulary: PublisherTierVocabulary, score: float, column: Inputs) -> tuple[str, ...]:
    labels = {tier.name: tier.label for tier in vocabulary.tiers}
    # A publisher that states no reproducibility leaves the rule undecided; here it is plainly not met.
    facts = StatedFacts(score, column.verified, column.reproducibility or "LOW")
    return tuple(labels[name] for name in publisher_tiers(facts, vocabulary).holding)


def _scores(points: Sequence[float], first: int, last: int) -> str:
    """Return a span of scores in words; an odd place lies between two named scores, which are outside."""
    if first == last and first % 2 == 0:
        return f"{points[first]:g}"
    low = f"{points[first]:g}" if first % 2 == 0 else f"above {points[first - 1]:g}"
    high = f"to {points[last]:g}" if last % 2 == 0 else f"to below {points[last + 1]:g}"
    return f"{low} {high}"


def _of_tier(settings: Settings, tier: dict[str, Any], papers: Sequence[Judged]) -> Iterator[Page]:
    """Yield the list of one tier's papers."""
    rows = _lists.paper_rows(papers, settings, "../")
    total = _words.counted(len(papers), "paper")
    for part in _lists.parts(f"tiers/{tier['name'].lower()}", rows):
        body = render("tiers_list.html", part=part, tier=tier, total=total)
        title = part.titled(f"Tier {tier['label']}")
        yield Page(part.path, title, f"{tier['label']}: {total}.", "tiers", body)
