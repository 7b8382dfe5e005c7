// The work list with a keyboard and a panel; every line is an ordinary link without it.
const desk = document.querySelector("#work");
const panel = document.querySelector("#panel");
const dialog = document.querySelector("#keys");
const wide = window.matchMedia("(min-width: 1001px)");
let opened = "";
let going = false;

const rows = () => [...document.querySelectorAll(".work-list tbody tr")];
const here = () => document.querySelector(".work-list tr.here");
const linkOf = (row) => row?.querySelector("[data-open]");

function stand(row, focus = true) {
  here()?.classList.remove("here");
  if (!row) return;
  row.classList.add("here");
  if (focus) linkOf(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  const at = all.indexOf(here());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (!next) return;
  stand(next);
  if (opened) open(next);
}

async function ask(address, options = {}) {
  return fetch(address, { ...options, headers: { ...options.headers, "x-panel": "1" }, redirect: "follow" });
}

function fill(html) {
  panel.innerHTML = html;
  panel.hidden = false;
  desk.classList.add("split");
  panel.scrollTop = 0;
}

async function open(row, form = false) {
  const link = linkOf(row);
  if (!link) return;
  if (!wide.matches) {
    window.location.assign(link.href);
    return;
  }
  stand(row, false);
  opened = row.dataset.number;
  const answer = await ask(`/desk/${encodeURIComponent(opened)}`);
  if (!answer.ok || opened !== row.dataset.number) {
    if (!answer.ok) window.location.assign(link.href);
    return;
  }
  fill(await answer.text());
  const first = panel.querySelector(".verb details");
  if (form && first) {
    first.open = true;
    first.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
  } else panel.querySelector("[data-panel-title]")?.focus({ preventScroll: true });
}

function close() {
  panel.hidden = true;
  panel.replaceChildren();
  desk.classList.remove("split");
  opened = "";
  linkOf(here())?.focus();
}

// After a decision: the list as it now is, and the case that follows the one that was decided.
async function next(decided) {
  const numbers = rows().map((row) => row.dataset.number);
  const after = numbers.slice(numbers.indexOf(decided) + 1);
  const answer = await fetch(window.location.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [".desk-list", ".tabs"]) {
    const now = fresh.querySelector(part);
    if (now) document.querySelector(part).replaceWith(now);
  }
  const row = rows().find((one) => after.includes(one.dataset.number)) ?? rows().find((one) => one.dataset.number !== decided);
  if (row) open(row);
  else linkOf(rows()[0])?.focus();
}

if (panel) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (link && plain && wide.matches) {
      event.preventDefault();
      open(link.closest("tr"));
    }
    if (event.target.closest("[data-close]")) close();
  });
  panel.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    const answer = await ask(form.action, { method: "POST", body: new FormData(form, event.submitter) });
    const html = await answer.text();
    if (answer.status === 401 || answer.redirected) {
      window.location.reload();
      return;
    }
    fill(html);
    const moved = panel.querySelector("[data-moved]");
    if (moved) await next(moved.dataset.moved);
    else (panel.querySelector("[data-focus]") ?? panel.querySelector("[data-panel-title]"))?.focus();
  });
}

document.querySelector("#close-keys")?.addEventListener("click", () => dialog.close());
const shows = document.querySelector("#show-keys");
if (shows) {
  shows.hidden = false;
  shows.addEventListener("click", () => dialog.showModal());
}

const PLACES = { i: "/?tab=waiting", c: "/cases", n: "/notices", m: "/finance" };
const DOES = {
  j: () => step(1),
  k: () => step(-1),
  x: () => here()?.querySelector("input[type=checkbox]")?.click(),
  o: () => open(here() ?? rows()[0]),
  e: () => open(here() ?? rows()[0], true),
  "/": () => document.querySelector("#text")?.focus(),
  "?": () => dialog?.showModal(),
};

// Single keys do nothing while somebody types, composes Chinese, holds another key, or has switched them off.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opened && !dialog?.open && !event.isComposing) close();
  const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const other = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229;
  if (!desk || desk.dataset.keys !== "on" || typing || other || dialog?.open) return;
  if (going) {
    going = false;
    if (PLACES[event.key]) window.location.assign(PLACES[event.key]);
    return;
  }
  if (event.key === "g") {
    going = true;
    window.setTimeout(() => (going = false), 1500);
  } else if (event.key === "Enter" && event.target.matches("body, [data-open]") && here()) {
    event.preventDefault();
    open(here());
  } else if (DOES[event.key]) {
    event.preventDefault();
    DOES[event.key]();
  }
});
