// Keeps what is typed when a field is left; without this script the buttons keep it.
const form = document.querySelector("form[data-autosave]");
const told = document.querySelector("[data-autosaved]");
let changed = false;
let running = null;
const keep = async () => {
  const body = new FormData(form);
  body.set("autosave", "yes");
  changed = false;
  try {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    const heard = await answer.json();
    if (answer.ok) form.elements.revision.value = heard.revision;
    told.textContent = heard.said;
  } catch {
    // No network: the text stays in the form, and leaving the next field tries again.
    changed = true;
  }
};
const begin = () => {
  if (!changed || running) return;
  running = keep().finally(() => { running = null; });
};
if (form) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("focusout", begin);
  // A button pressed while a save is under way waits for it, so that it knows the revision that save made.
  form.addEventListener("submit", (event) => {
    if (!running) return;
    event.preventDefault();
    event.stopPropagation();
    running.then(() => form.requestSubmit(event.submitter));
  });
}
