"""Another's matter in the timeline: of whoever follows it, or whose own was merged into it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yukuai.cases.following import Line, Main
from yukuai.cases.states import DONE
from yukuai.kernel import wording
from yukuai.portal.matters.pages import ANSWERED
from yukuai.portal.matters.words import ANSWERS, OTHERS_MOVES, OTHERS_STATES

Event = dict[str, Any]


def line_event(line: Line) -> Event:
    """As parts/timeline.html takes it."""
    title = OTHERS_MOVES.get(line.move, "有新进展")
    event: Event = {"state": "done", "title": title, "at": line.at, "who": line.unit}
    if line.move in ANSWERS:
        event["quote"] = line.said
    elif line.said.rstrip("。") != title:
        event["words"] = line.said
    return event


def next_event(state: str, promised_at: datetime | None, *, at: datetime) -> list[Event]:
    """What happens next, while something still does."""
    if state in DONE:
        return []
    due = promised_at if state not in ANSWERED else None
    late = due is not None and at > wording.end_of(due)
    when = wording.deadline(due, now=at) if due else ""
    words = "过了答应的时间，上级已经看到。" if late else ""
    title = OTHERS_STATES[state][1]
    return [{"state": "late" if late else "now", "title": title, "when": when, "words": words}]


def with_main(events: Iterable[Event], main: Main | None, *, at: datetime) -> list[Event]:
    """One timeline of both: the matter's own log and the answers to the one it was merged into."""
    if main is None:
        return list(events)
    both = [*events, *map(line_event, main.lines)]
    both.sort(key=lambda event: event["at"], reverse=True)
    return [*next_event(main.state, main.promised_at, at=at), *both]
