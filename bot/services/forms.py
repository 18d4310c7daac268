"""Forms: what a person fills in, one step a message. Every answer is in the database before the next step is asked.

    begun ──► step after step ──► completed     the kind's own code does with the data what it is for
      │ ▲
      │ └──── continued
      ├─────► parked         a command came in between, another form was begun, or nothing was written for an hour
      └─────► cancelled

Invariants: a person has at most one open form of a kind, and at most one that is not parked: it takes what they write.
Whoever presses a button says by the form's version which step they saw; an older one does nothing. An edited answer
replaces the answer. A form that ended keeps no data, and after two days nothing is left of it: until then an edit of
one of its answers is known as such and not taken for a question.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.form_outcomes import (
    CHOICES_A_PAGE,
    Asking,
    Cancelled,
    Completed,
    Move,
    NotFilling,
    Outdated,
    TooLate,
    Waiting,
)
from bot.services.form_steps import (
    UNSETTLED,
    Data,
    Form,
    Problem,
    Step,
    Unsettled,
    Value,
    Written,
)
from bot.services.people import Person, zone_of
from db.models import FilledForm, FormState
from db.queries import forms as queries

__all__ = [
    "CHOICES_A_PAGE",
    "Asking",
    "Cancelled",
    "Completed",
    "Forms",
    "Move",
    "NotFilling",
    "Outdated",
    "TooLate",
    "Waiting",
]

IDLE_AFTER = timedelta(hours=1)  # then a message is rather a question than an answer
KEPT_FOR = timedelta(days=2)  # Telegram lets people edit what they wrote for 48 hours
WAITS_FOR = timedelta(days=90)  # an open form holds what somebody wrote; after so long it is forgotten


class Forms:
    """What people are filling in. `definitions` are all kinds that there are."""

    def __init__(self, clock: Clock, definitions: Iterable[Form]) -> None:
        self._clock = clock
        self._definitions = {form.kind: form for form in definitions}

    async def begin(
        self, tx: AsyncSession, person: Person, kind: str, data: Data | None = None
    ) -> Asking | Waiting:
        """Open a form; another kind's that is open is parked. Raises `KeyError` for a kind that there is not."""
        form = self._definitions[kind]
        assert person.id is not None
        open_forms = await queries.open_of(tx, person.id)
        for row in open_forms:
            if row.kind == kind:
                assert row.id is not None
                return Waiting(row.id, kind)
        for row in open_forms:
            row.is_parked = True
        await tx.flush()  # before the new row: only one may be in front
        given = dict(data or {})
        now = self._clock.now()
        first = form.applicable(given)[0]
        row = FilledForm(
            person_id=person.id, kind=kind, step=first.key, data=given, opened_at=now, updated_at=now
        )
        tx.add(row)
        await tx.flush()
        return self._asking(row, form)

    async def resume(self, tx: AsyncSession, person: Person, form_id: int) -> Asking | Outdated:
        """Go on where the form was left; another one is parked meanwhile."""
        row = await self._own(tx, person, form_id)
        if not isinstance(row, FilledForm):
            return row
        assert person.id is not None
        for other in await queries.open_of(tx, person.id):
            other.is_parked = other.id != row.id or other.is_parked
        await tx.flush()
        row.is_parked = False
        self._turn_to(row, row.step)
        return self._asking(row, self._definitions[row.kind])

    async def write(
        self, tx: AsyncSession, person: Person, text: str, message_id: int
    ) -> Asking | Completed | Waiting | NotFilling:
        """Take what was typed as the answer of the step that waits.

        `Waiting`: after an hour the form is parked instead, and the text is not taken.
        """
        row = await self._in_front(tx, person)
        if row is None:
            return NotFilling()
        if self._clock.now() - row.updated_at > IDLE_AFTER:
            return self._park(row)
        return self._take(row, person, text, message_id)

    async def rewrite(
        self, tx: AsyncSession, person: Person, text: str, message_id: int
    ) -> Asking | Completed | Outdated | NotFilling:
        """Take an edited message for the answer that it was; `NotFilling` when it was none."""
        assert person.id is not None
        for row in await queries.all_of(tx, person.id):
            key = row.answers.get(str(message_id))
            if key is None:
                continue
            if row.state != FormState.OPEN:
                return Outdated(_reason(row))
            form = self._definitions[row.kind]
            step = form.step(str(key))
            if step is None or row.is_parked:
                return Outdated(TooLate.ANSWERED)
            if step.key == row.step:
                return self._take(row, person, text, message_id)
            value = self._read(step, row, person, text)
            if isinstance(value, Unsettled):  # it has to be asked back: at that step
                self._turn_to(row, step.key)
                return self._keep(row, form, step, value)
            if isinstance(value, Problem):
                return self._asking(row, form, problem=value)
            row.data = _settled(row.data, step, value)
            row.updated_at = self._clock.now()
            if row.step not in {each.key for each in form.applicable(row.data)}:
                self._turn_to(row, step.key)
                return self._go_on(row, form, step)
            return self._asking(row, form)
        return NotFilling()

    async def in_front(
        self, tx: AsyncSession, person: Person, problem: Problem | None = None
    ) -> Asking | NotFilling:
        """The step that waits, with why the last message was no answer: a photo, say."""
        row = await self._in_front(tx, person)
        if row is None or self._clock.now() - row.updated_at > IDLE_AFTER:
            return NotFilling()
        return self._asking(row, self._definitions[row.kind], problem=problem)

    async def choose(
        self, tx: AsyncSession, person: Person, form_id: int, version: int, position: int
    ) -> Asking | Completed | Outdated:
        """Press the choice at `position`; of several, it is put in or taken out."""
        row = await self._own(tx, person, form_id, version)
        if not isinstance(row, FilledForm):
            return row
        form, step = self._form_and_step(row)
        choices = step.choices(row.data)
        if not 0 <= position < len(choices):
            return Outdated(TooLate.ANSWERED)
        value = choices[position].value
        if step.reads_choices:
            return self._answer(row, form, step, self._read(step, row, person, value))
        if not step.is_multiple:
            row.data = _settled(row.data, step, value)
            return self._go_on(row, form, step)
        before = _several(row.data.get(step.key))
        chosen = [each for each in before if each != value] if value in before else [*before, value]
        row.data = {**row.data, step.key: chosen}
        row.updated_at = self._clock.now()
        return self._asking(row, form, page=position // CHOICES_A_PAGE)

    async def turn_page(
        self, tx: AsyncSession, person: Person, form_id: int, version: int, page: int
    ) -> Asking | Outdated:
        """Show other choices of the same step."""
        row = await self._own(tx, person, form_id, version)
        if not isinstance(row, FilledForm):
            return row
        asking = self._asking(row, self._definitions[row.kind], page=page)
        return asking if page < asking.pages else Outdated(TooLate.ANSWERED)

    async def move(
        self, tx: AsyncSession, person: Person, form_id: int, version: int, move: Move
    ) -> Asking | Completed | Cancelled | Outdated:
        """Back, on, past the step, or out."""
        row = await self._own(tx, person, form_id, version)
        if not isinstance(row, FilledForm):
            return row
        form, step = self._form_and_step(row)
        match move:
            case Move.CANCEL:
                return self._cancel(row)
            case Move.BACK:
                before = _before(form, row.data, step)
                self._turn_to(row, before.key if before is not None else step.key)
                return self._asking(row, form)
            case Move.SKIP:
                if not step.is_optional:
                    return Outdated(TooLate.ANSWERED)
                row.data = {key: value for key, value in row.data.items() if key != step.key}
                return self._go_on(row, form, step)
            case Move.GO_ON:
                if step.is_multiple and not _several(row.data.get(step.key)):
                    return self._asking(row, form, problem=Problem("forms.problems.choose_some"))
                if not (step.is_multiple or step.is_confirmation):
                    return Outdated(TooLate.ANSWERED)
                return self._go_on(row, form, step)

    async def cancel(
        self, tx: AsyncSession, person: Person, form_id: int | None = None
    ) -> Cancelled | Outdated | NotFilling:
        """Leave a form: this one, or the one in front, or else the one touched last."""
        if form_id is not None:
            row = await self._own(tx, person, form_id)
            return self._cancel(row) if isinstance(row, FilledForm) else row
        assert person.id is not None
        rows = await queries.open_of(tx, person.id)
        return self._cancel(rows[0]) if rows else NotFilling()

    async def is_at(self, tx: AsyncSession, person: Person, kind: str, step: str) -> bool:
        """Whether the form in front is of this kind and waits at this step."""
        row = await self._in_front(tx, person)
        return row is not None and row.kind == kind and row.step == step

    async def give(
        self, tx: AsyncSession, person: Person, kind: str, data: Data
    ) -> Asking | Completed | NotFilling:
        """Answer the step that waits with what the program found out, from a file say, and go on behind it."""
        row = await self._in_front(tx, person)
        if row is None or row.kind != kind:
            return NotFilling()
        form, step = self._form_and_step(row)
        row.data = {**row.data, **data}
        return self._go_on(row, form, step)

    async def close(self, tx: AsyncSession, person: Person, form_id: int) -> None:
        """End a form whose step was answered by something that is no words."""
        row = await self._own(tx, person, form_id)
        if isinstance(row, FilledForm):
            self._end(row, FormState.COMPLETED)

    async def waiting_for(self, tx: AsyncSession, person: Person, kind: str) -> int | None:
        """The id of the person's open form of a kind, if there is one."""
        assert person.id is not None
        return next((row.id for row in await queries.open_of(tx, person.id) if row.kind == kind), None)

    async def version_in_front(self, tx: AsyncSession, person: Person) -> tuple[int, int] | None:
        """Id and version of the form in front, so that one can tell later whether it moved."""
        row = await self._in_front(tx, person)
        return None if row is None or row.id is None else (row.id, row.version)

    async def park(self, tx: AsyncSession, person: Person) -> Waiting | NotFilling:
        """Put the form in front aside."""
        row = await self._in_front(tx, person)
        return NotFilling() if row is None else self._park(row)

    async def waiting(self, tx: AsyncSession, person: Person) -> Waiting | NotFilling:
        """The parked form that was touched last, if any."""
        assert person.id is not None
        rows = await queries.open_of(tx, person.id)
        return next((self._park(row) for row in rows if row.is_parked), NotFilling())

    async def forget(self, tx: AsyncSession) -> None:
        """Delete what ended two days ago, and what nobody has gone on with for three months."""
        now = self._clock.now()
        await queries.forget(tx, ended_before=now - KEPT_FOR, touched_before=now - WAITS_FOR)

    def _take(self, row: FilledForm, person: Person, text: str, message_id: int) -> Asking | Completed:
        form, step = self._form_and_step(row)
        row.answers = {**row.answers, str(message_id): step.key}
        return self._answer(row, form, step, self._read(step, row, person, text))

    def _answer(
        self, row: FilledForm, form: Form, step: Step, value: Value | Problem | Unsettled
    ) -> Asking | Completed:
        if isinstance(value, Unsettled):
            return self._keep(row, form, step, value)
        if isinstance(value, Problem):
            row.updated_at = self._clock.now()
            return self._asking(row, form, problem=value)
        row.data = _settled(row.data, step, value)
        return self._go_on(row, form, step)

    def _keep(self, row: FilledForm, form: Form, step: Step, value: Unsettled) -> Asking:
        # The buttons are other ones from now on, so that the version has to be as well.
        earlier = {key: each for key, each in row.data.items() if key != step.key}
        row.data = {**earlier, step.key + UNSETTLED: value.kept}
        self._turn_to(row, step.key)
        return self._asking(row, form, problem=value.problem)

    def _read(self, step: Step, row: FilledForm, person: Person, text: str) -> Value | Problem | Unsettled:
        if step.read is None:
            return Problem("forms.problems.press")
        return step.read(Written(text, row.data, self._clock.now(), zone_of(person)))

    def _go_on(self, row: FilledForm, form: Form, step: Step) -> Asking | Completed:
        steps = form.applicable(row.data)
        keys = [each.key for each in steps]
        position = keys.index(step.key) + 1 if step.key in keys else 0
        if position < len(steps):
            self._turn_to(row, steps[position].key)
            return self._asking(row, form)
        completed = Completed(row.kind, dict(row.data))
        self._end(row, FormState.COMPLETED)
        return completed

    def _turn_to(self, row: FilledForm, key: str) -> None:
        row.step = key
        row.version += 1
        row.updated_at = self._clock.now()

    def _cancel(self, row: FilledForm) -> Cancelled:
        self._end(row, FormState.CANCELLED)
        return Cancelled(row.kind)

    def _end(self, row: FilledForm, state: FormState) -> None:
        row.state = state
        row.data = {}
        row.version += 1
        row.ended_at = row.updated_at = self._clock.now()

    def _park(self, row: FilledForm) -> Waiting:
        assert row.id is not None
        row.is_parked = True
        return Waiting(row.id, row.kind)

    async def _in_front(self, tx: AsyncSession, person: Person) -> FilledForm | None:
        assert person.id is not None
        rows = await queries.open_of(tx, person.id)
        return next((row for row in rows if not row.is_parked and row.kind in self._definitions), None)

    async def _own(
        self, tx: AsyncSession, person: Person, form_id: int, version: int | None = None
    ) -> FilledForm | Outdated:
        row = await queries.locked(tx, form_id)
        if row is None or row.person_id != person.id or row.kind not in self._definitions:
            return Outdated(TooLate.UNKNOWN)
        if row.state != FormState.OPEN:
            return Outdated(_reason(row))
        if version is not None and (row.version != version or row.is_parked):
            return Outdated(TooLate.ANSWERED)
        return row

    def _form_and_step(self, row: FilledForm) -> tuple[Form, Step]:
        form = self._definitions[row.kind]
        # A step that a newer version of the program does not have: begin again with what is answered.
        return form, form.step(row.step) or form.applicable(row.data)[0]

    def _asking(
        self, row: FilledForm, form: Form, *, page: int = 0, problem: Problem | None = None
    ) -> Asking:
        assert row.id is not None
        step = form.step(row.step) or form.applicable(row.data)[0]
        steps = form.applicable(row.data)
        number = steps.index(step) + 1 if step in steps else 1
        return Asking(row.id, row.version, form, step, dict(row.data), number, len(steps), page, problem)


def _before(form: Form, data: Data, step: Step) -> Step | None:
    steps = form.applicable(data)
    position = steps.index(step) if step in steps else 0
    return steps[position - 1] if position > 0 else None


def _settled(data: Data, step: Step, value: Value) -> Data:
    kept = {key: each for key, each in data.items() if key != step.key + UNSETTLED}
    return {**kept, step.key: value}


def _several(value: Value) -> list[str]:
    return value if isinstance(value, list) else []


def _reason(row: FilledForm) -> TooLate:
    return TooLate.COMPLETED if row.state == FormState.COMPLETED else TooLate.CANCELLED
