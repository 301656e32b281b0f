from yukuai.accounts.policy import Actor
from yukuai.elections.conditions import in_order
from yukuai.elections.models import Candidate, Contest, Election, Forum, Proxy
from yukuai.kernel.errors import NotFound


def list_candidates(actor: Actor, *, election: Election) -> list[tuple[Contest, list[Candidate]]]:
    """The offices in order, each with its candidates as they are published and printed."""
    rows = Candidate.objects.filter(contest__election=election).select_related("nominee")
    found: dict[int, list[Candidate]] = {}
    for one in rows.order_by("contest", "place"):
        found.setdefault(one.contest_id, []).append(one)
    return [(one, found.get(one.pk, [])) for one in in_order(election)]


def list_forums(actor: Actor, *, election: Election) -> list[Forum]:
    return list(Forum.objects.filter(election=election).order_by("held_on", "pk"))


def get_forum(actor: Actor, *, election: Election, forum_id: int) -> Forum:
    found = Forum.objects.filter(election=election, pk=forum_id).first()
    if found is None:
        raise NotFound("没有这次见面会。请回到候选人页面重新选。")
    return found


def list_proxies(actor: Actor, *, election: Election) -> list[Proxy]:
    """Those that hold first, by the name of the voter."""
    rows = Proxy.objects.filter(election=election).select_related("voter", "holder")
    return sorted(rows, key=lambda one: (one.ended_on is not None, one.voter.name, one.pk))


def get_proxy(actor: Actor, *, election: Election, proxy_id: int) -> Proxy:
    rows = Proxy.objects.filter(election=election, pk=proxy_id).select_related("voter", "holder")
    found = rows.first()
    if found is None:
        raise NotFound("没有这一份委托。请回到委托页面重新选。")
    return found


def list_to_tell(actor: Actor, *, election: Election) -> list[Proxy]:
    """Whose proxy ended as its holder became a candidate, who was not told and has no other."""
    rows = Proxy.objects.filter(election=election).select_related("voter", "holder")
    rows = rows.order_by("voter__name", "pk")
    again = {one.voter_id for one in rows if one.ended_on is None}
    return [one for one in rows if one.void and one.told_on is None and one.voter_id not in again]
