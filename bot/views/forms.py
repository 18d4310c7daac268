"""The step of a form that waits for an answer, and what is said around forms."""

from bot.form_buttons import CancelForm, ChooseInForm, MoveInForm, ResumeForm, TurnFormPage
from bot.services.attendance_sheet import ATTENDANCE_SHEET
from bot.services.form_steps import Choice, Data, Value
from bot.services.forms import CHOICES_A_PAGE, Asking, Move, Outdated, Waiting
from bot.services.poll_voting import COMMENT
from bot.services.series import SERIES
from bot.services.session_form import SESSION
from bot.texts import Texts, escape
from bot.views import attendance, polls, series, session_form
from bot.views.reply import Keyboard, Press, Reply, cut

# Forms whose answers are more than words.
WORDS = {
    SESSION.kind: session_form.WORDS,
    SERIES.kind: series.WORDS,
    ATTENDANCE_SHEET.kind: attendance.WORDS,
    COMMENT.kind: polls.WORDS,
}
LONG_LABEL = 30  # beside another one a phone would cut it
CHOSEN, NOT_CHOSEN = "✓ ", ""  # the list of what is chosen stands in the text as well


def step(asking: Asking, texts: Texts) -> Reply:
    """The question, above it what was wrong with the last answer, below it every way on."""
    kind, key = asking.form.kind, asking.step.key
    blocks = [_head(asking, texts)]
    if asking.problem is not None:
        blocks.append(texts.html(asking.problem.key, **asking.problem.values))
    words = WORDS.get(kind)
    prompt = None if words is None else words.prompt(key, asking.data, texts)
    blocks.append(prompt or texts.html(f"forms.{kind}.{key}"))
    if asking.step.is_confirmation:
        blocks.append(summary(asking, texts) if words is None else words.summary(asking.data, texts))
    elif (current := asking.data.get(key)) not in (None, [], ""):
        blocks.append(texts.html("forms.current", value=shown(asking, key, current, texts)))
    if asking.problem is not None:
        blocks.append(texts.html("forms.ask_meanwhile"))
    return Reply("\n\n".join(blocks), _keyboard(asking, texts))


def _head(asking: Asking, texts: Texts) -> str:
    """What is being filled in, and how far it is where there is more than one step."""
    title = texts.plain(f"forms.{asking.form.kind}.buttons.title")
    if asking.total == 1:
        return texts.html("forms.head_alone", title=title)
    return texts.html("forms.head", title=title, number=asking.number, total=asking.total)


def summary(asking: Asking, texts: Texts) -> str:
    """Every answer so far with its label, a line each; what was skipped says so."""
    lines: list[str] = []
    for each in asking.form.applicable(asking.data):
        if each.is_confirmation:
            continue
        value = asking.data.get(each.key)
        words = (
            texts.plain("forms.buttons.nothing") if value is None else shown(asking, each.key, value, texts)
        )
        lines.append(f"{texts.html(f'forms.{asking.form.kind}.labels.{each.key}')}: <b>{escape(words)}</b>")
    return "\n".join(lines)


def shown(asking: Asking, key: str, value: Value, texts: Texts) -> str:
    """An answer as it reads: choices by their labels, everything else as it was typed."""
    found = asking.form.step(key)
    own = WORDS.get(asking.form.kind)
    if own is not None and (words := own.shown(key, value, texts)) is not None:
        return words
    labels = {
        choice.value: label(choice, asking.form.kind, key, asking.data, texts)
        for choice in (found.choices(asking.data) if found is not None else ())
    }
    values = value if isinstance(value, list) else [str(value)]
    return ", ".join(labels.get(each, each) for each in values)


def label(choice: Choice, kind: str, key: str, data: Data, texts: Texts) -> str:
    """What stands on a choice's button."""
    own = WORDS.get(kind)
    if own is not None and (words := own.label(choice, key, data, texts)) is not None:
        return words
    return choice.label if choice.label is not None else texts.plain(f"forms.{kind}.buttons.{choice.value}")


def waiting(found: Waiting, texts: Texts) -> Reply:
    """A form is open: go on with it or leave it."""
    title = texts.plain(f"forms.{found.kind}.buttons.title")
    buttons = (
        Press(texts.plain("forms.buttons.resume"), ResumeForm(found.form_id)),
        Press(texts.plain("forms.buttons.cancel"), CancelForm(found.form_id)),
    )
    return Reply(texts.html("forms.waiting", title=title), (buttons,))


def cancelled(kind: str, texts: Texts) -> Reply:
    """What stands in the place of a form that was left."""
    return Reply(texts.html("forms.cancelled", title=texts.plain(f"forms.{kind}.buttons.title")))


def outdated(found: Outdated, texts: Texts) -> str:
    """Why a button does nothing, as an alert."""
    return texts.plain(f"forms.alerts.{found.reason.value}")


def _keyboard(asking: Asking, texts: Texts) -> Keyboard:
    at = (asking.form_id, asking.version)
    start = asking.page * CHOICES_A_PAGE
    chosen = asking.data.get(asking.step.key)
    choices = [
        Press(
            cut(
                _mark(asking, choice, chosen)
                + label(choice, asking.form.kind, asking.step.key, asking.data, texts)
            ),
            ChooseInForm(*at, start + position),
        )
        for position, choice in enumerate(asking.choices[start : start + CHOICES_A_PAGE])
    ]
    wide = 1 if any(len(choice.label) > LONG_LABEL for choice in choices) else 2
    rows: list[tuple[Press, ...]] = [tuple(choices[i : i + wide]) for i in range(0, len(choices), wide)]
    pages = []
    if asking.page > 0:
        pages.append(Press(texts.plain("forms.buttons.previous"), TurnFormPage(*at, asking.page - 1)))
    if asking.page + 1 < asking.pages:
        pages.append(Press(texts.plain("forms.buttons.next"), TurnFormPage(*at, asking.page + 1)))
    on = []
    if asking.step.is_confirmation:
        on.append(Press(texts.plain("forms.buttons.confirm"), MoveInForm(*at, Move.GO_ON)))
    if asking.step.is_multiple:
        on.append(Press(texts.plain("forms.buttons.done"), MoveInForm(*at, Move.GO_ON)))
    if asking.step.is_optional:
        on.append(Press(texts.plain("forms.buttons.skip"), MoveInForm(*at, Move.SKIP)))
    out = [Press(texts.plain("forms.buttons.cancel"), MoveInForm(*at, Move.CANCEL))]
    if asking.number > 1:
        out.insert(0, Press(texts.plain("forms.buttons.back"), MoveInForm(*at, Move.BACK)))
    return (*rows, *(tuple(row) for row in (pages, on, out) if row))


def _mark(asking: Asking, choice: Choice, chosen: Value) -> str:
    is_chosen = isinstance(chosen, list) and choice.value in chosen
    return CHOSEN if asking.step.is_multiple and is_chosen else NOT_CHOSEN
