// A list above the input to pick from with the arrow keys: inline results and commands.

import { button, el, uniqueId } from "./dom.js";
import { t } from "./words.js";

export class Suggestions {
  #box;
  #input;
  #hint;
  #list = null;
  #options = [];
  #active = -1;

  constructor(box, input, hint) {
    this.#box = box;
    this.#input = input;
    this.#hint = hint;
    input.setAttribute("aria-autocomplete", "list");
  }

  get isOpen() {
    return !this.#box.hidden;
  }

  /** `options`: [{title, note, onPick}]; `before`: a button above the list {text, onClick}; `empty`: words for no option. */
  show(label, options, { before = null, empty = null } = {}) {
    if (!options.length && !before && !empty) return this.hide();
    this.#options = options;
    this.#list = el(
      "ul",
      { role: "listbox", id: uniqueId("suggestions"), "aria-label": label },
      ...options.map(({ title, note, onPick }) =>
        el(
          "li",
          {
            role: "option",
            id: uniqueId("suggestion"),
            "aria-selected": "false",
            // The focus stays in the input: a press with the pointer must not take it.
            on: { pointerdown: (event) => event.preventDefault(), click: onPick },
          },
          el("span", { class: "option-title", dir: "auto", text: title }),
          note ? el("span", { class: "muted option-note", dir: "auto", text: note }) : null,
        ),
      ),
    );
    this.#box.replaceChildren(
      ...(before ? [button(before.text, before.onClick, { class: "button option-before" })] : []),
      ...(options.length ? [this.#list] : []),
      ...(!options.length && empty ? [el("p", { class: "muted option-empty", text: empty })] : []),
    );
    this.#box.hidden = false;
    this.#input.setAttribute("aria-controls", this.#list.id);
    const howTo = t("{count} pilihan. Panah untuk memilih, Enter untuk memakai.", { count: options.length });
    this.#hint.textContent = options.length ? howTo : (empty ?? "");
    this.#activate(-1);
    return undefined;
  }

  hide() {
    if (!this.isOpen) return;
    this.#box.hidden = true;
    this.#box.replaceChildren();
    this.#options = [];
    this.#active = -1;
    this.#hint.textContent = "";
    this.#input.removeAttribute("aria-activedescendant");
    this.#input.removeAttribute("aria-controls");
  }

  #activate(index) {
    this.#active = index;
    [...this.#list.children].forEach((item, position) => item.setAttribute("aria-selected", String(position === index)));
    const item = this.#list.children[index];
    if (!item) return this.#input.removeAttribute("aria-activedescendant");
    item.scrollIntoView({ block: "nearest" });
    return this.#input.setAttribute("aria-activedescendant", item.id);
  }

  /** True where the key was meant for the list. */
  handleKey(event) {
    if (!this.isOpen) return false;
    const last = this.#options.length - 1;
    if (event.key === "Escape") this.hide();
    else if (event.key === "ArrowDown" && last >= 0) this.#activate(this.#active >= last ? 0 : this.#active + 1);
    else if (event.key === "ArrowUp" && last >= 0) this.#activate(this.#active <= 0 ? last : this.#active - 1);
    else if (["Enter", "Tab"].includes(event.key) && this.#active >= 0 && !event.shiftKey) this.#options[this.#active].onPick();
    else return false;
    event.preventDefault();
    return true;
  }
}
