"""How fast a registry of many records is checked and built, beside Hugo, plain mkdocs-material and Pagefind.

What each part measures stands in ``_speed_ours``, ``_speed_beside`` and ``_speed_drawn``, the bounds in
``_speed_bounds``, what is done to a registry in ``_speed_bench``.  Every program runs as a process of its own
over records that ``benchmarks/generate.py`` fabricates, the same on every machine.
"""

import _speed_beside
import _speed_drawn
import _speed_ours
from _speed_plots import add_plots
from harness import Experiment

EXPERIMENT = Experiment(
    __file__,
    title="How fast a registry is checked and built",
    question="How long do check, build and a change take up to 100,000 records, and beside what?",
    limits=(
        "Records are fabricated and alike: 20 claims each, and one in a hundred holds texts of its sources. "
        "Seconds are those of one machine, and ratios within one run hold better than they. Peers render "
        "finished Markdown by minimal templates; they validate nothing, run no audits and write no JSON, "
        "badges, feeds or citations, so ratios compare ways to publish, not equal work. Nothing was measured "
        "in a browser or over a network. Files had been read before, so no disk's first reading is counted."
    ),
)

# Parts of one size stand together, so that its registry is made once.  The preset smoke has few records.
_speed_ours.add_parts(
    EXPERIMENT,
    "1k",
    size={"smoke": 10, "cpu": 180},
    slim={"smoke": 5, "cpu": 30},
    changes={"smoke": 18, "cpu": 300},
)
_speed_beside.add_peers(EXPERIMENT, "1k", {"smoke": 6, "cpu": 120}, with_mkdocs=True)
_speed_beside.add_search(EXPERIMENT, "1k", {"smoke": 2, "cpu": 40}, with_pagefind=True)

_speed_ours.add_parts(EXPERIMENT, "5k", size={"cpu": 500})
_speed_beside.add_peers(EXPERIMENT, "5k", {"cpu": 600}, with_mkdocs=True)
_speed_beside.add_search(EXPERIMENT, "5k", {"cpu": 150}, with_pagefind=True)

_speed_ours.add_parts(EXPERIMENT, "10k", size={"cpu": 1000}, changes={"cpu": 800})
_speed_beside.add_peers(EXPERIMENT, "10k", {"cpu": 500}, with_mkdocs=False)

_speed_ours.add_parts(EXPERIMENT, "100k", size={"cpu": 1700}, slim={"cpu": 800}, changes={"cpu": 2600})
_speed_beside.add_peers(EXPERIMENT, "100k", {"cpu": 900}, with_mkdocs=False)
_speed_beside.add_search(EXPERIMENT, "100k", {"cpu": 60}, with_pagefind=False)
_speed_ours.add_growth(EXPERIMENT, {"cpu": 1})
_speed_drawn.add_drawn(EXPERIMENT, {"smoke": 3, "cpu": 240})

add_plots(EXPERIMENT)

if __name__ == "__main__":
    raise SystemExit(EXPERIMENT.main())
