// What comes back for a pressed button: a note, an alert, an address.

import { call } from "./api.js";
import { alertDialog, failed, toast } from "./dialogs.js";

const WAIT_MS = 30000; // after that the button looks free again; the answer is still shown if it comes

export class Presses {
  #pending = new Map(); // callback id -> button
  #title;
  #onAddress;

  /** `title()` heads an alert; `onAddress(address)` opens what the bot answers with instead of words. */
  constructor(title, onAddress) {
    this.#title = title;
    this.#onAddress = onAddress;
  }

  /** Press for `args` of the verb; `node` looks busy until the bot has answered. */
  async press(args, node) {
    const pressed = await call("press", args);
    if (!pressed.callback_id) return;
    node.setAttribute("aria-busy", "true");
    this.#pending.set(pressed.callback_id, node);
    setTimeout(() => node.removeAttribute("aria-busy"), WAIT_MS);
    await this.#read(pressed.callback_id); // the answer may have been faster than this line
  }

  answered(callbackId) {
    if (this.#pending.has(callbackId)) this.#read(callbackId).catch(failed);
  }

  /** After a time without events: look for the answers that came meanwhile. */
  catchUp() {
    for (const callbackId of this.#pending.keys()) {
      // Another simulator at the same address knows nothing of this press.
      this.#read(callbackId).catch(() => this.#pending.delete(callbackId));
    }
  }

  async #read(callbackId) {
    const answer = await call("callback_answer", { callback_id: callbackId });
    const node = this.#pending.get(callbackId);
    if (!answer || !node) return;
    this.#pending.delete(callbackId);
    node.removeAttribute("aria-busy");
    if (answer.url) this.#onAddress(answer.url);
    if (!answer.text) return;
    if (answer.show_alert) await alertDialog(this.#title(), answer.text);
    else toast(answer.text);
  }
}
