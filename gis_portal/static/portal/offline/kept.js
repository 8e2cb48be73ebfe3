// On the page for the time without a network: links to what this browser has kept.

const list = document.querySelector("[data-kept-pages]");
const spoken = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
const lines = "caches" in window ? await keptPages() : [];

for (const { href, title, when } of lines) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const small = document.createElement("small");
  Object.assign(link, { href, textContent: title });
  small.textContent = spoken.format(when);
  item.append(link, " ", small);
  list.append(item);
}
list.parentElement.hidden = !lines.length;
document.documentElement.dataset.keptPages = lines.length;
document.querySelector("[data-again]").addEventListener("click", () => location.reload());

async function keptPages() {
  const cache = await caches.open("portal-pages");
  const kept = [];
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/offline/") continue;
    const answer = await cache.match(request);
    const text = new DOMParser().parseFromString(await answer.text(), "text/html");
    const when = new Date(answer.headers.get("x-kept-at"));
    kept.push({ href: pathname + search, title: text.title || pathname, when });
  }
  return kept.sort((one, other) => other.when - one.when);
}
