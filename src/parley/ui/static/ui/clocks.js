"use strict";
/* The clocks of the strip go on while a page is looked at; a clock that stands still is worse than none.
 *
 * Each <time data-offset="480"> shows the node's time at so many minutes from UTC, written as
 * ui/times.py writes it. Offices open and close at `data-changes`, if that passes meanwhile.
 */
(() => {
  const DAYS = { en: "Sun Mon Tue Wed Thu Fri Sat".split(" "), zh: "周日 周一 周二 周三 周四 周五 周六".split(" ") };
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const two = (number) => String(number).padStart(2, "0");

  function wall(seconds, offset) {
    const at = new Date((seconds + offset * 60) * 1000);
    const time = two(at.getUTCHours()) + ":" + two(at.getUTCMinutes());
    if (document.documentElement.lang.startsWith("zh")) {
      return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${DAYS.zh[at.getUTCDay()]} ${time}`;
    }
    return `${DAYS.en[at.getUTCDay()]} ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${time}`;
  }

  function tick() {
    const now = window.Parley.now();
    for (const clock of document.querySelectorAll(".clocks time[data-offset]")) {
      const text = wall(now, Number(clock.dataset.offset));
      if (clock.textContent !== text) clock.textContent = text;
    }
    for (const offices of document.querySelectorAll(".clocks [data-changes]")) {
      if (now < Number(offices.dataset.changes)) continue;
      offices.textContent = offices.dataset.then;
      offices.removeAttribute("data-changes");
      offices.removeAttribute("title");
    }
  }

  if (document.querySelector(".clocks[data-now]")) {
    setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
    window.addEventListener("pageshow", tick);
  }
})();
