"""How fast: a bucket of tokens that shrinks when the SMS centre says it has too much to do."""

SLOWEST = 0.2
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
RECOVERED_AFTER = 50
"""So many answers without a complaint bring the rate from nothing back to what was agreed."""


class Pace:
    """Pure: `now` is a clock that only goes forwards, in seconds."""

    def __init__(self, rate: float, *, now: float) -> None:
        self.agreed = self.rate = max(rate, SLOWEST)
        self.tokens, self.at = 1.0, now
        self.pause = FIRST_PAUSE
        self.paused_until = now

    def wait(self, now: float) -> float:
        """How long until the next one may go; 0: now."""
        self._fill(now)
        if now < self.paused_until:
            return self.paused_until - now
        return max(0.0, (1 - self.tokens) / self.rate)

    def take(self, now: float) -> None:
        self._fill(now)
        self.tokens -= 1

    def slow_down(self, now: float) -> None:
        """ESME_RTHROTTLED or a full queue: a pause, then half as fast. What a whole window
        complains of at once is one complaint."""
        if now < self.paused_until:
            return
        self.rate = max(SLOWEST, self.rate / 2)
        self.tokens, self.at = 0.0, now
        self.paused_until = now + self.pause
        self.pause = min(LONGEST_PAUSE, self.pause * 2)

    def accepted(self) -> None:
        self.rate = min(self.agreed, self.rate + self.agreed / RECOVERED_AFTER)
        if self.rate == self.agreed:
            self.pause = FIRST_PAUSE

    def _fill(self, now: float) -> None:
        most = max(1.0, self.rate)
        self.tokens = min(most, self.tokens + (now - self.at) * self.rate)
        self.at = now
