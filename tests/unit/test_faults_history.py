"""The rules of history are complete and stand among all others."""

from colophon import faults
from colophon.faults_history import HISTORY_RULES
from colophon.model import FindingClass, Severity


def test_the_rules_are_registered_and_block() -> None:
    """Codes H401 to H414, each an integrity error that nothing else is named."""
    assert [rule.code for rule in HISTORY_RULES] == [f"H{number}" for number in range(401, 415)]
    assert all(faults.RULES[rule.code] is rule for rule in HISTORY_RULES)
    assert {(rule.severity, rule.finding_class) for rule in HISTORY_RULES} == {
        (Severity.ERROR, FindingClass.INTEGRITY)
    }
