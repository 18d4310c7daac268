"""THE TABLE: which command, button or message leads to which handler.

It feeds the handlers, the menus that Telegram shows, and /bantuan. Order matters only among `MESSAGES`, and every row
there says why it stands where it stands.
"""

import enum
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    Update,
)
from telegram.constants import UpdateType
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    PollHandler,
    TypeHandler,
    filters,
)

from bot import (
    announcement_buttons,
    buttons,
    data_buttons,
    desk_buttons,
    form_buttons,
    poll_buttons,
    role_buttons,
    session_buttons,
)
from bot.context import BotContext
from bot.services.roles import Standing
from bot.texts import LANGUAGES, texts
from bot.views import general as general_views
from handlers import (
    announcement_audience,
    announcement_desk,
    announcements,
    announcing,
    attendance,
    certificates,
    cop_sessions,
    desk,
    directory,
    errors,
    filling,
    forms,
    general,
    groups,
    inline,
    monthly_reports,
    people,
    personal_data,
    poll_desk,
    poll_reports,
    polls,
    questions,
    role_menus,
    roles,
    session_announcing,
    session_desk,
    session_materials,
    topics,
)

Handler = Callable[[Update, BotContext], Coroutine[Any, Any, None]]
PressHandler = Callable[[Any, BotContext], Coroutine[Any, Any, None]]


class Place(enum.Enum):
    """Where a command is listed."""

    PRIVATE = "private"
    GROUP = "group"


EVERYWHERE = (Place.PRIVATE, Place.GROUP)


async def show_help(update: Update, context: BotContext) -> None:
    """/bantuan: what fits this place and this person. It stands here because it reads the table."""
    person = await context.asker()
    place = Place.GROUP if context.is_group else Place.PRIVATE
    standings = await context.services.roles.standings(context.tx, person)
    commands = menu(place, context.texts.language, () if context.is_group else standings)
    bot = context.bot.username
    context.reply(general_views.help_text(commands, context.texts, bot, is_group=context.is_group))


async def renew_menus(update: object, context: BotContext) -> None:
    """After everything else: let the chats of those whose role or language changed list what they may do now."""
    for person in context.unit.new_menus:
        for each in await role_menus.due(context.tx, context.services, person, private_menu):
            context.set_menu(each)


async def press(update: Update, context: BotContext) -> None:
    """Do what a button says; a forged or outdated one does nothing and says why."""
    query = update.callback_query
    action = buttons.parse(query.data) if query is not None and query.data is not None else None
    if action is None:
        context.answer(context.texts.plain("questions.alerts.stale"), is_alert=True)
    else:
        await PRESSES[type(action)](action, context)


@dataclass(frozen=True)
class Command:
    """A command: Indonesian name, English alias, handler, key below `commands.`, where menus list it, and for whom.

    Menus are a courtesy: whether somebody may do it is asked where it is done.
    """

    name: str
    alias: str
    handler: Handler
    key: str
    listed: tuple[Place, ...] = (Place.PRIVATE,)
    needs: Standing | None = None


COMMANDS = (
    Command("tanya", "ask", questions.ask_command, "ask", listed=EVERYWHERE),
    Command("kenapa", "why", questions.why, "why", listed=EVERYWHERE),
    Command("topik", "topics", topics.browse, "topics", listed=EVERYWHERE),
    Command("sesi", "sessions", cop_sessions.list_upcoming, "sessions"),
    Command("pengumuman", "news", announcement_desk.news, "news"),
    Command("umpanbalik", "feedback", polls.waiting, "feedback"),
    Command("profil", "profile", people.profile, "profile"),
    Command("berhenti", "stop", people.stop, "stop"),
    Command("dataku", "mydata", personal_data.export, "my_data"),
    Command("hapus", "erase", personal_data.ask_to_erase, "erase"),
    Command("bantuan", "help", show_help, "help", listed=EVERYWHERE),
    Command("kelola", "manage", desk.manage, "manage", needs=Standing.ORGANISER),
    Command("umumkan", "announce", announcements.announce, "announce", needs=Standing.ORGANISER),
    Command("peran", "roles", roles.desk, "roles", needs=Standing.OWNER),
    Command("batal", "cancel", forms.cancel, "cancel"),
    Command("start", "start", people.start, "start"),
)

