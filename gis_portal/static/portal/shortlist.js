// The plots that a visitor marked, kept in this browser alone: buttons `data-shortlist="<zone>/<code>"` wherever they
// stand or are put later, the count beside the link in the header, and other tabs of the same browser.

const KEY = "portal.shortlist";
export const MOST = 5;
const SHOWN_MS = 7000;
const link = document.querySelector("[data-shortlist-link]");
const texts = link?.dataset ?? {};
// For a browser that lets nothing be stored: the marks then last as long as the page.
let kept = null;
let timer;

/** The references in the order they were marked; whatever else somebody stored under our key counts as nothing. */
export function shortlisted() {
  if (kept) return kept;
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(found) ? [...new Set(found.filter(isReference))].slice(0, MOST) : [];
  } catch {
    return [];
  }
}

const isReference = (one) => typeof one === "string" && /^[^/]+\/./.test(one) && one.length <= 100;

export function replace(references) {
  const wanted = [...new Set(references)].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(wanted));
    kept = null;
  } catch {
    kept = wanted;
  }
  show();
}

/** The comparison's address with these plots: what is sent to somebody else. */
export function address(references) {
  const page = new URL(link?.href ?? "/shortlist/", location.origin);
  page.searchParams.delete("plots");
  // Commas part the plots, so one within a code is written twice over.
  const list = references.map((one) => encodeURIComponent(one.replaceAll("%", "%25").replaceAll(",", "%2C")));
  const query = [page.search.slice(1), list.length && `plots=${list.join(",").replaceAll("%2F", "/")}`];
  return `${page.pathname}?${query.filter(Boolean).join("&")}`.replace(/\?$/, "");
}

function toggle(reference) {
  const before = shortlisted();
  if (before.includes(reference)) {
    replace(before.filter((one) => one !== reference));
    say(texts.removed);
  } else if (before.length >= MOST) {
    say(texts.full, texts.open);
  } else {
    replace([...before, reference]);
    say(texts.added?.replace("{count}", before.length + 1), texts.open);
  }
}

/** Bring all buttons and the header up to what is kept. */
function show() {
  const now = shortlisted();
  for (const button of document.querySelectorAll("button[data-shortlist]")) {
    const pressed = String(now.includes(button.dataset.shortlist));
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    if (button.hidden) button.hidden = false;
  }
  document.documentElement.dataset.shortlisted = now.length;
  if (link) link.href = address(now);
  const count = link?.querySelector("[data-shortlist-count]");
  if (count) {
    count.textContent = now.length;
    count.hidden = !now.length;
  }
  document.dispatchEvent(new CustomEvent("shortlist", { detail: now }));
}

const said = document.createElement("div");
said.className = "shortlist-said";
said.setAttribute("role", "status");
document.body.append(said);

function say(text, action) {
  if (!text) return;
  const words = document.createElement("p");
  words.append(text);
  if (action) {
    const open = document.createElement("a");
    open.href = address(shortlisted());
    open.textContent = action;
    words.append(" ", open);
  }
  said.replaceChildren(words);
  clearTimeout(timer);
  timer = setTimeout(() => said.replaceChildren(), SHOWN_MS);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-shortlist]");
  if (button) toggle(button.dataset.shortlist);
});
addEventListener("storage", (event) => (event.key === KEY || event.key === null) && show());
addEventListener("pageshow", (event) => event.persisted && show());

// Rows that another script puts in come with their buttons hidden.
let waiting = false;
new MutationObserver(() => {
  if (waiting || !document.querySelector("button[data-shortlist][hidden]")) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    show();
  });
}).observe(document.body, { childList: true, subtree: true });
show();
