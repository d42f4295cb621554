"use strict";
// The evidence tier of quality-tiers-v2, from the inputs that a record's JSON publishes as tier_inputs.
// The same function as in colophon/rules/recompute.py; a test runs both over a thousand records.

function lowerBound(successes, n) {
  // Lower end of Wilson's 95% interval for a share of successes.
  const z = 1.959963984540054;
  const share = successes / n;
  const spread = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return (share + (z * z) / (2 * n) - spread) / (1 + (z * z) / n);
}

function evidenceTier(inputs) {
  const claims = inputs.claims;
  if (inputs.withheld.length) return "WITHHELD";
  if (inputs.error_rules.length || inputs.has_no_claims) return "UNSAFE";
  if (inputs.judged_contradicted || inputs.is_off_topic) return "UNSAFE";
  if (!claims || inputs.open_conflicts) return "UNCHECKED";
  const bound = lowerBound(inputs.grounded, claims);
  const held = inputs.held / claims;
  const asked = inputs.asked_entities;
  const warnings = inputs.warning_rules.length;
  const isRelevant = asked !== null && inputs.covered_entities >= asked;
  const largest = inputs.located ? inputs.largest_source / inputs.located : 0;
  const isBroad = inputs.sources >= 3;
  const isSampled = inputs.sample >= Math.min(10, claims);
  const isGrounded = bound >= 0.8 && held >= 0.9 && isRelevant && largest <= 0.6 && warnings <= 1;
  if (isGrounded && isBroad && isSampled) return "GROUNDED";
  if (bound >= 0.5 && held >= 0.5 && isBroad && warnings <= 3) return "MOSTLY_GROUNDED";
  return inputs.located >= claims ? "LOCATED" : "UNCHECKED";
}

function recompute(place) {
  // Run it on the inputs of this page and say whether the page agrees.
  const inputs = JSON.parse(place.dataset.tierInputs);
  const found = evidenceTier(inputs);
  const agrees = found === place.dataset.tier;
  place.textContent = agrees
    ? `Your browser computed ${found} from these numbers, as this page says.`
    : `Your browser computed ${found} from these numbers, but this page says ${place.dataset.tier}.`;
  place.classList.toggle("agrees", agrees);
  place.hidden = false;
}

if (typeof document !== "undefined") {
  document.querySelectorAll("[data-tier-inputs]").forEach(recompute);
}
