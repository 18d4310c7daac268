// What a message carries besides words: pictures, files, contacts, places.

import { fileUrl } from "./api.js";
import { failed } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { fileSize, fullName } from "./format.js";
import { t } from "./words.js";

const KINDS = [
  ["photo", "Foto"],
  ["animation", "Animasi"],
  ["video", "Video"],
  ["video_note", "Pesan video"],
  ["voice", "Pesan suara"],
  ["audio", "Audio"],
  ["sticker", "Stiker"],
  ["document", "Dokumen"],
  ["contact", "Kontak"],
  ["venue", "Tempat"],
  ["location", "Lokasi"],
  ["dice", "Dadu"],
];
const FILES = ["animation", "document", "audio", "voice", "video", "video_note"];

/** In one word what a message carries, null for words only. */
export const mediaKind = (message) => {
  const found = KINDS.find(([field]) => message[field] !== undefined);
  return found ? t(found[1]) : null;
};

/** The elements for what a message carries. */
export function renderMedia(message) {
  const { photo, sticker, dice, contact, venue, location } = message;
  const parts = [];
  if (photo?.length) parts.push(picture(photo.at(-1), message.caption));
  // An animation comes with a copy of itself as a document: the first is enough.
  const file = FILES.find((field) => message[field]);
  if (file) parts.push(fileRow(message[file], mediaKind(message)));
  if (sticker) parts.push(big(sticker.emoji ?? "🏷️", `${t("Stiker")} ${sticker.emoji ?? ""}`));
  if (dice) parts.push(big(`${dice.emoji} ${dice.value}`, `${t("Dadu")}: ${dice.value}`));
  if (contact) parts.push(card(fullName(contact), contact.phone_number));
  if (venue) parts.push(card(venue.title, venue.address));
  else if (location) parts.push(card(t("Lokasi"), `${location.latitude}, ${location.longitude}`));
  return parts;
}

const big = (text, label) => el("p", { class: "sticker", role: "img", "aria-label": label, text });

const card = (title, note) => el("p", { class: "card-line" }, el("strong", { text: title }), el("span", { text: note }));

function picture(size, caption) {
  const alt = caption ? `${t("Foto")}: ${caption}` : t("Foto");
  const image = el("img", { alt, width: size.width, height: size.height });
  const node = el("a", { class: "photo", title: t("Unduh foto"), download: "foto.jpg", "data-focus": "photo" }, image);
  fileUrl(size.file_id)
    .then(({ url, name }) => {
      image.src = url;
      node.href = url;
      if (name) node.download = name;
    })
    .catch(failed);
  return node;
}

function fileRow(file, kind) {
  const name = file.file_name ?? kind;
  const duration = file.duration ? t("{count} detik", { count: file.duration }) : null;
  const note = [kind === name ? null : kind, duration, fileSize(file.file_size)].filter(Boolean).join(" · ");
  const download = async () => {
    try {
      const { url } = await fileUrl(file.file_id);
      el("a", { href: url, download: name }).click();
    } catch (error) {
      failed(error);
    }
  };
  return el(
    "button",
    {
      type: "button",
      class: "file-row",
      "aria-label": `${t("Unduh {name}", { name })}, ${note}`,
      "data-focus": "file",
      on: { click: download },
    },
    el("span", { class: "file-mark" }, icon("file")),
    el(
      "span",
      { class: "file-names" },
      el("span", { class: "file-name", text: name }),
      el("span", { class: "muted", text: note }),
    ),
  );
}
