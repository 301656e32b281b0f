"""Reading an Excel file without the library that wrote it: parts of a zip, in XML."""

import io
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@dataclass
class Sheet:
    rows: list[list[str]]
    header: str
    footer: str
    repeated: str


def read_xlsx(data: bytes) -> dict[str, Sheet]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        book = ElementTree.fromstring(parts.read("xl/workbook.xml"))
        names = [sheet.attrib["name"] for sheet in book.findall("m:sheets/m:sheet", NS)]
        repeated = [name.text or "" for name in book.findall("m:definedNames/m:definedName", NS)]
        return {
            name: _sheet(parts.read(f"xl/worksheets/sheet{place}.xml"), name, repeated)
            for place, name in enumerate(names, 1)
        }


def _sheet(data: bytes, name: str, repeated: list[str]) -> Sheet:
    root = ElementTree.fromstring(data)
    rows = [
        ["".join(cell.itertext()) for cell in row.findall("m:c", NS)]
        for row in root.findall("m:sheetData/m:row", NS)
    ]
    said = {part: root.findtext(f"m:headerFooter/m:{part}", "", NS) for part in PAGE}
    mine = next((text for text in repeated if text.startswith(f"{name}!")), "")
    return Sheet(rows, said["oddHeader"], said["oddFooter"], mine)


PAGE = ("oddHeader", "oddFooter")
