// Dates, sizes and names as an Indonesian reader expects them, in the zone of this browser.

const LOCALE = "id-ID";
const time = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "short" });
const day = new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long" });
const dayWithYear = new Intl.DateTimeFormat(LOCALE, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const shortDay = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

const date = (unix) => new Date(unix * 1000);
export const clockTime = (unix) => time.format(date(unix));
export const fullTime = (unix) => full.format(date(unix));
export const isoTime = (unix) => date(unix).toISOString();
export const dayKey = (unix) => date(unix).toDateString();

export function dayLabel(unix, now) {
  if (dayKey(unix) === dayKey(now)) return "Hari ini";
  if (dayKey(unix) === dayKey(now - 86400)) return "Kemarin";
  return (date(unix).getFullYear() === date(now).getFullYear() ? day : dayWithYear).format(date(unix));
}

/** For the list of chats: the time today, the day otherwise. */
export const shortStamp = (unix, now) => (dayKey(unix) === dayKey(now) ? clockTime(unix) : shortDay.format(date(unix)));

const RELATIVE_STEPS = [
  ["year", 31536000],
  ["month", 2592000],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** A date-time entity: `r`, or any of `w`, `d`/`D`, `t`/`T` together; null for an empty format (the text stands as it is). */
export function dateTimeText(unix, format, now) {
  if (!format) return null;
  if (format === "r") {
    const distance = unix - now;
    const [unit, seconds] = RELATIVE_STEPS.find(([, size]) => Math.abs(distance) >= size) ?? ["second", 1];
    return relative.format(Math.round(distance / seconds), unit);
  }
  const options = {};
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("d")) Object.assign(options, { day: "2-digit", month: "2-digit", year: "2-digit" });
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/[tT]/u.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return new Intl.DateTimeFormat(LOCALE, options).format(date(unix));
}

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
  return `${size.toLocaleString(LOCALE, { maximumFractionDigits: size < 10 ? 1 : 0 })} ${units[unit]}`;
}

export const fullName = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");
export const count = (number) => Number(number).toLocaleString(LOCALE);
