"""How a sign-in code reaches a telephone. Messaging lies above and registers the real sender."""

from datetime import datetime
from typing import Protocol

from yukuai.kernel.errors import Unavailable


class CodeSender(Protocol):
    def send_code(self, *, phone: str, code: str, at: datetime) -> None:
        """Hand the code over for sending. Raises Unavailable with a sentence; then nothing went."""
        ...


class NoSender:
    """Until one is registered."""

    def send_code(self, *, phone: str, code: str, at: datetime) -> None:
        raise Unavailable("现在发不出短信。请过几分钟再试；着急就打电话。")


class _Registry:
    sender: CodeSender = NoSender()


def register_sender(sender: CodeSender) -> CodeSender:
    """Take this one from now on; returns the one before, so that a test can put it back."""
    before, _Registry.sender = _Registry.sender, sender
    return before


def send_code(*, phone: str, code: str, at: datetime) -> None:
    _Registry.sender.send_code(phone=phone, code=code, at=at)
