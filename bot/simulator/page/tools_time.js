// "Waktu": what time it is in the simulation, and moving it forward.

import { call } from "./api.js";
import { failed, toast } from "./dialogs.js";
import { button, el, uniqueId } from "./dom.js";
import { clockSeconds, clockTime, dayKey, longDate, zoneName } from "./format.js";
import { t } from "./words.js";

const ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"];
const HOME = ZONES[0];
const HOME_OFFSET = "+07:00"; // Jakarta knows no summer time
const DAY = 86400;
const MOST_AHEAD = 366 * DAY;

export class TimeTool {
  #world;
  #date = el("p", { class: "now-date" });
  #times = el("p", { class: "now-times muted" });
  #wanted = el("input", { type: "datetime-local", id: uniqueId("time"), required: true });

  constructor(world) {
    this.#world = world;
    const heading = el("h2", { id: uniqueId("tool"), text: t("Waktu") });
    const step = (label, seconds) => button(label, () => this.#move("move_clock", { seconds }), { class: "button" });
    const submit = (event) => {
      event.preventDefault();
      this.#moveTo(Date.parse(`${this.#wanted.value}:00${HOME_OFFSET}`) / 1000);
    };
    this.element = el(
      "section",
      { class: "tool", "aria-labelledby": heading.id },
      heading,
      this.#date,
      this.#times,
      el(
        "div",
        { class: "tool-buttons" },
        step(t("+1 menit"), 60),
        step(t("+10 menit"), 600),
        step(t("+1 jam"), 3600),
        button(t("Ke besok 09.00"), () => this.#moveTo(this.#tomorrowMorning()), { class: "button" }),
      ),
      el(
        "form",
        { class: "tool-form", on: { submit } },
        el("label", { for: this.#wanted.id, text: t("Maju ke (WIB)") }),
        el("div", { class: "tool-row" }, this.#wanted, el("button", { type: "submit", class: "button", text: t("Maju") })),
      ),
      el("p", { class: "muted", text: t("Jam hanya dapat maju. Bot memakai jam yang sama.") }),
    );
  }

  worldKnown() {
    this.#wanted.value = "";
  }

  tick() {
    const now = this.#world.now();
    this.#date.textContent = `${longDate(now, HOME)}, ${clockSeconds(now, HOME)} ${zoneName(HOME)}`;
    this.#times.textContent = ZONES.slice(1).map((zone) => `${clockTime(now, zone)} ${zoneName(zone)}`).join(" · ");
    if (!this.#wanted.value) this.#wanted.value = `${dayKey(now, HOME)}T${clockTime(now, HOME).replace(".", ":")}`;
  }

  #tomorrowMorning() {
    return Date.parse(`${dayKey(this.#world.now() + DAY, HOME)}T09:00:00${HOME_OFFSET}`) / 1000;
  }

  #moveTo(wanted) {
    const ahead = wanted - this.#world.now();
    if (ahead <= 0) failed(new Error(t("Waktu itu sudah lewat. Pilih waktu sesudah sekarang.")));
    else if (ahead > MOST_AHEAD) failed(new Error(t("Paling jauh 366 hari sekali maju.")));
    else this.#move("move_clock_to", { at: wanted });
  }

  async #move(verb, args) {
    try {
      const now = await call(verb, args);
      toast(t("Sekarang {date}, {time} WIB.", { date: longDate(now, HOME), time: clockTime(now, HOME) }));
    } catch (error) {
      failed(error);
    }
  }
}
