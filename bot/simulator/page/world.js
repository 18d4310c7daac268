// What the page knows of the simulated world, kept current by the stream of events. Shared by every pane.

import { call, followEvents } from "./api.js";
import { fullName } from "./format.js";
import { t } from "./words.js";

const REFRESH_PAUSE_MS = 50;

export class World extends EventTarget {
  bots = [];
  users = new Map();
  chats = new Map();
  #messages = new Map(); // chat id -> Map of message id -> message
  #loading = new Map(); // chat id -> promise
  #votes = new Votes();
  #refreshTimer = null;
  #clockAhead = 0; // seconds: the simulated clock against this computer's

  /** Follow the simulator; "reset" is emitted once the world is known, and anew after each loss of the line. */
  start() {
    followEvents({
      onOpen: () => this.#readAnew(),
      onEvent: (event) => this.#apply(event),
      onLost: () => this.#emit("line", { isUp: false }),
    });
  }

  async #readAnew() {
    try {
      await this.#readState();
      this.#messages.clear();
      this.#loading.clear();
      this.#emit("line", { isUp: true });
      this.#emit("reset");
    } catch {
      this.#emit("line", { isUp: false }); // the stream will break too, and try again
    }
  }

  get bot() {
    return this.bots[0];
  }

  /** How much the simulated clock is ahead of this computer's, in whole seconds. */
  get ahead() {
    return Math.round(this.#clockAhead);
  }

  /** Where the person's phone is; undefined for where this browser is. */
  zoneOf(userId) {
    return this.users.get(userId)?.time_zone;
  }

  hasStopped(userId) {
    return this.users.get(userId)?.blocked_bot_ids?.includes(this.bot?.id) ?? false;
  }

  now() {
    return Date.now() / 1000 + this.#clockAhead;
  }

  async #readState() {
    const state = await call("state");
    this.bots = state.bots;
    this.users = new Map(state.users.filter((user) => !user.is_bot).map((user) => [user.id, user]));
    this.chats = new Map(state.chats.map((chat) => [chat.id, chat]));
    this.#clockAhead = state.now - Date.now() / 1000;
  }

  /** Read the world once for many changes: an office of a thousand people arrives one by one. */
  #refreshSoon() {
    this.#refreshTimer ??= setTimeout(async () => {
      this.#refreshTimer = null;
      try {
        await this.#readState();
        this.#emit("world");
      } catch {
        // The line is down; when it is up again everything is read anew.
      }
    }, REFRESH_PAUSE_MS);
  }

  /** What `viewerId` sees in the list: [{key, chatId, threadId, kind, title, note}]; kind "forum" is a heading only. */
  conversationsOf(viewerId) {
    const found = [];
    if (this.bot) {
      found.push({
        key: String(viewerId),
        chatId: viewerId,
        threadId: null,
        kind: "private",
        title: fullName(this.bot),
        note: `@${this.bot.username} · bot`,
        faceId: this.bot.id,
      });
    }
    for (const chat of this.chats.values()) {
      if (chat.type === "private" || !chat.member_ids?.includes(viewerId)) continue;
      const base = { chatId: chat.id, faceId: chat.id, note: t("{count} anggota", { count: chat.member_ids.length }) };
      if (!chat.is_forum) {
        found.push({ ...base, key: String(chat.id), threadId: null, kind: "group", title: chat.title });
        continue;
      }
      found.push({ ...base, key: `${chat.id}:`, threadId: null, kind: "forum", title: chat.title });
      const topics = [{ message_thread_id: 0, name: t("Umum") }, ...chat.topics];
      for (const topic of topics) {
        found.push({
          ...base,
          key: `${chat.id}:${topic.message_thread_id}`,
          threadId: topic.message_thread_id,
          kind: "topic",
          title: topic.name,
          note: chat.title,
        });
      }
    }
    return found;
  }

  /** The messages of one conversation in order, without deleted ones; [] before `load`. */
  messagesOf({ chatId, kind, threadId }) {
    const all = [...(this.#messages.get(chatId)?.values() ?? [])].filter((message) => !message.deleted);
    const here = kind === "topic" ? all.filter((message) => threadOf(message) === threadId) : all;
    return here.sort((a, b) => a.message_id - b.message_id);
  }

  message(chatId, messageId) {
    return this.#messages.get(chatId)?.get(messageId);
  }

  load(chatId, viewerId) {
    if (!this.#loading.has(chatId)) {
      const loading = call("messages", { chat_id: chatId, viewer_id: viewerId }).then((messages) => {
        for (const message of messages) this.#store(chatId, message);
        this.#emit("loaded", { chatId });
      });
      loading.catch(() => this.#loading.delete(chatId));
      this.#loading.set(chatId, loading);
    }
    return this.#loading.get(chatId);
  }

  #store(chatId, message) {
    if (!this.#messages.has(chatId)) this.#messages.set(chatId, new Map());
    const kept = this.#messages.get(chatId);
    const isNew = !kept.has(message.message_id);
    kept.set(message.message_id, message);
    return isNew;
  }

  /** The options this person voted for, null before a vote. */
  voteOf(viewerId, message) {
    return this.#votes.of(viewerId, message.poll.id);
  }

  async vote(viewerId, message, optionIds) {
    const chatId = message.chat.id;
    await call("vote", { user_id: viewerId, chat_id: chatId, message_id: message.message_id, option_ids: optionIds });
    this.#votes.set(viewerId, message.poll.id, optionIds);
    this.#emit("message", { chatId, message: this.message(chatId, message.message_id), isNew: false });
  }

  #apply(event) {
    switch (event.kind) {
      case "message":
      case "edited":
      case "deleted": {
        // A crowd's chats are nobody's here: a mailing to thousands must not fill the page.
        if (!this.#loading.has(event.chat_id)) break;
        const message = event.kind === "deleted" ? { ...event.message, deleted: true } : event.message;
        const isNew = this.#store(event.chat_id, message);
        this.#emit("message", { chatId: event.chat_id, message, isNew: isNew && event.kind === "message" });
        break;
      }
      case "clock":
        this.#clockAhead = event.now - Date.now() / 1000;
        this.#emit("clock");
        break;
      case "poll":
        break; // the messages that show it come as edited
      case "world":
        this.#refreshSoon();
        break;
      default:
        this.#emit(event.kind, event);
    }
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Who voted for what from this page: the simulator, like Telegram, tells it to nobody but the voter's own app. */
class Votes {
  static #KEY = "tanyacop.votes";
  #kept = JSON.parse(sessionStorage.getItem(Votes.#KEY) ?? "{}");

  of(viewerId, pollId) {
    return this.#kept[`${viewerId} ${pollId}`] ?? null;
  }

  set(viewerId, pollId, optionIds) {
    if (optionIds.length) this.#kept[`${viewerId} ${pollId}`] = optionIds;
    else delete this.#kept[`${viewerId} ${pollId}`];
    sessionStorage.setItem(Votes.#KEY, JSON.stringify(this.#kept));
  }
}

/** The topic of a message in a forum: 0 is the general one, whose messages carry no thread. */
const threadOf = (message) => (message.is_topic_message ? message.message_thread_id : 0);

/** The conversation among `conversations` in which a message of a chat appears. */
export const conversationOf = (conversations, chatId, message) =>
  conversations.find(
    (one) => one.chatId === chatId && one.kind !== "forum" && (one.kind !== "topic" || one.threadId === threadOf(message)),
  );
