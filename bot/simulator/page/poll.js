// A poll in a bubble: a form while one may vote, bars once one has or it is closed.

import { button, el, uniqueId } from "./dom.js";
import { count } from "./format.js";
import { t } from "./words.js";

/**
 * `chosen`: the option indexes of this person, null when they have not voted.
 * `onVote(optionIds)` records a vote; an empty list withdraws it.
 */
export function renderPoll(poll, { chosen, onVote, text }) {
  const question = el("legend", { class: "poll-question", dir: "auto" }, text(poll.question, poll.question_entities));
  const kind = el("p", { class: "muted poll-kind", text: describe(poll) });
  const about = poll.description
    ? el("p", { class: "words poll-about", dir: "auto" }, text(poll.description, poll.description_entities))
    : null;
  const isOpen = !poll.is_closed && chosen === null;
  return el(
    "div",
    { class: "poll" },
    about,
    isOpen ? ballot(poll, question, kind, onVote, text) : results(poll, question, kind, chosen, onVote, text),
  );
}

function describe(poll) {
  const kind = poll.type === "quiz" ? t("Kuis") : t("Jajak pendapat");
  const parts = [poll.is_anonymous ? t("{kind} anonim", { kind }) : t("{kind}, suara terlihat", { kind })];
  if (poll.allows_multiple_answers) parts.push(t("boleh pilih beberapa"));
  if (poll.is_closed) parts.push(t("sudah ditutup"));
  return parts.join(" · ");
}

function ballot(poll, question, kind, onVote, text) {
  const name = uniqueId("poll");
  const type = poll.allows_multiple_answers ? "checkbox" : "radio";
  const inputs = poll.options.map((_, index) =>
    el("input", { type, name, value: index, "data-focus": `option-${index}`, on: { change: () => refresh() } }),
  );
  const options = poll.options.map((option, index) =>
    el("label", { class: "poll-option" }, inputs[index], el("span", { dir: "auto" }, text(option.text, option.text_entities))),
  );
  const picked = () => inputs.filter((input) => input.checked).map((input) => Number(input.value));
  const send = el("button", { type: "submit", class: "button is-primary", text: t("Kirim suara"), disabled: true });
  const refresh = () => {
    send.disabled = picked().length === 0;
  };
  const submit = (event) => {
    event.preventDefault();
    onVote(picked());
  };
  return el(
    "form",
    { on: { submit } },
    el("fieldset", {}, question, kind, ...options),
    el("div", { class: "poll-foot" }, send, voters(poll)),
  );
}

function results(poll, question, kind, chosen, onVote, text) {
  const total = Math.max(poll.total_voter_count, 1);
  const correct = new Set(poll.correct_option_ids ?? []);
  const rows = poll.options.map((option, index) => {
    const share = Math.round((100 * option.voter_count) / total);
    const marks = [];
    if (chosen?.includes(index)) marks.push(t("pilihan Anda"));
    if (correct.has(index)) marks.push(t("jawaban benar"));
    const words = el("span", { dir: "auto" }, text(option.text, option.text_entities));
    const mark = marks.length ? el("span", { class: "poll-mark", text: ` ✓ ${marks.join(", ")}` }) : null;
    return el(
      "li",
      { class: "poll-result" },
      el("span", { class: "poll-share", text: `${share}%` }),
      el("span", { class: "poll-words" }, words, mark),
      el("progress", { max: 100, value: share, "aria-hidden": "true" }),
    );
  });
  const mayRetract = chosen !== null && !poll.is_closed && poll.allows_revoting !== false && poll.type !== "quiz";
  const retract = mayRetract
    ? button(t("Batalkan suara"), () => onVote([]), { class: "link-button", "data-focus": "retract" })
    : null;
  return el(
    "fieldset",
    {},
    question,
    kind,
    el("ul", { class: "poll-results" }, ...rows),
    poll.explanation ? el("p", { class: "muted", dir: "auto" }, text(poll.explanation, poll.explanation_entities)) : null,
    el("div", { class: "poll-foot" }, retract, voters(poll)),
  );
}

const voters = (poll) =>
  el("span", { class: "muted", text: poll.total_voter_count ? t("{count} suara", { count: count(poll.total_voter_count) }) : t("Belum ada suara") });
