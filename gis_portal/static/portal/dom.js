// Building elements without markup in strings: nothing that comes from a server can become a tag.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** An element; keys of `props` with a dash are attributes, `on…` listeners, the others properties. */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** JSON from this site in the page's language and of the page's day. Throws an Error whose message can be shown. */
export async function ask(path, parameters = {}, signal = undefined) {
  const address = new URL(path, location.origin);
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  const { lang, dataset } = document.documentElement;
  address.searchParams.set("lang", lang);
  if (dataset.at) address.searchParams.set("at", dataset.at);
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  const content = await answer.json();
  if (answer.ok) return content;
  throw Object.assign(new Error([content.detail, content.hint].filter(Boolean).join(" ")), { status: answer.status, content });
}
