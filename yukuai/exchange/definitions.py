"""What a word of theirs can do with our matter, and by which steps it gets there."""

from collections.abc import Mapping

NOTHING, TELL, NOTE, SIGN, REPLY, RETURN, EXTEND = (
    "nothing",
    "tell",
    "note",
    "sign",
    "reply",
    "return",
    "extend",
)
ACTS: Mapping[str, str] = {
    NOTHING: "不用做什么，只记状态",
    TELL: "把他们的话写进经过，居民看得到",
    NOTE: "只记在内部，居民看不到",
    SIGN: "签收",
    REPLY: "答复（办完了，交核查）",
    RETURN: "申请退单",
    EXTEND: "申请延期",
}
STEPS: Mapping[tuple[str, str], tuple[str, ...]] = {
    (SIGN, "dispatched"): ("sign", "tell"),
    (SIGN, "handling"): ("tell",),
    (REPLY, "dispatched"): ("sign", "reply"),
}
"""Where the way is longer or shorter than the act: whoever finishes has signed."""
NOT_MOVES: Mapping[str, str] = {
    "note": "告诉居民的进展",
    "supervise": "督办",
    "answer-supervision": "回复督办",
    "relocate": "改地点",
}
"""Lines of our log that move nothing and can be told outside."""


def steps_of(act: str, *, state: str) -> tuple[str, ...]:
    return STEPS.get((act, state), (act,))
