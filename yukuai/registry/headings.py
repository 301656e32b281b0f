"""The heading row of a table somebody uploads, to be compared with the register. Pure."""

from yukuai.registry.intake.files import read_table

ROWS_LOOKED_AT = 10


def headings_of(data: bytes, *, name: str) -> list[str]:
    """The fullest of the first rows: above it stands a title in one cell. Raises BadFile."""
    rows = read_table(data, name=name, least=1).rows[:ROWS_LOOKED_AT]
    return list(max(rows, key=lambda row: sum(bool(cell) for cell in row.cells)).cells)
