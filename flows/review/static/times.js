/** Moments in the reader's own zone and language; pages come with UTC. */

const FORM = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function showTimes(root = document) {
  for (const each of root.querySelectorAll("time[datetime]:not([data-local])")) {
    const at = new Date(each.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    each.title = each.dateTime;
    each.textContent = FORM.format(at);
    each.dataset.local = "";
  }
}
