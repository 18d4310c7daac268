// Where links, buttons and forwards lead: into this simulation, to another chat, or to a word that it goes no further.

import { call } from "./api.js";
import { alertDialog, chooseDialog, toast } from "./dialogs.js";
import { deepLink } from "./links.js";
import { t } from "./words.js";

export class Leads {
  #host;

  /**
   * `host`: {viewerId, botUsername, conversations()} and what it does: open(key), show(options), send(text),
   * fill(text).
   */
  constructor(host) {
    this.#host = host;
  }

  openAddress(address) {
    const inside = deepLink(address);
    if (inside) this.openDeepLink(inside);
    else toast(t("Bot ingin membuka: {address}", { address }));
  }

  /** `link`: {username, start}, or null for an address that nothing here can open. */
  openDeepLink(link, address) {
    const host = this.#host;
    if (!link) {
      toast(t("Alamat ini tidak dapat dibuka dari simulasi: {address}", { address }));
      return;
    }
    if (link.username.toLowerCase() !== host.botUsername?.toLowerCase()) {
      toast(t("@{username} tidak ada di simulasi ini.", link));
      return;
    }
    host.open(String(host.viewerId));
    host.show();
    if (link.start !== null) host.send(`/start ${link.start}`.trim());
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      toast(t("Disalin."));
    } catch {
      await alertDialog(t("Salin teks ini"), text); // the browser forbids it: at least it can be selected
    }
  }

  /** Put a query for inline mode into the input: here, or in a chat to be chosen where `target` says so. */
  async switchInline(query, target) {
    if (target) {
      const isLimited = Object.keys(target).some((name) => name.startsWith("allow_"));
      const key = await this.#choose(t("Kirim ke obrolan mana?"), ({ kind }) => {
        if (!isLimited) return true;
        return kind === "private" ? target.allow_bot_chats : target.allow_group_chats;
      });
      if (!key) return;
      this.#host.open(key);
      this.#host.show({ moveFocus: false });
    }
    this.#host.fill(`@${this.#host.botUsername} ${query}`);
  }

  /** Forward a message, or the whole album that it is a part of, to a chat to be chosen. */
  async forward(message, messages) {
    const album = message.media_group_id;
    const parts = album ? messages.filter(({ media_group_id: one }) => one === album) : [message];
    // Forwards have no topic of their own: only chats without topics are offered.
    const key = await this.#choose(t("Teruskan ke obrolan mana?"), ({ kind }) => kind !== "topic");
    if (!key) return;
    const { chatId } = this.#host.conversations().find((one) => one.key === key);
    await call("forward_several", {
      user_id: this.#host.viewerId,
      chat_id: chatId,
      from_chat_id: message.chat.id,
      message_ids: parts.map(({ message_id: id }) => id),
    });
    this.#host.open(key);
    this.#host.show({ moveFocus: false });
  }

  #choose(title, isOffered) {
    const offered = this.#host.conversations().filter((one) => one.kind !== "forum" && isOffered(one));
    return chooseDialog(title, offered.map((one) => ({ label: one.title, note: one.note, value: one.key })));
  }
}
