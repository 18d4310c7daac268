// The two kinds of keyboard: buttons under a message, and answers in place of the letters.

import { button, el, icon } from "./dom.js";
import { link } from "./entities.js";
import { safeUrl } from "./links.js";
import { t } from "./words.js";

const STYLES = new Set(["danger", "success", "primary"]);
const styleOf = (key) => (STYLES.has(key.style) ? `is-${key.style}` : "");

/** `actions`: {onPress(row, column, node), onSwitch(query, whereTo), onCopy(text), onDeepLink, now}. */
export function inlineKeyboard(rows, actions) {
  return el(
    "div",
    { class: "keyboard", role: "group", "aria-label": t("Tombol pesan") },
    ...rows.map((keys, row) =>
      el("div", { class: "keyboard-row" }, ...keys.map((key, column) => inlineKey(key, row, column, actions))),
    ),
  );
}

function inlineKey(key, row, column, actions) {
  const className = `key ${styleOf(key)}`;
  const focus = `key-${row}-${column}`;
  const words = el("span", { dir: "auto", text: key.text });
  const marked = (name) => [words, icon(name)];
  const plain = (onClick, ...content) =>
    el("button", { type: "button", class: className, "data-focus": focus, on: { click: onClick } }, ...content);
  const address = key.url ?? key.login_url?.url ?? key.web_app?.url;
  if (address !== undefined) {
    if (!safeUrl(address)) return plain(() => actions.onDeepLink(null, address), ...marked("external"));
    const node = link(address, "", actions, className);
    node.dataset.focus = focus;
    node.append(...marked("external"));
    return node;
  }
  if (key.copy_text) return plain(() => actions.onCopy(key.copy_text.text), ...marked("copy"));
  if (key.switch_inline_query_current_chat !== undefined) {
    return plain(() => actions.onSwitch(key.switch_inline_query_current_chat, null), words);
  }
  if (key.switch_inline_query !== undefined) {
    return plain(() => actions.onSwitch(key.switch_inline_query, {}), ...marked("forward"));
  }
  if (key.switch_inline_query_chosen_chat) {
    const target = key.switch_inline_query_chosen_chat;
    return plain(() => actions.onSwitch(target.query ?? "", target), ...marked("forward"));
  }
  const node = plain(() => actions.onPress(row, column, node), words);
  return node;
}

/** `onKey(key)` gets the button object as the bot sent it, or its text. */
export function replyKeyboard(rows, onKey) {
  return rows.map((keys) =>
    el(
      "div",
      { class: "keyboard-row" },
      ...keys.map((key) => button(key.text ?? key, () => onKey(key), { class: `key ${styleOf(key)}`, dir: "auto" })),
    ),
  );
}
