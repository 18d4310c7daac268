// The list of conversations: newest words, unread counts, topics beneath their group.

import { el, initials, tone } from "./dom.js";
import { shortStamp } from "./format.js";
import { senderName, serviceText, summary } from "./message.js";
import { t } from "./words.js";

/** `view`: {conversations, currentKey, viewerId, now, zone, lastOf(conversation), unreadOf(key), onOpen(key)}. */
export function renderChats(view) {
  const list = el("ul", { class: "chat-list" });
  let topics = null;
  for (const one of view.conversations) {
    if (one.kind === "forum") {
      topics = el("ul", { class: "chat-list is-topics" });
      const heading = el("p", { class: "forum" }, face(one), el("span", { class: "chat-title", text: one.title }));
      list.append(el("li", {}, heading, topics));
      continue;
    }
    (one.kind === "topic" ? topics : list).append(el("li", {}, chatLink(one, view)));
  }
  return list;
}

export function face({ kind, faceId, title }) {
  const text = kind === "topic" ? "#" : initials(title);
  return el("span", { class: `avatar ${tone(faceId, kind === "private")}`, "aria-hidden": "true", text });
}

function chatLink(one, view) {
  const last = view.lastOf(one);
  const unread = view.unreadOf(one.key);
  const isMine = last?.from?.id === view.viewerId;
  const needsNoName = !last || serviceText(last) !== null || (one.kind === "private" && !isMine);
  const speaker = needsNoName ? "" : isMine ? t("Anda: ") : `${senderName(last)}: `;
  const unsaid = one.kind === "topic" ? t("Belum ada pesan") : one.note;
  const preview = last ? speaker + summary(last) : unsaid;
  return el(
    "button",
    {
      type: "button",
      class: "chat-link",
      "aria-current": one.key === view.currentKey ? "true" : null,
      data: { key: one.key },
      on: { click: () => view.onOpen(one.key) },
    },
    face(one),
    el(
      "span",
      { class: "chat-names" },
      el("span", { class: "chat-title", dir: "auto", text: one.title }),
      el("span", { class: "chat-preview muted", dir: "auto", text: preview }),
    ),
    el(
      "span",
      { class: "chat-side" },
      last ? el("span", { class: "muted", text: shortStamp(last.date, view.now, view.zone) }) : null,
      unread ? unreadBadge(unread) : null,
    ),
  );
}

const unreadBadge = (number) =>
  el("span", { class: "unread" }, String(number), el("span", { class: "visually-hidden", text: t(" belum dibaca") }));
