// Keeps pages that were seen, and the files they need, for the time without a network. Pages always come from the
// network when there is one; what is kept is shown only when the network fails, and says from when it is. What a page
// shows to one person alone is never kept. `PORTAL` is written above by gis_portal/pages/about/offline.py.

const { pages, files, closed, static: FOLDER } = self.PORTAL;
const PAGES = "portal-pages";
const FILES = "portal-files";
const MOST = { [PAGES]: 40, [FILES]: 160 };
// Such a name never stands for another content.
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const MADE = "x-kept-at";
// The page that is being kept, so that who asks whether all is kept hears the truth.
let storing = Promise.resolve();

addEventListener("install", (event) => event.waitUntil(prepare()));
addEventListener("activate", (event) => event.waitUntil(begin()));
addEventListener("message", (event) => event.waitUntil(also(event)));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (pathname.startsWith(FOLDER)) event.respondWith(file(event));
});

async function prepare() {
  await Promise.all(files.map(async (path) => put(FILES, path, await fetch(path))));
  await Promise.all(Object.values(pages).map((path) => take(path)));
  await skipWaiting();
}

async function begin() {
  for (const name of await caches.keys()) if (!(name in MOST)) await caches.delete(name);
  // Else each page would wait for the worker to start before it is asked for.
  await registration.navigationPreload?.enable();
  await clients.claim();
}

/** The page on which the worker was registered, and what it needs: they came before the worker. */
async function also({ data: { keep, need }, ports: [asking] }) {
  await Promise.all(keep.map((path) => take(path)));
  await Promise.all(need.map(async (path) => (await caches.match(path)) ?? put(FILES, path, await fetch(path))));
  await storing;
  asking.postMessage("kept");
}

async function page(event) {
  const address = event.request.url;
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (mayKeep(address, answer)) event.waitUntil((storing = store(address, answer.clone())));
    return answer;
  } catch (problem) {
    const kept = (await found(address)) ?? (await found(new URL(pages[languageOf(address)], location).href, false));
    if (kept) return kept;
    throw problem;
  }
}

async function file(event) {
  const { url } = event.request;
  const kept = await caches.match(url);
  if (kept && HASHED.test(url)) return kept;
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(put(FILES, url, answer.clone()));
    return answer;
  } catch (problem) {
    if (kept) return kept;
    throw problem;
  }
}

function mayKeep(address, answer) {
  const { pathname } = new URL(address, location);
  const told = (name) => answer.headers.get(name) ?? "";
  return answer.ok && answer.type === "basic" && !answer.redirected && told("content-type").startsWith("text/html")
    && !/private|no-store/.test(told("cache-control")) && !closed.some((path) => pathname.startsWith(path));
}

async function take(path) {
  const answer = await fetch(path);
  if (mayKeep(path, answer)) await store(path, answer);
}

async function store(address, answer) {
  const headers = new Headers(answer.headers);
  headers.set(MADE, new Date().toISOString());
  // The text is kept as it is read: no longer packed.
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  await put(PAGES, address, new Response(await answer.text(), { headers }));
}

async function put(name, address, answer) {
  if (!answer.ok) return;
  const cache = await caches.open(name);
  // What is kept again goes to the end: the first is what nobody asked for the longest.
  await cache.delete(address);
  await cache.put(address, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, -MOST[name]).map((key) => cache.delete(key)));
}

/** A kept page in whichever language; its root element tells when it was made. */
async function found(address, dated = true) {
  const cache = await caches.open(PAGES);
  const keys = await cache.keys();
  const wanted = plain(address);
  const key = keys.find(({ url }) => url === address) ?? keys.find(({ url }) => plain(url) === wanted);
  const kept = key && (await cache.match(key));
  if (!kept || !dated) return kept;
  const text = await kept.text();
  return new Response(text.replace("<html", `<html data-kept="${kept.headers.get(MADE)}"`), { headers: kept.headers });
}

function plain(address) {
  const url = new URL(address, location);
  url.searchParams.delete("lang");
  url.hash = "";
  return url.href;
}

function languageOf(address) {
  const wanted = [new URL(address).searchParams.get("lang"), ...navigator.languages.map((one) => one.slice(0, 2))];
  return wanted.find((code) => code in pages) ?? Object.keys(pages)[0];
}
