"""Every move the table allows is made; every other one is refused and changes nothing."""

import pytest

from tests.mediation import PATHS, read, walk
from yukuai.disputes.models import Dispute, Part
from yukuai.disputes.states import DISPUTE_WORKFLOW, DisputeState
from yukuai.kernel.errors import DomainError
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline, StateChange

pytestmark = pytest.mark.django_db


def snapshot(dispute):
    with scope(EVERYWHERE):
        row = Dispute.objects.filter(pk=dispute.pk).values().get()
        counts = [
            model._default_manager.filter(dispute=dispute).count()
            for model in sorted(Part.__subclasses__(), key=lambda m: m.__name__)
        ]
        log = StateChange.objects.filter(workflow="dispute", object_id=dispute.pk).count()
        clocks = Deadline.objects.filter(workflow="dispute", object_id=dispute.pk)
        return row, counts, log, list(clocks.order_by("pk").values())


def test_every_state_is_reached_by_these_paths(steps):
    assert PATHS.keys() == set(DisputeState.values)
    assert steps.keys() == {move.name for move in DISPUTE_WORKFLOW.moves}


@pytest.mark.parametrize("state", PATHS)
def test_each_path_leads_where_the_table_says(registered, steps, state):
    walk(registered(), steps, state)


@pytest.mark.parametrize("state", PATHS)
def test_every_move_not_in_the_table_is_refused_and_changes_nothing(registered, steps, state):
    dispute = walk(registered(), steps, state)
    offered = {move.name for move in DISPUTE_WORKFLOW.moves_from(state)}
    before = snapshot(dispute)
    for name in sorted(steps.keys() - offered):
        with pytest.raises(DomainError) as refusal:
            steps[name](dispute)
        assert refusal.value.message.endswith("。"), (state, name)
        assert snapshot(dispute) == before, (state, name)


NEEDS = {"agree": ["hold_session"], "archive": ["visit"]}


@pytest.mark.parametrize("move", DISPUTE_WORKFLOW.moves, ids=lambda move: move.name)
def test_every_move_of_the_table_is_made_from_each_of_its_sources(registered, steps, move):
    for source in sorted(move.sources):
        dispute = walk(registered(), steps, source)
        for name in NEEDS.get(move.name, []):
            if name in {m.name for m in DISPUTE_WORKFLOW.moves_from(source)}:
                steps[name](dispute)
        steps[move.name](dispute)
        assert read(dispute.pk).state == move.target


def test_every_move_says_what_it_does_why_not_and_by_which_article():
    for move in DISPUTE_WORKFLOW.moves:
        assert move.does.endswith("。"), move.name
        assert move.why_not.endswith("。"), move.name
        assert move.law, move.name


def test_the_log_carries_no_word_of_what_was_said(registered, steps):
    dispute = walk(registered(), steps, "investigating")
    for name in ("inquire", "mediate", "hold_session", "agree", "take_effect", "visit"):
        steps[name](dispute)
    with scope(EVERYWHERE):
        lines = StateChange.objects.filter(workflow="dispute", object_id=dispute.pk)
        for line in lines.order_by("pk"):
            assert (line.reason, line.said) == ("", "")
            assert line.confidential
            assert line.holders == [dispute.ring]
            assert not {"王小满", "李大有", "漏水"} & set(map(str, line.data.values()))
