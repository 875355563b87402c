"""What other systems can read of the site: files, tables with their schemas, and permanent addresses."""

from dataclasses import dataclass

from templates.layout import Link, Page


@dataclass(frozen=True, slots=True)
class File:
    """A file for machines, or many of one form.

    Attributes:
        address: from the site's root; `<…>` stands for what differs.
        href: the file, where it is one; else empty.
        about: what it holds, in words.
    """

    address: str
    href: str
    about: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        files: files for machines.
        addresses: permanent addresses, and what stands there.
        tables: tables to download, each with its schema.
    """

    page: Page
    files: tuple[File, ...]
    addresses: tuple[File, ...]
    tables: tuple[Link, ...]
