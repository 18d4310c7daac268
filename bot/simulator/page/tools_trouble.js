// "Gangguan": switches for what goes wrong between the bot and Telegram.

import { call } from "./api.js";
import { failed } from "./dialogs.js";
import { button, el, uniqueId } from "./dom.js";
import { count } from "./format.js";
import { t } from "./words.js";

const REMEMBERED = "tanyacop.often";
const LEVELS = [
  [0.05, "Jarang (1 dari 20)"],
  [0.2, "Kadang-kadang (1 dari 5)"],
  [0.5, "Sering (1 dari 2)"],
];
// Silence only where something is sent: fetching updates waits anyway.
const SENDING = ["sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "sendPoll", "copyMessage", "editMessageText"];
const STORM_SECONDS = 10;
const TROUBLES = [
  {
    name: "flood",
    title: "Badai 429",
    note: "Telegram menolak semua pesan bot selama sepuluh detik, berulang-ulang.",
    rules: (often) => [{ fault: "flood_bot", probability: often / 10, seconds: STORM_SECONDS }],
  },
  {
    name: "reset",
    title: "Sambungan putus",
    note: "Sambungan terputus, sebelum atau sesudah Telegram melakukan yang diminta.",
    rules: (often) => [
      { fault: "reset_before", probability: often / 2 },
      { fault: "reset_after", probability: often / 2 },
    ],
  },
  {
    name: "error",
    title: "Galat 502",
    note: "Yang menjawab bukan Telegram, melainkan halaman galat.",
    rules: (often) => [{ fault: "error_before", probability: often, status: 502 }],
  },
  {
    name: "silence",
    title: "Telegram diam",
    note: "Pesan sampai, tetapi bot tidak mendapat jawaban, lalu sambungan putus.",
    rules: (often) => [{ fault: "silence_after", probability: often, seconds: 8, methods: SENDING }],
  },
  {
    name: "delay",
    title: "Lambat",
    note: "Setiap permintaan yang kena menunggu satu sampai empat detik.",
    rules: (often) => [{ fault: "delay", probability: often, seconds: 1, to_seconds: 4 }],
  },
];

export class TroubleTool {
  #boxes = new Map(); // name of the trouble -> checkbox
  #rates;
  #often;
  #status = el("p", { class: "muted", role: "status" });

  constructor() {
    const heading = el("h2", { id: uniqueId("tool"), text: t("Gangguan") });
    this.#rates = el("input", { type: "checkbox", role: "switch", on: { change: () => this.#setRates() } });
    const remembered = Number(sessionStorage.getItem(REMEMBERED)) || LEVELS[1][0];
    this.#often = el(
      "select",
      { id: uniqueId("often"), on: { change: () => this.#apply() } },
      ...LEVELS.map(([value, text]) => el("option", { value, text: t(text), selected: value === remembered })),
    );
    for (const { name } of TROUBLES) {
      this.#boxes.set(name, el("input", { type: "checkbox", role: "switch", on: { change: () => this.#apply() } }));
    }
    this.element = el(
      "section",
      { class: "tool", "aria-labelledby": heading.id },
      heading,
      switchRow(this.#rates, "Batas resmi Telegram", "30 pesan per detik, 1 per detik untuk tiap orang, 20 per menit di grup."),
      ...TROUBLES.map(({ name, title, note }) => switchRow(this.#boxes.get(name), title, note)),
      el("div", { class: "tool-row" }, el("label", { for: this.#often.id, text: t("Seberapa sering") }), this.#often),
      this.#status,
      button(t("Semua normal lagi"), () => this.#calm(), { class: "button" }),
    );
  }

  /** Show what is in force, whoever set it. */
  async worldKnown() {
    try {
      const [rules, rates] = await Promise.all([call("faults"), call("rates")]);
      const inForce = new Set(rules.map(({ fault }) => fault));
      for (const { name, rules: rulesOf } of TROUBLES) {
        this.#boxes.get(name).checked = rulesOf(1).every(({ fault }) => inForce.has(fault));
      }
      this.#rates.checked = rates !== null;
      this.#tell(rules);
    } catch (error) {
      failed(error);
    }
  }

  async tick() {
    if (![...this.#boxes.values()].some((box) => box.checked)) return;
    this.#tell(await call("faults").catch(() => []));
  }

  #tell(rules) {
    const hits = rules.reduce((sum, { hit }) => sum + hit, 0);
    const words = rules.length
      ? t("Terkena sejauh ini: {count} permintaan.", { count: count(hits) })
      : t("Tidak ada gangguan.");
    // A live region speaks whenever it is written, the same words included.
    if (this.#status.textContent !== words) this.#status.textContent = words;
  }

  async #apply() {
    const often = Number(this.#often.value);
    sessionStorage.setItem(REMEMBERED, often);
    const chosen = TROUBLES.filter(({ name }) => this.#boxes.get(name).checked);
    try {
      await call("set_faults", { rules: chosen.flatMap(({ rules }) => rules(often)) });
      this.#tell(await call("faults"));
    } catch (error) {
      failed(error);
    }
  }

  #setRates() {
    call("set_rates", { enabled: this.#rates.checked }).catch(failed);
  }

  #calm() {
    for (const box of this.#boxes.values()) box.checked = false;
    this.#apply();
  }
}

function switchRow(box, title, note) {
  const about = uniqueId("about");
  box.setAttribute("aria-describedby", about);
  return el(
    "div",
    { class: "switch" },
    el("label", {}, box, el("span", { text: t(title) })),
    el("p", { class: "muted", id: about, text: t(note) }),
  );
}
