"""What the verdicts on claims are called on pages, in the order in which pages name them."""

from colophon.claim_facts import CUT

VERDICTS = {
    "quoted": "quoted",
    "values_match": "values match",
    "located": "located",
    "conflict": "conflict",
    "disputed": "disputed",
    "not_located": "not located",
    "source_missing": "source missing",
    CUT: "cut",
    "": "not looked up",
}
