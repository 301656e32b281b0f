"""Staff with posts, without the ceremony of appointing them."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password

from tests.conftest import NOON
from yukuai.accounts.models import Department, Post, User
from yukuai.accounts.roles import ROLES, Role

PASSWORD = "right-horse-7"


def make_staff(username, *, display_name="王小满", password=PASSWORD, **fields):
    return User.objects.create(
        kind=User.Kind.STAFF,
        username=username,
        display_name=display_name,
        password=make_password(password),
        **fields,
    )


def make_post(user, role, division, *, department=None, since=NOON, until=None, **fields):
    return Post.objects.create(
        user=user,
        role=role,
        family=ROLES[Role(role)].family,
        division=division,
        department=department,
        valid_from=since - timedelta(days=30),
        valid_to=until,
        appointed_by="测试",
        reason="测试",
        **fields,
    )


def make_department(division, name="城市管理局", **fields):
    words = {"short_name": name, "kind": name} | fields
    return Department.objects.create(division=division, name=name, **words)
