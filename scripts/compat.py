"""What `scripts/compat` compares: BINARY SOURCES FOLDER, the copies being in FOLDER/copies and, saved again by
LibreOffice, in FOLDER/office."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl

REPORTS = ("Rilievi", "Riepilogo")
faults = 0


def fault(text):
    global faults
    faults += 1
    print(f"FAULT {text}")


def sheet_facts(sheet):
    """All of a sheet but notes and conditional formats: places and what is there."""
    facts = {
        "state": sheet.sheet_state,
        "size": sheet.dimensions,
        "merged": sorted(map(str, sheet.merged_cells.ranges)),
        "validations": sorted(
            (str(v.sqref), v.type, v.formula1, v.formula2, v.operator, v.allow_blank)
            for v in sheet.data_validations.dataValidation
        ),
        "frozen": sheet.freeze_panes,
        "print": (str(sheet.print_area), sheet.print_title_rows, sheet.print_title_cols),
        "protected": sheet.protection.sheet,
        "filter": sheet.auto_filter.ref,
        "images": len(sheet._images),
    }
    facts |= {f"row {n}": (r.height, r.hidden) for n, r in sheet.row_dimensions.items()}
    facts |= {f"column {n}": (c.width, c.hidden) for n, c in sheet.column_dimensions.items()}
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None and not cell.has_style:
                continue
            look = (cell.font, cell.fill, cell.border, cell.alignment, cell.protection)
            link = cell.hyperlink.target or cell.hyperlink.location if cell.hyperlink else None
            facts[cell.coordinate] = (cell.data_type, cell.value, cell.number_format, link, *map(repr, look))
    return facts


def compare(source, copy):
    """Every cell of the source is in the copy as it was; the copy has our sheets more."""
    cells = 0
    for values in (False, True):
        before, after = (openpyxl.load_workbook(path, data_only=values) for path in (source, copy))
        if after.sheetnames[: len(before.sheetnames)] != before.sheetnames:
            fault(f"{copy.name}: sheets {after.sheetnames}")
            continue
        more = after.sheetnames[len(before.sheetnames) :]
        if tuple(more) != REPORTS:
            fault(f"{copy.name}: added sheets {more}")
        for name in before.sheetnames:
            one, other = sheet_facts(before[name]), sheet_facts(after[name])
            cells += len(one)
            for place in sorted(one.keys() | other.keys()):
                if one.get(place) != other.get(place):
                    fault(f"{copy.name}, {name}, {place}: {one.get(place)} became {other.get(place)}")
    return cells


def marks(path):
    """Sheets, cells with notes, and conditional formats of a workbook."""
    book = openpyxl.load_workbook(path)
    notes = {(s.title, c.coordinate): c.comment.text for s in book for row in s.iter_rows() for c in row if c.comment}
    formats = {s.title: sum(len(f.rules) for f in s.conditional_formatting) for s in book}
    return book.sheetnames, notes, formats


def findings(binary, path, out):
    done = subprocess.run(
        [binary, "check", path, "--out", out, "--format", "json", "--fail-on", "mai", "--quiet"],
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        fault(f"{path}: exit {done.returncode}")
    [document] = json.loads(done.stdout)["documents"]
    found = [(f["code"], f["fingerprint"], f["value_hash"]) for f in document["findings"]]
    return found, [t["range"] for t in document["tables"]]


def has_text_boxes(path):
    """openpyxl drops the text boxes of a workbook it saves: what depends on them cannot be the same."""
    import zipfile

    with zipfile.ZipFile(path) as parts:
        return any(b"<xdr:sp" in parts.read(n) for n in parts.namelist() if n.startswith("xl/drawings/drawing"))


def main():
    binary, sources, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    for source in sorted(sources.glob("*.xlsx")):
        copy = folder / "copies" / f"{source.stem}.riscontro.xlsx"
        cells = compare(source, copy)
        print(f"{source.name}: {cells} facts compared")
        saved = folder / "openpyxl" / copy.name
        openpyxl.load_workbook(copy).save(saved)
        first = findings(binary, source, folder / "first")
        for again in (folder / "office" / copy.name, saved):
            if again is saved and has_text_boxes(source):
                continue
            name = f"{again.parent.name}/{again.name}"
            out = folder / f"{again.parent.name}-again"
            if findings(binary, again, out) != first:
                fault(f"{name}: other findings than the source")
            one, other = marks(copy), marks(out / again.name)
            for what, a, b in zip(("sheets", "notes", "formats"), one, other, strict=True):
                if a != b:
                    fault(f"{name}: {what} {b}, not {a}")
    print(f"{faults} faults")
    return 1 if faults else 0


sys.exit(main())
