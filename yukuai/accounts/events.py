from dataclasses import dataclass


@dataclass(frozen=True)
class PostBegun:
    post_id: int


@dataclass(frozen=True)
class PostEnded:
    post_id: int


@dataclass(frozen=True)
class GlassBroken:
    glass_id: int
