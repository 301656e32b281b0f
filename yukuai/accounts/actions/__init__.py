"""Writes of accounts: each one transaction, one audit entry."""

from yukuai.accounts.actions.clients import create_client, end_client
from yukuai.accounts.actions.departments import (
    close_department,
    create_department,
    rename_department,
)
from yukuai.accounts.actions.glasses import break_glass, end_glass, end_own_glasses
from yukuai.accounts.actions.outside import (
    enter_from_outside,
    link_outside,
    relink_outside,
    unlink_outside,
)
from yukuai.accounts.actions.posts import appoint, end_post
from yukuai.accounts.actions.residents import set_home, set_name, sign_up
from yukuai.accounts.actions.signins import (
    note_failed_sign_in,
    note_sign_in,
    note_sign_out,
    switch_post,
)
from yukuai.accounts.actions.staff import (
    choose_password,
    create_staff,
    reset_password,
    reset_second_factor,
    set_up_second_factor,
)

__all__ = [
    "appoint",
    "break_glass",
    "choose_password",
    "close_department",
    "create_client",
    "create_department",
    "create_staff",
    "end_client",
    "end_glass",
    "end_own_glasses",
    "end_post",
    "enter_from_outside",
    "link_outside",
    "note_failed_sign_in",
    "note_sign_in",
    "note_sign_out",
    "relink_outside",
    "rename_department",
    "reset_password",
    "reset_second_factor",
    "set_home",
    "set_name",
    "set_up_second_factor",
    "sign_up",
    "switch_post",
    "unlink_outside",
]
