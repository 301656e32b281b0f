"""Complaints that nobody made: the wording of `seed/triage_*.csv`, combined. Synthetic throughout.

A pair of what it is about and what is said of it is one wording; all texts of a wording serve for
the same thing in training, so the figures rest on wordings that were never counted. Beside them
stand the free texts: written on their own, never part of training.
"""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from yukuai.engines.triage import Example

SEED = Path(__file__).parents[1] / "seed"
OPENERS = (
    "",
    "",
    "你好，",
    "我是本小区居民，",
    "反映一下，",
    "社区的同志，",
    "麻烦看看，",
    "不好意思打扰，",
)
PLACES = (
    "",
    "",
    "3 栋",
    "人和街 41 号",
    "后坡",
    "2 单元",
    "小学旁边",
    "我们院子",
    "菜场那头",
    "5 号楼",
)
TIMES = ("", "", "，快一个星期了", "，已经半个月", "，昨天开始的", "，天天这样", "，上个月就说过")
WHY = (
    "",
    "",
    "，老人走路不方便",
    "，小孩容易出事",
    "，影响休息",
    "，大家意见很大",
    "，说过两回没用",
    "，我们都不知道找谁",
    "，看着就心慌",
)
ENDS = ("。", "。", "，希望管一下。", "，请尽快处理。", "，谢谢。", "，麻烦派人来看看。")
OUTSIDE = (
    "今天天气真好适合出去玩",
    "帮我订一张去上海的机票",
    "这首歌叫什么名字",
    "数学题第三道怎么做",
    "晚上一起打游戏",
    "哪里的小面最好吃",
    "我想学弹吉他",
    "电影几点开场",
    "手机没电了",
    "给我讲个笑话",
)


def _rows(name: str) -> list[dict[str, str]]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labels(row: dict[str, str]) -> dict[str, str]:
    return {"category": row["category"], "triage": row["triage"]}


def wordings() -> Iterator[tuple[dict[str, str], str]]:
    for row in _rows("triage_wording.csv"):
        for about in row["about"].split("|"):
            for says in row["says"].split("|"):
                yield row, f"{about}|{says}"


def complaints(*, each: int = 8, seed: int = 20260302) -> list[Example]:
    """`each` texts of every wording, and as many of each text about something else."""
    dice = random.Random(seed)
    found: list[Example] = []
    for row, wording in wordings():
        about, says = wording.split("|")
        for number in range(each):
            parts = [dice.choice(some) for some in (OPENERS, PLACES, TIMES, WHY, ENDS)]
            text = "".join([parts[0], parts[1], about, says, *parts[2:]])
            found.append(Example(text, labels(row), f"{wording}{number}", wording))
    for text in OUTSIDE:
        silent = {"category": "", "triage": ""}
        found += [Example(text, silent, f"{text}{number}", text) for number in range(each)]
    return found


def free_texts() -> list[tuple[str, dict[str, str]]]:
    """Written as people write, with what an experienced officer would decide."""
    return [(row["text"], labels(row)) for row in _rows("triage_free.csv")]


def demo_texts() -> list[tuple[str, dict[str, str]]]:
    return [(row["body"], labels(row)) for row in _rows("demo_matters.csv")]
