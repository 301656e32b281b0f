"""What holds of every election, tried on random small ones."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.tally.elections import contest, names, plan, poll, rules
from yukuai.engines.tally import (
    Ballot,
    Box,
    Column,
    Office,
    Reason,
    Review,
    Running,
    Standing,
    Status,
    WriteIn,
    count,
)

VICE = contest("v", 2, "ABCDE", Office.VICE)
MEMBER = contest("m", 3, "ABCDEF")
PERSONS = "ABCDEFWX"
RULES = [
    rules(women_seat_mode=women, two_offices=twice)
    for women in ("NONE", "PRIORITY", "PRIORITY")
    for twice in ("ROWS", "ALLOWED", "ALLOWED")
]
few = settings(max_examples=50, deadline=None)


def column(chance, printed, seats, written=""):
    """Mostly approvals; now and then against, too many, void, or a name written in."""
    if chance.random() < 0.04:
        return Column(Status.INVALID)
    most = min(len(printed), seats + (chance.random() < 0.04))
    chosen = chance.sample(printed, chance.choice([most] * 7 + [chance.randint(0, most)]))
    against = [p for p in printed if chance.random() < 0.04]
    rows = []
    if written and len(chosen) < seats and chance.random() < 0.7:
        mark = chance.choice(["for", "for", "none", "against"])
        rows = [WriteIn(1, mark, chance.choice(written))]
    return Column(Status.VALID, tuple(chosen), tuple(against), tuple(rows))


def draw(seed):
    """A plan and its first poll, all ballots in one box. Few kinds of ballots, so that many tie."""
    chance = Random(seed)
    pairs = list(combinations(PERSONS, 2))
    doubtful = dict.fromkeys(
        chance.sample("CEX", chance.randint(0, 1)), chance.choice([Review.BAR, Review.PENDING])
    )
    method = plan(
        VICE,
        MEMBER,
        registered=20,
        others="WX",
        kin=chance.sample(pairs, chance.randint(0, 4)),
        rules=chance.choice(RULES),
        **doubtful,
    )
    vices = chance.sample("ABCDE", 4)
    members = chance.sample("ABCDEF", chance.choice([4, 6]))
    kinds = [
        {
            "v": column(chance, vices[: chance.randint(1, 4)], 2),
            "m": column(chance, members, 3, "WXA"),
        }
        for _ in range(chance.randint(1, 7))
    ]
    ballots = [
        Ballot(f"1-{n}", Status.VALID, chance.choice(kinds)) for n in range(chance.randint(11, 16))
    ]
    return method, poll(ballots, names=names(W="W", X="X", A="A"))


elections = st.integers(0, 2**32).map(draw)


def seats_of(result):
    return {(seat.contest, seat.person) for seat in result.seats}


@few
@given(elections, st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_changes_nothing(election, chance):
    method, held = election
    mixed = list(held.ballots)
    chance.shuffle(mixed)
    assert (
        count(method, [replace(held, ballots=tuple(mixed))]).as_data()
        == count(method, [held]).as_data()
    )


@few
@given(elections, st.data())
def test_other_boxes_change_nothing_but_the_sums_of_the_boxes(election, data):
    method, held = election
    where = [data.draw(st.sampled_from("123")) for _ in held.ballots]
    ballots = tuple(replace(b, box=box) for b, box in zip(held.ballots, where, strict=True))
    boxes = tuple(Box(b, "封", where.count(b), 0, where.count(b)) for b in "123")
    apart, whole = (count(method, [p]) for p in (replace(held, ballots=ballots, boxes=boxes), held))
    assert apart.polls[0].tally == whole.polls[0].tally
    assert (apart.seats, apart.reasons, apart.needs) == (whole.seats, whole.reasons, whole.needs)
    assert apart.log.entries[2:] == whole.log.entries[2:]


@few
@given(elections)
def test_the_sums_reconcile(election):
    method, held = election
    [counted] = count(method, [held]).polls
    tally = counted.tally
    assert sum(tally.papers.values()) == counted.collected == len(held.ballots)
    for one in method.contests:
        assert sum(tally.columns[one.id].values()) == counted.collected
        for person in one.candidates:
            row = tally.rows[one.id, person]
            parts = row.approved + row.written + row.against + row.void
            assert parts + tally.abstained(one.id, person) == tally.valid_columns(one.id)
            assert tally.abstained(one.id, person) >= 0
    assert sum(box.counted for box in counted.boxes.values()) == tally.counted


@few
@given(elections)
def test_who_is_seated_has_the_votes_and_no_kin_beside_him_and_the_rounds_end(election):
    method, held = election
    result = count(method, [held])
    seated = [seat.person for seat in result.seats]
    assert max(Counter(seated).values(), default=0) <= 1
    assert not any(method.are_kin(one, other) for one, other in combinations(seated, 2))
    for seat in result.seats:
        assert 2 * seat.votes > len(held.ballots)
        assert method.people[seat.person].review is Review.PASS
    for one in method.contests:
        assert len(result.seated(one.id)) <= one.seats
    out = [person for (_c, person), why in result.reasons.items() if why is Reason.KIN]
    if not result.needs or all(need.kind == "RERUN" for need in result.needs):
        assert all(any(method.are_kin(person, other) for other in seated) for person in out)


def one_more(method, held, person):
    """The poll with one approval of his more, on each kind of ballot that has none and room."""
    kinds = {str(ballot.columns): place for place, ballot in enumerate(held.ballots)}
    for place in kinds.values():
        chosen = held.ballots[place]
        marked = {p for c in chosen.columns.values() for p in (*c.approved, *c.against)}
        if person in marked or any(c.write_ins for c in chosen.columns.values()):
            continue
        for key, column in chosen.columns.items():
            one = method.contest(key)
            if person not in one.candidates or column.status is Status.INVALID:
                continue
            if len(column.approved) < one.seats:
                more = replace(column, approved=(*column.approved, person))
                ballots = list(held.ballots)
                ballots[place] = replace(chosen, columns={**chosen.columns, key: more})
                yield replace(held, ballots=tuple(ballots))


@settings(few, max_examples=25)
@given(elections)
def test_one_approval_more_never_takes_the_seat_of_him_who_gets_it(election):
    method, held = election
    for seat in count(method, [held]).seats:
        for more in one_more(method, held, seat.person):
            after = count(method, [more])
            asked = {p for need in after.needs if need.kind == "RUN_OFF" for p in need.persons}
            keys = [one.id for one in method.contests]
            if any(after.reasons.get((key, seat.person)) is Reason.KIN for key in keys):
                continue
            assert seat.person in {one.person for one in after.seats} | asked


@few
@given(elections, st.randoms(use_true_random=False))
def test_the_screen_ends_with_the_sums_of_the_result(election, chance):
    method, held = election
    running = Running(method, held)
    mixed = list(held.ballots)
    chance.shuffle(mixed)
    running.add_all(mixed)
    [counted] = count(method, [held]).polls
    assert running.total == counted.tally
    assert running.boxes == counted.boxes
    screen = running.screen("m")
    assert [line.votes for line in screen.lines] == [
        counted.tally.rows["m", person].votes for person in MEMBER.candidates
    ]
    assert (screen.called, screen.majority) == (len(mixed), len(mixed) // 2 + 1)
    assert sum(votes for _name, votes in screen.others) == screen.written


def test_the_random_elections_reach_what_they_should():
    """Else the laws above would hold of nothing."""
    seen = Counter()
    for seed in range(300):
        method, held = draw(seed)
        result = count(method, [held])
        seen.update({result.standing, *result.reasons.values()})
        seen.update(need.kind for need in result.needs)
    wanted = {*Reason} - {Reason.ELECTED_IN_RUN_OFF, Reason.ELECTED_IN_RERUN}
    assert {*wanted, Standing.COMPLETE, Standing.OPEN, "RUN_OFF", "RERUN"} <= seen.keys()
