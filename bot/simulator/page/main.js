// Start: follow the simulator, show one person's view. Further panes are further `new Pane(world, userId)`.

import { Pane } from "./pane.js";
import { World } from "./world.js";

const REMEMBERED = "tanyacop.person";
const world = new World();
const room = document.getElementById("panes");
const boot = document.getElementById("boot");
const panes = [];

function addPane(viewerId) {
  const pane = new Pane(world, viewerId);
  pane.element.addEventListener("person", ({ detail }) => sessionStorage.setItem(REMEMBERED, detail));
  panes.push(pane);
  room.append(pane.element);
}

function worldKnown() {
  const [first] = world.users.keys();
  if (first === undefined) {
    boot.textContent = "Belum ada orang di simulasi ini.";
    return;
  }
  boot.remove();
  if (!panes.length) {
    const remembered = Number(sessionStorage.getItem(REMEMBERED));
    addPane(world.users.has(remembered) ? remembered : first);
    return;
  }
  // Behind the same address there may be a new simulator, with other people in it.
  for (const pane of panes) {
    if (world.users.has(pane.viewerId)) pane.reset();
    else pane.become(first);
  }
}

world.addEventListener("reset", worldKnown);
world.addEventListener("world", () => panes.length || worldKnown());
world.addEventListener("line", ({ detail }) => {
  if (!panes.length && !detail.isUp) boot.textContent = "Simulator tidak menjawab. Mencoba lagi…";
});
world.start();
