// The conversation as a live log: day separators, bubbles grouped by sender, redrawn only where something changed.

import { el, icon } from "./dom.js";
import { dayKey, dayLabel } from "./format.js";
import { renderMessage } from "./message.js";
import { t } from "./words.js";

const NEAR_END_PX = 96;
const SAME_BREATH_S = 300;

export class Transcript {
  #frame;
  #log = null;
  #drawn = new Map(); // key -> {node, signature}
  #toEnd;
  #isStuck = true; // at the end, and to stay there when the window or a picture changes its size
  #resized = new ResizeObserver(() => this.#isStuck && this.scrollToEnd());

  constructor(frame, toEnd) {
    this.#frame = frame;
    this.#toEnd = toEnd;
    toEnd.append(icon("down"));
    toEnd.addEventListener("click", () => {
      this.scrollToEnd();
      this.#log.focus();
    });
  }

  /** Start another conversation. A new element, because filling a live one would read the whole history aloud. */
  open(title, intro) {
    this.#drawn.clear();
    this.#toEnd.hidden = true;
    this.#log = el(
      "div",
      {
        class: "log",
        role: "log",
        "aria-live": "polite",
        "aria-label": `${t("Percakapan")}: ${title}`,
        tabindex: "0",
        on: { scroll: () => this.#scrolled(), keydown: (event) => this.#moveFocus(event) },
      },
      el("div", { class: "log-inner" }, intro, typingMark()),
    );
    this.#isStuck = true;
    this.#log.addEventListener("load", () => this.#isStuck && this.scrollToEnd(), { capture: true });
    this.#resized.disconnect();
    this.#resized.observe(this.#log);
    this.#frame.replaceChildren(this.#log);
  }

  get isOpen() {
    return this.#log !== null;
  }

  get #inner() {
    return this.#log.firstChild;
  }

  setTyping(isTyping) {
    const stick = this.#isStuck;
    this.#inner.lastChild.hidden = !isTyping;
    if (stick) this.scrollToEnd();
  }

  /** Draw `messages`; `viewOf(message, isContinued, album)` is what renderMessage needs and {signature} beside it. */
  draw(messages, { now, zone }, viewOf, { isFirst = false, follow = false } = {}) {
    const stick = isFirst || follow || this.#isStuck;
    const items = this.#items(messages, now, zone, viewOf);
    const wanted = new Set(items.map((item) => item.key));
    for (const [key, { node }] of this.#drawn) {
      if (wanted.has(key)) continue;
      if (node.contains(document.activeElement)) this.#log.focus();
      node.remove();
      this.#drawn.delete(key);
    }
    let place = this.#inner.firstChild.nextSibling; // after the intro
    let latest = null;
    for (const item of items) {
      const drawn = this.#drawn.get(item.key);
      if (drawn?.signature === item.signature) {
        if (drawn.node === place) place = place.nextSibling;
        else this.#inner.insertBefore(drawn.node, place);
        continue;
      }
      const node = item.render();
      if (drawn) {
        if (drawn.node === place) place = place.nextSibling;
        replaceKeepingFocus(drawn.node, node);
      } else {
        this.#inner.insertBefore(node, place);
        latest = node;
      }
      this.#drawn.set(item.key, { node, signature: item.signature });
    }
    if (stick) this.#follow(isFirst ? null : latest);
    else if (latest) this.#toEnd.hidden = false;
  }

  #items(messages, now, zone, viewOf) {
    const items = [];
    const albums = albumPlaces(messages);
    let previous = null;
    for (const message of messages) {
      if (!previous || dayKey(previous.date, zone) !== dayKey(message.date, zone)) {
        const label = dayLabel(message.date, now, zone, { today: t("Hari ini"), yesterday: t("Kemarin") });
        items.push({
          key: `day ${dayKey(message.date, zone)}`,
          signature: label,
          render: () => el("p", { class: "day" }, el("span", { text: label })),
        });
        previous = null;
      }
      const isContinued =
        previous?.from?.id === message.from?.id &&
        previous?.sender_chat?.id === message.sender_chat?.id &&
        message.date - (previous?.date ?? 0) < SAME_BREATH_S;
      const { signature, ...view } = viewOf(message, isContinued, albums.get(message.message_id) ?? null);
      items.push({ key: message.message_id, signature, render: () => renderMessage(message, view) });
      previous = message;
    }
    return items;
  }

  jumpTo(messageId) {
    const node = this.#drawn.get(messageId)?.node;
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    node.classList.add("is-found");
    setTimeout(() => node.classList.remove("is-found"), 1500);
  }

  scrollToEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#toEnd.hidden = true;
    this.#isStuck = true;
  }

  #isAtEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_END_PX;
  }

  /** To the end, but never past the first line of a message that is higher than the window. */
  #follow(node) {
    if (node?.matches(".is-theirs") && node.offsetHeight > this.#log.clientHeight - 40) {
      this.#log.scrollTop = node.offsetTop - 12;
      this.#toEnd.hidden = false;
      this.#isStuck = false;
    } else this.scrollToEnd();
  }

  #scrolled() {
    this.#isStuck = this.#isAtEnd();
    if (this.#isStuck) this.#toEnd.hidden = true;
  }

  #moveFocus(event) {
    const current = event.target;
    if (current !== this.#log && !current.matches("article")) return;
    const articles = [...this.#log.querySelectorAll("article")];
    const index = articles.indexOf(current);
    const next = {
      ArrowUp: index < 0 ? articles.length - 1 : index - 1,
      ArrowDown: index < 0 ? articles.length : index + 1,
      Home: 0,
      End: articles.length - 1,
    }[event.key];
    if (next === undefined || !articles[next]) return;
    event.preventDefault();
    articles[next].focus();
  }
}

/** The place of every message that is a part of an album: message id -> {place, of}. */
function albumPlaces(messages) {
  const albums = new Map();
  for (const message of messages) {
    const album = message.media_group_id;
    if (album) albums.set(album, [...(albums.get(album) ?? []), message]);
  }
  const places = new Map();
  for (const parts of albums.values()) {
    parts.forEach(({ message_id: id }, index) => places.set(id, { place: index + 1, of: parts.length }));
  }
  return places;
}

const typingMark = () =>
  el("div", { class: "typing", "aria-hidden": "true", hidden: true }, el("span"), el("span"), el("span"));

/** An edit of the bot must not throw the keyboard's user out: the same control, the next best, or the message. */
function replaceKeepingFocus(old, fresh) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const wasOpen = old.querySelector(".folded.is-open") !== null;
  const picked = [...old.querySelectorAll(".poll input:checked")].map((input) => input.value);
  old.replaceWith(fresh);
  for (const input of fresh.querySelectorAll(".poll input")) {
    if (picked.includes(input.value)) input.click();
  }
  if (wasOpen) fresh.querySelector(".folded .quote-toggle")?.click();
  if (!active) return;
  const name = active.dataset.focus;
  const target =
    (name && fresh.querySelector(`[data-focus="${name}"]`)) ?? fresh.querySelector(".keyboard .key") ?? fresh;
  target.focus({ preventScroll: true });
}