PRESSES: dict[type[buttons.Action], PressHandler] = {
    buttons.ShowEntry: questions.show_entry,
    buttons.Pick: questions.pick,
    buttons.NoneOfThese: questions.none_of_these,
    buttons.Forward: questions.forward,
    buttons.Rate: questions.rate,
    buttons.GiveReason: questions.give_reason,
    buttons.ShowTopic: topics.open_topic,
    buttons.Agree: people.agree,
    buttons.FinishWelcome: people.finish_welcome,
    buttons.OpenIsland: people.open_island,
    buttons.ChooseProvince: people.choose_province,
    buttons.OpenProfile: people.open_profile,
    buttons.ChooseLanguage: people.choose_language,
    buttons.ChooseZone: people.choose_zone,
    buttons.Toggle: people.toggle,
    buttons.FillIn: people.fill_in,
    form_buttons.ChooseInForm: filling.choose,
    form_buttons.MoveInForm: filling.move,
    form_buttons.TurnFormPage: filling.turn_page,
    form_buttons.ResumeForm: filling.resume,
    form_buttons.CancelForm: forms.cancel_this,
    data_buttons.EraseMe: personal_data.erase,
    data_buttons.KeepMe: personal_data.keep,
    desk_buttons.OpenDesk: desk.open_desk,
    desk_buttons.ShowGroup: groups.show_group,
    desk_buttons.RegisterGroup: groups.begin_registration,
    desk_buttons.ReleaseGroup: groups.release,
    desk_buttons.PostHere: groups.post_here,
    desk_buttons.SendTemplate: directory.hand_out_template,
    desk_buttons.SendUnjoined: directory.hand_out_unjoined,
    desk_buttons.ConfirmImport: directory.confirm,
    desk_buttons.DropImport: directory.drop,
    desk_buttons.ClaimRow: directory.claim,
    desk_buttons.DeclineRow: directory.decline,
    desk_buttons.GrantListed: directory.grant_listed,
    desk_buttons.SendMonthlyReport: monthly_reports.send,
    session_buttons.ListSessions: cop_sessions.open_list,
    session_buttons.ShowSession: cop_sessions.show,
    session_buttons.OpenSession: cop_sessions.open_anew,
    session_buttons.AnswerSession: cop_sessions.answer,
    session_buttons.SendCalendar: cop_sessions.hand_out_calendar,
    session_buttons.CheckIn: attendance.begin,
    session_buttons.ManageAttendance: attendance.manage,
    session_buttons.RenewCode: attendance.renew,
    session_buttons.SendQr: attendance.hand_out_qr,
    session_buttons.ListAttendance: attendance.list_page,
    session_buttons.CorrectAttendance: attendance.correct,
    session_buttons.AddAttendee: attendance.begin_name,
    session_buttons.RemoveAttendee: attendance.remove_name,
    session_buttons.ExportAttendance: attendance.export,
    session_buttons.ImportAttendance: attendance.begin_import,
    session_buttons.ExportParticipation: certificates.export_participation,
    session_buttons.SendCertificate: certificates.hand_out,
    session_buttons.ListManaged: session_desk.open_page,
    session_buttons.PlanSession: session_desk.plan,
    session_buttons.ManageSession: session_desk.show,
    session_buttons.CopySession: session_desk.copy,
    session_buttons.RepeatSession: session_desk.repeat,
    session_buttons.EditSession: session_desk.edit,
    session_buttons.MoveSession: session_desk.move,
    session_buttons.CancelSession: session_desk.cancel,
    session_buttons.ShareSession: session_desk.share,
    poll_buttons.SkipQuestion: polls.skip,
    poll_buttons.AnswerPoll: polls.go_on,
    poll_buttons.ManagePoll: poll_desk.manage,
    poll_buttons.SetUpPoll: poll_desk.set_up,
    poll_buttons.OpenPoll: poll_desk.open_now,
    poll_buttons.PutOffPoll: poll_desk.put_off,
    poll_buttons.OpenPollByHand: poll_desk.by_hand,
    poll_buttons.EditPoll: poll_desk.edit,
    poll_buttons.AddPollQuestion: poll_desk.add_question,
    poll_buttons.EditPollQuestion: poll_desk.change_question,
    poll_buttons.RemovePollQuestion: poll_desk.remove_question,
    poll_buttons.ListPollGroups: poll_desk.list_groups,
    poll_buttons.ChoosePollGroup: poll_desk.choose_group,
    poll_buttons.SendPollQr: poll_desk.hand_out_qr,
    poll_buttons.ClosePoll: poll_desk.close,
    poll_buttons.DropPoll: poll_desk.drop,
    poll_buttons.ReadComments: poll_desk.read_comments,
    poll_buttons.SendPollPicture: poll_reports.hand_out_picture,
    poll_buttons.SendPollSheet: poll_reports.hand_out_sheet,
    poll_buttons.SendPollPage: poll_reports.hand_out_page,
    poll_buttons.WriteChanges: poll_reports.write_changes,
    poll_buttons.TellParticipants: poll_reports.tell,
    session_buttons.ManageMaterial: session_materials.manage,
    session_buttons.AddMaterial: session_materials.begin,
    session_buttons.RemoveMaterial: session_materials.remove,
    session_buttons.SendMaterial: session_materials.hand_out,
    session_buttons.AnnounceSession: session_announcing.begin,
    role_buttons.OpenRoles: roles.open_roles,
    role_buttons.InviteToRole: roles.begin_invitation,
    role_buttons.ShowHolder: roles.show_holder,
    role_buttons.RevokeRole: roles.revoke,
    role_buttons.CancelInvitation: roles.cancel_invitation,
    role_buttons.AcceptInvitation: roles.accept,
    role_buttons.DeclineInvitation: roles.decline,
    announcement_buttons.OpenDraft: announcement_audience.open_draft,
    announcement_buttons.OpenIslandOf: announcement_audience.open_island,
    announcement_buttons.ChooseEveryone: announcement_audience.choose_everyone,
    announcement_buttons.ChooseProvinceFor: announcement_audience.choose_province,
    announcement_buttons.ExcludeReceived: announcement_audience.exclude_received,
    announcement_buttons.ListSessionsFor: announcement_audience.list_sessions,
    announcement_buttons.OpenSessionFor: announcement_audience.open_session,
    announcement_buttons.ChooseSessionFor: announcement_audience.choose_session,
    announcement_buttons.ChooseGroup: announcement_audience.choose_group,
    announcement_buttons.SetUrgent: announcements.set_urgent,
    announcement_buttons.BeginAsking: announcements.ask,
    announcement_buttons.SendAtOnce: announcements.forget_time,
    announcement_buttons.ClearButtons: announcements.clear_buttons,
    announcement_buttons.SendTest: announcements.try_out,
    announcement_buttons.ConfirmAnnouncement: announcements.confirm,
    announcement_buttons.ApproveAnnouncement: announcements.approve,
    announcement_buttons.RejectAnnouncement: announcements.reject,
    announcement_buttons.WithdrawAnnouncement: announcements.withdraw,
    announcement_buttons.DropDraft: announcements.drop,
    announcement_buttons.TakeStep: announcement_desk.take_step,
    announcement_buttons.ConfirmCorrection: announcement_desk.correct,
    announcement_buttons.ReadAnnouncement: announcement_desk.read,
    announcement_buttons.FetchFiles: announcement_desk.fetch,
    announcement_buttons.ListAnnouncements: announcement_desk.list_all,
    announcement_buttons.NewAnnouncement: announcements.announce_anew,
}

