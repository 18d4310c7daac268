// What lies over the page: passing notices, alerts of the bot, questions.

import { button, el, uniqueId } from "./dom.js";
import { t } from "./words.js";

const TOAST_MS = 3000;
const READING_MS = 60; // a character more
const TOASTS_AT_ONCE = 3;

export function toast(text, { isError = false } = {}) {
  const box = document.getElementById("toasts");
  const note = el("p", { class: isError ? "toast is-error" : "toast", text });
  while (box.children.length >= TOASTS_AT_ONCE) box.firstElementChild.remove();
  box.append(note);
  let timer;
  const wait = () => (timer = setTimeout(() => note.remove(), TOAST_MS + READING_MS * text.length));
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", wait);
  wait();
}

export const failed = (error) => toast(error.message, { isError: true });

/** Open a modal dialog with `buttons` [[label, value, class]]; resolves to the value, null when it was dismissed. */
function modal({ title, text, body, buttons, role = "dialog" }) {
  return new Promise((resolve) => {
    const heading = el("h2", { id: uniqueId("dialog"), text: title });
    const words = text ? el("p", { id: uniqueId("dialog"), class: "dialog-text", dir: "auto", text }) : null;
    let value = null;
    const close = (chosen) => {
      value = chosen;
      dialog.close();
    };
    const row = el(
      "div",
      { class: "dialog-buttons" },
      ...buttons.map(([label, chosen, className]) => button(label, () => close(chosen), { class: `button ${className ?? ""}` })),
    );
    const dialog = el(
      "dialog",
      { role, "aria-labelledby": heading.id, "aria-describedby": words?.id },
      heading,
      words,
      body?.(close),
      row,
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(value);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const alertDialog = (title, text) =>
  modal({ title, text, role: "alertdialog", buttons: [["OK", true, "is-primary"]] });

export const confirmDialog = (title, text, yes) =>
  modal({ title, text, role: "alertdialog", buttons: [[t("Batal"), null], [yes, true, "is-danger"]] });

/** Choose one of `options` [{label, note, value}]. */
export const chooseDialog = (title, options) =>
  modal({
    title,
    buttons: [[t("Batal"), null]],
    body: (close) =>
      el(
        "ul",
        { class: "choices" },
        ...options.map(({ label, note, value }) =>
          el(
            "li",
            {},
            el(
              "button",
              { type: "button", class: "choice", on: { click: () => close(value) } },
              el("span", { text: label }),
              note ? el("span", { class: "muted", text: note }) : null,
            ),
          ),
        ),
      ),
  });
