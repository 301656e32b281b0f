"""`make up`: the real thing on one machine, in demo mode."""

import os

os.environ.setdefault("YUKUAI_DEMO", "1")

from config.settings.base import *  # noqa: F403