_NEW = filters.UpdateType.MESSAGE
_PRIVATE = filters.ChatType.PRIVATE
_GROUPS = filters.ChatType.GROUPS
_WORDS = filters.TEXT | filters.CAPTION
_CONTENT = ~filters.StatusUpdate.ALL  # joins, pins, new titles: nobody asks anything there

_SHEETS = filters.Document.FileExtension("xlsx") | filters.Document.FileExtension("csv")

MESSAGES: tuple[tuple[filters.BaseFilter, Handler], ...] = (
    # Edits first: every filter below would take an edited message for a new one.
    (filters.UpdateType.EDITED_MESSAGE, announcing.edited_first(filling.edited)),
    # Behind the command handlers, so that only commands arrive here that no row knows.
    (_NEW & _PRIVATE & filters.COMMAND, general.unknown_command),
    (_NEW & filters.StatusUpdate.MIGRATE, groups.migrated),
    # Before the words, since a sheet may come with a caption.
    (_NEW & _PRIVATE & _SHEETS, announcing.first(session_materials.first(attendance.receive))),
    # An announcement that waits takes anything, a session that waits for material takes files, an open form the
    # words; without one they are a question.
    (_NEW & _PRIVATE & _WORDS, announcing.first(session_materials.first(filling.words))),
    (_NEW & _GROUPS & _WORDS & ~filters.COMMAND, questions.ask_in_group),
    # Last: what has no words at all.
    (_NEW & _CONTENT & ~_WORDS, announcing.first(session_materials.first(filling.not_text))),
)

