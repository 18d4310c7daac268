// Message text with its entities as nodes. Offsets count UTF-16 units, as JavaScript strings do.

import { button, el, uniqueId } from "./dom.js";
import { dateTimeText, fullTime, isoTime } from "./format.js";
import { deepLink, safeUrl } from "./links.js";
import { t } from "./words.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

/**
 * Render `text`; `actions` says what links lead to:
 * {onCommand(text), onDeepLink({username, start}), now(), zone()}.
 */
export function renderText(text, entities, actions) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted, actions);
}

function span(text, start, end, entities, actions) {
  const fragment = document.createDocumentFragment();
  const waiting = [...entities];
  let cursor = start;
  let afterBlock = false;
  const addText = (until) => {
    let piece = text.slice(cursor, until);
    // A block stands on lines of its own: the line break beside it would show as an empty line.
    if (afterBlock) piece = piece.replace(/^\n/u, "");
    if (piece) fragment.append(piece);
    if (until > cursor) afterBlock = false;
    cursor = until;
  };
  while (waiting.length) {
    const entity = waiting.shift();
    const from = Math.max(entity.offset, cursor);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    addText(from);
    const inside = [];
    while (waiting.length && waiting[0].offset < to) {
      const inner = waiting.shift();
      inside.push(inner);
      const rest = inner.offset + inner.length - to;
      if (rest > 0) waiting.unshift({ ...inner, offset: to, length: rest });
      if (rest > 0) break;
    }
    const isBlock = BLOCKS.has(entity.type);
    if (isBlock && fragment.lastChild?.nodeType === Node.TEXT_NODE) {
      fragment.lastChild.data = fragment.lastChild.data.replace(/\n$/u, "");
    }
    fragment.append(wrap(entity, text.slice(from, to), span(text, from, to, inside, actions), actions));
    cursor = to;
    afterBlock = isBlock;
  }
  addText(end);
  return fragment;
}

function wrap(entity, words, content, actions) {
  switch (entity.type) {
    case "bold":
    case "italic":
    case "underline":
    case "strikethrough":
    case "code":
      return el(TAGS[entity.type], {}, content);
    case "pre":
      return el("pre", { tabindex: "0", "data-language": entity.language }, el("code", {}, content));
    case "spoiler":
      return spoiler(content);
    case "blockquote":
      return el("blockquote", {}, content);
    case "expandable_blockquote":
      return foldedQuote(content);
    case "text_link":
      return link(entity.url, content, actions);
    case "url":
      return link(words, content, actions);
    case "email":
      return link(`mailto:${words}`, content, actions);
    case "phone_number":
      return link(`tel:${words.replace(/[^+\d]/gu, "")}`, content, actions);
    case "bot_command":
      return button(words, () => actions.onCommand(words), { class: "link-button" });
    case "mention":
      return button(words, () => actions.onDeepLink({ username: words.slice(1), start: null }), { class: "link-button" });
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return el("span", { class: "tag" }, content);
    case "date_time":
      return dateTime(entity, content, actions);
    default:
      return el("span", {}, content);
  }
}

/** A link out of the page, or into the simulation where it is a deep link; plain text where it may not be opened. */
export function link(address, content, actions, className) {
  const inside = deepLink(address);
  if (inside) {
    const open = (event) => {
      event.preventDefault();
      actions.onDeepLink(inside);
    };
    const href = safeUrl(address) ?? "#";
    return el("a", { href, class: className, on: { click: open } }, content);
  }
  const href = safeUrl(address);
  if (!href) return el("span", {}, content);
  return el("a", { href, class: className, title: href, target: "_blank", rel: "noopener noreferrer" }, content);
}

function dateTime(entity, content, actions) {
  const shown = dateTimeText(entity.unix_time, entity.date_time_format, actions.now(), actions.zone());
  const attributes = { datetime: isoTime(entity.unix_time), title: fullTime(entity.unix_time, actions.zone()) };
  return shown === null ? el("time", attributes, content) : el("time", { ...attributes, text: shown });
}

function spoiler(content) {
  // Hidden, not merely covered: neither a screen reader nor the search of the browser reads it before it is opened.
  const secret = el("span", { hidden: true, tabindex: "-1" }, content);
  const cover = button(t("teks tersembunyi"), () => {
    secret.hidden = false;
    secret.focus();
    cover.remove();
  }, { class: "spoiler", title: t("Tampilkan teks tersembunyi") });
  return el("span", {}, cover, secret);
}

// A quotation that fits needs no button: whether it does is known only once it has a width.
const measured = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const quote = target.parentElement;
    if (!quote || quote.classList.contains("is-open")) continue;
    quote.classList.toggle("is-short", target.scrollHeight <= target.clientHeight + 2);
  }
});

function foldedQuote(content) {
  const id = uniqueId("quote");
  const text = el("div", { class: "quote-text", id }, content);
  const toggle = button(t("Tampilkan semua"), () => open(!quote.classList.contains("is-open")), {
    class: "quote-toggle",
    "aria-expanded": "false",
    "aria-controls": id,
    "data-focus": "quote",
  });
  const quote = el("blockquote", { class: "folded" }, text, toggle);
  const open = (isOpen) => {
    quote.classList.toggle("is-open", isOpen);
    toggle.setAttribute("aria-expanded", String(isOpen));
    toggle.textContent = isOpen ? t("Ringkas") : t("Tampilkan semua");
  };
  text.addEventListener("focusin", () => open(true)); // a link in the folded part must not get an invisible focus
  measured.observe(text);
  return quote;
}
