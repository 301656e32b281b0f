"""Delivery receipts, as SMS centres write them (SMPP 3.4 §5.3.2.35, appendix B). Pure."""

import re
from dataclasses import dataclass

DELIVERED, ACCEPTED = 2, 6
ON_ITS_WAY = frozenset({1, ACCEPTED})
STATES = {
    "ENROUTE": 1,
    "DELIVRD": DELIVERED,
    "EXPIRED": 3,
    "DELETED": 4,
    "UNDELIV": 5,
    "ACCEPTD": ACCEPTED,
    "UNKNOWN": 7,
    "REJECTD": 8,
}
WORDS = {
    3: "手机一直没有收，过期了。",
    4: "短信中心删掉了。",
    5: "手机收不到，可能关机、停机或者是空号。",
    7: "运营商说不知道送到没有。",
    8: "运营商拒收。",
}
_FIELD = re.compile(r"\b(id|stat|err):\s*([^\s]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Receipt:
    message_id: str
    state: int
    error: str = ""

    @property
    def is_final(self) -> bool:
        return self.state not in ON_ITS_WAY

    @property
    def delivered(self) -> bool:
        return self.state == DELIVERED

    @property
    def sentence(self) -> str:
        """Why not, for whoever reads the list; '' when it arrived."""
        if self.delivered:
            return ""
        said = WORDS.get(self.state, "运营商说没有送达。")
        return f"{said}（代码 {self.error}）" if self.error.strip("0") else said


def read_receipt(text: str, *, message_id: str = "", state: int | None = None) -> Receipt | None:
    """The optional parameters, where the centre sent any, else what the text says. None: it is
    no receipt of either kind."""
    said = {name.lower(): value for name, value in _FIELD.findall(text)}
    number = message_id or said.get("id", "")
    if state is None:
        state = STATES.get(said.get("stat", "").upper()[:7])
    if not number or state is None:
        return None
    return Receipt(number, state, said.get("err", ""))


def plain_id(message_id: str, *, hex_ids: bool) -> str:
    """The id of an answer as receipts will spell it."""
    if not hex_ids:
        return message_id
    try:
        return str(int(message_id, 16))
    except ValueError:
        return message_id
