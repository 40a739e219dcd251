"""Land damaged files and bombs, each in a process of its own; print what they take.

For each kind: how many were tried, how many landed or were refused, and the longest
time and largest memory that one took, the process of its reader included. Ends with 1
if one ended otherwise.

    .venv/bin/python tests/run_damaged.py [--files 300] [--seed 1]
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
sys.path += map(str, (TESTS / "python").iterdir())

import damaged_files  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
import xlsxwriter  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402

KINDS = ("texts", "workbooks", "old_workbooks", "parquet_files", "statistical_files")
LAND = "from coupling.cli import app; app()"
ENDS = (0, 1, 2)
MOST_BYTES = 1_000_000


def main() -> int:
    """Try all kinds; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COUPLING_WORKSPACE"] = str(Path(folder) / "workspace")
        for kind in KINDS:
            wrong += report(kind, drawn(kind, asked.files, asked.seed), Path(folder))
        wrong += report("bombs", bombs(), Path(folder))
    return int(wrong > 0)


def report(kind: str, files: Iterator[tuple[str, bytes]], folder: Path) -> int:
    """Land files, print what they took; return how many ended otherwise."""
    ends, longest, largest = dict.fromkeys(ENDS, 0), 0.0, 0
    wrong = 0
    for name, content in files:
        path = folder / name
        path.write_bytes(content)
        assert len(content) < MOST_BYTES
        code, seconds, kilobytes = landed(path)
        longest, largest = max(longest, seconds), max(largest, kilobytes)
        if code in ends:
            ends[code] += 1
        else:
            wrong += 1
            print(f"WRONG: {name} ended with {code}", flush=True)
    print(
        f"{kind}: {sum(ends.values()) + wrong} files, {ends[0]} landed, "
        f"{ends[1] + ends[2]} refused; longest {longest:.1f} s, largest "
        f"{largest / 1024:.0f} MiB",
        flush=True,
    )
    return wrong


def landed(path: Path) -> tuple[int, float, int]:
    """Land a file; return exit code, seconds, and KiB of its largest process."""
    started = time.monotonic()
    # of all children of a process the largest is told, so each has a parent of its own
    script = (
        "import resource, subprocess, sys;"
        "code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL,"
        " stderr=subprocess.DEVNULL);"
        "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", LAND, "land", str(path), "--dry-run"]
    said = subprocess.check_output([sys.executable, "-S", "-c", script, *command])
    code, kilobytes = map(int, said.split())
    return code, time.monotonic() - started, kilobytes


def drawn(kind: str, count: int, start: int) -> list[tuple[str, bytes]]:
    """Damaged files of a kind."""
    found: list[tuple[str, bytes]] = []

    @seed(start)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(damaged=getattr(damaged_files, kind)())
    def keep(damaged):
        found.append((f"damaged{damaged.suffix}", damaged.content))

    keep()
    return found


def bombs() -> Iterator[tuple[str, bytes]]:
    """Files that unpack to much more than they weigh, or nest, or spread."""
    for length in (1_000, 10_000, 32_000):
        for count in (100, 10_000, 60_000):
            yield "shared.xlsx", shared_strings(length, count)
            yield "dictionary.parquet", dictionary(length, count)
    for megabytes in (10, 100, 900):
        yield "zeros.xlsx", zeros(megabytes)
    for cell in ("XFD1048576", "A1048576", "XFD1", "CZ40000"):
        yield "corner.xlsx", corner(cell)
    for depth in (1, 5, 50):
        yield "nested.parquet", nested(depth)
    for columns in (100, 3_000):
        yield "wide.parquet", parquet({f"c{n}": [1.0] for n in range(columns)})
    for length in (100, 10_000, 400_000):
        for text in ("*", "①", "(", "北京 "):
            content = f"地区,年份,GDP(亿元)\n{text * length}\n北京,2022,1\n".encode()
            yield "long.csv", content[: MOST_BYTES - 1]
    yield (
        "sheets.xlsx",
        workbook(
            lambda book: [book.add_worksheet().write(0, 0, "x") for _ in range(1_000)]
        ),
    )


def workbook(fill) -> bytes:
    """A workbook that `fill` writes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        fill(book)
    return content.getvalue()


def shared_strings(length: int, count: int) -> bytes:
    """A workbook of which many cells share one text."""

    def fill(book):
        sheet = book.add_worksheet()
        for row in range(count):
            sheet.write_string(row, 0, "x" * length)

    return workbook(fill)


def dictionary(length: int, count: int) -> bytes:
    """A Parquet file of which many rows share one text."""
    indices = pa.array([0] * count, pa.int32())
    return parquet({"region": pa.DictionaryArray.from_arrays(indices, ["x" * length])})


def parquet(columns: dict) -> bytes:
    """A Parquet file."""
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


def nested(depth: int) -> bytes:
    """A Parquet file with lists in lists."""
    value = 1.0
    for _ in range(depth):
        value = [value]
    return parquet({"region": [value]})


def zeros(megabytes: int) -> bytes:
    """A zip file with a part of nothing but zeros."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(megabytes):
                part.write(bytes(1_000_000))
    return content.getvalue()


def corner(cell: str) -> bytes:
    """A workbook with a cell far away."""

    def fill(book):
        sheet = book.add_worksheet()
        sheet.write("A1", 1)
        sheet.write(cell, 2)

    return workbook(fill)


if __name__ == "__main__":
    sys.exit(main())
