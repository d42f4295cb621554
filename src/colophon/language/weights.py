"""How much a word tells: the inverse document frequencies of a frozen table, shipped with the release."""

import hashlib
import math
from functools import cache
from importlib import resources

_FILE = "idf-v1.tsv"


@cache
def table() -> tuple[dict[str, int], int, str]:
    """Return the number of documents with each stem, that of all documents, and the digest of the table."""
    raw = (resources.files("colophon.language") / _FILE).read_bytes()
    lines = raw.decode("ascii").split("\n")
    total = int(lines[0].rpartition(" ")[2])
    counts = {}
    for line in lines[1:-1]:
        term, _, count = line.partition("\t")
        counts[term] = int(count)
    return counts, total, f"sha256:{hashlib.sha256(raw).hexdigest()}"


@cache
def weight(term: str) -> float:
    """Return the weight of a stem; one that the table lacks weighs as if one document of it had the stem."""
    counts, total, _ = table()
    return math.log((total + 1) / (counts.get(term, 0) + 0.5))
