"""The examples that github.com/ron-rivest/consistent_sampler publishes, and two laws."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yukuai.engines.tally.sampling import draw


def drawn(papers, seed, take=None, *, again=False):
    found = islice(draw(papers, seed, again=again), take)
    return [(ticket.shown, ticket.paper, ticket.times) for ticket in found]


def ids(*asked, **more):
    return [paper for _number, paper, _times in drawn(*asked, **more)]


def test_the_examples_of_its_readme():
    six = ["A-1", "A-2", "A-3", "B-1", "B-2", "B-3"]
    assert ids(six, "314159", 4) == ["B-2", "B-3", "A-3", "A-2"]
    again = drawn(["a1", "b2", "c3", "d4", "e5", "f6"], "19283746", 10, again=True)
    assert again == [
        ("0.303241347", "e5", 1),
        ("0.432145156", "b2", 1),
        ("0.487135586", "c3", 1),
        ("0.581779914", "b2", 2),
        ("0.680782907", "b2", 3),
        ("0.700258702", "c3", 2),
        ("0.816686725", "b2", 4),
        ("0.841870265", "a1", 1),
        ("0.857737141", "a1", 2),
        ("0.866227993", "f6", 1),
    ]


def test_the_examples_of_its_usage_page():
    four = ["a", "b", "c", "d"]
    assert ids(four, "31") == ["b", "a", "d", "c"]
    assert ids(four, "77") == ["b", "d", "c", "a"]
    hundred = [str(n) for n in range(100)]
    assert drawn(hundred, "41", 5) == [
        ("0.000508333", "73", 1),
        ("0.003446232", "51", 1),
        ("0.004419823", "17", 1),
        ("0.020115273", "58", 1),
        ("0.023482375", "38", 1),
    ]
    assert ids(hundred, "41", 10)[5:] == ["42", "39", "20", "11", "67"]


def test_the_examples_of_its_code():
    again = ids(["A#2", "B#7", "C#1", "D#4"], "314159", 8, again=True)
    assert again == ["D#4", "C#1", "C#1", "B#7", "A#2", "C#1", "D#4", "B#7"]
    assert drawn(["ab-1", "ab-2", "cd-1", "ef-3"], "314159") == [
        ("0.317685817", "cd-1", 1),
        ("0.832984519", "ef-3", 1),
        ("0.9098039269", "ab-1", 1),
        ("0.9231549043", "ab-2", 1),
    ]


def test_tickets_near_one_keep_nine_digits_after_the_nines():
    found = drawn(["a", "b"], "52", 20, again=True)
    assert found[0] == ("0.197384308", "b", 1)
    assert found[13:] == [
        ("0.99512038467", "a", 8),
        ("0.99579318063", "a", 9),
        ("0.99583860264", "b", 7),
        ("0.99600663461", "b", 8),
        ("0.99681028452", "b", 9),
        ("0.99840177044", "b", 10),
        ("0.99882694976", "b", 11),
    ]


PAPERS = st.sets(st.integers(0, 200).map(str), min_size=1, max_size=20)


@settings(max_examples=25)
@given(PAPERS, PAPERS, st.text(max_size=5))
def test_a_part_is_drawn_in_the_order_of_the_whole(one, other, seed):
    whole = ids(sorted(one | other), seed)
    assert ids(sorted(one), seed) == [paper for paper in whole if paper in one]


@settings(max_examples=25)
@given(PAPERS, st.text(max_size=5))
def test_tickets_only_grow_and_the_order_of_the_list_tells_nothing(papers, seed):
    found = list(islice(draw(sorted(papers), seed, again=True), 60))
    assert found == sorted(found)
    assert found == list(islice(draw(sorted(papers, reverse=True), seed, again=True), 60))


def test_a_paper_listed_twice_is_refused():
    with pytest.raises(ValueError, match="listed twice"):
        next(draw(["a", "a"], "1"))
