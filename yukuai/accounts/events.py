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


@dataclass(frozen=True)
class DepartmentChanged:
    """Founded, renamed or closed: whatever names departments looks again."""

    department_id: int
