// Parts of a page that come after it: what is slow to find does not hold up what can be read already.

/** The text of `address`, which must be a page of this site that answers well. */
export async function page(address, options = {}) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.text();
}

export const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

/** Fill every `data-fragment` of `root`; what it holds stays where the answer fails, for it leads to the same. */
export function fetchFragments(root) {
  for (const place of root.querySelectorAll("[data-fragment]")) fill(place);
}

async function fill(place) {
  const status = place.querySelector("[role=status]");
  const before = status?.textContent;
  place.setAttribute("aria-busy", "true");
  if (status) status.textContent = place.dataset.busy;
  try {
    const { childNodes } = parsed(await page(place.dataset.fragment)).body;
    const held = place.contains(document.activeElement);
    place.replaceChildren(...childNodes);
    if (held) Object.assign(place, { tabIndex: -1 }).focus({ preventScroll: true });
    place.dispatchEvent(new CustomEvent("fragment:filled", { bubbles: true }));
  } catch {
    // The link that stands there asks for the same on a page of its own.
    if (status) status.textContent = before;
  } finally {
    place.removeAttribute("aria-busy");
  }
}
