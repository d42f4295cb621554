"""Made-up records with a known state: sound ones, and ones into which a defect was seeded.

Nothing here shares code or lists of words with the audits; the tables under ``tables`` are plain TOML.  To
add a way in which a defect may look, add one function to a module of ``defects`` (see ``seeding.py``); to add
something that only looks like a defect, add one to ``lookalikes.py``.
"""
