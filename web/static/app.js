// What a page does a little better with scripts; everything works without them.
const lists = document.querySelectorAll("[data-rows]");
for (const list of lists) {
  // One more row of a list: a copy of the last one with the next number in its names.
  const add = document.createElement("button");
  add.type = "button";
  add.className = "plain";
  add.textContent = list.dataset.rows;
  add.addEventListener("click", () => {
    const rows = list.querySelectorAll(".row");
    const row = rows[rows.length - 1].cloneNode(true);
    for (const hint of row.querySelectorAll(".hint, input[type=hidden]")) hint.remove();
    for (const input of row.querySelectorAll("input, select, textarea")) {
      input.name = input.name.replace(/\.\d+\./, `.${rows.length}.`);
      input.id = input.id.replace(/\.\d+\./, `.${rows.length}.`);
      input.readOnly = false;
      input.value = "";
    }
    for (const label of row.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(/\.\d+\./, `.${rows.length}.`);
    rows[rows.length - 1].after(row);
    row.querySelector("input, select, textarea").focus();
  });
  list.append(add);
}
// A form that was sent is not sent again by a second press; the server would answer the same, only later.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  window.setTimeout(() => delete form.dataset.sent, 8000);
});
// Enter confirms a word in a Chinese input method; it must not send the form.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.isComposing && event.target.tagName === "INPUT") event.preventDefault();
});
// The sum of a score sheet while it is being filled in.
const sum = document.querySelector("[data-sum]");
if (sum) {
  const scores = [...document.querySelectorAll("input[name^='item.']")];
  const show = () => {
    const total = scores.reduce((all, one) => all + (Number.parseFloat(one.value) || 0), 0);
    sum.textContent = String(Math.round(total * 100) / 100);
  };
  for (const one of scores) one.addEventListener("input", show);
  show();
}
// The first thing that is wrong is where the person goes on.
document.querySelector("[data-focus]")?.focus();
