"""What a certificate looks like: words, their places, a picture behind them, who signs; a file that can be exchanged.

It is read and examined when the program starts, so that a slip in it is found by whoever made it, and not by the first
member who asks for a certificate. The file that comes with the program (`certificate_template.toml`) explains itself.
"""

import enum
import string
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

__all__ = [
    "BadCertificateTemplate",
    "CertificateTemplate",
    "Flaw",
    "Lettering",
    "built_in",
    "load",
]

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 297.0, 210.0  # A4, landscape
LINE_MM = 0.48  # a line's height for each point of its letters (bot/views/pdf.py)
SMALLEST_QR_MM = 20.0  # below it a phone has to come closer than its camera can see
PLACEHOLDERS = frozenset(
    ("name", "unit", "session", "date", "time", "hours", "serial", "issued", "link", "signer", "position")
)
NEEDED = ("name", "session", "date", "serial")  # without these it proves nothing
_COLOUR = r"^#[0-9a-fA-F]{6}$"


class Flaw(enum.Enum):
    """What is wrong with a template; each has its sentence `startup.certificate_…` in the catalogues."""

    UNREADABLE = "unreadable"  # there is no such file
    SYNTAX = "syntax"  # it is no TOML
    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    VALUE = "value"  # of another kind, or out of its bounds
    PLACEHOLDER = "placeholder"  # braces around something that is not known
    NOT_SHOWN = "not_shown"  # nothing shows what has to be on it
    OUTSIDE = "outside"  # it would stand beside the page
    TOO_LOW = "too_low"  # not even one line of the smallest letters fits
    PICTURE = "picture"  # no PNG or JPEG


class BadCertificateTemplate(Exception):
    """The template cannot be used: `file`, `where` in it (a key, or empty), and what is wrong."""

    def __init__(self, file: Path, flaw: Flaw, where: str = "") -> None:
        super().__init__(f"{file}: {flaw.value} {where}")
        self.file = file
        self.flaw = flaw
        self.where = where


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Page(_Part):
    """What is behind the words. `background` stands beside the file; without one `frame` draws a plain border."""

    background: str = ""
    frame: bool = True


class Signer(_Part):
    """Who answers for it; empty texts leave the lines out."""

    name: str = Field(default="", max_length=150)
    position: str = Field(default="", max_length=150)


class Code(_Part):
    """Where the picture with the link is, in millimetres from the upper left corner."""

    x: float = Field(ge=0)
    y: float = Field(ge=0)
    size: float = Field(ge=SMALLEST_QR_MM)


class Lettering(_Part):
    """Words in a box: millimetres from the upper left corner, letters in points. Too long ones shrink to `smallest`."""

    words: str = Field(min_length=1, max_length=500)
    x: float = Field(ge=0)
    y: float = Field(ge=0)
    width: float = Field(gt=0)
    height: float = Field(gt=0)
    size: float = Field(ge=5, le=96)
    smallest: float = Field(ge=5, le=96)
    bold: bool = False
    align: Literal["left", "center", "right"] = "center"
    colour: str = Field(default="#1f2933", pattern=_COLOUR)

    @property
    def placeholders(self) -> frozenset[str]:
        """What is filled in."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self.words) if name is not None)


class CertificateTemplate(_Part):
    """The whole of it. `folder` is where its picture is."""

    page: Page = Page()
    signer: Signer = Signer()
    qr: Code
    text: tuple[Lettering, ...] = Field(min_length=1, max_length=40)
    folder: Path = Path()

    @property
    def background(self) -> Path | None:
        """The picture behind everything."""
        return self.folder / self.page.background if self.page.background else None


def load(path: str) -> CertificateTemplate:
    """The template of this file, the built-in one for an empty path. Raises `BadCertificateTemplate`."""
    if not path:
        return built_in()
    file = Path(path)
    try:
        raw = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadCertificateTemplate(file, Flaw.UNREADABLE) from None
    return read(raw, file)


def built_in() -> CertificateTemplate:
    """The one that comes with the program."""
    found = files("bot.services") / "certificate_template.toml"
    return read(found.read_text(encoding="utf-8"), Path(str(found)))


def read(raw: str, file: Path) -> CertificateTemplate:
    """The template that stands in this text, which came from this file. Raises `BadCertificateTemplate`."""
    try:
        template = CertificateTemplate.model_validate({**tomllib.loads(raw), "folder": file.parent})
    except tomllib.TOMLDecodeError as error:
        raise BadCertificateTemplate(file, Flaw.SYNTAX, str(error)) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        # People count from one.
        where = ".".join(str(each + 1) if isinstance(each, int) else str(each) for each in first["loc"])
        known = {"missing": Flaw.MISSING, "extra_forbidden": Flaw.UNKNOWN_KEY}
        raise BadCertificateTemplate(file, known.get(first["type"], Flaw.VALUE), where) from None
    _examine(template, file)
    return template


def _examine(template: CertificateTemplate, file: Path) -> None:
    shown: set[str] = set()
    for number, each in enumerate(template.text, start=1):
        where = f"text.{number}"
        try:
            placeholders = each.placeholders
            each.words.format_map(dict.fromkeys(placeholders, ""))
        except (ValueError, KeyError, IndexError, AttributeError):
            raise BadCertificateTemplate(file, Flaw.PLACEHOLDER, where) from None
        if not placeholders <= PLACEHOLDERS:
            raise BadCertificateTemplate(file, Flaw.PLACEHOLDER, where)
        if each.x + each.width > PAGE_WIDTH_MM or each.y + each.height > PAGE_HEIGHT_MM:
            raise BadCertificateTemplate(file, Flaw.OUTSIDE, where)
        if each.smallest > each.size or each.height < each.smallest * LINE_MM:
            raise BadCertificateTemplate(file, Flaw.TOO_LOW, where)
        shown |= placeholders
    for name in NEEDED:
        if name not in shown:
            raise BadCertificateTemplate(file, Flaw.NOT_SHOWN, f"{{{name}}}")
    if template.qr.x + template.qr.size > PAGE_WIDTH_MM or template.qr.y + template.qr.size > PAGE_HEIGHT_MM:
        raise BadCertificateTemplate(file, Flaw.OUTSIDE, "qr")
    if template.background is not None and not _is_picture(template.background):
        raise BadCertificateTemplate(file, Flaw.PICTURE, template.page.background)


def _is_picture(path: Path) -> bool:
    from PIL import Image, UnidentifiedImageError  # only for those who have one

    try:
        with Image.open(path) as picture:
            picture.load()  # a file that was cut off opens, and fails here
            return picture.format in {"PNG", "JPEG"}
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, SyntaxError):
        return False
