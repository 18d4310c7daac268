"""What a bot can ask about itself and about chats, and leaving them."""

from typing import Any

from bot.simulator.api.registry import Call, method
from bot.simulator.api.targets import find_chat, find_group
from bot.simulator.chats import Group
from bot.simulator.files import MAX_DOWNLOAD_BYTES
from bot.simulator.people import User
from bot.simulator.refusal import bad_request

Json = dict[str, Any]
_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


@method("getMe")
def get_me(call: Call) -> Json:
    return call.bot.view()


@method("getFile")
def get_file(call: Call) -> Json:
    file = call.world.files.by_id(call.params["file_id"])
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return file.view() | {"file_path": file.path}


@method("getChat")
def get_chat(call: Call) -> Json:
    chat = find_chat(call)
    view = chat.view() | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if isinstance(chat, Group):
        view["permissions"] = chat.permissions()
    elif chat.view().get("username"):
        view["active_usernames"] = [chat.view()["username"]]
    if chat.pinned_ids:
        view["pinned_message"] = chat.messages[chat.pinned_ids[-1]].view(with_reply=False)
    return view


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    chat = find_chat(call)
    user = call.world.users.get(call.params["user_id"])
    if not isinstance(chat, Group):
        if user is None or user.id not in (chat.id, call.bot.id):
            raise bad_request("member not found")
        return {"user": user.view(), "status": "member"}
    # An administrator sees everyone; another bot itself, and who is in the group now.
    if user is None or (user.id not in chat.statuses and not chat.is_admin(call.bot.id)):
        raise bad_request("member not found")
    return chat.member_view(user)


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    group = _group_of(call)
    admins: list[User] = [call.world.users[one] for one in group.member_ids() if group.is_admin(one)]
    return [group.member_view(user) for user in admins if not user.is_bot or user.id == call.bot.id]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    chat = find_chat(call)
    return len(chat.member_ids()) if isinstance(chat, Group) else 2


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    chat = find_chat(call)
    if not isinstance(chat, Group):
        raise bad_request("chat member status can't be changed in private chats")
    call.world.change_member(chat, call.bot.user, "left", call.bot.user)
    call.world.post_service(chat, call.bot.user, {"left_chat_member": call.bot.user.view()})
    return True


def _group_of(call: Call) -> Group:
    if not isinstance(find_chat(call), Group):
        raise bad_request("there are no administrators in the private chat")
    return find_group(call)
