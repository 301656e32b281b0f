"""Why a row, a contest or a ballot is judged as it is."""

from enum import StrEnum


class Reason(StrEnum):
    OVERVOTE = "OVERVOTE"
    TWO_OFFICES = "TWO_OFFICES"
    MARGINAL = "MARGINAL"
    WRITE_IN = "WRITE_IN"
    SAME_NAME = "SAME_NAME"
    CONTRADICTION = "CONTRADICTION"
    NO_NAME = "NO_NAME"
    NO_MARK = "NO_MARK"
    ILLEGIBLE = "ILLEGIBLE"
    ALREADY_CHOSEN = "ALREADY_CHOSEN"
    PAGE_REFUSED = "PAGE_REFUSED"
    PAGE_MISSING = "PAGE_MISSING"
    RULED = "RULED"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]


SENTENCES = {
    Reason.OVERVOTE: "赞成的人数（含另选）多于应选人数，无效。",
    Reason.TWO_OFFICES: "同一人在这张票上被选为两个职务，按选举办法处理。",
    Reason.MARGINAL: "有的格子机器拿不准，请对照票面认定。",
    Reason.WRITE_IN: "另选他人的姓名没有核定，是否超过应选人数要看写的是谁。",
    Reason.SAME_NAME: "另选的姓名与两名候选人同名，分不清选的是谁，请认定。",
    Reason.CONTRADICTION: "同一行画了两栏（如既赞成又反对），该行无效。",
    Reason.NO_NAME: "“另选他人”一行画了符号但没有写姓名，该行无效。",
    Reason.NO_MARK: "“另选他人”一行写了姓名但没有画符号，请按选举办法认定。",
    Reason.ILLEGIBLE: "“另选他人”的姓名无法辨认，该行无效。",
    Reason.ALREADY_CHOSEN: "另选的人已在本票上被选，合并计一次。",
    Reason.PAGE_REFUSED: "有一面机器没有读出，请对照图像认定。",
    Reason.PAGE_MISSING: "这张票缺一面的图像，请补扫或对照原票认定。",
    Reason.RULED: "选举委员会已认定。",
}