# What Telegram is asked to send us (getUpdates, allowed_updates); it remembers the list, so it is always given.
UPDATE_KINDS = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
    UpdateType.POLL_ANSWER,
    UpdateType.POLL,  # the totals of those in groups; of private ones nothing is kept (docs/decisions/0019)
)


def wants_file(update: Update) -> bool:
    """Whether a row of the table wants the file that comes with this update (`bot/attachments.py`)."""
    return bool((_NEW & _PRIVATE & _SHEETS).check_update(update))


def register(application: Application[Any, BotContext, Any, Any, Any, Any]) -> None:
    """Put the whole table into the application."""
    rows: list[BaseHandler[Update, BotContext, None]] = [
        # First: each row below would look at the message under the button.
        CallbackQueryHandler(press),
        InlineQueryHandler(inline.look_up),
        *(
            CommandHandler([command.name, command.alias], filling.interrupting(command.handler), filters=_NEW)
            for command in COMMANDS
        ),
        *(MessageHandler(condition, handler) for condition, handler in MESSAGES),
        PollAnswerHandler(polls.voted),
        PollHandler(polls.totals),
        ChatMemberHandler(groups.membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ]
    application.add_handlers(rows)
    application.add_handler(TypeHandler(object, renew_menus), group=1)
    application.add_error_handler(errors.report)


def menu(place: Place, language: str, standings: Collection[Standing] = ()) -> list[tuple[str, str]]:
    """The commands listed in a place for somebody: name in the reader's language, key of what it does."""
    return [
        (command.alias if language == "en" else command.name, command.key)
        for command in COMMANDS
        if place in command.listed and (command.needs is None or command.needs in standings)
    ]


def private_menu(language: str, standings: Collection[Standing]) -> list[tuple[str, str]]:
    """What a private chat lists for somebody."""
    return menu(Place.PRIVATE, language, standings)


def menus() -> list[tuple[BotCommandScope, str | None, list[BotCommand]]]:
    """What setMyCommands is to be told: scope, language (None: everybody else), commands.

    Telegram chooses by the language of a person's own app; people whose app speaks neither read Indonesian.
    """
    scopes: dict[Place, BotCommandScope] = {
        Place.PRIVATE: BotCommandScopeAllPrivateChats(),
        Place.GROUP: BotCommandScopeAllGroupChats(),
    }
    found: list[tuple[BotCommandScope, str | None, list[BotCommand]]] = []
    for place, scope in scopes.items():
        for language in LANGUAGES:
            sentences = texts(language)
            commands = [
                BotCommand(name, sentences.plain(f"commands.{key}")) for name, key in menu(place, language)
            ]
            found.append((scope, None if language == LANGUAGES[0] else language, commands))
    return found
