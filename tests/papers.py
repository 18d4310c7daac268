"""Files that the bot sends, as people open them: the words of a PDF, what a camera reads of it, the rows of a sheet."""

import base64
import io
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from openpyxl import load_workbook

from tests.scene import Message, Scene

MM = 25.4 / 72  # of a point


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


def extent_of(content: bytes) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of all that is written on each page, in millimetres from its upper left corner."""
    document = pypdfium2.PdfDocument(content)
    found: list[tuple[float, float, float, float]] = []
    try:
        for page in document:
            text, (_, height) = page.get_textpage(), page.get_size()
            boxes = [text.get_rect(number) for number in range(text.count_rects())]
            found.append(
                (
                    min(left for left, _, _, _ in boxes) * MM,
                    (height - max(top for _, _, _, top in boxes)) * MM,
                    max(right for _, _, right, _ in boxes) * MM,
                    (height - min(bottom for _, bottom, _, _ in boxes)) * MM,
                )
            )
    finally:
        document.close()
    return found
