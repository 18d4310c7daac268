// Building the page from nodes only: no text that a person or the bot wrote ever passes through an HTML parser.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  attach: "M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.7 17.2a1.7 1.7 0 0 1-2.4-2.4L15 7.1",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v11H9zM5 15V4h10",
  down: "M12 5v14M6 13l6 6 6-6",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  external: "M8 16L18 6M10 6h8v8",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  forward: "M14 6l6 6-6 6M20 12H9a5 5 0 0 0-5 5v1",
  reply: "M10 6l-6 6 6 6M4 12h11a5 5 0 0 1 5 5v1",
  send: "M4 12l16-8-6 16-3-6zM11 14l4-5",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** An element: `on` takes listeners, `data` the dataset, booleans and null behave as one would hope. */
export function el(tag, { class: className, text, on, data, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, String(value));
  }
  for (const [name, value] of Object.entries(data ?? {})) node.dataset[name] = value;
  for (const [name, listener] of Object.entries(on ?? {})) node.addEventListener(name, listener);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function button(text, onClick, { class: className, ...attributes } = {}) {
  return el("button", { type: "button", class: className, text, on: { click: onClick }, ...attributes });
}

export function iconButton(name, label, onClick, { class: className = "", ...attributes } = {}) {
  const node = button("", onClick, { class: `icon-button ${className}`, "aria-label": label, title: label, ...attributes });
  node.append(icon(name));
  return node;
}

let lastId = 0;
export const uniqueId = (prefix) => `${prefix}-${++lastId}`;

const TONES = 7;
/** A colour class for a person or chat: the same one every time; bots have their own. */
export const tone = (id, isBot = false) => (isBot ? "tone-bot" : `tone-${Math.abs(Number(id)) % TONES}`);

export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0])
    .join("")
    .toUpperCase();
}
