// What the bot's last message wants of the input: buttons in place of the letters, or a reply.

import { button } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { t } from "./words.js";

export class ReplyMarkup {
  #box;
  #host;
  #putAway = null; // the message whose keyboard was hidden by hand
  #forced = null; // the message that has got its reply prepared

  /** `host`: {viewer, onKey(key), onReply(message), onPlaceholder(text or null), onHidden()}. */
  constructor(box, host) {
    this.#box = box;
    this.#host = host;
  }

  /** Another conversation is open. */
  forget() {
    this.#forced = null;
  }

  draw(messages) {
    const last = messages.findLast((message) => this.#isMeant(message));
    const markup = last?.reply_markup ?? {};
    const { viewer } = this.#host;
    const isUsed = messages.some((message) => message.message_id > last?.message_id && message.from?.id === viewer.id);
    if (markup.force_reply && !isUsed && this.#forced !== last.message_id) {
      this.#forced = last.message_id;
      this.#host.onReply(last);
    }
    const isShown = markup.keyboard && this.#putAway !== last.message_id && !(markup.one_time_keyboard && isUsed);
    const isAsking = isShown || (markup.force_reply && !isUsed);
    this.#host.onPlaceholder(isAsking ? (markup.input_field_placeholder ?? null) : null);
    const signature = isShown ? JSON.stringify([last.message_id, markup]) : "";
    if ((this.#box.dataset.signature ?? "") === signature) return;
    this.#box.dataset.signature = signature;
    this.#box.hidden = !isShown;
    this.#box.replaceChildren(...(isShown ? replyKeyboard(markup.keyboard, (key) => this.#host.onKey(key)) : []));
    if (!isShown || markup.is_persistent) return;
    const hide = () => {
      this.#putAway = last.message_id;
      this.draw(messages);
      this.#host.onHidden();
    };
    this.#box.append(button(t("Sembunyikan tombol"), hide, { class: "link-button hide-keyboard" }));
  }

  /** Whether a message changes the keyboard of this person: a selective one only of those it names or replies to. */
  #isMeant({ reply_markup: markup, reply_to_message: replied, entities, text }) {
    if (!markup || markup.inline_keyboard) return false;
    const { viewer } = this.#host;
    if (!markup.selective || replied?.from?.id === viewer.id) return true;
    const name = viewer.username && `@${viewer.username}`.toLowerCase();
    return (entities ?? []).some(
      ({ type, user, offset, length }) =>
        user?.id === viewer.id || (type === "mention" && text.slice(offset, offset + length).toLowerCase() === name),
    );
  }
}
