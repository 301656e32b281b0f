"""What a neighbour may read of another's matter. Pure: texts in, texts out.

Whoever cannot be sure, hides: a place is named only where the words themselves show that it is a
public one, and a run of digits that could be a telephone or a number of a paper never stands.
"""

import re
from collections.abc import Iterable

LONGEST_RUN = 4
MASK = "＊"
_DIGITS = re.compile(r"\d(?:[\s\-－—]?\d){" + str(LONGEST_RUN) + r",}")
PLACE_LENGTH = 20
_PUBLIC = (
    "公园|广场|公交站|车站|轻轨站|地铁站|站台|菜市场|农贸市场|市场|超市|学校|小学|中学|幼儿园"
    "|医院|卫生院|图书馆|文化站|党群服务中心|服务中心|停车场|体育场|篮球场|球场|天桥|大桥|桥"
    "|隧道|地下通道|步道|梯坎|河边|江边|河道|路口|公路|大道|马路|街道|路|街|巷|村口|院坝"
    "|晒坝|堰塘|水库|公厕|垃圾站|小区大门|小区[东南西北]门"
)
_GATE = "大门|[东南西北]门"
_WHERE = "门口|入口|出口|旁边|旁|边上|对面|附近|转角|中间|[里下上前后]面"
_PUBLIC_PLACE = re.compile(rf".{{0,10}}(?:{_PUBLIC})(?:{_GATE})?(?:{_WHERE})?")
_ROUTE = re.compile(r"[0-9０-９]{1,3}(?=路|号线)")
_PRIVATE = re.compile(
    r"[\d零〇一二三四五六七八九十百]+\s*(?:单元|栋|幢|楼|层|号|室|户|组|队)|[\d]"
    r"|[家我他她你您某的宅]|先生|女士|大爷|大妈|阿姨|老板|师傅|老师|书记|主任|婆婆|爷爷|奶奶|住户|邻居"
)


def mask(text: str) -> str:
    """Five digits or more in a row, also when written in groups, are hidden."""
    return _DIGITS.sub(lambda found: MASK * 4, text)


def public_place(text: str) -> str:
    """The place as it was typed, if it is a public one; otherwise ''."""
    text = text.strip()
    if len(text) > PLACE_LENGTH or _PRIVATE.search(_ROUTE.sub("", text)):
        return ""
    return text if _PUBLIC_PLACE.fullmatch(text) else ""


def in_public_words(text: str, words: Iterable[str]) -> str:
    """Only the words of the dictionary that stand in the text: what a stranger's own text is
    compared with, so that nobody learns what was said by trying words."""
    return "。".join(word for word in words if word in text)
