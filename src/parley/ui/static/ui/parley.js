"use strict";
/* What the other scripts share: the node's time, the words of this page's language, and two ways to speak.
 *
 * Every page works without any of this. The texts are rendered by templates/ui/alerts.html, so that
 * they stand in one catalogue with all others.
 */
(() => {
  const words = document.getElementById("alert-words");
  const clocks = document.querySelector("[data-now]");
  // The node's time less this computer's. A computer that sleeps goes on counting; its clock may be wrong.
  let skew = clocks ? Number(clocks.dataset.now) - Math.floor(Date.now() / 1000) : 0;

  const shown = new Map();

  window.Parley = {
    /** The node's time in Unix seconds. */
    now: () => Math.floor(Date.now() / 1000) + skew,

    /** Take over what the node says its time is. */
    hearTime(seconds) {
      skew = seconds - Math.floor(Date.now() / 1000);
    },

    /** An instant as HH:MM:SSZ. */
    time: (seconds) => new Date(seconds * 1000).toISOString().slice(11, 19) + "Z",

    /** The text `data-word-<name>` with `{places}` filled in. */
    word(name, places = {}) {
      const text = (words && words.getAttribute("data-word-" + name)) || "";
      return text.replace(/\{(\w+)\}/g, (whole, place) => (place in places ? String(places[place]) : whole));
    },

    signInUrl: () => (words ? words.dataset.signIn : "/"),

    /** Say something to those who hear the page, once, when they have time. */
    say(text) {
      const polite = document.getElementById("polite");
      if (polite && polite.textContent !== text) polite.textContent = text;
    },

    /** Put a line over the page under the name `name`; with null, take it away. `more` stands behind it. */
    announce(name, text, more = []) {
      const place = document.getElementById("alerts");
      const old = shown.get(name);
      if (!place || (text === null && !old)) return;
      if (text === null) {
        old.remove();
        shown.delete(name);
        return;
      }
      if (old) {
        const line = old.querySelector("p");
        if (line.textContent !== text) line.textContent = text;
        return;
      }
      const box = document.createElement("div");
      const line = document.createElement("p");
      line.textContent = text;
      box.className = name;
      box.append(line, ...more);
      box.setAttribute("role", "alert");
      place.append(box);
      shown.set(name, box);
      // An alert is heard once; a number in it that changes must not be read out each time.
      setTimeout(() => box.removeAttribute("role"), 2000);
    },

    /** The forms' token may be of a cookie that is gone: take the one that this page would have now. */
    async renewToken() {
      try {
        const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
        const fresh = page.querySelector("input[name=csrfmiddlewaretoken]");
        if (!fresh) return false;
        for (const old of document.getElementsByName("csrfmiddlewaretoken")) old.value = fresh.value;
        return true;
      } catch {
        return false;
      }
    },

    /** A link to the sign-in page that leaves this page, and what is typed on it, where it is. */
    signInLink() {
      const link = document.createElement("a");
      link.href = window.Parley.signInUrl();
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = window.Parley.word("sign-in");
      return link;
    },
  };

  document.documentElement.classList.add("script");
})();
