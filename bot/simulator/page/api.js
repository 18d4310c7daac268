// The simulator's control interface: verbs by POST, what happens as server-sent events.

import { t } from "./words.js";

class ControlError extends Error {}

export async function call(verb, args = {}) {
  let response;
  try {
    response = await fetch(`/control/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(args),
    });
  } catch {
    throw new ControlError(t("Simulator tidak menjawab. Periksa apakah programnya masih berjalan."));
  }
  const answer = await response.json().catch(() => null);
  if (!answer?.ok) throw new ControlError(answer?.error ?? t("Simulator menjawab dengan galat {status}.", { status: response.status }));
  return answer.result;
}

const RETRY_MS = [500, 1000, 2000, 4000];

/**
 * The stream of what happens from now on, opened again whenever the line drops. `onOpen` runs at each start: what
 * happened before it has to be read then, whether the simulator is the same as before or a new one.
 */
export function followEvents({ onOpen, onEvent, onLost }) {
  let failures = 0;
  const open = () => {
    const source = new EventSource("/control/events");
    source.onopen = () => {
      failures = 0;
      onOpen();
    };
    source.onmessage = ({ data }) => onEvent(JSON.parse(data));
    source.onerror = () => {
      // The browser's own retry would ask for events by the numbers of a simulator that may be gone.
      source.close();
      onLost();
      setTimeout(open, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
    };
  };
  open();
}

const files = new Map();

/** A file of the simulator as {url, name, type}; the url lives as long as the page. */
export function fileUrl(fileId) {
  if (!files.has(fileId)) {
    const loading = call("file", { file_id: fileId }).then(({ base64, mime_type: type, file_name: name }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      return { url: URL.createObjectURL(new Blob([bytes], { type: type || "application/octet-stream" })), name, type };
    });
    loading.catch(() => files.delete(fileId));
    files.set(fileId, loading);
  }
  return files.get(fileId);
}

/** The content of a chosen file as the control interface takes it. */
export function readBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new ControlError(t("Berkas itu tidak dapat dibaca.")));
    reader.readAsDataURL(file);
  });
}
