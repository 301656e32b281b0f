"""Telling people, and what people say about being told."""

from yukuai.messaging.actions.calls import (
    finish_call,
    open_call,
    relocate_texts,
    reopen_call,
    reveal_call,
)
from yukuai.messaging.actions.consent import choose_texts, receive_sms
from yukuai.messaging.actions.telling import (
    SIGN_IN_CODE,
    About,
    find_template,
    mark_all_read,
    mark_read,
    new_delivery,
    notify_users,
    queue_sms,
)

__all__ = [
    "SIGN_IN_CODE",
    "About",
    "choose_texts",
    "find_template",
    "finish_call",
    "mark_all_read",
    "mark_read",
    "new_delivery",
    "notify_users",
    "open_call",
    "queue_sms",
    "receive_sms",
    "relocate_texts",
    "reopen_call",
    "reveal_call",
]
