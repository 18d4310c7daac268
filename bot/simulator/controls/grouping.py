"""The verb by which people send albums."""

from typing import Any

from bot.simulator.albums import KINDS, MAX_PARTS, check_album
from bot.simulator.controls.lookup import ControlError
from bot.simulator.controls.writing import Made, Media, Writing

Json = dict[str, Any]
_FIELDS = ("kind", "caption", "file_base64", "file_name", "mime_type", "details")


class Grouping(Writing):
    """Several files at once."""

    def send_album(
        self,
        user_id: int,
        chat_id: int,
        parts: list[Json],
        reply_to: int | None = None,
        thread_id: int | None = None,
    ) -> list[Json]:
        """Files from a person, each a message and an update of its own, held together by one media_group_id.

        A part has a `kind` and any of caption, file_base64, file_name, mime_type and details, as of `send_media`.
        As people's apps do, more than ten are sent as several albums, of which the last may be a single message.
        """
        chat = self._chat(user_id, chat_id)
        contents = []
        for number, part in enumerate(parts, 1):
            _check_part(number, part)
            given = Media(**{name: value for name, value in part.items() if name != "kind"})
            contents.append(self._media(user_id, part["kind"], given))
        sent: list[Json] = []
        for first in range(0, len(parts), MAX_PARTS):
            album = contents[first : first + MAX_PARTS]
            if len(album) > 1 or first == 0:
                check_album([part["kind"] for part in parts[first : first + MAX_PARTS]])
            made = Made(media_group_id=self._world.new_id() if len(album) > 1 else None)
            sent += [
                self._post(user_id, chat, content, reply_to, thread_id, made).inspected() for content in album
            ]
        return sent


def _check_part(number: int, part: Json) -> None:
    for name, value in part.items():
        if name not in _FIELDS:
            raise ControlError(f"Part {number}: there is no {name!r}; there are: {', '.join(_FIELDS)}.")
        if not isinstance(value, dict if name == "details" else str):
            raise ControlError(f"Part {number}: {name!r} is of the wrong type.")
    if part.get("kind") not in KINDS:
        raise ControlError(f"Part {number}: its kind is one of {', '.join(KINDS)}.")
