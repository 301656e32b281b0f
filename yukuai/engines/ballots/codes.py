"""Step 4: which page this is, by its code.

A code that is one of those we printed is known by comparing its modules; any other is decoded, so
that the refusal can say what it is.
"""

import cv2
import numpy as np
import zxingcpp

from yukuai.engines.ballots.layout import Layout
from yukuai.engines.ballots.paper import MODULE, Box, Identity, identity, parse_identity
from yukuai.engines.ballots.placing import Placement, patches
from yukuai.engines.ballots.raster import Grey
from yukuai.engines.ballots.refusals import Refusal, Refused

SURE, ENOUGH, APART = 0.97, 0.88, 0.12
"""Shares of modules that agree: without decoding; where decoding fails; ahead of the next page."""
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
ROOM = 38.0
"""Millimetres of the corner that holds the code, whatever its size."""


def identify(even: Grey, placement: Placement, layout: Layout) -> Identity:
    """Raises Refused."""
    shares = np.array(
        [_agreement(even, placement, page.code.box, page.code.rows) for page in layout.pages]
    )
    best = int(np.argmax(shares))
    printed = layout.pages[best].code.identity
    if shares[best] >= SURE:
        return printed
    decoded = _decoded(even, placement, layout)
    if decoded is not None:
        return checked(decoded, layout)
    others = np.delete(shares, best)
    if shares[best] >= ENOUGH and (not len(others) or shares[best] - others.max() >= APART):
        return printed
    raise Refused(Refusal.UNREADABLE_CODE)


def checked(said: Identity, layout: Layout) -> Identity:
    """The same, if it is a page of this layout in any batch. Raises Refused."""
    if said.election != layout.spec.election:
        raise Refused(Refusal.NOT_THIS_ELECTION)
    if said.page > len(layout.pages):
        raise Refused(Refusal.OTHER_EDITION)
    contests = tuple(dict.fromkeys(table.contest for table in layout.page(said.page).tables))
    if said != identity(layout.spec, contests=contests, page=said.page, batch=said.batch):
        raise Refused(Refusal.OTHER_EDITION)
    return said


def anywhere(even: Grey) -> Identity | None:
    """A code of ours anywhere in the picture: of paper whose marks are not those of this spec."""
    found = zxingcpp.read_barcodes(even, formats=QR)
    said = [parse_identity(one.text) for one in found]
    return next((one for one in said if one is not None), None)


def _agreement(even: Grey, placement: Placement, box: Box, rows: tuple[str, ...]) -> float:
    size = len(rows)
    cells = patches(even, placement, np.array([box]), (3 * size, 3 * size))[0]
    grey = cells.reshape(size, 3, size, 3)[:, 1, :, 1]
    level, _image = cv2.threshold(grey.copy(), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    printed = np.array([list(row) for row in rows]) == "1"
    return float(((grey <= level) == printed).mean())


def _decoded(even: Grey, placement: Placement, layout: Layout) -> Identity | None:
    corner = layout.pages[0].code.box
    quiet = 3 * MODULE
    box = [corner.right - ROOM, corner.bottom - ROOM, ROOM + quiet, ROOM + quiet]
    side = round((ROOM + quiet) / MODULE * 5)
    (picture,) = patches(even, placement, np.array([box]), (side, side))
    for one in zxingcpp.read_barcodes(picture, formats=QR):
        said = parse_identity(one.text)
        if said is not None:
            return said
    return None
