"""What the evidence tier of a record is computed from, for its JSON and for the script of its page."""

from typing import Any

from colophon.pages._words import short
from colophon.rules.recompute import tier_inputs
from colophon.rules.tier_facts import tier_facts_of
from colophon.views import RecordView

_LONGEST, _MOST = 16, 40


def inputs_of(view: RecordView) -> dict[str, Any]:
    """Return everything that the evidence tier of a record is computed from."""
    judged = view.judged
    return tier_inputs(tier_facts_of(judged.facts, judged.derived.state.value, judged.findings))


def brief(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs with the first words of reasons and rules: of these only the number counts."""
    lists = {name: value for name, value in inputs.items() if isinstance(value, list)}
    return {
        **inputs,
        **{name: [short(text, _LONGEST) for text in value[:_MOST]] for name, value in lists.items()},
    }
