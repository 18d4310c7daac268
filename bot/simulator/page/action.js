// The line under the title: what the chat is, or for a moment what the bot is doing.

import { t } from "./words.js";

const SHOWN_MS = 5000; // Telegram shows a chat action for five seconds, or until the bot's message
const ACTIONS = {
  upload_photo: "mengirim foto…",
  upload_document: "mengirim berkas…",
  record_voice: "merekam suara…",
  upload_voice: "mengirim suara…",
  choose_sticker: "memilih stiker…",
  find_location: "mencari lokasi…",
};

export class ActionLine {
  #line;
  #transcript;
  #note = "";
  #timer = null;

  constructor(line, transcript) {
    this.#line = line;
    this.#transcript = transcript;
  }

  /** Another chat, or nothing is being done any more: `note` stands here. */
  rest(note = this.#note) {
    this.#note = note;
    this.#show(null);
  }

  /** The bot does something in the open `conversation`, if the event is about that. */
  seen(event, conversation) {
    if (event.chat_id !== conversation?.chatId) return;
    if (conversation.kind === "topic" && (event.message_thread_id ?? 0) !== conversation.threadId) return;
    this.#show(t(ACTIONS[event.action] ?? "mengetik…"));
  }

  #show(words) {
    clearTimeout(this.#timer);
    this.#line.textContent = words ?? this.#note;
    this.#line.classList.toggle("is-active", words !== null);
    if (this.#transcript.isOpen) this.#transcript.setTyping(words !== null);
    if (words) this.#timer = setTimeout(() => this.#show(null), SHOWN_MS);
  }
}
