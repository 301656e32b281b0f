"""Code sets with the standard they come from, and who may be asked: editable data."""

from typing import Any, ClassVar

from django.db import models

from yukuai.kernel.constraints import BumpsReference


class CodeSet(models.Model):
    """A list of codes for one field: standard number, version, and how sure its content is."""

    key = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=40)
    standard = models.CharField(max_length=40, blank=True, help_text="GB/T 2261.1…; own: empty")
    version = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=200, help_text="where the content was read; 待核 says so")

    class Meta:
        constraints: ClassVar[list[Any]] = [BumpsReference(name="codeset_is_reference")]

    def __str__(self) -> str:
        return self.name


class Code(models.Model):
    code_set = models.ForeignKey(CodeSet, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=60)
    order = models.IntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            BumpsReference(name="code_is_reference"),
            models.UniqueConstraint(fields=["code_set", "code"], name="code_once_a_set"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class DataSource(models.Model):
    """Who can say something, and how much it weighs (`provenance.judge`): a product default."""

    code = models.CharField(max_length=20, unique=True)
    label = models.CharField(max_length=40)
    rank = models.IntegerField(help_text="larger is stronger")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [BumpsReference(name="datasource_is_reference")]

    def __str__(self) -> str:
        return self.label
