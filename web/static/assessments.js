// The score sheet while it is written: kept by itself, moved through by keys; the buttons do the same without scripts.
const form = document.querySelector("form[data-draft]");
const told = form.querySelector("[data-kept]");
const scores = [...form.querySelectorAll("input[data-maximum]")];
const IDLE = 3000;
const LONGEST_WAIT = 60000;
let changed = false;
let leaving = false;
let timer = 0;
let wait = IDLE;
let running = false;

function say(text, lost) {
  told.textContent = text;
  told.classList.toggle("lost", Boolean(lost));
}

function later(after) {
  window.clearTimeout(timer);
  timer = window.setTimeout(keep, after);
}

function touched() {
  changed = true;
  say(form.dataset.unsaved, false);
  wait = IDLE;
  later(IDLE);
}

// Sends what stands there; tries again by itself, ever more patiently, while the connection is lost.
async function keep() {
  window.clearTimeout(timer);
  if (!changed || leaving) return;
  if (running) {
    later(IDLE);
    return;
  }
  running = true;
  changed = false;
  say(form.dataset.saving, false);
  try {
    const sent = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "application/json" } });
    const kept = sent.ok && !sent.redirected;
    if (!kept) changed = true;
    if (kept) {
      if (!changed) say((await sent.json()).said, false);
      wait = IDLE;
    } else if (sent.status >= 500) {
      say(form.dataset.offline, true);
      wait = Math.min(wait * 2, LONGEST_WAIT);
      later(wait);
    } else {
      // Refused: a score that is no number, a sheet locked elsewhere, a sign-in that ended. The button tells which.
      say(form.dataset.refused, true);
    }
  } catch {
    changed = true;
    say(form.dataset.offline, true);
    wait = Math.min(wait * 2, LONGEST_WAIT);
    later(wait);
  }
  running = false;
}

function mark(input) {
  const value = Number.parseFloat(input.value);
  for (const one of input.closest(".criterion").querySelectorAll(".anchors li")) {
    one.classList.toggle("reached", value >= Number(one.dataset.low) && value <= Number(one.dataset.high));
  }
}

function step(input, by) {
  const now = Number.parseFloat(input.value);
  const next = Number.isNaN(now) ? (by > 0 ? 0 : Number(input.dataset.maximum)) : Math.round((now + by) * 2) / 2;
  input.value = String(Math.min(Math.max(next, 0), Number(input.dataset.maximum)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const input of scores) mark(input);
form.addEventListener("input", (event) => {
  if (event.target.dataset.maximum) mark(event.target);
  touched();
});
form.addEventListener("change", () => {
  touched();
  keep();
});
window.addEventListener("online", () => keep());
form.addEventListener("submit", () => {
  leaving = true;
  window.setTimeout(() => { leaving = false; }, 8000);
});
window.addEventListener("beforeunload", (event) => {
  if (changed && !leaving) event.preventDefault();
});
form.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=next]") ?? form.querySelector("button[value=save]"));
    return;
  }
  const place = scores.indexOf(event.target);
  if (place < 0) return;
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    step(event.target, event.key === "ArrowUp" ? 0.5 : -0.5);
  } else if (event.key === "Enter") {
    event.preventDefault();
    (scores[place + 1] ?? form.querySelector("[name='comment.total']")).focus();
  }
});
document.querySelector("[data-keys]").hidden = false;
