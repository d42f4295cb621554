"""Rules: facts in, a value and its reasons out.  Pure; thresholds come from the vocabularies, comparisons
stand here and nowhere else.
"""
