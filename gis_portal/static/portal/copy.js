// The copy buttons of the services page; they appear only where they work.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    const told = document.querySelector("[data-copied]");
    told.textContent = told.dataset.copied;
    setTimeout(() => (told.textContent = ""), 2000);
  });
}
