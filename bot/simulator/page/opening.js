// What a conversation offers before anything was said: a word about it, a start, sample questions.

import { button, el } from "./dom.js";
import { t } from "./words.js";

const EXAMPLES = [
  "gmn cara klaim jkp?",
  "brp lama bayar iuran biar dapat JKP?",
  "kuota pekerja disabilitas berapa persen?",
];

/** The first words of a conversation; in a private one with the button that starts the bot. */
export function introduction(kind, username, onStart) {
  const isPrivate = kind === "private";
  const words = isPrivate
    ? t("Obrolan pribadi dengan bot. Tulis pertanyaan dengan bahasa sehari-hari.")
    : t("Di grup, bot hanya menjawab bila disapa: tulis /tanya dan pertanyaannya, sebut @{username}, atau balas pesannya.", {
        username,
      });
  const mark = isPrivate ? el("img", { src: "favicon.svg", alt: "", width: 64, height: 64 }) : null;
  const start = isPrivate ? button(t("Mulai"), onStart, { class: "button is-primary" }) : null;
  return el("div", { class: "intro" }, mark, el("p", { text: words }), start);
}

/** Sample questions in `box`, until this person has written more than the start; `conversation` is {key, kind}. */
export function drawChips(box, { conversation, messages, viewerId, onAsk }) {
  const isGroup = conversation.kind !== "private";
  const asked = messages.some(
    ({ from, text }) => from?.id === viewerId && text && (isGroup || !text.startsWith("/start")),
  );
  box.hidden = asked;
  if (asked || box.dataset.key === conversation.key) return;
  box.dataset.key = conversation.key;
  box.replaceChildren(
    ...EXAMPLES.slice(0, isGroup ? 1 : undefined).map((question) =>
      button(question, () => onAsk(question), { class: "chip" }),
    ),
  );
}
