"""What an announcement says: the organiser's messages as data, and the calls that deliver them.

`calls` is the one function that makes what is delivered; previews, tests and copies all come from it. Nothing is copied
from the organiser's chat (copyMessage would bring what stands there at that moment): text with its formatting and the
ids of files are kept, so that the original may be edited or deleted.
"""

import enum
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.services.requests import Call

MAX_TEXT = 4096  # UTF-16 units (Bot API, sendMessage)
MAX_CAPTION = 1024  # UTF-16 units (Bot API, sendPhoto and the like); people with Premium may write more
MAX_PARTS = 10  # of an album (Bot API, sendMediaGroup)
MAX_TITLE = 60
NO_ORIGINAL = 0  # no message of Telegram has this id
Entities = list[dict[str, Any]]


class Kind(enum.StrEnum):
    """What one message of the organiser is; each value but text is its parameter in the Bot API."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    VIDEO = "video"
    ANIMATION = "animation"
    AUDIO = "audio"


_METHODS = {
    Kind.TEXT: "sendMessage",
    Kind.PHOTO: "sendPhoto",
    Kind.DOCUMENT: "sendDocument",
    Kind.VIDEO: "sendVideo",
    Kind.ANIMATION: "sendAnimation",
    Kind.AUDIO: "sendAudio",
}
IN_WORDS = "in_words"  # the variant for people who save data
_ALONE = (Kind.DOCUMENT, Kind.AUDIO)  # in an album these stand only beside their own


@dataclass(frozen=True)
class Part:
    """One message of the organiser. `extras` are what else it looks like, in the Bot API's names (a spoiler, say);
    `group` holds the parts of an album together. What the program wrote for the organiser has `NO_ORIGINAL` as id."""

    kind: Kind
    message_id: int
    text: str = ""
    entities: Entities = field(default_factory=list)
    file_id: str | None = None
    file_name: str | None = None
    group: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LinkButton:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True)
class Content:
    """All of an announcement."""

    parts: tuple[Part, ...]
    buttons: tuple[LinkButton, ...] = ()

    @property
    def is_album(self) -> bool:
        return len(self.parts) > 1

    @property
    def has_files(self) -> bool:
        return any(part.file_id is not None for part in self.parts)

    @property
    def worded(self) -> int:
        """The position of the part that holds the words: the first with any, or else the first."""
        return next((at for at, part in enumerate(self.parts) if part.text), 0)

    @property
    def text(self) -> str:
        return self.parts[self.worded].text

    def title(self, headers: Collection[str] = ()) -> str:
        """The first line of its words that is no header, or the name of its file; empty where it has neither."""
        lines = (each.strip() for each in self.text.splitlines())
        line = next((each for each in lines if each and each not in headers), "")
        line = line or self.parts[0].file_name or ""
        return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rstrip() + "…"


@dataclass(frozen=True)
class Wording:
    """What copies say beside the organiser's words: `below_album` above its buttons, `no_words` where there are only
    files and nobody gets them unasked, and `fetch`, the button (in the Bot API's form) with which one asks for them."""

    below_album: str
    no_words: str
    fetch: dict[str, str]


class ContentFault(enum.Enum):
    """Why something cannot be announced; each has its sentence below `announcements.faults`."""

    TEXT_TOO_LONG = "text_too_long"
    CAPTION_TOO_LONG = "caption_too_long"
    ALBUM_TOO_LARGE = "album_too_large"
    ALBUM_MIXED = "album_mixed"
    ALBUM_IN_PIECES = "album_in_pieces"  # other messages came between its parts
    POLL = "poll"
    STICKER = "sticker"
    VOICE = "voice"
    UNSUPPORTED = "unsupported"
    NO_FILE = "no_file"  # a correction brings a file where there was none
    OTHER_KIND = "other_kind"  # a correction brings a file of another kind
    ALBUM_FILE = "album_file"  # of an album a correction changes the words only
    ONE_FILE = "one_file"  # a correction is an album
    TOO_LONG_WITH_HEADER = "too_long_with_header"


@dataclass(frozen=True)
class Faulty:
    """It cannot be announced; `length` and `limit` are characters, or parts of an album."""

    fault: ContentFault
    length: int = 0
    limit: int = 0


def length_of(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def check(parts: Sequence[Part]) -> Faulty | None:
    """What keeps these messages from being one announcement."""
    if len(parts) > MAX_PARTS:
        return Faulty(ContentFault.ALBUM_TOO_LARGE, len(parts), MAX_PARTS)
    if len({part.group for part in parts}) > 1 or (len(parts) > 1 and parts[0].group is None):
        return Faulty(ContentFault.ALBUM_IN_PIECES)
    kinds = {part.kind for part in parts}
    if len(parts) > 1 and len(kinds) > 1 and any(kind in _ALONE for kind in kinds):
        return Faulty(ContentFault.ALBUM_MIXED)
    for part in parts:
        limit = MAX_TEXT if part.kind is Kind.TEXT else MAX_CAPTION
        if (length := length_of(part.text)) > limit:
            is_text = part.kind is Kind.TEXT
            return Faulty(
                ContentFault.TEXT_TOO_LONG if is_text else ContentFault.CAPTION_TOO_LONG, length, limit
            )
    return None


def calls(content: Content, below_album: str) -> list[Call]:
    """The calls that deliver it, without a chat: one, or for an album with buttons two, since an album can have none;
    `below_album` is what the second message says."""
    if not content.is_album:
        part = content.parts[0]
        return [Call(_METHODS[part.kind], _file(part) | _words(part) | part.extras | _markup(content))]
    media = [
        {"type": part.kind.value, "media": part.file_id} | _words(part) | part.extras
        for part in content.parts
    ]
    album = Call("sendMediaGroup", {"media": media})
    if not content.buttons:
        return [album]
    return [album, Call("sendMessage", {"text": below_album} | _markup(content))]


def variants(content: Content, wording: Wording) -> dict[str, list[Call]]:
    """What people get who save data: the words, without pictures that nobody asked for, and a way to the files."""
    return {IN_WORDS: [Call("sendMessage", _in_words(content, wording))]}


def edit_variants(content: Content, wording: Wording) -> dict[str, list[Call]]:
    """The calls that give their copies these words."""
    return {IN_WORDS: [Call("editMessageText", {"message_id": 0} | _in_words(content, wording))]}


def edit_calls(content: Content, *, has_new_file: bool = False) -> list[Call]:
    """The calls that give delivered copies these words, and the file where it is a new one; `message_id` is the
    position in the copy."""
    part = content.parts[content.worded]
    if has_new_file:
        media = {"type": part.kind.value, "media": part.file_id} | _words(part) | part.extras
        return [Call("editMessageMedia", {"message_id": content.worded, "media": media} | _markup(content))]
    method = "editMessageText" if part.kind is Kind.TEXT else "editMessageCaption"
    look = {name: value for name, value in part.extras.items() if name == _KEPT_BY_EDITS[part.kind]}
    # Buttons that an edit does not name disappear; below an album they are a message of their own.
    markup = {} if content.is_album else _markup(content)
    return [Call(method, {"message_id": content.worded} | _words(part) | look | markup)]


def corrected(content: Content, words: Part, header: str) -> Content | Faulty:
    """The content with other words below a header, which stands in bold in a line of its own.

    `words` may be a file of the same kind: it takes the old one's place, and without a caption keeps the old words.
    """
    at = content.worded
    old = content.parts[at]
    if words.group is not None:
        return Faulty(ContentFault.ONE_FILE)
    is_file = words.kind is not Kind.TEXT
    if is_file and content.is_album:
        return Faulty(ContentFault.ALBUM_FILE)
    if is_file and not content.has_files:
        return Faulty(ContentFault.NO_FILE)
    if is_file and words.kind is not old.kind:
        return Faulty(ContentFault.OTHER_KIND)
    said = old if is_file and not words.text else words
    text, entities = said.text, said.entities
    if said is words or not text.startswith(header):  # the old words may be a correction already
        text, entities = with_header(text, entities, header)
    limit = MAX_TEXT if old.kind is Kind.TEXT else MAX_CAPTION
    if (length := length_of(text)) > limit:
        return Faulty(ContentFault.TOO_LONG_WITH_HEADER, length, limit)
    new = replace(old, text=text, entities=entities)
    if is_file:
        new = replace(new, file_id=words.file_id, file_name=words.file_name, extras=words.extras)
    return replace(content, parts=(*content.parts[:at], new, *content.parts[at + 1 :]))


def with_header(text: str, entities: Entities, header: str) -> tuple[str, Entities]:
    """Words with a bold line above them; everything else keeps its formatting."""
    shift = length_of(header) + 2
    bold = {"type": "bold", "offset": 0, "length": length_of(header)}
    moved = [each | {"offset": each["offset"] + shift} for each in entities]
    return f"{header}\n\n{text}".rstrip(), [bold, *moved]


def plain(part: Part) -> str:
    """The words without formatting; what a link hides stands behind its word."""
    units = part.text.encode("utf-16-le")
    links = [each for each in part.entities if each["type"] == "text_link"]
    for link in sorted(links, key=lambda each: -int(each["offset"])):
        end = (link["offset"] + link["length"]) * 2
        units = units[:end] + f" ({link['url']})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le").strip()


def stored(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Parts as JSON."""
    return [asdict(part) for part in parts]


def content_of(parts: Sequence[dict[str, Any]], buttons: Sequence[dict[str, Any]]) -> Content:
    """Parts and buttons out of JSON."""
    return Content(tuple(part_of(part) for part in parts), tuple(LinkButton(**button) for button in buttons))


def part_of(part: dict[str, Any]) -> Part:
    """A part out of JSON."""
    return Part(**(part | {"kind": Kind(part["kind"])}))


_KEPT_BY_EDITS: dict[Kind, str] = {
    kind: "link_preview_options" if kind is Kind.TEXT else "show_caption_above_media" for kind in Kind
}


def _file(part: Part) -> dict[str, Any]:
    return {} if part.kind is Kind.TEXT else {part.kind.value: part.file_id}


def _words(part: Part) -> dict[str, Any]:
    if part.kind is Kind.TEXT:
        return {"text": part.text} | ({"entities": part.entities} if part.entities else {})
    if not part.text:
        return {}
    return {"caption": part.text} | ({"caption_entities": part.entities} if part.entities else {})


def _in_words(content: Content, wording: Wording) -> dict[str, Any]:
    part = content.parts[content.worded]
    said: dict[str, Any] = {"text": part.text or content.title() or wording.no_words}
    if part.text and part.entities:
        said["entities"] = part.entities
    fetch = [[wording.fetch]] if content.has_files else []
    rows = [*fetch, *_rows(content)]
    markup = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    return said | {"link_preview_options": {"is_disabled": True}} | markup


def _markup(content: Content) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": _rows(content)}} if content.buttons else {}


def _rows(content: Content) -> list[list[dict[str, str]]]:
    return [[{"text": button.label, "url": button.url}] for button in content.buttons]
