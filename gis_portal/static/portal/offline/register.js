// Has the browser keep what is seen, and says on the page when what it shows is not of now.

const line = document.querySelector(".away");
const { kept } = document.documentElement.dataset;

function say(words, when) {
  const spoken = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  line.textContent = words.replace("{when}", spoken.format(when));
  line.hidden = false;
}

if (kept) say(line.dataset.keptLine, new Date(kept));
else {
  addEventListener("offline", () => say(line.dataset.awayLine, new Date(performance.timeOrigin)));
  addEventListener("online", () => (line.hidden = true));
}

if ("serviceWorker" in navigator) {
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}

async function register() {
  const first = !navigator.serviceWorker.controller;
  try {
    await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  } catch {
    // Browsers refuse in private windows and without TLS; the pages work without a worker.
    return;
  }
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  channel.port1.onmessage = () => (document.documentElement.dataset.worker = "ready");
  active.postMessage(first ? shownHere() : { keep: [], need: [] }, [channel.port2]);
}

/** This page, the list of plots, and the files that came before the worker. */
function shownHere() {
  const came = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const files = came.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/static/"));
  const list = document.querySelector("[data-list]").getAttribute("href");
  return { keep: [location.pathname + location.search, list], need: files.map(({ pathname }) => pathname) };
}
