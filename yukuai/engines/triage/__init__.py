"""Learns from decided texts which label a new one would get, says how sure it is, or nothing.

Plain Python, whole numbers inside: the same texts in any order make the same model, byte by byte.
`docs/triage.md` says how it is judged and what it cannot do.
"""

from yukuai.engines.triage.figures import Figures, judge, measure
from yukuai.engines.triage.model import Guess, Head, Model
from yukuai.engines.triage.texts import Corpus, Example, grams
from yukuai.engines.triage.training import Settings, train

__all__ = [
    "Corpus",
    "Example",
    "Figures",
    "Guess",
    "Head",
    "Model",
    "Settings",
    "grams",
    "judge",
    "measure",
    "train",
]
