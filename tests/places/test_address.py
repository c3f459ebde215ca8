"""Addresses: which texts are some, what lies beside them, and that nothing else is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from injerto.places.address import Address, AddressError, address_in, joined, place_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s3://birds/2024/nests.csv", "s3://birds/2024/nests.csv"),
        (" gs://birds/photos/ ", "gs://birds/photos"),
        ("HTTPS://host/a.csv?sig=x//y", "https://host/a.csv?sig=x//y"),
        ("https://host/photos/", "https://host/photos/"),
    ],
)
def test_an_address_is_told_by_its_beginning(text: str, expected: str) -> None:
    assert place_of(text) == Address(expected)


@pytest.mark.parametrize("text", ["photos/a.jpg", "/data/a.jpg", "C:/a.jpg", "C:\\a.jpg", "a:b.jpg", "", "12 13 14 15"])
def test_a_path_is_none(text: str) -> None:
    assert address_in(text) is None


def test_a_path_that_pathlib_squeezed_is_the_address_that_was_meant() -> None:
    assert place_of(Path("s3://birds/a.csv")) == Address("s3://birds/a.csv")
    assert place_of(Path("https://host/a.csv")) == Address("https://host/a.csv")
    assert place_of(Path("c:/a.csv")) == Path("c:/a.csv"), "a letter is a drive"


@pytest.mark.parametrize(
    "text", ["file:///etc/passwd", "simplecache::s3://a/b", "ftp://a/b", "memory://a/b", "zip://a::s3://b/c"]
)
def test_nothing_but_stores_and_the_web_is_opened(text: str) -> None:
    if "::" in text.partition("://")[0]:
        assert isinstance(place_of(text), Path), "a chain of fsspec's is a path, which is not there"
    else:
        with pytest.raises(AddressError, match=r"addresses of \w+:// are not read; known: s3://, gs://, https://, http://"):
            place_of(text)


def test_parts_of_an_address() -> None:
    table = Address("s3://birds/2024/nests.csv.gz")
    assert (table.name, table.suffixes, table.parent) == ("nests.csv.gz", [".csv", ".gz"], Address("s3://birds/2024"))
    assert table.with_name("b.csv") == Address("s3://birds/2024/b.csv")
    signed = Address("https://host/t/nests.csv?X-Amz=1/2.png")
    assert (signed.name, signed.suffix, signed.parent) == ("nests.csv", ".csv", Address("https://host/t"))


@pytest.mark.parametrize(
    ("folder", "cell", "expected"),
    [
        ("s3://b/t", "photos/a.jpg", "s3://b/t/photos/a.jpg"),
        ("s3://b/t", "../photos/./a 1#.jpg", "s3://b/photos/a 1#.jpg"),
        ("s3://b/t", "https://host/a.jpg", "https://host/a.jpg"),
        ("https://host/t", "a 1#?.jpg", "https://host/t/a%201%23%3F.jpg"),
        ("https://host/t", "a%201.jpg", "https://host/t/a%201.jpg"),
    ],
)
def test_a_cell_counts_from_the_folder_of_its_table(folder: str, cell: str, expected: str) -> None:
    assert joined(Address(folder), cell) == Address(expected)
    assert joined(Path("/data"), cell) == (Address(cell) if "://" in cell else Path("/data", cell))


@pytest.mark.parametrize("cell", ["../../other/a.jpg", "..", "x/../../.."])
def test_no_cell_leads_out_of_its_bucket(cell: str) -> None:
    with pytest.raises(AddressError, match="the path leads out of s3://birds"):
        joined(Address("s3://birds/t"), f"../{cell}" if cell == ".." else cell)


@pytest.mark.parametrize("cell", ["/etc/passwd", "C:\\photos\\a.jpg", "\\\\nas\\a.jpg"])
def test_a_table_of_a_store_names_no_file_of_this_machine(cell: str) -> None:
    with pytest.raises(AddressError, match="a path of one machine in a table of a store: write it from the table's folder"):
        joined(Address("s3://birds/t"), cell)
