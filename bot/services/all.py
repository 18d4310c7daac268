"""All services together, as handlers reach them."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.announcement_control import AnnouncementControl
from bot.services.announcement_drafts import AnnouncementDrafts
from bot.services.announcement_forms import ANNOUNCEMENT_FORMS
from bot.services.announcement_reports import AnnouncementReports
from bot.services.announcements import Announcements, Limits
from bot.services.attendance import ATTENDEE, CHECKIN, Attendances
from bot.services.attendance_sheet import ATTENDANCE_SHEET
from bot.services.audit import Audit
from bot.services.certificate_template import CertificateTemplate, built_in
from bot.services.certificates import CERTIFICATE, Certificates
from bot.services.content import ContentService
from bot.services.cop_sessions import CopSessions
from bot.services.details import PROFILE
from bot.services.directory import Directory
from bot.services.files import Files
from bot.services.form_steps import Form
from bot.services.forms import Forms
from bot.services.group_polls import GroupPolls
from bot.services.groups import GROUP, Groups
from bot.services.inbox import Inbox
from bot.services.mailings import Mailings
from bot.services.monthly_reports import MonthlyReports
from bot.services.outages import Outages
from bot.services.outbox import Outbox
from bot.services.participation import Participations
from bot.services.people import People
from bot.services.personal_data import PersonalData
from bot.services.poll_closing import PollClosing
from bot.services.poll_forms import POLL_QUESTION
from bot.services.poll_opening import PollOpening
from bot.services.poll_reports import POLL_CHANGES, PollReports
from bot.services.poll_results import PollResults
from bot.services.poll_voting import COMMENT, PollVoting
from bot.services.polls import Polls
from bot.services.questions import Questions
from bot.services.reminders import Reminders
from bot.services.replicas import Replicas
from bot.services.roles import INVITATION, Roles
from bot.services.rsvps import Rsvps
from bot.services.series import SERIES
from bot.services.session_form import SESSION
from bot.services.session_materials import MATERIAL, SessionMaterials

FORMS: tuple[Form, ...] = (
    PROFILE,
    INVITATION,
    GROUP,
    SESSION,
    SERIES,
    MATERIAL,
    CHECKIN,
    ATTENDEE,
    ATTENDANCE_SHEET,
    CERTIFICATE,
    POLL_QUESTION,
    POLL_CHANGES,
    COMMENT,
    *ANNOUNCEMENT_FORMS,
)  # every kind that there is to fill in


@dataclass(frozen=True)
class Services:
    """One of each; made once, when the program is wired."""

    clock: Clock
    people: People
    content: ContentService
    questions: Questions
    inbox: Inbox
    outbox: Outbox
    replicas: Replicas
    mailings: Mailings
    audit: Audit
    roles: Roles
    forms: Forms
    groups: Groups
    directory: Directory
    personal_data: PersonalData
    files: Files
    cop_sessions: CopSessions
    session_materials: SessionMaterials
    rsvps: Rsvps
    reminders: Reminders
    attendances: Attendances
    participations: Participations
    certificates: Certificates
    certificate_template: CertificateTemplate
    outages: Outages
    polls: Polls
    poll_opening: PollOpening
    poll_voting: PollVoting
    poll_closing: PollClosing
    poll_results: PollResults
    poll_reports: PollReports
    group_polls: GroupPolls
    monthly_reports: MonthlyReports
    announcement_drafts: AnnouncementDrafts
    announcements: Announcements
    announcement_control: AnnouncementControl
    announcement_reports: AnnouncementReports
    owner_ids: tuple[int, ...] = ()
    language: str = "id"  # of people who have not chosen one

    @classmethod
    def over(
        cls,
        clock: Clock,
        owner_ids: tuple[int, ...] = (),
        language: str = "id",
        limits: Limits | None = None,
        certificate_template: CertificateTemplate | None = None,
    ) -> "Services":
        """The services of one process, all on the same clock."""
        content = ContentService(clock)
        questions = Questions(content, clock)
        audit = Audit(clock)
        roles = Roles(clock, audit, owner_ids)
        people = People(clock)
        cop_sessions = CopSessions(clock, audit, roles)
        groups = Groups(clock, audit, roles)
        mailings = Mailings(clock)
        outages = Outages(clock)
        polls, poll_results = Polls(clock, audit, roles, groups), PollResults()
        drafts = AnnouncementDrafts(clock, roles, people, mailings)
        announcements = Announcements(
            clock, audit, roles, people, groups, mailings, drafts, limits or Limits()
        )
        return cls(
            clock=clock,
            people=people,
            content=content,
            questions=questions,
            inbox=Inbox(clock),
            outbox=Outbox(clock),
            replicas=Replicas(),
            mailings=mailings,
            audit=audit,
            roles=roles,
            forms=Forms(clock, FORMS),
            groups=groups,
            directory=Directory(clock, audit, roles, people),
            files=Files(clock),
            cop_sessions=cop_sessions,
            session_materials=SessionMaterials(clock, audit, cop_sessions),
            rsvps=Rsvps(clock, cop_sessions),
            reminders=Reminders(clock),
            attendances=Attendances(clock, audit, cop_sessions),
            participations=Participations(audit, cop_sessions),
            certificates=Certificates(clock),
            certificate_template=certificate_template or built_in(),
            outages=outages,
            polls=polls,
            poll_opening=PollOpening(clock, audit, groups, outages),
            poll_voting=PollVoting(clock, mailings),
            poll_closing=PollClosing(clock, audit),
            poll_results=poll_results,
            poll_reports=PollReports(clock, audit, roles, polls, poll_results),
            group_polls=GroupPolls(mailings),
            monthly_reports=MonthlyReports(clock, roles, content, poll_results),
            personal_data=PersonalData(clock, audit),
            announcement_drafts=drafts,
            announcements=announcements,
            announcement_control=AnnouncementControl(clock, audit, announcements, mailings),
            announcement_reports=AnnouncementReports(clock, mailings),
            owner_ids=owner_ids,
            language=language,
        )
