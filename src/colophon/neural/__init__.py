"""Models that look at claims beside the rules: an entailment judge and an embedding locator, as ONNX files.

They are no part of a verdict.  What a model says is filed under its name and never counts for a tier.  A
model is loaded from a folder on this machine; nothing is fetched.
"""
