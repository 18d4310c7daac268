// Dates, sizes and names as the reader expects them: in the language of the page, in the zone of the person's phone.

import { locale } from "./words.js";

const STYLES = {
  time: { hour: "2-digit", minute: "2-digit" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  full: { dateStyle: "full", timeStyle: "short" },
  date: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  day: { weekday: "long", day: "numeric", month: "long" },
  shortDay: { day: "numeric", month: "short" },
  numbers: { year: "numeric", month: "2-digit", day: "2-digit" },
};
const formats = new Map();

/** A format is costly to make: one for each style, zone and language. Without a `zone` it is the browser's. */
function format(options, unix, zone, language = locale()) {
  const key = `${JSON.stringify(options)} ${zone} ${language}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { ...options, timeZone: zone }));
  return formats.get(key).format(new Date(unix * 1000));
}

export const clockTime = (unix, zone) => format(STYLES.time, unix, zone);
export const clockSeconds = (unix, zone) => format(STYLES.seconds, unix, zone);
export const fullTime = (unix, zone) => format(STYLES.full, unix, zone);
export const longDate = (unix, zone) => format(STYLES.date, unix, zone);
export const isoTime = (unix) => new Date(unix * 1000).toISOString();
/** The calendar day, as 2026-11-24. */
export const dayKey = (unix, zone) => format(STYLES.numbers, unix, zone, "en-CA");

export function dayLabel(unix, now, zone, { today, yesterday }) {
  const key = dayKey(unix, zone);
  if (key === dayKey(now, zone)) return today;
  if (key === dayKey(now - 86400, zone)) return yesterday;
  return format(key.slice(0, 4) === dayKey(now, zone).slice(0, 4) ? STYLES.day : STYLES.date, unix, zone);
}

/** For the list of chats: the time today, the day otherwise. */
export const shortStamp = (unix, now, zone) =>
  dayKey(unix, zone) === dayKey(now, zone) ? clockTime(unix, zone) : format(STYLES.shortDay, unix, zone);

const RELATIVE_STEPS = [
  ["year", 31536000],
  ["month", 2592000],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** A date-time entity: `r`, or any of `w`, `d`/`D`, `t`/`T` together; null for an empty format (the text stands as it is). */
export function dateTimeText(unix, wanted, now, zone) {
  if (!wanted) return null;
  if (wanted === "r") {
    const distance = unix - now;
    const [unit, seconds] = RELATIVE_STEPS.find(([, size]) => Math.abs(distance) >= size) ?? ["second", 1];
    const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
    return relative.format(Math.round(distance / seconds), unit);
  }
  const options = {};
  if (wanted.includes("w")) options.weekday = "long";
  if (wanted.includes("d")) Object.assign(options, { day: "2-digit", month: "2-digit", year: "2-digit" });
  if (wanted.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/[tT]/u.test(wanted)) Object.assign(options, STYLES.time);
  if (wanted.includes("T")) options.second = "2-digit";
  return format(options, unix, zone);
}

/** The name of the zone where it is one of Indonesia's three, an empty text otherwise. */
export const zoneName = (zone) => ({ "Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" })[zone] ?? "";

export function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB"];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size.toLocaleString(locale(), { maximumFractionDigits: size < 10 ? 1 : 0 })} ${units[unit]}`;
}

export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");
export const count = (number) => Number(number).toLocaleString(locale());
