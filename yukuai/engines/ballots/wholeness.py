"""Step 5: whether the whole page is there, at its size, and only one of it."""

import cv2
import numpy as np

from yukuai.engines.ballots import codes
from yukuai.engines.ballots.layout import Layout
from yukuai.engines.ballots.light import SPOT, Work, reduced
from yukuai.engines.ballots.marks import Found, Pattern
from yukuai.engines.ballots.placing import Placement, whole
from yukuai.engines.ballots.prepared import FLAT_PER_MM, Known
from yukuai.engines.ballots.raster import Array, Grey
from yukuai.engines.ballots.refusals import Refusal, Refused

MISSING, CUT_OFF = 0.15, 0.3
"""Shares of the marks: not where they should be; outside the picture."""
RUN = 3
"""So many marks missing in a row are a piece of paper that is not there."""
SCALE = 0.035
TRUSTED_DPI = (100.0, 1250.0)
SLANTED = 0.012
"""A perspective like this is a phone's, of which the resolution says nothing."""
ON_PAPER = 0.55
"""Of the light on the page."""
STRANGERS = 8
"""Squares like marks that are none of this page's."""
TILE, SOFT = 18, 5
"""Pixels of the page laid flat: 12 and 3 mm."""
PRINTED, LOST = 5.0, 0.3
LEAST_TILES = 3
DARK_SHARE, DARK_SPOTS = 0.35, 4
"""Of the light on the page, and places 6 mm apart that hang together."""
BLANK_SHARE = 0.0015


def check_marks(found: Found, pattern: Pattern) -> None:
    """Raises Refused."""
    missing = ~found.seen & ~found.outside
    if _longest_run(missing, pattern) >= RUN:
        raise Refused(Refusal.TORN)
    if missing.mean() > MISSING or found.outside.mean() > CUT_OFF:
        raise Refused(Refusal.MARK_MISSING)


def _longest_run(missing: Array, pattern: Pattern) -> int:
    """Marks in a row, around corners too."""
    left, top, right, bottom = pattern.frame
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    turn = np.arctan2(*(pattern.places - middle).T[::-1])
    around = missing[np.argsort(turn, kind="stable")]
    longest = run = 0
    for one in (*around, *around):
        run = run + 1 if one else 0
        longest = max(longest, run)
    return min(longest, len(around))


def check_scale(placement: Placement, per_pixel: int, dpi: float | None) -> None:
    """A page printed to fit, or copied, is not the paper that was issued. Raises Refused."""
    matrix = placement.matrix / placement.matrix[2, 2]
    left, top, right, bottom = placement.frame
    slant = abs(matrix[2, 0]) * (right - left) + abs(matrix[2, 1]) * (bottom - top)
    if dpi is None or not TRUSTED_DPI[0] <= dpi <= TRUSTED_DPI[1] or slant > SLANTED:
        return
    per_mm = np.sqrt(abs(np.linalg.det(matrix[:2, :2]))) * per_pixel
    if abs(per_mm / (dpi / 25.4) - 1) > SCALE:
        raise Refused(Refusal.WRONG_SCALE)


def check_single(
    work: Work, squares: Array, placement: Placement, pattern: Pattern, known: Known
) -> None:
    """`squares` (n, 3) are those of the picture; on a dark table there are many. Raises Refused."""
    light = _light_at(work, squares[:, :2])
    squares = squares[
        light > ON_PAPER * np.median(_light_at(work, placement.to_picture(pattern.places)))
    ]
    if not len(squares):
        return
    there = placement.to_picture(pattern.places)
    away = np.linalg.norm(squares[:, None, :2] - there, axis=2).min(axis=1)
    tick = (3.0 * placement.per_mm()) ** 2
    strange = (away > 2.5 * placement.per_mm()) & (squares[:, 2] > 0.3 * tick)
    strange &= squares[:, 2] < 4 * tick
    held = [one.box_mm.inset(-4.0) for one in known.places] + [known.page.code.box.inset(-2.0)]
    x, y, w, h = np.array(held).T
    corners = np.stack([x, y, x + w, y, x + w, y + h, x, y + h], axis=1).reshape(-1, 4, 2)
    quads = placement.to_picture(corners).astype(np.float32)
    inside = [
        any(cv2.pointPolygonTest(quad, (float(x), float(y)), False) >= 0 for quad in quads)
        for x, y in squares[strange, :2]
    ]
    if len(inside) - sum(inside) >= STRANGERS:
        raise Refused(Refusal.DOUBLE_FEED)


def check_covered(work: Work, placement: Placement, known: Known) -> None:
    """No dark thing may lie on the page: a hand, the edge of something. Raises Refused."""
    page = known.page
    x, y = (np.arange(20, side - 15, 6.0) for side in (page.width, page.height))
    seen = _light_at(work, placement.to_picture(np.stack(np.meshgrid(x, y), axis=-1)))
    if _together(seen < DARK_SHARE * np.median(seen)) >= DARK_SPOTS:
        raise Refused(Refusal.TORN)


def _light_at(work: Work, points: Array) -> Array:
    rows, columns = work.light.shape
    across = np.rint(points[..., 0] / SPOT).astype(int).clip(0, columns - 1)
    down = np.rint(points[..., 1] / SPOT).astype(int).clip(0, rows - 1)
    return np.asarray(work.light[down, across])


def check_print(even: Grey, placement: Placement, known: Known) -> None:
    """What is printed must be there. Raises Refused."""
    page = known.page
    by = max(1, int(placement.per_mm() / FLAT_PER_MM))
    small, place = reduced(even, by), placement.scaled(1 / by)
    seen = whole(small, place, (page.width, page.height), FLAT_PER_MM)
    seen = 255 - cv2.blur(seen, (SOFT, SOFT)).astype(np.float32)
    printed = cv2.blur(known.print_flat, (SOFT, SOFT)).astype(np.float32)
    expected, found = _tiles(printed), _tiles(np.minimum(seen, 2 * printed))
    lost = (expected >= PRINTED) & (found < LOST * expected)
    if _together(lost) >= LEAST_TILES:
        raise Refused(Refusal.TORN)


def _tiles(flat: Array) -> Array:
    rows, columns = (side // TILE for side in flat.shape)
    cut = flat[: rows * TILE, : columns * TILE]
    return np.asarray(cut.reshape(rows, TILE, columns, TILE).mean(axis=(1, 3)))


def _together(tiles: Array) -> int:
    """How many of the tiles hang together at most."""
    count, _labels, stats, _middles = cv2.connectedComponentsWithStats(
        tiles.astype(np.uint8), connectivity=8
    )
    return int(stats[1:, cv2.CC_STAT_AREA].max()) if count > 1 else 0


def why_not_found(even: Grey, layout: Layout) -> Refusal:
    """Of a picture without the marks of our page."""
    rows, columns = even.shape
    inner = even[rows // 20 : rows - rows // 20, columns // 20 : columns - columns // 20]
    if (inner < 150).mean() < BLANK_SHARE:
        return Refusal.BLANK_PAGE
    said = codes.anywhere(even)
    if said is None:
        return Refusal.FOREIGN_PAPER
    try:
        codes.checked(said, layout)
    except Refused as refused:
        return refused.reason
    return Refusal.MARK_MISSING
