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
    Letter,
    Text,
    find_template,
    mark_all_read,
    mark_read,
    new_delivery,
    notify_users,
    post_letters,
    queue_sms,
    queue_texts,
)

__all__ = [
    "SIGN_IN_CODE",
    "About",
    "Letter",
    "Text",
    "choose_texts",
    "find_template",
    "finish_call",
    "mark_all_read",
    "mark_read",
    "new_delivery",
    "notify_users",
    "open_call",
    "post_letters",
    "queue_sms",
    "queue_texts",
    "receive_sms",
    "relocate_texts",
    "reopen_call",
    "reveal_call",
]
