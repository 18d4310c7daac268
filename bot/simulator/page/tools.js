// The tools of the simulation beside the people: the clock, what goes wrong, and how a mailing proceeds.

import { button, el } from "./dom.js";
import { clockTime, zoneName } from "./format.js";
import { TimeTool } from "./tools_time.js";
import { TrafficTool } from "./tools_traffic.js";
import { TroubleTool } from "./tools_trouble.js";
import { t } from "./words.js";

const TICK_MS = 1000;
export const HOME_ZONE = "Asia/Jakarta";

export class ToolsPanel {
  #world;
  #panel = document.getElementById("tools");
  #opener = document.getElementById("tools-button");
  #clock = document.getElementById("clock");
  #tools;

  constructor(world) {
    this.#world = world;
    this.#tools = [new TimeTool(world), new TrafficTool(world), new TroubleTool()];
    const close = button(t("Tutup"), () => this.#open(false), { class: "button" });
    const head = el("div", { class: "tools-head" }, el("p", { class: "tools-title", text: t("Alat simulasi") }), close);
    this.#panel.append(head, ...this.#tools.map(({ element }) => element));
    this.#opener.addEventListener("click", () => this.#open(this.#panel.hidden));
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#open(false);
    });
    world.addEventListener("clock", () => this.#tick());
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** The world was read anew: whatever the tools showed may be of an earlier simulator. */
  worldKnown() {
    for (const tool of this.#tools) tool.worldKnown();
    this.#tick();
  }

  #open(isOpen) {
    this.#panel.hidden = !isOpen;
    this.#opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) {
      this.#tick();
      this.#panel.querySelector("button").focus();
    } else this.#opener.focus();
  }

  #tick() {
    this.#clock.textContent = `${clockTime(this.#world.now(), HOME_ZONE)} ${zoneName(HOME_ZONE)}`;
    if (this.#panel.hidden) return;
    for (const tool of this.#tools) tool.tick();
  }
}
