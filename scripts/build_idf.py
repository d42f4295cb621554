"""Count in how many documents each stem stands, for the frozen table that grounding weighs words by.

    python scripts/build_idf.py OUT FILE...

Each FILE holds documents as JSON lines or as one JSON list.  Of a document the fields ``title``,
``abstract``, ``text`` and ``doc`` are read, a list as its joined parts; a document that stands twice counts
once.  The first line of OUT names the number of documents, each other one a stem and how many have it, in
alphabetical order; stems of one document alone are left out, and those that are not plain letters.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from colophon.language.folding import fold
from colophon.language.terms import stems

FIELDS = ("title", "abstract", "text", "doc")
LETTERS = re.compile(r"[a-z]{2,30}")


def documents(path: Path) -> Iterator[str]:
    """Yield the text of every document of a file."""
    raw = path.read_text(encoding="utf-8")
    listed = json.loads(raw) if raw.lstrip().startswith("[") else map(json.loads, raw.splitlines())
    for one in listed:
        values = (one.get(field) or "" for field in FIELDS)
        yield " ".join(" ".join(value) if isinstance(value, list) else value for value in values)


def main(out: str, *files: str) -> None:
    """Write the table."""
    texts = sorted({text for file in files for text in documents(Path(file))})
    counts = Counter(stem for text in texts for stem in set(stems(fold(text).text)))
    kept = sorted((stem, n) for stem, n in counts.items() if n > 1 and LETTERS.fullmatch(stem))
    lines = [f"# documents {len(texts)}", *(f"{stem}\t{n}" for stem, n in kept), ""]
    Path(out).write_bytes("\n".join(lines).encode("ascii"))
    sys.stdout.write(f"{len(texts)} documents, {len(kept)} stems\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
