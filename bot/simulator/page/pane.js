// The world as one person sees it: their chats, one conversation, the input. A page may show several side by side.

import { ActionLine } from "./action.js";
import { Presses } from "./answers.js";
import { call } from "./api.js";
import { face, renderChats } from "./chats.js";
import { Composer } from "./composer.js";
import { confirmDialog, failed } from "./dialogs.js";
import { el, icon, uniqueId } from "./dom.js";
import { fullName, zoneName } from "./format.js";
import { Leads } from "./leads.js";
import { drawChips, introduction } from "./opening.js";
import { ReplyMarkup } from "./reply_markup.js";
import { Transcript } from "./transcript.js";
import { t } from "./words.js";
import { conversationOf } from "./world.js";

export class Pane {
  #world;
  #transcript;
  #composer;
  #parts;
  #part;
  #key = null;
  #unread = new Map(); // "viewer key" -> number
  #presses;
  #replyMarkup;
  #leads;
  #action;

  /** `part`: what the person is in the play, who then stays the same. */
  constructor(world, viewerId, part = null) {
    this.#world = world;
    this.viewerId = viewerId;
    this.#part = part;
    this.element = document.getElementById("pane-template").content.firstElementChild.cloneNode(true);
    const find = (selector) => this.element.querySelector(selector);
    this.#parts = {
      select: find("select"),
      chats: find(".chats"),
      back: find(".back"),
      avatar: find(".talk-head .avatar"),
      title: find(".talk-title"),
      banner: find(".banner"),
      chips: find(".chips"),
      talk: find(".talk"),
      skip: find(".skip"),
      whose: find(".whose"),
      stop: find(".stop"),
      stopped: find(".stopped"),
      composer: find(".composer"),
      person: find(".person"),
    };
    this.#parts.title.id = uniqueId("title");
    this.#parts.talk.setAttribute("aria-labelledby", this.#parts.title.id);
    this.#transcript = new Transcript(find(".log-frame"), find(".to-end"));
    this.#action = new ActionLine(find(".talk-sub"), this.#transcript);
    this.#leads = new Leads(this.#leadsHost());
    this.#composer = new Composer(find(".composer"), this.#composerHost());
    this.#presses = new Presses(() => fullName(world.bot), (address) => this.#leads.openAddress(address));
    this.#replyMarkup = new ReplyMarkup(find(".reply-keyboard"), this.#replyMarkupHost());
    this.#parts.back.append(icon("back"));
    this.#parts.back.addEventListener("click", () => this.#show("list"));
    this.#parts.select.addEventListener("change", () => this.become(Number(this.#parts.select.value)));
    this.#parts.skip.addEventListener("click", (event) => {
      event.preventDefault();
      this.#composer.focus();
    });
    this.#parts.stop.addEventListener("click", () => call("block_bot", { user_id: this.viewerId }).catch(failed));
    this.#parts.stopped.querySelector("button").addEventListener("click", () => this.#startAgain().catch(failed));
    this.#show("talk", { moveFocus: false });
    this.#listen();
    this.reset();
  }

  /** After the pane was brought up by a click: to its input, where that brings up no keyboard. */
  focusIfHandy() {
    this.#composer.focusIfHandy();
  }

  /** Show the world as another person. */
  become(viewerId) {
    this.viewerId = viewerId;
    this.#key = null;
    this.reset();
    this.element.dispatchEvent(new CustomEvent("person", { detail: viewerId }));
  }

  /** Draw everything anew from the world as it is now known. */
  reset() {
    this.#drawPeople();
    this.#loadChats();
    this.#presses.catchUp();
    const known = this.#conversations().find((one) => one.key === this.#key);
    this.open(known?.key ?? this.#conversations().find((one) => one.kind !== "forum")?.key);
  }

  #drawPeople() {
    const users = [...this.#world.users.values()];
    this.#parts.select.replaceChildren(
      ...users.map((user) => el("option", { value: user.id, text: fullName(user), selected: user.id === this.viewerId })),
    );
    this.#parts.person.hidden = this.#part !== null;
    this.#parts.whose.hidden = this.#part === null;
    if (this.#part !== null) this.#drawWhose();
    this.element.setAttribute("aria-label", t("Sebagai {name}", { name: fullName(this.#world.users.get(this.viewerId)) }));
  }

  #drawWhose() {
    const zone = zoneName(this.#world.zoneOf(this.viewerId));
    const name = fullName(this.#world.users.get(this.viewerId));
    this.#parts.whose.replaceChildren(el("strong", { text: this.#part }), ` ${[name, zone].filter(Boolean).join(" · ")}`);
  }

  #loadChats() {
    for (const { chatId } of this.#conversations()) this.#world.load(chatId, this.viewerId).catch(failed);
  }

  get conversation() {
    return this.#conversations().find((one) => one.key === this.#key);
  }

  #conversations() {
    return this.#world.conversationsOf(this.viewerId);
  }

  /** Open a conversation by its key. */
  open(key) {
    if (key === undefined) return;
    this.#key = key;
    this.#unread.delete(`${this.viewerId} ${key}`);
    const { conversation } = this;
    this.#parts.title.textContent = conversation.title;
    const avatar = face(conversation);
    this.#parts.avatar.replaceWith(avatar);
    this.#parts.avatar = avatar;
    this.#action.rest(conversation.note);
    this.#replyMarkup.forget();
    this.#composer.open(`${this.viewerId} ${key}`);
    const intro = introduction(conversation.kind, this.#world.bot?.username, () => this.#send("/start"));
    this.#transcript.open(conversation.title, intro);
    this.#draw({ isFirst: true });
    this.#drawChats();
    this.#readCommands();
  }

  #messages() {
    return this.conversation ? this.#world.messagesOf(this.conversation) : [];
  }

  #draw(options) {
    const messages = this.#messages();
    const isGroup = this.conversation.kind !== "private";
    const viewOf = (message, isContinued, album) => this.#viewOf(message, isContinued, album, isGroup);
    const when = { now: this.#world.now(), zone: this.#world.zoneOf(this.viewerId) };
    this.#transcript.draw(messages, when, viewOf, options);
    this.element.querySelector(".intro").classList.toggle("is-over", messages.length > 0);
    this.#drawChips(messages);
    this.#drawStopped();
    this.#replyMarkup.draw(messages);
  }

  #viewOf(message, isContinued, album, isGroup) {
    const original = message.reply_to_message;
    const known = original && this.#world.message(message.chat.id, original.message_id);
    // In a topic every message counts as a reply to the one that opened it: that is no reply to show.
    const replied = original && !original.forum_topic_created && !known?.deleted ? (known ?? original) : null;
    const chosen = message.poll ? this.#world.voteOf(this.viewerId, message) : null;
    return {
      viewerId: this.viewerId,
      isGroup,
      isContinued,
      album,
      zone: this.#world.zoneOf(this.viewerId),
      chosen,
      replied,
      actions: this.#actions(message),
      signature: JSON.stringify([message, isContinued, album, chosen, replied?.message_id, replied?.edit_date, this.#world.ahead]),
    };
  }

  #actions(message) {
    return {
      now: () => this.#world.now(),
      zone: () => this.#world.zoneOf(this.viewerId),
      onCommand: (command) => {
        const isAddressed = this.conversation.kind === "private" || command.includes("@");
        this.#send(isAddressed ? command : `${command}@${this.#world.bot.username}`);
      },
      onDeepLink: (link, address) => this.#leads.openDeepLink(link, address),
      onPress: (row, column, node) => {
        const place = { user_id: this.viewerId, chat_id: message.chat.id, message_id: message.message_id, row, column };
        this.#presses.press(place, node).catch(failed);
      },
      onCopy: (text) => this.#leads.copy(text),
      onSwitch: (query, target) => this.#leads.switchInline(query, target),
      onReply: (one) => this.#composer.reply(one),
      onEdit: (one) => this.#composer.edit(one),
      onForward: (one) => this.#leads.forward(one, this.#messages()).catch(failed),
      onDelete: (one) => this.#delete(one).catch(failed),
      onVote: (one, options) => this.#world.vote(this.viewerId, one, options).catch(failed),
      onJump: (messageId) => this.#transcript.jumpTo(messageId),
    };
  }

  #drawChats() {
    const { chats } = this.#parts;
    const focused = chats.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    chats.replaceChildren(
      renderChats({
        conversations: this.#conversations(),
        currentKey: this.#key,
        viewerId: this.viewerId,
        now: this.#world.now(),
        zone: this.#world.zoneOf(this.viewerId),
        lastOf: (one) => this.#world.messagesOf(one).at(-1),
        unreadOf: (key) => this.#unread.get(`${this.viewerId} ${key}`) ?? 0,
        onOpen: (key) => {
          this.open(key);
          this.#show("talk");
        },
      }),
    );
    if (focused) chats.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  #drawChips(messages) {
    drawChips(this.#parts.chips, {
      conversation: this.conversation,
      messages,
      viewerId: this.viewerId,
      onAsk: (question) => {
        this.#composer.focusIfHandy();
        const isPrivate = this.conversation.kind === "private";
        this.#send(isPrivate ? question : `/tanya@${this.#world.bot.username} ${question}`);
      },
    });
  }

  #replyMarkupHost() {
    const pane = this;
    return {
      get viewer() {
        return pane.#world.users.get(pane.viewerId);
      },
      onKey: (key) => {
        if (key.request_contact) this.#sendMedia({ kind: "contact" }).catch(failed);
        else if (key.request_location) this.#sendMedia({ kind: "location" }).catch(failed);
        else this.#send(key.text ?? key);
      },
      onReply: (message) => this.#composer.reply(message, { focus: false }),
      onPlaceholder: (words) => {
        const usual = this.conversation.kind === "private" ? t("Tulis pertanyaan…") : t("Tulis ke grup…");
        this.#composer.setPlaceholder(words ?? usual);
      },
      onHidden: () => this.#composer.focusIfHandy(),
    };
  }

  #composerHost() {
    const pane = this;
    return {
      get viewerId() {
        return pane.viewerId;
      },
      get conversation() {
        return pane.conversation;
      },
      get botUsername() {
        return pane.#world.bot?.username;
      },
      sendText: (text, { replyTo }) => this.#call("send", { text, reply_to: replyTo, ...this.#thread() }),
      sendMedia: (args) => this.#sendMedia(args),
      sendAlbum: (parts, { replyTo }) => this.#call("send_album", { parts, reply_to: replyTo, ...this.#thread() }),
      edit: (message, text) => this.#call("edit", { message_id: message.message_id, text }),
      chooseInline: (queryId, resultId) => this.#call("choose_inline", { inline_query_id: queryId, result_id: resultId }),
      openStart: (parameter) => this.#leads.openDeepLink({ username: this.#world.bot.username, start: parameter }),
    };
  }

  #call(verb, args) {
    return call(verb, { user_id: this.viewerId, chat_id: this.conversation.chatId, ...args });
  }

  #thread() {
    return this.conversation.threadId ? { thread_id: this.conversation.threadId } : {};
  }

  #send(text) {
    this.#call("send", { text, ...this.#thread() }).catch(failed);
  }

  #sendMedia(args) {
    return this.#call("send_media", { ...args, ...this.#thread() });
  }

  async #delete(message) {
    if (!(await confirmDialog(t("Hapus pesan ini?"), t("Pesan hilang untuk semua orang di obrolan ini."), t("Hapus")))) return;
    await this.#call("delete", { message_id: message.message_id });
  }

  #leadsHost() {
    const pane = this;
    return {
      get viewerId() {
        return pane.viewerId;
      },
      get botUsername() {
        return pane.#world.bot?.username;
      },
      conversations: () => this.#conversations(),
      open: (key) => this.open(key),
      show: (options) => this.#show("talk", options),
      send: (text) => this.#send(text),
      fill: (text) => this.#composer.fill(text),
    };
  }

  #show(view, { moveFocus = true } = {}) {
    this.element.dataset.view = view;
    if (!moveFocus) return;
    if (view === "list") this.#parts.chats.querySelector("[aria-current]")?.focus();
    else if (getComputedStyle(this.#parts.back).display === "none") this.#composer.focusIfHandy();
    else this.#parts.back.focus();
  }

  #listen() {
    const on = (name, react) => this.#world.addEventListener(name, ({ detail }) => react(detail));
    on("message", (detail) => this.#messageChanged(detail));
    on("loaded", ({ chatId }) => {
      if (this.conversation?.chatId === chatId) this.#draw({ isFirst: true });
      this.#drawChats();
    });
    on("world", () => this.#worldChanged());
    on("clock", () => this.#clockMoved());
    on("callback_answered", ({ callback_id: id }) => this.#presses.answered(id));
    on("inline_answered", ({ inline_query_id: id }) => this.#composer.inlineAnswered(id));
    on("commands_changed", () => this.#readCommands());
    on("chat_action", (event) => this.#action.seen(event, this.conversation));
    on("line", ({ isUp }) => {
      this.#parts.banner.textContent = isUp ? "" : t("Sambungan ke simulator terputus. Menyambung lagi…");
    });
  }

  #messageChanged({ chatId, message, isNew }) {
    const place = conversationOf(this.#conversations(), chatId, message);
    if (!place) return;
    const isMine = message.from?.id === this.viewerId;
    if (place.key === this.#key) {
      if (message.deleted) this.#composer.forget(message.message_id);
      if (isNew && !isMine) this.#action.rest();
      this.#draw({ follow: isNew && isMine });
    } else if (isNew && !isMine) {
      const slot = `${this.viewerId} ${place.key}`;
      this.#unread.set(slot, (this.#unread.get(slot) ?? 0) + 1);
    }
    this.#drawChats();
  }

  /** People or chats came or went: keep the place if it is still there. */
  #worldChanged() {
    if (!this.conversation) {
      this.reset();
      return;
    }
    this.#drawPeople();
    this.#loadChats();
    this.#parts.title.textContent = this.conversation.title;
    this.#action.rest(this.conversation.note);
    this.#drawStopped();
    this.#drawChats();
  }

  /** Another day, another distance: whatever is written as a time. */
  #clockMoved() {
    if (!this.conversation) return;
    this.#draw();
    this.#drawChats();
  }

  /** Whoever has stopped the bot can only start it again. */
  #drawStopped() {
    const isPrivate = this.conversation?.kind === "private";
    const hasStopped = isPrivate && this.#world.hasStopped(this.viewerId);
    this.#parts.stop.hidden = !isPrivate || hasStopped || this.#messages().length === 0;
    this.#parts.stopped.hidden = !hasStopped;
    this.#parts.composer.hidden = hasStopped;
  }

  async #startAgain() {
    await call("unblock_bot", { user_id: this.viewerId });
    await this.#call("send", { text: "/start" });
    this.#composer.focusIfHandy();
  }

  async #readCommands() {
    const key = this.#key;
    try {
      const commands = await this.#call("commands", {});
      if (key === this.#key) this.#composer.setCommands(commands);
    } catch (error) {
      failed(error);
    }
  }
}
