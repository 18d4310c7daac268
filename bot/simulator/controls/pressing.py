"""Verbs by which people press, vote and use inline mode."""

from typing import Any

from bot.simulator.chats import Group, Message
from bot.simulator.controls.lookup import ControlError
from bot.simulator.controls.writing import Made, Writing
from bot.simulator.people import Bot
from bot.simulator.polls import Poll
from bot.simulator.queries import CallbackQuery, InlineQuery

Json = dict[str, Any]
MAX_QUERY = 256
_CHAT_TYPES = ("sender", "private", "group", "supergroup", "channel")


class Pressing(Writing):
    """What people tap."""

    def press(
        self,
        user_id: int,
        chat_id: int,
        message_id: int,
        text: str | None = None,
        row: int | None = None,
        column: int | None = None,
    ) -> Json:
        """Press a button, named by its label or by its place, counted from 0; waits for nothing.

        A callback button gives {callback_id}; others what the app would do: {url}, {query}, {copied}; a button of
        a reply keyboard {message}, the one that it sends.
        """
        self._world.settle()
        chat = self._chat(user_id, chat_id)
        message = self._message(chat, message_id)
        button = _button(message, text, row, column)
        if message.inline_keyboard is None:
            return {"message": self._press_reply_key(user_id, chat_id, button)}
        match button:
            case {"callback_data": data}:
                return {"callback_id": self._ask(user_id, message, data).id}
            case {"url": url} | {"web_app": {"url": url}} | {"login_url": {"url": url}}:
                return {"url": url}
            case {"switch_inline_query": query} | {"switch_inline_query_current_chat": query}:
                return {"query": query}
            case {"switch_inline_query_chosen_chat": wanted}:
                return {"query": wanted.get("query", "")}
            case {"copy_text": {"text": copied}}:
                return {"copied": copied}
        raise ControlError(f"The simulator cannot press the button {button['text']!r}.")

    def forge_callback(self, user_id: int, chat_id: int, message_id: int, data: str) -> Json:
        """A press with made-up data, as a modified app can send it."""
        message = self._message(self._chat(user_id, chat_id), message_id)
        return {"callback_id": self._ask(user_id, message, data).id}

    def callback_answer(self, callback_id: str) -> Json | None:
        """What the bot showed for a press; None while it has not answered."""
        query = self._world.callback_queries.get(callback_id)
        if query is None:
            raise ControlError(f"There was no press with the id {callback_id!r}.")
        return query.answer

    def inline(
        self,
        user_id: int,
        query: str,
        chat_type: str | None = None,
        offset: str = "",
        *,
        bot_id: int | None = None,
    ) -> Json:
        """Type the bot's name and a query into any chat."""
        if len(query) > MAX_QUERY:
            raise ControlError(f"An inline query has at most {MAX_QUERY} characters.")
        if chat_type is not None and chat_type not in _CHAT_TYPES:
            raise ControlError(f"chat_type is one of {', '.join(_CHAT_TYPES)}.")
        user, bot, world = self._person(user_id), self._bot(bot_id), self._world
        asked = InlineQuery(id=world.new_id(), bot=bot, user=user, asked_at=world.now(), text=query)
        world.inline_queries[asked.id] = asked
        bot.known_user_ids.add(user_id)
        content: Json = {"id": asked.id, "from": user.view(), "query": query, "offset": offset}
        if chat_type is not None:
            content["chat_type"] = chat_type
        world.queue(bot, "inline_query", {"inline_query": content})
        return {"inline_query_id": asked.id}

    def inline_answer(self, inline_query_id: str) -> Json | None:
        """What the bot answered to an inline query; None while it has not."""
        return self._inline_query(inline_query_id).answer

    def choose_inline(
        self, user_id: int, inline_query_id: str, result_id: str, chat_id: int, thread_id: int | None = None
    ) -> Json:
        """Send one of the results of an inline query into a chat."""
        query = self._inline_query(inline_query_id)
        made = query.results.get(result_id)
        if made is None:
            raise ControlError(f"The inline query has no result {result_id!r}.")
        chat, world = self._chat(user_id, chat_id), self._world
        via = Made(via_bot=query.bot.user, reply_markup=made.reply_markup)
        message = self._post(user_id, chat, made.content, None, thread_id, via)
        if made.reply_markup is not None:
            message.inline_message_id = world.new_inline_message_id(message)
        if query.bot.has_inline_feedback:
            chosen: Json = {"result_id": result_id, "from": query.user.view(), "query": query.text}
            if message.inline_message_id is not None:
                chosen["inline_message_id"] = message.inline_message_id
            world.queue(query.bot, "chosen_inline_result", {"chosen_inline_result": chosen})
        return message.inspected()

    def vote(
        self,
        user_id: int,
        chat_id: int,
        message_id: int,
        option_ids: list[int],
        *,
        as_anonymous_admin: bool = False,
    ) -> None:
        """Vote in a poll; no options take the vote back."""
        self._world.settle()
        chat = self._chat(user_id, chat_id)
        poll = self._message(chat, message_id).poll
        if poll is None:
            raise ControlError(f"The message {message_id} is no poll.")
        voter_chat = (
            chat if as_anonymous_admin and isinstance(chat, Group) and chat.is_admin(user_id) else None
        )
        if as_anonymous_admin and voter_chat is None:
            raise ControlError("Only administrators of a group can vote anonymously in it.")
        voter_id = voter_chat.id if voter_chat is not None else user_id
        chosen = sorted(set(option_ids))
        _check_vote(poll, voter_id, chosen)
        poll.vote(voter_id, chosen)
        if not poll.is_anonymous:
            answer: Json = {
                "poll_id": poll.id,
                "option_ids": chosen,
                "option_persistent_ids": [poll.persistent_ids[option] for option in chosen],
            }
            if voter_chat is not None:
                answer["voter_chat"] = voter_chat.view()
            else:
                answer["user"] = self._person(user_id).view()
            self._world.queue(poll.bot, "poll_answer", {"poll_answer": answer})
        self._world.poll_changed(poll)

    def _ask(self, user_id: int, message: Message, data: str) -> CallbackQuery:
        bot = self._bot_behind(message)
        world, user = self._world, self._person(user_id)
        query = CallbackQuery(id=world.new_id(), bot=bot, user=user, asked_at=world.now(), message=message)
        world.callback_queries[query.id] = query
        bot.known_user_ids.add(user_id)
        content: Json = {
            "id": query.id,
            "from": user.view(),
            "chat_instance": message.chat.instance,
            "data": data,
        }
        if message.via_bot is not None:
            content["inline_message_id"] = message.inline_message_id
        else:
            content["message"] = message.view()
        world.queue(bot, "callback_query", {"callback_query": content})
        return query

    def _bot_behind(self, message: Message) -> Bot:
        author = message.via_bot or message.sender
        bot = self._world.bots.get(author.id)
        if bot is None:
            raise ControlError("Only messages of a bot, or sent via one, have a bot to press for.")
        return bot

    def _press_reply_key(self, user_id: int, chat_id: int, button: Json) -> Json:
        if button.get("request_contact"):
            return self.send_media(user_id, chat_id, "contact")
        if button.get("request_location"):
            return self.send_media(user_id, chat_id, "location")
        return self.send(user_id, chat_id, button["text"])

    def _inline_query(self, inline_query_id: str) -> InlineQuery:
        query = self._world.inline_queries.get(inline_query_id)
        if query is None:
            raise ControlError(f"There was no inline query with the id {inline_query_id!r}.")
        return query


