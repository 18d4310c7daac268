// Inline mode: "@bot words" in the input asks the bot, its results are picked from a list.

import { call } from "./api.js";
import { failed } from "./dialogs.js";
import { t } from "./words.js";

const TYPING_PAUSE_MS = 250;
const MAX_QUERY = 256;

export class InlineSearch {
  #host;
  #suggestions;
  #timer = null;
  #asked = null; // {words, id, results}: the query that the list is of; id only while its answer is awaited

  /**
   * `host`: {viewerId, conversation, botUsername, chooseInline(queryId, resultId), openStart(parameter)};
   * `input`: {text, clear(), restore(text)}.
   */
  constructor(host, suggestions, input) {
    this.#host = host;
    this.#suggestions = suggestions;
    this.input = input;
  }

  /** Take notice of what stands in the input; true where that is a query. */
  typed(text) {
    clearTimeout(this.#timer);
    const words = this.#words(text);
    if (words === null) {
      this.#asked = null;
      return false;
    }
    this.#timer = setTimeout(() => this.#ask(words, "", []).catch(failed), TYPING_PAUSE_MS);
    return true;
  }

  answered(queryId) {
    if (this.#asked?.id === queryId) this.#read().catch(failed);
  }

  /** What follows "@bot " at the start of the input, null without it. */
  #words(text) {
    const match = /^@(\w+)\s([^]*)$/u.exec(text);
    if (match?.[1].toLowerCase() !== this.#host.botUsername?.toLowerCase()) return null;
    return match[2].slice(0, MAX_QUERY);
  }

  async #ask(words, offset, results) {
    const asked = { words, id: null, results };
    this.#asked = asked;
    const chatType = this.#host.conversation.kind === "private" ? "sender" : "supergroup";
    const { inline_query_id: id } = await call("inline", {
      user_id: this.#host.viewerId,
      query: words,
      chat_type: chatType,
      offset,
    });
    if (this.#asked !== asked) return;
    asked.id = id;
    await this.#read(); // the answer may have been faster than this line
  }

  async #read() {
    const asked = this.#asked;
    const queryId = asked?.id;
    if (!queryId) return;
    const answer = await call("inline_answer", { inline_query_id: queryId });
    // Asked by the event and by the one who typed: whoever comes second finds it read.
    if (!answer || this.#asked !== asked || asked.id !== queryId) return;
    asked.id = null;
    asked.results = [...asked.results, ...answer.results.map((result) => ({ ...result, queryId }))];
    this.#show(asked, answer);
  }

  #show(asked, answer) {
    const options = asked.results.map((result) => ({
      title: result.title ?? result.caption ?? result.id,
      note: result.description,
      onPick: () => this.#pick(result),
    }));
    if (answer.next_offset) {
      options.push({
        title: t("Hasil berikutnya…"),
        onPick: () => this.#ask(asked.words, answer.next_offset, asked.results).catch(failed),
      });
    }
    const parameter = answer.button?.start_parameter;
    const before = parameter && {
      text: answer.button.text,
      onClick: () => {
        this.#close();
        this.#host.openStart(parameter);
      },
    };
    this.#suggestions.show(t("Hasil inline"), options, { before, empty: t("Tidak ada hasil.") });
  }

  #close() {
    this.#asked = null;
    this.#suggestions.hide();
    this.input.clear();
  }

  async #pick(result) {
    const { text } = this.input;
    this.#close();
    try {
      await this.#host.chooseInline(result.queryId, result.id);
    } catch (error) {
      failed(error);
      this.input.restore(text);
    }
  }
}
