// A plot's page: the share button, and on a phone parts that fold, so that the page can be overlooked.

const button = document.querySelector("[data-share]");
const said = document.querySelector("[data-said]");
const address = document.querySelector("link[rel=canonical]").href;

if (button && (navigator.share || navigator.clipboard)) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) {
        await navigator.share({ title: document.title, url: address });
      } else {
        await navigator.clipboard.writeText(address);
        said.textContent = button.dataset.copied;
      }
    } catch (problem) {
      // Whoever closes the system's dialogue has changed their mind.
      if (problem.name !== "AbortError") said.textContent = address;
    }
  });
}
// What an investor asks first stays open; a link into a folded part opens it, and so does printing.
const FIRST = new Set(document.getElementById("offer") ? ["offer"] : ["land"]);
const parts = [...document.querySelectorAll("details.part, details.more")];
if (matchMedia("(max-width: 639px)").matches) {
  for (const part of parts) part.open = FIRST.has(part.id);
}
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const part = target && (target.closest("details") ?? target.querySelector("details.more"));
  if (part && !part.open) {
    part.open = true;
    target.scrollIntoView();
  }
}
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", () => parts.forEach((part) => (part.open = true)));
openTarget();
document.documentElement.dataset.page = "ready";
