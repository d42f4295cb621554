"""Sentences that speak as those who made, trained or tried out what a text tells of."""

import re

_MAKE = (
    r"(?:introduc|propos|develop|design|devis|releas|invent|pioneer|contribut|architect|engineer)(?:e|es|ed|ing)?"
    r"|present(?:s|ed)?|train(?:s|ed)?|pre-?train(?:s|ed)?|fine-?tun(?:e|es|ed)|build|built|open-?sourced?"
    r"|implement(?:s|ed)?|creat(?:e|es|ed)"
)
_SURELY = r"(?:here|also|then|further|first|now|finally|therefore|thus|instead|jointly|additionally)"
_WHO = (
    rf"\b(?:we|this (?:paper|work|article|letter|thesis|manuscript))(?:,? {_SURELY},?){{0,2}} (?:have )?"
    r"(?:(?:design|develop|train|build)(?:ed)? and )?"
)
# What is made is new to the reader, or has a name: "a router", "two kernels", "the Sparse Router".
_NEW = (
    r"(?:an?|novel|new|two|three|four|five|several|simple|efficient|our|the first|code|models?|weights"
    r"|(?:the )?(?-i:[A-Z][\w-]*))\b"
)
_THING = (
    r"(?:approach|method|model|system|framework|architecture|algorithm|network|technique|pipeline|implementation"
    r"|module|loss|estimator|solver|encoder|decoder|agent)"
)
# What tells that a bare name is the name of something made: "we propose rewetting, a new design for".
_KIND = (
    rf"(?:{_THING}|design|device|tool|dataset|benchmark|collection|resource|treatment|therapy|drug|vaccine|material"
    r"|catalyst|compound|protocol|procedure|curriculum|programme|intervention|scheme|library|language|test|sensor)"
)
_NOVEL = r"(?:new|novel|simple|efficient|improved|lightweight|modular|low-cost|scalable|general)"
CLAIMS_TO_MAKE = re.compile(rf"{_WHO}(?:{_MAKE})\b:? (?P<what>{_NEW}[^.;]{{0,160}})", re.IGNORECASE)
NAMES_WHAT_IT_MAKES = re.compile(
    rf"{_WHO}(?:{_MAKE})\b (?P<what>[^,.;]{{2,80}}), (?:an?|the first) (?:[\w-]+ ){{0,3}}?"
    rf"(?:{_NOVEL} [\w-]+|{_KIND}\b)",
    re.IGNORECASE,
)
# Who proposes what the record is about has made it, however plain its name is.
PROPOSES = re.compile(
    rf"{_WHO}(?:propos|develop|design|devis|releas|invent|pioneer|implement|creat|buil)(?:e|es|ed|d|t)? "
    r"(?!(?:that|to|whether)\b)(?P<what>[^,.;]{2,80}?)"
    r"(?= (?:for|to|which|that|and|as|by)\b|[,.;]|$)",
    re.IGNORECASE,
)
AIMS = re.compile(
    r"\bwe (?:aim|seek|attempt|set out) to (?:tackle|solve|improve|build|design|develop)\b"
    r"(?P<what>[^.;]{0,160})",
    re.IGNORECASE,
)
WITH_SOMETHING_NEW = re.compile(
    rf"\b(?:with|by|using|through) (?:an?|our|two|several) {_NOVEL}\b", re.IGNORECASE
)
# People who take part in a review may be trained by those who write it.
TRAINS = re.compile(
    r"\bwe (?:have |also |then |first ){0,2}(?:pre-?)?(?:train|fine-?tune?)(?:ed|d)? "
    r"(?!no\b|(?:[\w-]+ ){0,3}?(?:reviewers?|annotators?|raters?|screeners?|coders?|readers?|students?"
    r"|ourselves)\b)\w",
    re.IGNORECASE,
)
TRIES_OUT = re.compile(
    r"\bwe (?:have |also |then |first ){0,2}(?:conduct(?:ed)?|ran|run|perform(?:ed)?|carr(?:y|ied) out"
    r"|undertook|set up) (?:(?!(?:no|of|on|for|in|to|and|with|from|about)\b)[\w-]+ ){0,4}?"
    r"(?:trials?|experiments?|ablations?|simulations?|pilots?|measurements"
    r"|(?:user|field|pilot|cohort|case-control|ablation|laboratory) stud(?:y|ies))\b",
    re.IGNORECASE,
)
OURS = re.compile(
    rf"\bour (?:(?!(?:own|of|on|in|for|to|and|from|with|by)\b)[\w-]+ ){{0,3}}?{_THING}s?\b", re.IGNORECASE
)
OUR_TRIALS = re.compile(
    r"\bour (?:own |extensive |main |first |new ){0,2}(?:experiments?|ablations?|simulations?"
    r"|ablation stud(?:y|ies)|user stud(?:y|ies)|field trials?)\b",
    re.IGNORECASE,
)
OUR_GIFTS = re.compile(
    r"\bour (?:main |key |first |chief ){0,2}contributions? (?:is|are|includes?|lies? in):? "
    r"(?:that |to |in )?(?P<what>[^.;]{0,160})",
    re.IGNORECASE,
)
OUR_NEW = re.compile(
    r"\bour (?:newly )?(?:proposed|novel|new|improved|redesigned) (?P<what>[^.;]{0,80})", re.IGNORECASE
)
OUR_GAIN = re.compile(
    r"\bour (?P<what>(?:(?!own\b)[\w-]+ ){1,4}?)(?:also |further |alone |clearly )?(?:improves?|improved"
    r"|outperforms?|outperformed|raises?|raised|halves|halved|doubles|doubled|beats|surpasses|surpassed|exceeds|exceeded|boosts"
    r"|boosted|cuts|lowers?|lowered|achieves?|achieved|attains?|attained|speeds)\b",
    re.IGNORECASE,
)
# "The proposed method of Chen et al." is theirs.
PROPOSED = re.compile(
    rf"\bthe (?:newly )?proposed (?:[\w-]+ ){{0,3}}?{_THING}s?\b(?! (?:of|by|in|from)\b)"
    r"(?!.*(?:et al|authors))",
    re.IGNORECASE,
)