def _button(message: Message, text: str | None, row: int | None, column: int | None) -> Json:
    keyboard = message.reply_markup or {}
    rows: list[list[Json]] = keyboard.get("inline_keyboard") or keyboard.get("keyboard") or []
    if text is not None:
        for buttons in rows:
            for button in buttons:
                if button["text"] == text:
                    return button
        labels = ", ".join(repr(button["text"]) for buttons in rows for button in buttons) or "none"
        raise ControlError(f"The message {message.id} has no button {text!r}; its buttons: {labels}.")
    if row is None or column is None:
        raise ControlError("Name the button by text, or by row and column.")
    if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
        raise ControlError(f"The message {message.id} has no button in row {row}, column {column}.")
    return rows[row][column]


def _check_vote(poll: Poll, voter_id: int, chosen: list[int]) -> None:
    if poll.is_closed:
        raise ControlError("The poll is closed.")
    if any(not 0 <= option < len(poll.options) for option in chosen):
        raise ControlError(f"The poll has the options 0 to {len(poll.options) - 1}.")
    if len(chosen) > 1 and not poll.allows_multiple_answers:
        raise ControlError("The poll allows one answer only.")
    if voter_id in poll.votes and not poll.allows_revoting:
        raise ControlError("The poll does not allow to change a vote.")
    if not chosen and voter_id not in poll.votes:
        raise ControlError("There is no vote to take back.")
