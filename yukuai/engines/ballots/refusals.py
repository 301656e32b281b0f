"""Why a page is not read. Each reason has a sentence for the people at the scanner."""

from enum import StrEnum


class Refusal(StrEnum):
    NOT_THIS_ELECTION = "NOT_THIS_ELECTION"
    OTHER_EDITION = "OTHER_EDITION"
    FOREIGN_PAPER = "FOREIGN_PAPER"
    BLANK_PAGE = "BLANK_PAGE"
    UNREADABLE_CODE = "UNREADABLE_CODE"
    MARK_MISSING = "MARK_MISSING"
    TORN = "TORN"
    DOUBLE_FEED = "DOUBLE_FEED"
    STREAK = "STREAK"
    WRONG_SCALE = "WRONG_SCALE"
    TOO_SMALL = "TOO_SMALL"
    DISTORTED = "DISTORTED"
    DUPLICATE_IMAGE = "DUPLICATE_IMAGE"
    UNREADABLE_FILE = "UNREADABLE_FILE"

    @property
    def sentence(self) -> str:
        return SENTENCES[self]


SENTENCES = {
    Refusal.NOT_THIS_ELECTION: "这张票的编码属于另一次选举，不是本次选举的票。",
    Refusal.OTHER_EDITION: "编码对不上本次选举的这版选票：可能是改版前印的，或者编码被改动。",
    Refusal.FOREIGN_PAPER: "纸上没有本次选票的定位标记，不是制式选票。",
    Refusal.BLANK_PAGE: "这一面是空白的，没有印任何内容。",
    Refusal.UNREADABLE_CODE: "二维码读不出来，请擦净或换一种扫描方式后重扫；仍不行的，交人工认定。",
    Refusal.MARK_MISSING: "四周的定位标记不全，请把整张票放进画面后重扫。",
    Refusal.TORN: "票面残缺、折角或被遮住，请展平后重扫；确实残缺的，交人工认定。",
    Refusal.DOUBLE_FEED: "一张图里有两张票，请分开后重扫。",
    Refusal.STREAK: "图上有一道宽条纹盖住了选票栏，请清洁扫描仪后重扫。",
    Refusal.WRONG_SCALE: "印出的尺寸不对：可能打印时选了“适合页面”，或者是复印件。",
    Refusal.TOO_SMALL: "图像太小，每毫米不足 4 个像素，请用 150 dpi 以上重扫，或靠近一些再拍。",
    Refusal.DISTORTED: "票面弯曲或变形太大，格线对不上，请压平后重扫。",
    Refusal.DUPLICATE_IMAGE: "这张图和本批前面的一张是同一张票，不能重复计入。",
    Refusal.UNREADABLE_FILE: "文件打不开，可能损坏，或者不是 PDF、TIFF、PNG、JPEG。",
}


class Refused(Exception):
    """A page is not read."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.sentence)
        self.reason = reason
