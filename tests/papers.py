"""Files that the bot sends, as people open them: the words of a PDF, what a camera reads of it, the rows of a sheet."""

import base64
import io
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from openpyxl import load_workbook

from tests.scene import Message, Scene


def content_of(scene: Scene, message: Message) -> bytes:
    """The bytes of the document of a message."""
    return base64.b64decode(scene.control.file(message["document"]["file_id"])["base64"])


def words_of(content: bytes) -> str:
    """What can be read on the pages of a PDF, in one line."""
    document = pypdfium2.PdfDocument(content)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    finally:
        document.close()


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(content)
    try:
        return len(document)
    finally:
        document.close()


def picture_of(content: bytes) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """The first page as it is printed, in grey, 144 dots an inch."""
    document = pypdfium2.PdfDocument(content)
    try:
        return np.asarray(document[0].render(scale=2).to_pil().convert("L"))
    finally:
        document.close()


def scanned(content: bytes) -> list[str]:
    """The links that a camera finds on the first page."""
    return [str(each.text) for each in zxingcpp.read_barcodes(picture_of(content))]


def rows_of(content: bytes, sheet: int = 0) -> list[tuple[Any, ...]]:
    """The rows of a sheet, the head first."""
    book = load_workbook(io.BytesIO(content))
    return [tuple(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]
