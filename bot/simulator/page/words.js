// The sentences of the page: Indonesian stands in the code, English in the table beside it.

import { ENGLISH } from "./words_en.js";

const REMEMBERED = "tanyacop.language";
let language = localStorage.getItem(REMEMBERED) === "en" ? "en" : "id";

export const LANGUAGES = [
  ["id", "Indonesia"],
  ["en", "English"],
];
export const currentLanguage = () => language;
export const locale = () => (language === "en" ? "en-GB" : "id-ID");

/** The sentence in the language of the page, with `{name}` replaced by values. */
export function t(sentence, values = {}) {
  const words = language === "en" ? (ENGLISH[sentence] ?? sentence) : sentence;
  return words.replace(/\{(\w+)\}/gu, (hole, name) => (name in values ? String(values[name]) : hole));
}

/** Another language; the page starts anew in it, since every sentence on it changes. */
export function speak(wanted) {
  localStorage.setItem(REMEMBERED, wanted);
  language = wanted;
  location.reload();
}

/** Translate what stands in the page's own HTML: texts, labels and titles. */
export function translateTree(root) {
  document.documentElement.lang = language;
  if (language === "id") return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data } = walker.currentNode;
    if (data.trim()) walker.currentNode.data = data.replace(data.trim(), t(data.trim()));
  }
  for (const name of ["aria-label", "title", "placeholder"]) {
    for (const node of root.querySelectorAll(`[${name}]`)) node.setAttribute(name, t(node.getAttribute(name)));
  }
}
