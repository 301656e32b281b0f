"""A box with a handful of ballots would tell how those few voted: it is published together with
another one, and its numbers with it."""

from collections.abc import Sequence
from dataclasses import replace

from yukuai.engines.tally.judging import boxes_of
from yukuai.engines.tally.polls import Box, Poll


def mixed(poll: Poll, least: int) -> Poll:
    """The poll with each ballot saying its box, and no box of fewer than `least` ballots, unless
    there are not more in all."""
    groups = _groups(poll.boxes, least)
    joined = {box.id: _joined(group) for group in groups for box in group}
    where = boxes_of(poll, poll.ballots)
    return replace(
        poll,
        boxes=tuple(_joined(group) for group in groups),
        ballots=tuple(
            replace(ballot, box=joined[box].id)
            for ballot, box in zip(poll.ballots, where, strict=True)
        ),
    )


def _groups(boxes: Sequence[Box], least: int) -> list[list[Box]]:
    """The small ones go to the smallest that is large enough, in the order of the boxes."""
    large = [[box] for box in boxes if box.collected >= least]
    small = [box for box in boxes if box.collected < least]
    if not small:
        return large
    if large and sum(box.collected for box in small) < least:
        min(large, key=lambda group: group[0].collected).extend(small)
        return large
    return [*large, small]


def _joined(group: Sequence[Box]) -> Box:
    if len(group) == 1:
        return replace(group[0], batches=())
    signed = [box.signed_in for box in group if box.signed_in is not None]
    return Box(
        id="+".join(box.id for box in group),
        seal="、".join(box.seal for box in group),
        issued=sum(box.issued for box in group),
        spoiled=sum(box.spoiled for box in group),
        collected=sum(box.collected for box in group),
        signed_in=sum(signed) if len(signed) == len(group) else None,
    )
