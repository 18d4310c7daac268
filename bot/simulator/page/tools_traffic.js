// "Kiriman": what the bot is sending right now, and how many of a crowd have got something.

import { call } from "./api.js";
import { failed, toast } from "./dialogs.js";
import { button, el, uniqueId } from "./dom.js";
import { clockTime, count } from "./format.js";
import { t } from "./words.js";

const SHOWN_SECONDS = 60;
const HOME = "Asia/Jakarta";
const SVG = "http://www.w3.org/2000/svg";
const CHART_HEIGHT = 40;
const LEAST_TOP = 30; // what Telegram takes in a second: the scale stays put below it

export class TrafficTool {
  #world;
  #since = null; // by the simulated clock
  #isReading = false;
  #figures = el("dl", { class: "figures" });
  #chart = document.createElementNS(SVG, "svg");
  #progress = el("progress", { max: 1, value: 0 });
  #progressWords = el("p", { id: uniqueId("crowd") });
  #number = el("input", { type: "number", id: uniqueId("number"), min: 1, max: 100000, value: 1700, required: true });
  #starts = el("input", { type: "checkbox", checked: true });
  #add = el("button", { type: "submit", class: "button", text: t("Tambah anggota") });

  constructor(world) {
    this.#world = world;
    const heading = el("h2", { id: uniqueId("tool"), text: t("Kiriman") });
    this.#chart.setAttribute("class", "chart");
    this.#chart.setAttribute("viewBox", `0 0 ${SHOWN_SECONDS} ${CHART_HEIGHT}`);
    this.#chart.setAttribute("preserveAspectRatio", "none");
    this.#chart.setAttribute("aria-hidden", "true"); // the figures say it in words
    this.#progress.setAttribute("aria-labelledby", this.#progressWords.id);
    const submit = (event) => {
      event.preventDefault();
      this.#addMembers();
    };
    this.element = el(
      "section",
      { class: "tool", "aria-labelledby": heading.id },
      heading,
      this.#figures,
      this.#chart,
      this.#progressWords,
      this.#progress,
      button(t("Hitung dari sekarang"), () => this.#restart(), { class: "button" }),
      el(
        "form",
        { class: "tool-form", on: { submit } },
        el("label", { for: this.#number.id, text: t("Anggota tiruan baru") }),
        el("div", { class: "tool-row" }, this.#number, this.#add),
        el("label", { class: "check" }, this.#starts, el("span", { text: t("Mereka menekan Mulai di bot") })),
      ),
    );
  }

  worldKnown() {
    this.#since ??= this.#world.now();
  }

  async tick() {
    if (this.#isReading) return; // a slow answer must not pile up questions
    this.#isReading = true;
    try {
      const now = this.#world.now();
      const [traffic, receipts] = await Promise.all([
        call("traffic", { after: now - SHOWN_SECONDS }),
        call("receipts", { after: Math.floor(this.#since) }),
      ]);
      this.#drawFigures(traffic, now);
      this.#drawChart(traffic, now);
      this.#drawProgress(receipts);
    } catch {
      // The line is down, which the panes say already.
    } finally {
      this.#isReading = false;
    }
  }

  #drawFigures(traffic, now) {
    const last = traffic.seconds.find(([second]) => second === Math.floor(now) - 1) ?? [0, 0, 0];
    const rows = [
      [t("Detik terakhir"), last[1]],
      [t("Menit terakhir"), traffic.accepted],
      [t("Terbanyak dalam satu detik"), traffic.most],
      [t("Diubah dalam semenit"), traffic.edits],
      [t("Ditolak dalam semenit (429)"), traffic.refused],
    ];
    this.#figures.replaceChildren(
      ...rows.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: count(value) })]),
    );
  }

  #drawChart(traffic, now) {
    const top = Math.max(LEAST_TOP, ...traffic.seconds.map(([, accepted]) => accepted));
    const bars = traffic.seconds.map(([second, accepted]) => {
      const bar = document.createElementNS(SVG, "rect");
      const height = (accepted / top) * CHART_HEIGHT;
      const place = { x: second - Math.floor(now) + SHOWN_SECONDS - 1, y: CHART_HEIGHT - height, width: 0.8, height };
      for (const [name, value] of Object.entries(place)) bar.setAttribute(name, value);
      return bar;
    });
    this.#chart.replaceChildren(...bars);
  }

  #drawProgress({ people, counts, messages }) {
    const none = counts.find(([number]) => number === 0)?.[1] ?? 0;
    const since = `${clockTime(this.#since, HOME)} WIB`;
    this.#progress.max = Math.max(people, 1);
    this.#progress.value = people - none;
    this.#progress.hidden = people === 0;
    this.#progressWords.textContent = people
      ? t("{got} dari {people} anggota tiruan menerima pesan sejak {since}; {messages} pesan.", {
          got: count(people - none),
          people: count(people),
          messages: count(messages),
          since,
        })
      : t("Belum ada anggota tiruan.");
  }

  #restart() {
    this.#since = this.#world.now() + 1; // messages carry whole seconds
    this.tick();
  }

  async #addMembers() {
    this.#add.disabled = true;
    try {
      const number = Number(this.#number.value);
      const text = this.#starts.checked ? "/start" : undefined;
      await call("add_members", { count: number, text });
      toast(t("{count} anggota ditambahkan.", { count: count(number) }));
      await this.tick();
    } catch (error) {
      failed(error);
    } finally {
      this.#add.disabled = false;
    }
  }
}
