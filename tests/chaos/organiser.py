"""An organiser at their phone, while the program behind it is killed and started again."""

from dataclasses import dataclass
from typing import Any

from bot.simulator.control import Control
from bot.simulator.simulator import Simulator


@dataclass
class Organiser:
    """The owner at their phone."""

    simulator: Simulator
    user_id: int

    @property
    def control(self) -> Control:
        return self.simulator.control

    def says(self, text: str) -> None:
        self.control.send(self.user_id, self.user_id, text)

    async def reads(self, words: str) -> dict[str, Any]:
        """Wait for a message with these words, also where a message is changed to have them."""

        def latest() -> dict[str, Any] | None:
            told = [m for m in self.control.messages(self.user_id) if m["from"]["id"] != self.user_id]
            found = [m for m in told if words in str(m.get("text", m.get("caption")))]
            return found[-1] if found else None

        await self.simulator.wait_for(latest, timeout=60, what=f"{words!r}")
        message = latest()
        assert message is not None
        return message

    def presses(self, message: dict[str, Any], label: str) -> None:
        (text,) = [
            button["text"]
            for row in message["reply_markup"]["inline_keyboard"]
            for button in row
            if label in button["text"]
        ]
        self.control.press(self.user_id, self.user_id, message["message_id"], text=text)

    async def taps(self, label: str) -> None:
        """Press the newest button with exactly this label, once it is there."""

        def latest() -> dict[str, Any] | None:
            found = [m for m in self.control.messages(self.user_id) if label in labels(m)]
            return found[-1] if found else None

        await self.simulator.wait_for(latest, timeout=60, what=f"the button {label!r}")
        message = latest()
        assert message is not None
        self.control.press(self.user_id, self.user_id, message["message_id"], text=label)


def labels(message: dict[str, Any]) -> list[str]:
    """What is written on the buttons below a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]
