"""The words of this app as choices. Values are stored, labels are read."""

from django.db import models


class DivisionKind(models.TextChoices):
    """domain.md §1.1. The order of the list is the order of the levels."""

    CITY = "city", "市"
    DISTRICT = "district", "区县"
    ZONE = "zone", "功能区"
    TOWNSHIP = "township", "乡镇（街道）"
    COMMUNITY = "community", "村（社区）"
    GROUP = "group", "村（居）民小组"
    GRID = "grid", "网格"
    COMPOUND = "compound", "小区"


class CodeScheme(models.TextChoices):
    STATISTICS = "stats", "统计用区划代码"
    OWN = "own", "平台自编码"
    POLICE = "police", "公安社区编码（GA/T 2000.33-2020）"


class ChangeKind(models.TextChoices):
    FOUND = "found", "设立"
    RENAME = "rename", "更名"
    RECODE = "recode", "换码"
    MOVE = "move", "划转"
    MERGE = "merge", "撤并"
    ABOLISH = "abolish", "撤销"
    REORGANISE = "reorganise", "区划调整"
