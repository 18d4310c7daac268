"""What the program says by itself about announcements: albums that are whole, progress, ends, stops.

Nobody's update causes these, so that they go the outbox's way: written in the transaction that causes them, sent by the
process that holds the lease.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.outgoing import EditMessage, SendCall, SendMessage, ToPeople, call_of, said_instead
from bot.services.all import Services
from bot.services.announcement_content import Wording, calls
from bot.services.announcement_control import Standing
from bot.services.announcement_drafts import Announcement, content
from bot.services.announcement_outcomes import Awaiting, Gathered, HeldBack, Started
from bot.services.mailings import Mailing, MailingState, Progress
from bot.services.people import Person, is_reachable, zone_of
from bot.services.requests import Call
from bot.services.roles import Act
from bot.texts import Texts, texts
from bot.views import announcement_progress as progress_views
from bot.views import announcements as views
from bot.views import roles as role_views
from bot.views.reply import Reply


class Teller:
    """Tells organisers how their announcements go."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def progress(self, tx: AsyncSession, progress: Progress) -> None:
        """Mailings ended or stopped by themselves, and groups moved: the mailer's listener."""
        for old, new in progress.moved:
            await self._services.groups.migrate(tx, old, new)
        for mailing in progress.ended:
            await self._report(tx, mailing, has_stopped=False)
        for mailing in progress.stopped:
            await self._report(tx, mailing, has_stopped=True)

    async def _report(self, tx: AsyncSession, mailing: Mailing, *, has_stopped: bool) -> None:
        if mailing.source_id is not None and not mailing.recipients:
            return  # a correction or recall that found nothing to do said so at once
        standing = await self._services.announcement_control.of_ended(tx, mailing)
        person = await self._author(tx, standing.announcement) if standing is not None else None
        if standing is None or person is None:
            return
        sentences = self._texts(person)
        is_cancelled = standing.mailing.state == MailingState.CANCELLED
        news = "stopped" if has_stopped else "cancelled" if is_cancelled else "ended"
        reply = progress_views.progress(standing, sentences, self._services.clock.now())
        # A message of its own, since an edit makes no sound; the one that showed the progress shows the end as well.
        said: list[ToPeople] = [SendMessage(person.telegram_id, _headed(reply, sentences, news))]
        if standing.announcement.card_message_id is not None and not has_stopped:
            message = SendMessage(person.telegram_id, replace(reply, keyboard=()))
            said.insert(0, EditMessage(standing.announcement.card_message_id, message))
            standing.announcement.card_message_id = None
        await self._say(tx, said)

    async def gather(self, tx: AsyncSession) -> None:
        """Show the previews of albums that are whole."""
        for gathered in await self._services.announcement_drafts.gather(tx):
            await self._say(tx, await self._of_album(tx, gathered))

    async def _of_album(self, tx: AsyncSession, gathered: Gathered) -> list[ToPeople]:
        person, announcement = gathered.person, gathered.announcement
        sentences = self._texts(person)
        if gathered.fault is not None:
            # The form still waits for the message.
            return [SendMessage(person.telegram_id, views.fault(gathered.fault, sentences))]
        waiting = await self._services.forms.waiting_for(tx, person, "announcement")
        if waiting is not None:
            await self._services.forms.close(tx, person, waiting)
        return [
            *self._preview(announcement, person),
            SendMessage(person.telegram_id, await self._card(tx, announcement, person)),
        ]

    def _preview(self, announcement: Announcement, person: Person) -> list[ToPeople]:
        sentences = self._texts(person)
        below = sentences.plain("announcements.buttons.below_album")
        instead = views.preview_refused(announcement, sentences, is_own=announcement.created_by == person.id)
        return [
            SendCall(Call(call.method, call.parameters | {"chat_id": person.telegram_id}), instead)
            for call in calls(content(announcement), below)
        ]

    async def _card(self, tx: AsyncSession, announcement: Announcement, person: Person) -> Reply:
        services = self._services
        return views.card(
            announcement,
            await services.announcements.reached(tx, announcement),
            await services.roles.reach(tx, person, Act.ANNOUNCE),
            self._texts(person),
            zone_of(person),
            services.announcements.limits.per_second,
            services.clock.now(),
        )

    async def start_due(self, tx: AsyncSession) -> None:
        """Start what was planned for now, and say so."""

        def wording_of(announcement: Announcement) -> Wording:
            return views.wording(announcement.id or 0, texts(self._services.language))

        for found in await self._services.announcements.start_due(tx, wording_of):
            announcement = found if isinstance(found, Announcement) else found.announcement
            person = await self._author(tx, announcement)
            if person is None:
                continue
            if isinstance(found, Started):
                await self._show(tx, announcement, person)
            elif isinstance(found, HeldBack):
                await self._say(tx, self._held_back(found, person))
            else:
                sentences = self._texts(person)
                title = views.title(announcement, sentences)
                reply = Reply(sentences.html("announcements.lost_role", title=title))
                await self._say(tx, [SendMessage(person.telegram_id, reply)])

    def _held_back(self, found: HeldBack, author: Person) -> list[ToPeople]:
        """Its organiser hears why it did not leave; who can approve it gets the preview and is asked."""
        limit = self._services.announcements.limits.alone
        said: list[ToPeople] = [
            SendMessage(author.telegram_id, views.held_back(found, limit, self._texts(author)))
        ]
        for approver in found.approvers:
            sentences = self._texts(approver)
            asked = Awaiting(found.announcement, found.reached, found.approvers)
            name = role_views.person_name(author, sentences)
            said += self._preview(found.announcement, approver)
            said.append(SendMessage(approver.telegram_id, views.to_approve(asked, name, sentences)))
        return said

    async def show_progress(self, tx: AsyncSession) -> None:
        """Let the messages that show progress say how it stands now, where that is something else."""
        for announcement in await self._services.announcement_control.sending(tx):
            person = await self._author(tx, announcement)
            if person is not None and announcement.card_message_id is not None:
                await self._show(tx, announcement, person)

    async def _show(self, tx: AsyncSession, announcement: Announcement, person: Person) -> None:
        standing = await self._services.announcement_control.standing(tx, announcement)
        if standing is None:
            return
        imprint = _imprint(standing, is_begun=standing.mailing.due_at <= self._services.clock.now())
        if imprint == announcement.shown:
            return
        announcement.shown = imprint
        reply = progress_views.progress(standing, self._texts(person), self._services.clock.now())
        message = SendMessage(person.telegram_id, reply)
        shown = announcement.card_message_id
        await self._say(tx, [message if shown is None else EditMessage(shown, message)])

    async def _author(self, tx: AsyncSession, announcement: Announcement) -> Person | None:
        person = await self._services.people.get(tx, announcement.created_by)
        return person if person is not None and is_reachable(person) else None

    def _texts(self, person: Person) -> Texts:
        return texts(person.language or self._services.language)

    async def _say(self, tx: AsyncSession, said: Sequence[ToPeople]) -> None:
        outbox = self._services.outbox
        requests = [
            outbox.request(call.chat_id, call.method, call.parameters, if_refused=said_instead(each))
            for each in said
            for call in (call_of(each),)
        ]
        await outbox.write(tx, requests, None)


def _imprint(standing: Standing, *, is_begun: bool) -> str:
    counts, change = standing.counts, standing.change_counts
    return "/".join(
        str(each)
        for each in (
            int(is_begun),
            standing.mailing.state,
            counts.pending + counts.sending,
            counts.later,
            counts.sent,
            counts.blocked,
            counts.failed,
            counts.uncertain,
            change.still_to_go if change is not None else "",
        )
    )[:120]


def _headed(reply: Reply, sentences: Texts, news: str) -> Reply:
    return replace(reply, text=f"{sentences.html(f'announcements.progress.{news}_news')}\n\n{reply.text}")
