"""Where in its sources a claim stands, and where they say otherwise: by rules, from the text alone."""
