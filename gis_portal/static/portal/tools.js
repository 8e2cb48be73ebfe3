// The tools of the map: a bar of buttons, one tool at a time. What a tool is made of is loaded when it is first used.

import { $$, ask, el } from "portal/dom";

/**
 * `place` holds the buttons, `box` is what the tool in use fills; `about` is the address of the tools' own texts and facts;
 * `state()` gives {view, layers, selected} as the page's address has them; `makeRoom()` is called before a tool opens.
 */
export function createTools({ place, box, engine, notice, about, texts, state, makeRoom = () => {} }) {
  const buttons = new Map($$("[data-tool]", place).map((button) => [button.dataset.tool, button]));
  let [active, told, wanted] = [null, null, null];

  for (const [name, button] of buttons) button.addEventListener("click", () => use(name));
  // Before the page's own answer to Escape, which closes the card.
  document.addEventListener("keydown", onEscape, true);
  fullScreen(buttons.get("fullscreen"), place.closest(".stage"));
  place.hidden = false;

  async function use(name) {
    place.querySelector(":popover-open")?.hidePopover();
    if (name === "fullscreen") return;
    const again = active?.name === name || wanted === name;
    leave();
    if (again) return;
    wanted = name;
    try {
      told ??= ask(about);
      const [{ open, prepare }, facts] = await Promise.all([import(`portal/tools/${name}`), told]);
      await prepare?.(facts);
      if (wanted !== name) return;
      makeRoom();
      start(name, open, facts);
    } catch (problem) {
      told = null;
      console.info(problem);
      notice.mention(texts.toolFailed);
    }
    wanted = null;
  }

  function start(name, open, facts) {
    const title = el("h2", { id: "tool-title", tabIndex: -1 }, buttons.get(name).textContent.trim());
    const end = el("button", { type: "button", className: "close", "aria-label": texts.close, onclick: leave }, "×");
    const content = el("div", { className: "tool-content" });
    box.replaceChildren(el("div", { className: "tool-head" }, title, end), content);
    box.hidden = false;
    box.dataset.tool = name;
    buttons.get(name).setAttribute("aria-pressed", "true");
    active = { name, tool: { close() {} } };
    title.focus({ preventScroll: true });
    active.tool = open({ content, engine, facts, texts: facts.texts, state, leave });
  }

  function leave() {
    wanted = null;
    if (!active) return;
    const { name, tool } = active;
    const hadFocus = box.contains(document.activeElement);
    active = null;
    tool.close();
    box.hidden = true;
    box.replaceChildren();
    buttons.get(name).setAttribute("aria-pressed", "false");
    if (hadFocus) backTo(name);
  }

  /** To the tool's button, or to the one that opens the menu where that is folded away. */
  function backTo(name) {
    const button = buttons.get(name);
    (button.checkVisibility() ? button : place.querySelector(".tools-open")).focus({ preventScroll: true });
  }

  function onEscape(event) {
    if (event.key !== "Escape" || !active || document.querySelector("dialog[open], :popover-open")) return;
    event.preventDefault();
    leave();
  }

  return { use, leave };
}

/** Not every browser shows elements on the full screen: where it does not, there is no button. */
function fullScreen(button, stage) {
  if (!document.fullscreenEnabled || !stage) return;
  button.hidden = false;
  button.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()));
  document.addEventListener("fullscreenchange", () => button.setAttribute("aria-pressed", String(document.fullscreenElement !== null)));
}
