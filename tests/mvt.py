"""Vector tiles read back (Mapbox Vector Tile 2.1): layers by name, each a list of features; and in
which tile a place lies."""

import math
import struct
from collections import defaultdict


def read(tile):
    """`{layer: [{"id":…, "kind":…, "said": {…}, "commands": […]}]}`."""
    return {
        text(first(fields[1])): features(fields) for fields in map(parts, parts(tile).get(3, []))
    }


def features(layer):
    keys = [text(one) for one in layer.get(3, [])]
    values = [value(parts(one)) for one in layer.get(4, [])]
    return [feature(parts(one), keys, values) for one in layer.get(2, [])]


def feature(fields, keys, values):
    tags = numbers(first(fields.get(2, [b""])))
    return {
        "id": first(fields.get(1, [None])),
        "kind": {1: "point", 2: "line", 3: "polygon"}[first(fields[3])],
        "said": {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)},
        "commands": numbers(first(fields[4])),
    }


def point(one):
    """Where a point lies in its tile, in steps."""
    _command, x, y = one["commands"]
    return (x >> 1) ^ -(x & 1), (y >> 1) ^ -(y & 1)


def value(fields):
    [(number, [said])] = fields.items()
    match number:
        case 1:
            return text(said)
        case 2:
            return struct.unpack("<f", said)[0]
        case 3:
            return struct.unpack("<d", said)[0]
        case 6:
            return (said >> 1) ^ -(said & 1)
        case 7:
            return bool(said)
    return said


def parts(message):
    found, at = defaultdict(list), 0
    while at < len(message):
        tag, at = varint(message, at)
        match tag & 7:
            case 0:
                said, at = varint(message, at)
            case 1:
                said, at = message[at : at + 8], at + 8
            case 2:
                length, at = varint(message, at)
                said, at = message[at : at + length], at + length
            case 5:
                said, at = message[at : at + 4], at + 4
        found[tag >> 3].append(said)
    return found


def varint(message, at):
    found = shift = 0
    while True:
        byte, at = message[at], at + 1
        found |= (byte & 127) << shift
        if byte < 128:
            return found, at
        shift += 7


def numbers(packed):
    found, at = [], 0
    while at < len(packed):
        one, at = varint(packed, at)
        found.append(one)
    return found


def first(several):
    return several[0]


def text(said):
    return said.decode()


def tile_of(lon, lat, z):
    """Which tile a place lies in: z, x, y."""
    turn = math.asinh(math.tan(math.radians(lat)))
    return z, int((lon + 180) / 360 * 2**z), int((1 - turn / math.pi) / 2 * 2**z)
