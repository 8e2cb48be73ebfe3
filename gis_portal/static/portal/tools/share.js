// Handing the map on: its address, the device's own way of sharing, and code that puts it into another page.

import { el } from "portal/dom";
import { copyButton, fill, spoken } from "portal/tools/parts";

// Width and height of the frame in pixels; the whole width of its place first.
const SIZES = [["100%", 480], ["640", 480], ["400", 320]];
const KEPT = ["lang", "map", "layers", "selected", "base", "at"];

export function open({ content, facts, texts }) {
  const status = spoken();
  const address = el("input", { type: "url", readOnly: true, value: location.href, "aria-label": texts.address, onfocus: (event) => event.target.select() });
  const follow = new MutationObserver(tell);
  const share = el("button", { type: "button", className: "quiet", hidden: !navigator.share, onclick: send }, texts.shareVia);
  content.append(el("p", { className: "tool-hint" }, texts.shareHint), address,
    el("div", { className: "tool-buttons" }, copyButton(texts, status, () => location.href, texts.copyLink), share), status);
  const code = facts.embed ? embedding() : null;
  // The address follows the map: the links to other languages are written anew with it.
  for (const link of document.querySelectorAll("[data-language]")) follow.observe(link, { attributeFilter: ["href"] });

  function tell() {
    address.value = location.href;
    code?.();
  }

  async function send() {
    await navigator.share({ title: document.title, url: location.href }).catch(() => {});
  }

  /** The part with the code; answers how to write it anew. */
  function embedding() {
    const size = el("select", { "aria-label": texts.frameSize, onchange: write }, ...SIZES.map(([width, height], i) => el("option", { value: i }, `${width} × ${height}`)));
    const frame = el("textarea", { readOnly: true, rows: 4, spellcheck: false, "aria-label": texts.frameCode, onfocus: (event) => event.target.select() });
    function write() {
      frame.value = frameCode(facts.embed, SIZES[size.value], texts.frameTitle);
    }
    write();
    content.append(el("details", { className: "embedding" }, el("summary", {}, texts.embed), el("p", { className: "tool-hint" }, fill(texts.embedHint, { sites: facts.embed.sites })),
      size, frame, el("div", { className: "tool-buttons" }, copyButton(texts, status, () => frame.value, texts.copyCode))));
    return write;
  }

  return { close: () => follow.disconnect() };
}

function frameCode({ path }, [width, height], title) {
  const address = new URL(path, location.origin);
  const here = new URLSearchParams(location.search);
  for (const name of KEPT) if (here.get(name)) address.searchParams.set(name, here.get(name));
  address.searchParams.set("lang", document.documentElement.lang);
  const frame = el("iframe", { src: address.href, title, width, height, loading: "lazy", allow: "fullscreen; geolocation" });
  frame.setAttribute("referrerpolicy", "strict-origin-when-cross-origin");
  return frame.outerHTML;
}
