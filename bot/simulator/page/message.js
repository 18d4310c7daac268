// One message as an article: who, what, files, poll, keyboard, and what one may do with it.

import { el, iconButton, initials, tone } from "./dom.js";
import { renderText } from "./entities.js";
import { clockTime, fullName, fullTime, isoTime } from "./format.js";
import { inlineKeyboard } from "./keyboards.js";
import { mediaKind, renderMedia } from "./media.js";
import { renderPoll } from "./poll.js";
import { t } from "./words.js";

export const senderName = (message) =>
  message.sender_chat?.title ?? (message.from ? fullName(message.from) : (message.chat?.title ?? ""));

/** A short line that stands for a message: in previews, reply bars and the list of chats. */
export function summary(message) {
  const words = message.text ?? message.caption;
  const kind = mediaKind(message);
  if (words) return (kind ? `${kind}: ` : "") + words.replace(/\s+/gu, " ");
  if (message.poll) return `${t("Jajak pendapat")}: ${message.poll.question}`;
  return kind ?? serviceText(message) ?? t("Pesan");
}

/** The sentence for what happened to a chat, null for an ordinary message. */
export function serviceText(message) {
  const who = senderName(message);
  const names = (users) => users.map(fullName).join(", ");
  if (message.new_chat_members) {
    const isSelf = message.new_chat_members.length === 1 && message.new_chat_members[0].id === message.from?.id;
    return isSelf ? t("{who} bergabung", { who }) : t("{who} menambahkan {names}", { who, names: names(message.new_chat_members) });
  }
  if (message.left_chat_member) {
    const isSelf = message.left_chat_member.id === message.from?.id;
    return isSelf ? t("{who} keluar", { who }) : t("{who} mengeluarkan {name}", { who, name: fullName(message.left_chat_member) });
  }
  if (message.forum_topic_created) return t("Topik “{name}” dibuat", message.forum_topic_created);
  const newName = message.forum_topic_edited?.name;
  if (message.forum_topic_edited) return newName ? t("Topik diubah menjadi “{name}”", { name: newName }) : t("Topik diubah");
  if (message.forum_topic_closed) return t("Topik ditutup");
  if (message.forum_topic_reopened) return t("Topik dibuka lagi");
  if (message.new_chat_title) return t("{who} mengubah nama grup menjadi “{title}”", { who, title: message.new_chat_title });
  if (message.pinned_message) return t("{who} menyematkan sebuah pesan", { who });
  if (message.group_chat_created || message.supergroup_chat_created) return t("Grup dibuat");
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t("Grup ini menjadi supergrup");
  return null;
}

/**
 * `view`: {viewerId, zone, isGroup, isContinued, album, chosen, replied, actions}; `album` is {place, of} for a part of one. `actions` are those of text, keyboards and polls
 * plus {onReply, onForward, onEdit, onDelete, onVote, onJump}.
 */
export function renderMessage(message, view) {
  const service = serviceText(message);
  if (service) return el("p", { class: "service", data: { id: message.message_id } }, el("span", { text: service }));
  const isMine = message.from?.id === view.viewerId && !message.sender_chat;
  const who = isMine ? t("Anda") : senderName(message);
  const time = clockTime(message.date, view.zone);
  const colour = tone(message.from?.id ?? 0, message.from?.is_bot);
  const isNamed = view.isGroup && !isMine;
  const via = (words) => el("p", { class: "via muted", text: words });
  const parts = [
    isNamed && !view.isContinued ? el("p", { class: `sender ${colour}`, dir: "auto", text: who }) : null,
    message.via_bot ? via(`via @${message.via_bot.username}`) : null,
    message.forward_origin ? via(t("Diteruskan dari {name}", { name: originName(message.forward_origin) })) : null,
    replyPreview(view, message),
    view.album ? el("p", { class: "album muted", text: t("Album, berkas {place} dari {of}", view.album) }) : null,
    ...body(message, view),
    reactions(message),
    el(
      "p",
      { class: "meta" },
      message.edit_date ? el("span", { text: t("diedit ") }) : null,
      el("time", { datetime: isoTime(message.date), title: fullTime(message.date, view.zone), text: time }),
    ),
  ];
  const rows = message.reply_markup?.inline_keyboard;
  const keyboard = rows?.length ? inlineKeyboard(rows, view.actions) : null;
  const mark = view.isContinued ? "" : initials(who);
  return el(
    "article",
    {
      class: `message ${isMine ? "is-mine" : "is-theirs"} ${view.isContinued ? "is-continued" : ""} ${view.album ? "is-album" : ""}`,
      "aria-label": `${who}, ${time}${message.edit_date ? t(", diedit") : ""}`,
      tabindex: "-1",
      data: { id: message.message_id },
    },
    isNamed ? el("span", { class: `avatar is-small ${colour}`, "aria-hidden": "true", text: mark }) : null,
    el("div", { class: "stack" }, el("div", { class: "bubble" }, ...parts), keyboard),
    tools(message, isMine, view.actions),
  );
}

function reactions({ reactions: given }) {
  const faces = (given ?? []).map(({ emoji }) => emoji).filter(Boolean);
  if (!faces.length) return null;
  const text = faces.join(" ");
  return el("p", { class: "reactions", role: "img", "aria-label": `${t("Reaksi")}: ${text}`, text });
}

function originName(origin) {
  if (origin.sender_user) return fullName(origin.sender_user);
  return origin.sender_user_name ?? origin.chat?.title ?? origin.sender_chat?.title ?? t("orang lain");
}

function replyPreview(view, message) {
  const original = view.replied;
  if (!original) return null;
  const words = summary(original);
  return el(
    "button",
    {
      type: "button",
      class: "reply-preview",
      "aria-label": `${t("Membalas {name}", { name: senderName(original) })}: ${words.slice(0, 80)}`,
      on: { click: () => view.actions.onJump(original.message_id) },
    },
    el("span", { class: "reply-name", dir: "auto", text: senderName(original) }),
    el("span", { class: "reply-words", dir: "auto", text: message.quote?.text ?? words }),
  );
}

function body(message, { chosen, actions }) {
  const text = (words, entities) => renderText(words, entities, actions);
  const parts = renderMedia(message);
  if (message.poll) {
    const onVote = (options) => actions.onVote(message, options);
    parts.push(renderPoll(message.poll, { chosen, text, onVote }));
  }
  const words = message.text ?? message.caption;
  if (words) {
    const entities = message.entities ?? message.caption_entities;
    const block = el("div", { class: "words", dir: "auto" }, text(words, entities));
    if (message.show_caption_above_media) parts.unshift(block);
    else parts.push(block);
  }
  if (!parts.length) parts.push(el("p", { class: "muted", text: t("Jenis pesan ini belum dapat ditampilkan di sini.") }));
  return parts;
}

function tools(message, isMine, actions) {
  const isWritten = (message.text ?? message.caption) !== undefined && !message.via_bot && !message.forward_origin;
  return el(
    "div",
    { class: "tools", role: "group", "aria-label": t("Tindakan pesan") },
    iconButton("reply", t("Balas"), () => actions.onReply(message)),
    iconButton("forward", t("Teruskan"), () => actions.onForward(message)),
    isMine && isWritten ? iconButton("edit", t("Ubah"), () => actions.onEdit(message)) : null,
    // In a private chat one may delete what the bot said too.
    isMine || message.chat.type === "private" ? iconButton("trash", t("Hapus"), () => actions.onDelete(message)) : null,
  );
}

