// Writing: text, replies, edits, attachments, the command menu, inline results.

import { readBase64 } from "./api.js";
import { failed } from "./dialogs.js";
import { el, icon, iconButton, uniqueId } from "./dom.js";
import { count, fileSize } from "./format.js";
import { InlineSearch } from "./inline.js";
import { senderName, summary } from "./message.js";
import { Suggestions } from "./suggestions.js";
import { t } from "./words.js";

const PHOTO_TYPES = new Set(["image/jpeg", "image/png", "image/webp"]);
const MAX_TEXT = 4096;
const MAX_CAPTION = 1024;
const MAX_ALBUM = 10;
const MAX_FILE_BYTES = 50 * 1024 * 1024;
const MAX_PHOTO_BYTES = 10 * 1024 * 1024;
const hasFinePointer = matchMedia("(hover: hover) and (pointer: fine)");

export class Composer {
  #form;
  #input;
  #context;
  #menu;
  #menuButton;
  #file;
  #suggestions;
  #mode = { kind: "write" }; // write | reply {message} | edit {message}
  #attachments = []; // files, sent together
  #asPhoto = false;
  #commands = [];
  #drafts = new Map();
  #key = null;
  #inline;
  #isSending = false;

  /**
   * `host`: {viewerId, conversation, botUsername} and what it does: sendText(text, options), sendMedia(args),
   * sendAlbum(parts, options), edit(message, text), chooseInline(queryId, resultId), openStart(parameter).
   */
  constructor(form, host) {
    this.host = host;
    this.#form = form;
    this.#input = form.querySelector("textarea");
    this.#context = form.querySelector(".context");
    this.#menu = form.querySelector(".menu");
    this.#menuButton = form.querySelector(".menu-button");
    this.#file = form.querySelector(".file");
    this.#suggestions = new Suggestions(form.querySelector(".suggestions"), this.#input, form.querySelector(".hint"));
    this.#inline = new InlineSearch(host, this.#suggestions, {
      get text() {
        return form.querySelector("textarea").value;
      },
      clear: () => this.#setText(""),
      restore: (text) => this.#setText(text),
    });
    const attach = form.querySelector(".attach");
    attach.append(icon("attach"));
    form.querySelector(".send").append(icon("send"));
    this.#menu.id = uniqueId("menu");
    this.#menuButton.setAttribute("aria-controls", this.#menu.id);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) this.#closePopups();
    });
    this.#input.addEventListener("keydown", (event) => this.#keyDown(event));
    this.#input.addEventListener("input", () => this.#inputChanged());
    this.#menuButton.addEventListener("click", () => this.#toggleMenu(this.#menu.hidden));
    this.#menuButton.addEventListener("keydown", (event) => {
      if (!this.#menu.hidden) this.#menuKey(event);
    });
    this.#menu.addEventListener("keydown", (event) => this.#menuKey(event));
    attach.addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => this.#attach([...this.#file.files]));
    this.#input.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      this.#attach(files);
    });
  }

  /** Another conversation: its own draft, no half-made reply or edit carried over. */
  open(key) {
    if (this.#key !== null && this.#mode.kind !== "edit") this.#drafts.set(this.#key, this.#input.value);
    this.#key = key;
    this.#closePopups();
    this.#attachments = [];
    this.#mode = { kind: "write" };
    this.#drawContext();
    this.#setText(this.#drafts.get(key) ?? "");
  }

  setPlaceholder(words) {
    this.#input.placeholder = words;
    this.#input.setAttribute("aria-label", words);
  }

  setCommands(commands) {
    this.#commands = commands;
    this.#menuButton.hidden = commands.length === 0;
    if (!this.#menu.hidden) this.#toggleMenu(commands.length > 0);
  }

  focus() {
    this.#input.focus();
  }

  /** After a tap elsewhere: on a phone the focus would bring up the keyboard. */
  focusIfHandy() {
    if (hasFinePointer.matches) this.#input.focus();
  }

  reply(message, { focus = true } = {}) {
    this.#leaveEdit();
    this.#mode = { kind: "reply", message };
    this.#drawContext();
    if (focus) this.focus();
  }

  edit(message) {
    if (this.#mode.kind !== "edit") this.#drafts.set(this.#key, this.#input.value);
    this.#attachments = [];
    this.#mode = { kind: "edit", message };
    this.#drawContext();
    this.#setText(message.text ?? message.caption);
    this.focus();
  }

  /** Put text in, as a button of the bot asks; inline queries start by themselves. */
  fill(text) {
    this.#leaveEdit();
    this.#setText(text);
    this.focus();
    this.#inputChanged();
  }

  /** A message is gone: nothing can refer to it any more. */
  forget(messageId) {
    if (this.#mode.message?.message_id === messageId) this.#cancelMode();
  }

  inlineAnswered(queryId) {
    this.#inline.answered(queryId);
  }

  #setText(text) {
    this.#input.value = text;
    this.#grow();
  }

  #grow() {
    this.#input.style.height = "auto";
    // Before the page shows it there is nothing to measure.
    if (this.#input.scrollHeight) this.#input.style.height = `${this.#input.scrollHeight}px`;
  }

  #leaveEdit() {
    if (this.#mode.kind === "edit") this.#cancelMode();
  }

  #cancelMode() {
    const wasEdit = this.#mode.kind === "edit";
    this.#mode = { kind: "write" };
    this.#drawContext();
    if (wasEdit) this.#setText(this.#drafts.get(this.#key) ?? "");
  }

  #drawContext() {
    const rows = [];
    const cancel = (label, onClick) =>
      iconButton("close", label, () => {
        onClick();
        this.focus();
      });
    if (this.#mode.kind !== "write") {
      const { kind, message } = this.#mode;
      const title = kind === "edit" ? t("Mengubah pesan") : t("Membalas {name}", { name: senderName(message) });
      rows.push(
        el(
          "div",
          { class: "context-row" },
          icon(kind),
          contextWords(title, summary(message)),
          cancel(kind === "edit" ? t("Batal mengubah") : t("Batal membalas"), () => this.#cancelMode()),
        ),
      );
    }
    this.#attachments.forEach((file, index) => {
      rows.push(
        el(
          "div",
          { class: "context-row" },
          icon("file"),
          contextWords(file.name, fileSize(file.size)),
          index === 0 && this.#mayBePhotos() ? this.#photoChoice() : null,
          cancel(t("Batal melampirkan {name}", file), () => this.#attach(this.#attachments.filter((one) => one !== file))),
        ),
      );
    });
    this.#context.replaceChildren(...rows);
    this.#context.hidden = rows.length === 0;
  }

  #mayBePhotos() {
    return this.#attachments.every(({ type, size }) => PHOTO_TYPES.has(type) && size <= MAX_PHOTO_BYTES);
  }

  #photoChoice() {
    const change = () => {
      this.#asPhoto = check.checked;
    };
    const check = el("input", { type: "checkbox", checked: this.#asPhoto, on: { change } });
    return el("label", { class: "as-photo" }, check, ` ${t("sebagai foto")}`);
  }

  /** Attach these files and no others; several go as one album. */
  #attach(files) {
    this.#file.value = "";
    if (files.some(({ size }) => size > MAX_FILE_BYTES)) return failed(new Error(t("Berkas itu lebih besar dari 50 MB.")));
    if (files.length > MAX_ALBUM) return failed(new Error(t("Paling banyak {count} berkas sekaligus.", { count: MAX_ALBUM })));
    this.#leaveEdit();
    this.#attachments = files;
    this.#asPhoto = this.#mayBePhotos();
    this.#drawContext();
    return this.focus();
  }

  async #sendFiles(files, asPhoto, caption, replyTo) {
    const parts = await Promise.all(
      files.map(async (file, index) => ({
        kind: asPhoto ? "photo" : "document",
        file_base64: await readBase64(file),
        file_name: file.name,
        // The first part carries the words for all of them.
        ...(index === 0 && caption ? { caption } : {}),
      })),
    );
    if (parts.length > 1) await this.host.sendAlbum(parts, { replyTo });
    else await this.host.sendMedia({ ...parts[0], reply_to: replyTo });
  }

  async #submit() {
    const text = this.#input.value;
    const { kind, message } = this.#mode;
    const attachments = this.#attachments;
    if (this.#isSending || (!text.trim() && !attachments.length)) return;
    const longest = attachments.length || message?.caption ? MAX_CAPTION : MAX_TEXT;
    if (text.trim().length > longest) {
      failed(new Error(t("Terlalu panjang: {length} karakter, paling banyak {most}.", { length: count(text.trim().length), most: count(longest) })));
      return;
    }
    this.#closePopups();
    // Emptied at once, so that a second Enter sends nothing twice; put back when it failed.
    this.#isSending = true;
    this.#attachments = [];
    this.#mode = { kind: "write" };
    this.#drawContext();
    this.#setText("");
    try {
      const replyTo = kind === "reply" ? message.message_id : undefined;
      if (kind === "edit") {
        await this.host.edit(message, text);
        this.#setText(this.#drafts.get(this.#key) ?? "");
      } else if (attachments.length) {
        await this.#sendFiles(attachments, this.#asPhoto, text.trim(), replyTo);
      } else await this.host.sendText(text, { replyTo });
    } catch (error) {
      failed(error);
      this.#attachments = attachments;
      this.#mode = kind === "write" ? { kind } : { kind, message };
      this.#drawContext();
      this.#setText(text);
    } finally {
      this.#isSending = false;
    }
  }

  #keyDown(event) {
    if (event.isComposing) return;
    if (this.#suggestions.handleKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.#mode.kind !== "write") {
      event.preventDefault();
      this.#cancelMode();
    }
  }

  #inputChanged() {
    this.#grow();
    const text = this.#input.value;
    if (this.#inline.typed(text)) return;
    const typed = /^\/(\w*)$/u.exec(text)?.[1]?.toLowerCase();
    const fitting = typed === undefined ? [] : this.#commands.filter(({ command }) => command.startsWith(typed));
    this.#suggestions.show(
      t("Perintah"),
      fitting.map(({ command, description }) => ({
        title: `/${command}`,
        note: description,
        onPick: () => {
          this.#setText("");
          this.#suggestions.hide();
          this.#sendCommand(command);
        },
      })),
    );
  }

  #closePopups() {
    this.#suggestions.hide();
    this.#toggleMenu(false);
  }

  #toggleMenu(isOpen) {
    if (isOpen) {
      this.#suggestions.hide();
      this.#menu.replaceChildren(
        el(
          "ul",
          { "aria-label": t("Perintah") },
          ...this.#commands.map(({ command, description }) =>
            el(
              "li",
              {},
              el(
                "button",
                { type: "button", class: "menu-item", on: { click: () => this.#pickCommand(command) } },
                el("span", { class: "option-title", text: `/${command}` }),
                el("span", { class: "muted option-note", text: description }),
              ),
            ),
          ),
        ),
      );
    }
    this.#menu.hidden = !isOpen;
    this.#menuButton.setAttribute("aria-expanded", String(isOpen));
  }

  #pickCommand(command) {
    this.#toggleMenu(false);
    if (hasFinePointer.matches) this.focus();
    else this.#menuButton.focus();
    this.#sendCommand(command);
  }

  /** In a group the menu names the bot, as Telegram's own apps do. */
  #sendCommand(command) {
    const suffix = this.host.conversation.kind === "private" ? "" : `@${this.host.botUsername}`;
    this.host.sendText(`/${command}${suffix}`, {}).catch(failed);
  }

  #menuKey(event) {
    const items = [...this.#menu.querySelectorAll("button")];
    const index = items.indexOf(document.activeElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape") {
      this.#toggleMenu(false);
      this.#menuButton.focus();
    } else if (next !== undefined) items.at(next % items.length)?.focus();
    else return;
    event.preventDefault();
  }
}

const contextWords = (title, note) =>
  el(
    "p",
    { class: "context-words" },
    el("strong", { text: title }),
    el("span", { class: "muted", dir: "auto", text: note }),
  );
