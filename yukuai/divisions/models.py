from django.db import models
from django.db.models import F, Q


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


class Division(models.Model):
    """A node of the tree. `path` is the ids from the root, each closed by a dot: `1.7.112.`.

    Ids never change, so a path changes only when a division gets another parent. The closing
    dot makes a prefix a subtree: `1.1.` is no prefix of `1.11.`. `name` and `code` are those of
    today; what was true on another day stands in the dated tables below.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=DivisionKind.choices)
    name = models.CharField(max_length=80)
    code = models.CharField(max_length=20, blank=True, db_index=True)
    initials = models.CharField(max_length=40, blank=True, help_text="pinyin initials of the name")
    path = models.CharField(max_length=80, db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="the first day on which it no longer existed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path"], name="division_path_unique"),
            models.UniqueConstraint(fields=["id", "path"], name="division_id_path"),
            models.CheckConstraint(
                name="division_path_ends_with_its_id",
                condition=Q(path__regex=r"^([0-9]+\.)+$"),
            ),
            models.CheckConstraint(
                name="division_kind_known", condition=Q(kind__in=DivisionKind.values)
            ),
            models.CheckConstraint(
                name="division_lived_forwards",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["parent", "code"], name="division_children")]

    def __str__(self) -> str:
        return self.name

    @property
    def area(self) -> str:
        """A division lies where its subtree begins."""
        return self.path


class Dated(models.Model):
    """True from a day until the day before another."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True


class CodeScheme(models.TextChoices):
    STATISTICS = "stats", "统计用区划代码"
    OWN = "own", "平台自编码"
    POLICE = "police", "公安社区编码（GA/T 2000.33-2020）"


class DivisionCode(Dated):
    """A code by which a division is or was known. Old codes resolve for ever."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="codes")
    scheme = models.CharField(max_length=12, choices=CodeScheme.choices)
    code = models.CharField(max_length=20)
    official = models.BooleanField(default=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code", "valid_from"], name="division_code_once"
            ),
        ]
        indexes = [models.Index(fields=["code"], name="division_code_lookup")]

    def __str__(self) -> str:
        return f"{self.code} ({self.division_id})"


class DivisionName(Dated):
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class DivisionPlacement(Dated):
    """Under which parent a division lay, and when."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["parent", "valid_from"], name="placement_of_parent")]

    def __str__(self) -> str:
        return f"{self.division_id} under {self.parent_id}"


class ChangeKind(models.TextChoices):
    FOUND = "found", "设立"
    RENAME = "rename", "更名"
    RECODE = "recode", "换码"
    MOVE = "move", "划转"
    MERGE = "merge", "撤并"
    ABOLISH = "abolish", "撤销"


class DivisionChange(models.Model):
    """One dated event of the tree, with the document it rests on."""

    key = models.CharField(max_length=60, unique=True, help_text="so that it is played once")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    effective = models.DateField()
    reason = models.TextField()
    basis = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    details = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.effective}: {self.title}"


class Succession(models.Model):
    """Who took over from whom: merge, split and replacement."""

    change = models.ForeignKey(DivisionChange, on_delete=models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change", "predecessor", "successor"], name="succession_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} to {self.successor_id}"
