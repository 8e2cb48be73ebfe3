// Says at once what the server would say only after everything was sent: too many files, or too large.
const form = document.querySelector("[data-enquiry]");
const files = form.querySelector("[name=files]");
// The form's words travel in the same body.
const ROOM_FOR_WORDS = 50_000;

files.addEventListener("change", () => {
  const bytes = Array.from(files.files).reduce((sum, file) => sum + file.size, 0);
  const isTooMany = files.files.length > Number(form.dataset.most);
  const isTooLarge = bytes > Number(form.dataset.bytes) - ROOM_FOR_WORDS;
  files.setCustomValidity(isTooMany ? form.dataset.tooMany : isTooLarge ? form.dataset.tooLarge : "");
  files.reportValidity();
});

form.addEventListener("submit", () => {
  form.setAttribute("aria-busy", "true");
});
// A page that comes back by the back button is no longer sending.
addEventListener("pageshow", () => form.removeAttribute("aria-busy"));
