// Start: follow the simulator, show the people of the play side by side, and the tools beside them.

import { Stage } from "./stage.js";
import { ToolsPanel } from "./tools.js";
import { currentLanguage, LANGUAGES, speak, t, translateTree } from "./words.js";
import { el } from "./dom.js";
import { World } from "./world.js";

translateTree(document.body);
translateTree(document.getElementById("pane-template").content);
document.title = t(document.title);

const language = document.getElementById("language");
language.append(
  ...LANGUAGES.map(([value, text]) => el("option", { value, text, lang: value, selected: value === currentLanguage() })),
);
language.addEventListener("change", () => speak(language.value));

const world = new World();
const stage = new Stage(world);
const tools = new ToolsPanel(world);
const boot = document.getElementById("boot");

world.addEventListener("reset", () => {
  stage.worldKnown();
  tools.worldKnown();
});
world.addEventListener("world", () => stage.worldChanged());
world.addEventListener("line", ({ detail }) => {
  if (!detail.isUp) boot.textContent = t("Simulator tidak menjawab. Mencoba lagi…");
});
world.start();
