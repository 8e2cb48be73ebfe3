// What several tools are made of: numbers in the page's language, lines that speak, buttons that copy.

import { el } from "portal/dom";

/** `0,0` digits after the point, in the page's language. */
export function number(value, digits) {
  const { lang } = document.documentElement;
  return value.toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: "always" });
}

/** `{name}` in a sentence replaced by what `values` has under that name; a number stays beside its unit. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]).replace(/(\d) (?=\p{L})/gu, "$1\u00a0");

/** A line that is read out when it changes. */
export const spoken = (className = "tool-status") => el("p", { className, role: "status" });

/** A button that copies what `text()` gives, and says in `status` that it did; the text itself where copying is not allowed. */
export function copyButton(texts, status, text, label = texts.copy, named = "") {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      status.textContent = texts.copied;
    } catch {
      status.textContent = text();
    }
  };
  return el("button", { type: "button", className: "quiet", onclick: copy, ...(named && { "aria-label": named }) }, label);
}
