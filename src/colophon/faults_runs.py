"""Rules of stored runs and of what binds claims to them."""

from colophon.model import FindingClass, Rule, Severity


def _integrity(code: str, slug: str, what: str, why: str, example: str, mend: str) -> Rule:
    return Rule(code, slug, Severity.ERROR, FindingClass.INTEGRITY, what, why, example, mend)


def _warning(code: str, slug: str, what: str, why: str, example: str, mend: str) -> Rule:
    return Rule(code, slug, Severity.WARNING, FindingClass.EDITORIAL, what, why, example, mend, kinds=())


RUN_RULES = (
    _integrity(
        "E101", "run-missing",
        "A binding of grade `direct` names a metric that no stored run of its experiment has.",
        "A verdict is read off a stored run. Without one nothing was run, and a direct binding would only "
        "announce a result.",
        "A binding to `/metrics/formula_speedup` in an experiment whose runs have no such metric.",
        "Run the part that gives the metric: `colophon rerun EXPERIMENT --part NAME --store`, or mend the "
        "pointer.",
    ),
    _integrity(
        "E102", "code-missing",
        "A stored run names code that is not kept beside it.",
        "A number whose code nobody can read cannot be checked by anyone.",
        "`runs/sparse-attention/code/<sha256>.py` is not there.",
        "Store the run again with `colophon rerun EXPERIMENT --from FILE --store`, which keeps the code too.",
    ),
    _integrity(
        "E103", "digest-differs",
        "A stored run or a stored file of code has other bytes than its name promises.",
        "The name is the digest of the bytes: one changed digit is a changed result.",
        "A sample of 4.21 that became 4.12 in a file whose name stayed the same.",
        "Restore the file with `git checkout`. A new result is a new run: `colophon rerun EXPERIMENT "
        "--store`.",
    ),
    _integrity(
        "E104", "metric-differs",
        "A metric of a run is not what its printed formula gives from the samples, parameters and published "
        "numbers of the same file, or lies outside of its own interval, or its formula gives no number.",
        "A reader can compute every metric by hand; one that does not follow was written, not computed.",
        "A median of 4.2 over the samples 4.0, 4.1 and 4.2.",
        "Do not edit a run. Run the script again; `colophon verify-run FILE` shows what its formulas give.",
    ),
    _integrity(
        "E105", "expected-not-printed",
        "The value that a binding expects does not stand in the claim, or its digits say another number.",
        "A verdict is about what was claimed. A value that the claim does not print would be ours.",
        "A binding expects 12.8x of a claim that prints 12x.",
        "Give `expected/text` as the claim prints it and `expected/value` as it reads. Where only an order "
        "is claimed, quote its words, with the value 0 and the relation `above` or `below`.",
    ),
    _integrity(
        "E106", "run-unfit",
        "A stored run was made with the preset `smoke`, or one of its checks against a reference failed.",
        "The smoke preset only shows that the code works; and numbers of code that computes the wrong thing "
        "mean nothing, however fast it was.",
        "A kernel that differs from its fp64 reference by 0.3 where 0.02 passes.",
        "Leave the run out, mend the script, run it again.",
    ),
    _integrity(
        "E107", "published-not-printed",
        "A number that a run takes from a claim does not stand in that claim, or its digits say another "
        "number, or there is no such claim.",
        "Arithmetic over numbers that nobody published would say nothing about what was published.",
        "A run takes 0.08x from a claim that prints 0.09x.",
        "Give the number to the script as the claim prints it, with the claim's id, and run it again.",
    ),
    _warning(
        "E111", "expected-is-input",
        "The value that a binding expects is itself among the numbers that its metric follows from, or "
        "stands in a formula of it.",
        "A number compared with itself always agrees. The claim stays UNVERIFIED.",
        "A metric `abs(speedup_published)` bound to the claim that prints that speedup.",
        "Bind the claim to a metric that follows from other numbers.",
    ),
    _warning(
        "E112", "class-overstated",
        "A metric says that it was measured or cached and follows from no sample, or counted and follows "
        "from published numbers alone, or its run says cuda and names no GPU.",
        "The class tells readers how much weight a verdict has. The verdict uses the class that holds.",
        "`kind: measured` with the formula `1 / prefill_time_published`.",
        "Mend the declaration of the metric in the script and run it again.",
    ),
    _warning(
        "E113", "tolerance-unjustified",
        "A tolerance is wider than what it names as its basis: half of the last printed place, the spread of "
        "the metric over its samples, or nothing for an exact count.",
        "With enough tolerance every number agrees with every other. The claim stays UNVERIFIED.",
        "A tolerance of 2 for a claim that prints 12.8x.",
        "File a binding that supersedes this one with a tolerance that its basis carries.",
    ),
    _warning(
        "E114", "unit-differs",
        "The unit of what a binding expects and that of its metric measure different things, or in different "
        "sizes; or the claim prints a percentage, and the binding gives it another unit.",
        "12 times and 12 seconds are the same digits and different statements. The claim stays UNVERIFIED.",
        "A binding that expects 12x of a metric in ms.",
        "Bind the claim to a metric in its own unit, or give `expected/unit` as the claim prints it.",
    ),
)  # fmt: skip
