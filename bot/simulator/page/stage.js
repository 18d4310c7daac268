// Who is on the page: the people of the play as columns that are switched on and off, or one person to be chosen.

import { button } from "./dom.js";
import { fullName } from "./format.js";
import { Pane } from "./pane.js";
import { t } from "./words.js";

const REMEMBERED_PERSON = "tanyacop.person";
const REMEMBERED_SHOWN = "tanyacop.shown";
const COLUMN_PX = 340; // narrower, a keyboard of three buttons gets hard to read
const SHOWN_AT_FIRST = 2;

export class Stage {
  #world;
  #panes = new Map(); // person's id, or "any" where one is chosen in the pane -> Pane
  #shown = JSON.parse(sessionStorage.getItem(REMEMBERED_SHOWN) ?? "null"); // ids, the last chosen last
  #room = document.getElementById("panes");
  #bar = document.getElementById("cast");
  #boot = document.getElementById("boot");

  constructor(world) {
    this.#world = world;
    new ResizeObserver(() => this.#arrange()).observe(this.#room);
  }

  /** The world was read anew, at the start or after a loss of the line. */
  worldKnown() {
    const [first] = this.#world.users.keys();
    if (first === undefined) {
      this.#boot.textContent = t("Belum ada orang di simulasi ini.");
      return;
    }
    this.#boot.remove();
    // Behind the same address there may be a new simulator, with other people in it.
    for (const [key, pane] of [...this.#panes]) {
      if (key !== "any" && !this.#world.users.has(key)) this.#remove(key);
      else if (this.#world.users.has(pane.viewerId)) pane.reset();
      else pane.become(first);
    }
    this.#cast().length ? this.#drawCast() : this.#showAny(first);
  }

  /** People came or went, or something else of the world changed. */
  worldChanged() {
    if (!this.#panes.size) this.worldKnown();
    else if (this.#cast().length && this.#bar.children.length !== this.#cast().length) this.#drawCast();
  }

  #cast() {
    return [...this.#world.users.values()].filter(({ part }) => part);
  }

  #showAny(first) {
    if (this.#panes.has("any")) return;
    const remembered = Number(sessionStorage.getItem(REMEMBERED_PERSON));
    const pane = this.#add("any", this.#world.users.has(remembered) ? remembered : first);
    pane.element.addEventListener("person", ({ detail }) => sessionStorage.setItem(REMEMBERED_PERSON, detail));
  }

  #add(key, viewerId, part) {
    const pane = new Pane(this.#world, viewerId, part);
    this.#panes.set(key, pane);
    this.#room.append(pane.element);
    return pane;
  }

  #remove(key) {
    this.#panes.get(key).element.remove();
    this.#panes.delete(key);
  }

  #drawCast() {
    if (this.#panes.has("any")) this.#remove("any");
    const cast = this.#cast();
    const ids = cast.map(({ id }) => id);
    const kept = (this.#shown ?? []).filter((id) => ids.includes(id));
    this.#shown = kept.length ? kept : ids.slice(0, SHOWN_AT_FIRST).reverse();
    this.#bar.hidden = false;
    this.#bar.replaceChildren(
      ...cast.map((user) =>
        button(user.part, () => this.#toggle(user.id), {
          class: "cast-button",
          title: fullName(user),
          "data-person": user.id,
          "aria-pressed": "false",
        }),
      ),
    );
    this.#arrange();
  }

  #toggle(id) {
    const isVisible = this.#visible().includes(id);
    if (isVisible && this.#visible().length === 1) return; // somebody has to be there
    this.#shown = this.#shown.filter((one) => one !== id);
    if (!isVisible) this.#shown.push(id);
    sessionStorage.setItem(REMEMBERED_SHOWN, JSON.stringify(this.#shown));
    this.#arrange();
    if (!isVisible) this.#panes.get(id).focusIfHandy();
  }

  /** Those of the chosen ones that there is room for, the last chosen first. */
  #visible() {
    const columns = Math.max(1, Math.floor(this.#room.clientWidth / COLUMN_PX));
    return this.#shown.slice(-columns);
  }

  #arrange() {
    if (this.#bar.hidden) return;
    const visible = this.#visible();
    // In the order of the bar, whatever the order in which they were chosen; who is in place already is not moved.
    let place = this.#room.firstElementChild;
    for (const { id, part } of this.#cast()) {
      const isShown = visible.includes(id);
      if (isShown && !this.#panes.has(id)) this.#add(id, id, part);
      const pane = this.#panes.get(id);
      if (pane) {
        pane.element.hidden = !isShown;
        if (pane.element === place) place = place.nextElementSibling;
        else this.#room.insertBefore(pane.element, place);
      }
      this.#bar.querySelector(`[data-person="${id}"]`)?.setAttribute("aria-pressed", String(isShown));
    }
  }
}
