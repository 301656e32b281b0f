"""What hinders a reader on a page: what axe finds, and what runs out of the window."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

SERIOUS = {"serious", "critical"}
WINDOWS = ((1440, "?text=100"), (390, "?text=200"))
"""A desk, and the narrowest screen with the largest words."""


def complaints(page: Any) -> list[str]:
    """Violations of axe that matter, and sideways scroll, as lines to read."""
    found = Axe().run(page).response["violations"]
    lines = [
        f"{page.url} {v['id']}: {v['nodes'][0]['html'][:120]}"
        for v in found
        if v["impact"] in SERIOUS
    ]
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [*lines, f"{page.url} scrolls {wide} px sideways"] if wide > 0 else lines


def look(page: Any, *addresses: str) -> list[str]:
    """Every page in every window; afterwards all is as it was."""
    found = []
    for width, switch in WINDOWS:
        page.set_viewport_size({"width": width, "height": 900})
        for address in addresses:
            page.goto(f"{address}{switch}")
            assert page.locator("main h1, main h2, .drawer h2").count(), f"nothing at {address}"
            found += complaints(page)
    page.goto(f"{addresses[-1]}?text=100")
    page.set_viewport_size({"width": 1440, "height": 900})
    return found
