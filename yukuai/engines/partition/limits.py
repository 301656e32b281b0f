"""What may be decided without a person, and how much may be asked of the engine at once.

Product defaults (产品设定) unless a source is named; none comes from law.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    snap_m: float = 5.0
    """Lines this near to each other are meant to be one; nothing moves further without a finding
    that says so. The issuing letter's automatic catching, domain rules §1.5: 5 m by default."""
    note_m2: float = 1.0
    """What is smaller than this is only noted. Domain rules §1.5: overlaps below 1 m² pass."""
    refuse_m2: float = 10_000.0
    """Gaps, overlaps and trespasses that are larger than this and wider than `snap_m` are
    refused."""
    twist_m2: float = 1.0
    """A ring that crosses itself around more than this is refused. Domain rules §1.5: 自交拒绝."""
    sliver_m2: float = 100.0
    """Loose pieces smaller than this go to a neighbour."""
    max_vertices: int = 400_000
    """Of parent and children together; the largest real sets known have a tenth of it."""
    max_children: int = 2_000
    max_pairs: int = 5_000_000
    """Pairs of neighbouring lines looked at, each time they are. 38 districts drawn carelessly have
    200,000."""
    max_cuts: int = 100_000
    """Lines cut where they cross or touch, each counted. The same districts have 2,000."""
    max_degrees: float = 90.0
    """The widest drawing: beyond it whole numbers of 64 bits would no longer be exact."""
