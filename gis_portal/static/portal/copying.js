// Copying to the clipboard, with a word on the button that it was done.

export async function copyText(text, button, done) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the permission, or on a plain http address: select by hand.
    return window.prompt(before, text);
  }
  button.textContent = done;
  setTimeout(() => (button.textContent = before), 2000);
}
