"""What the hall sees while ballots are called."""

from dataclasses import replace

import pytest

from tests.unit.engines.tally.elections import ballots, contest, names, plan, poll, rules
from yukuai.engines.tally import Ballot, Box, Column, Running, Status, Unreadable, WriteIn

MEMBER = contest("m", 2, "ABC")
METHOD = plan(MEMBER, registered=40, others="X", rules=rules(women_seat_mode="NONE"))


def running(**more):
    boxes = (Box("1", "封1", 12, 0, 10), Box("2", "封2", 12, 1, 11))
    return Running(METHOD, replace(poll([]), boxes=boxes, **more))


def test_each_ballot_moves_the_screen_at_once():
    wall = running()
    wall.add_all(ballots((7, {"m": "AB-C"})))
    wall.add_all(ballots((3, {"m": "A"}), (1, {"m": ""}), (1, {"m": "ABC"}), box="2"))
    screen = wall.screen("m")
    assert (screen.box, screen.called_in_box, screen.collected_in_box) == ("2", 5, 11)
    a, b, c = screen.lines
    assert (a.box_votes, a.strokes, a.votes, a.against) == (3, (0, 3), 10, 0)
    assert (b.votes, c.votes, c.against) == (7, 0, 7)
    assert wall.screen("m", "1").lines[0].strokes == (1, 2)
    assert (screen.issued, screen.collected, screen.called) == (23, 21, 12)
    assert (screen.blank, screen.invalid, screen.majority) == (1, 1, 11)
    assert not any(line.just_now for line in screen.lines)  # the last one was void
    wall.add(ballots((1, {"m": "B"}), box="2", start=9)[0])
    assert [line.just_now for line in wall.screen("m").lines] == [False, True, False]


def test_a_disputed_ballot_waits_and_is_called_again_when_it_is_decided():
    wall = running()
    doubtful = Ballot("1-1", Status.VALID, {"m": Column(Status.DISPUTED, reason="SIGNED")})
    wall.add(doubtful)
    screen = wall.screen("m")
    assert (screen.called, screen.disputed, screen.lines[0].votes) == (1, 1, 0)
    decided = ballots((1, {"m": "A"}))[0]
    wall.add(decided)
    screen = wall.screen("m")
    assert (screen.called, screen.disputed, screen.lines[0].votes) == (1, 0, 1)
    with pytest.raises(Unreadable, match="已经唱过"):
        wall.add(decided)


def test_written_names_are_shown_as_they_are_called():
    wall = running(names=names(谭某="X"))
    for number, said in enumerate(["谭某", "谭某", "别人", None]):
        column = Column(Status.VALID, (), (), (WriteIn(1, "for", said),))
        wall.add(Ballot(f"1-{number}", Status.VALID, {"m": column}))
    screen = wall.screen("m")
    assert (screen.written, screen.written_in_box) == (4, 4)
    assert screen.others == (("X某", 2), ("别人", 1))
