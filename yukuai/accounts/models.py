from datetime import timedelta
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from yukuai.accounts.roles import ROLES, Family, Role, is_post_role
from yukuai.divisions.located import AreaField, Placed, place
from yukuai.kernel.constraints import AreaFollowsDivision, BumpsReference, HoldersOnlyPolicy
from yukuai.kernel.fields import SealedField

GLASS_LIMIT = timedelta(hours=3)
POST_ROLES = [role.value for role in Role if is_post_role(role)]


class User(AbstractBaseUser):
    """Somebody who signs in. Nothing here is private: a resident's name and phone lie sealed in
    `Resident`, a member of staff stands here with the name that is published anyway."""

    class Kind(models.TextChoices):
        RESIDENT = "resident", "居民"
        STAFF = "staff", "工作人员"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RESIDENT)
    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=40, blank=True)
    office_phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(null=True)
    password_is_initial = models.BooleanField(
        default=False, db_default=False, help_text="somebody else knows it: change it first"
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager[Self]] = UserManager()

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_staff_member(self) -> bool:
        return self.kind == self.Kind.STAFF


class RealNameLevel(models.IntegerChoices):
    """How well the platform knows who somebody is."""

    UNPROVED = 0, "没有绑手机号"
    PHONE = 1, "手机号已验证"
    NAMED = 2, "已填姓名"
    VERIFIED = 3, "已实名核验"


class Resident(models.Model):
    """What a resident told us about himself. He and the platform see it, nobody else."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="resident")
    phone = SealedField(purpose="resident.phone", blank=True, default="")
    phone_hash = models.CharField(
        max_length=64, unique=True, null=True, blank=True, help_text="none: no telephone proved"
    )
    name = SealedField(purpose="resident.name", blank=True, default="")
    level = models.IntegerField(choices=RealNameLevel.choices, default=RealNameLevel.PHONE)
    level_source = models.CharField(
        max_length=40, blank=True, db_default="", help_text="who proved the name"
    )
    home = models.ForeignKey(
        "divisions.Division", on_delete=models.PROTECT, null=True, related_name="+"
    )
    holders = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        constraints = [HoldersOnlyPolicy(name="resident_is_his_own")]

    def __str__(self) -> str:
        return f"resident {self.user_id}"


class Department(Placed):
    """An office at a level that can be given work (城市管理局, 基层治理办…)."""

    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=30)
    kind = models.CharField(max_length=30, help_text="the same word for like offices everywhere")
    initials = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    phone = models.CharField(max_length=30, blank=True)
    active = models.BooleanField(default=True)
    order = models.IntegerField(default=0)

    class Meta(Placed.Meta):
        constraints = [
            *Placed.Meta.constraints,
            BumpsReference(name="department_is_reference"),
            models.UniqueConstraint(fields=["division", "name"], name="department_name_once"),
        ]
        indexes = [models.Index(fields=["area", "order"], name="department_area")]

    def __str__(self) -> str:
        return self.name


class Period(Func):
    function = "tstzrange"
    output_field = DateTimeRangeField()


class Post(Placed):
    """A person in a role at a place, from–to. Authority begins and ends with it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20)
    family = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Family])
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    title = models.CharField(max_length=40, blank=True)
    search = place(null=True, blank=True)
    search_area = AreaField(place="search", null=True)
    statistics = place(null=True, blank=True)
    statistics_area = AreaField(place="statistics", null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    appointed_by = models.CharField(max_length=120)
    reason = models.CharField(max_length=200)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta(Placed.Meta):
        constraints = [
            *Placed.Meta.constraints,
            AreaFollowsDivision(name="post_search_follows", place="search"),
            AreaFollowsDivision(name="post_statistics_follows", place="statistics"),
            models.CheckConstraint(name="post_role_known", condition=Q(role__in=POST_ROLES)),
            models.CheckConstraint(
                name="post_forwards", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            # 三员互斥,不得兼任业务角色 (domain.md §1.6)
            ExclusionConstraint(
                name="post_families_apart",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("family", RangeOperators.NOT_EQUAL),
                    (Period("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.UniqueConstraint(
                fields=["user", "role", "division", "department"],
                condition=Q(valid_to=None),
                nulls_distinct=False,
                name="post_held_once",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "role"], name="post_area"),
            models.Index(fields=["search_area"], name="post_search_area"),
            models.Index(fields=["statistics_area"], name="post_statistics_area"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.area}"

    @property
    def role_label(self) -> str:
        return ROLES[Role(self.role)].label

    @property
    def place(self) -> str:
        """The unit as people say it: the department, or the division itself."""
        return self.department.name if self.department else self.division.name


class BreakGlass(Placed):
    """A look outside one's area, with a reason, for at most three hours. Looking only."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()

    class Meta(Placed.Meta):
        constraints = [
            *Placed.Meta.constraints,
            models.CheckConstraint(
                name="glass_at_most_three_hours",
                condition=Q(valid_to__lte=F("valid_from") + GLASS_LIMIT),
            ),
            models.CheckConstraint(name="glass_has_a_reason", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["area", "-valid_from"], name="glass_area"),
            models.Index(fields=["user", "-valid_to"], name="glass_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.area} until {self.valid_to:%F %T}"


class ApiClient(Placed):
    """An outside system with a declared purpose (PIPL 6: 目的明确、最小必要)."""

    name = models.CharField(max_length=60, unique=True)
    purpose = models.CharField(max_length=200)
    key_hash = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    created_by = models.CharField(max_length=120)
    per_minute = models.PositiveIntegerField(
        default=600, db_default=600, help_text="requests; more are refused until the minute ends"
    )

    class Meta(Placed.Meta):
        indexes = [models.Index(fields=["area"], name="api_client_area")]

    def __str__(self) -> str:
        return self.name
