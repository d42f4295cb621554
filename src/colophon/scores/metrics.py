"""The measures that scores are stated in: their names in text, their scale, and which end is better."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from colophon.language.beginnings import Led

_MOST_FOUND = 40
_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure; ``scale`` is ``share`` (0 to 1, or 0 to 100), ``correlation`` (-1 to 1) or ``open``."""

    name: str
    scale: str
    more_is_better: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a measure."""

    metric: Metric
    start: int
    end: int


_AT = r"\s?@\s?(?P<k>[0-9]{1,4}|k)"
# Name, spelling, scale, whether more is better; longer spellings first.
_SPELLINGS: tuple[tuple[str, str, str, bool], ...] = (
    ("recall", rf"(?:recall|R|hits?|hit\srate){_AT}", "share", True),
    ("precision", rf"(?:precision|P){_AT}", "share", True),
    ("ndcg", rf"n?DCG(?:{_AT})?", "share", True),
    ("map", rf"(?:m?AP)(?:{_AT}|50|75)?|mean\saverage\sprecision", "share", True),
    ("mrr", rf"MRR(?:{_AT})?|mean\sreciprocal\srank", "share", True),
    ("pass", rf"pass{_AT}", "share", True),
    ("exact match", r"exact[-\s]match(?:es)?|EM(?:\sscore)?", "share", True),
    ("top-k accuracy", r"top-?\s?(?P<top>[0-9]{1,3})\s(?:accuracy|acc\.?)", "share", True),
    ("balanced accuracy", r"balanced\saccuracy", "share", True),
    ("accuracy", r"accurac(?:y|ies)|acc\.?(?=\s|$)", "share", True),
    ("f1", r"(?:macro|micro|weighted)[-\s]F1(?:[-\s]scores?)?"
     r"|F1(?:[-\s]scores?|-measure)?|F-?score|F-?measure", "share", True),
    ("auc", r"AU-?ROC|ROC[-\s]?AUC|AUC(?:-ROC)?|AUPRC|area\sunder\sthe\s(?:ROC\s)?curve", "share", True),
    ("iou", r"m?IoU|intersection\sover\sunion|dice(?:\s(?:score|coefficient))?", "share", True),
    ("recall", r"recall|sensitivity(?!\sanalys)", "share", True),
    ("precision", r"precision(?!\s(?:arithmetic|training|format|weights|inference))", "share", True),
    ("specificity", r"specificity", "share", True),
    ("success rate", r"(?:success|solve|resolution|completion|pass|hit)\srate", "share", True),
    ("win rate", r"win[-\s]rate", "share", True),
    ("error rate", r"(?:word\s|character\s)?error\srate|WER|CER", "open", False),
    ("bleu", r"(?:sacre)?BLEU(?:-[1-4])?", "share", True),
    ("rouge", r"ROUGE(?:-(?:[12L]|Lsum))?", "share", True),
    ("meteor", r"METEOR", "share", True),
    ("cider", r"CIDEr(?:-D)?", "open", True),
    ("perplexity", r"perplexity|PPL", "open", False),
    ("fid", r"FID", "open", False),
    ("correlation", r"(?:Pearson(?:'s)?|Spearman(?:'s)?|Kendall(?:'s)?)"
     r"(?:\s(?:rank\s)?correlation(?:\scoefficient)?|\s(?:r|rho|ρ|tau|τ)\b)?"
     r"|correlation\scoefficient"
     r"|correlations?(?!\s(?:length|time|distance|function|energy))", "correlation", True),
    ("kappa", r"Cohen's\s(?:kappa|κ)|Fleiss'?s?\s(?:kappa|κ)|kappa", "correlation", True),
)  # fmt: skip
_METRIC = Led(
    r"(?<!\w)(?=[A-Za-z])(?:"
    + "|".join(
        f"(?P<m{place}>(?:{re.sub(r'[?]P<(?:k|top)>', '?:', spelling)})(?![\\w]))"
        for place, (_, spelling, _, _) in enumerate(_SPELLINGS)
    )
    + ")",
    # Beside the words of the spellings those that they leave open.
    " ".join(spelling for _, spelling, _, _ in _SPELLINGS) + " ndcg map ap50 ap75 auroc fscore fmeasure miou",
)
_NUMBER_IN_NAME = re.compile(r"[0-9]{1,4}|(?<=[-@\s])[Lk]\b")
# Short forms that are these words only in capitals.
_CAPITALS = re.compile(r"^(?:EM|R\s?@|P\s?@|m?AP|WER|CER|FID|PPL|METEOR|DICE|ACC)", re.IGNORECASE)


# Several audits ask for the same sentences in turn.
@lru_cache(maxsize=_REMEMBERED)
def metrics(text: str) -> tuple[Mention, ...]:
    """Return the measures that a sentence names, in order."""
    found = []
    for match in islice(_METRIC.finditer(text), _MOST_FOUND):
        name, _, scale, more_is_better = _SPELLINGS[int((match.lastgroup or "m0")[1:])]
        if _CAPITALS.match(match[0]) and match[0].islower() and not match[0].startswith("acc"):
            continue
        number = (
            _NUMBER_IN_NAME.search(match[0][1:])
            if name != "f1"
            else re.match("macro|micro|weighted", match[0])
        )
        full = f"{name}@{number[0].lower()}" if number else name
        found.append(Mention(Metric(full, scale, more_is_better), match.start(), match.end()))
    return tuple(found)
