"use strict";
/* The three sounds of this product, made here: no file is fetched, and none of them can be missing.
 *
 *   call   two tones, rising, every 4 s, louder each minute       somebody must act, now
 *   soon   one soft note, at most three times, 5 min apart        something falls due
 *   test   a short melody, every 20 s                             a line test, so that the ear learns it
 *
 * html[data-sounding] says which one sounds; html[data-audible="no"] that the browser lets this page make no
 * sound yet: it wants a key or a click first. Nothing else in Parley makes a sound.
 */
(() => {
  const EVERY_MS = { call: 4_000, test: 20_000 };
  const SLACK_MS = 300; // whoever asks does so once a second
  const CALL = [[620, 0, 0.28], [930, 0.32, 0.42]];
  const SOON = [[523, 0, 0.7]];
  const TEST = [[392, 0, 0.18], [523, 0.2, 0.18], [659, 0.4, 0.18], [523, 0.6, 0.18], [784, 0.8, 0.36]];
  const root = document.documentElement;

  let sound = null;
  let playing = null; // {name, since, last}

  function player() {
    if (sound === null && "AudioContext" in window) sound = new AudioContext();
    if (sound !== null && sound.state === "suspended") sound.resume().then(tellAudible, tellAudible);
    tellAudible();
    return sound;
  }

  function tellAudible() {
    const isAudible = sound !== null && sound.state === "running";
    if (root.dataset.audible !== (isAudible ? "yes" : "no")) root.dataset.audible = isAudible ? "yes" : "no";
  }

  function note(context, [pitch, after, lasts], loudness) {
    const begins = context.currentTime + after;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, begins);
    volume.gain.linearRampToValueAtTime(loudness, begins + 0.02);
    volume.gain.setValueAtTime(loudness, begins + lasts - 0.05);
    volume.gain.linearRampToValueAtTime(0, begins + lasts);
    tone.connect(volume).connect(context.destination);
    tone.start(begins);
    tone.stop(begins + lasts + 0.05);
  }

  function play(notes, loudness) {
    const context = player();
    if (context === null || context.state === "closed") return;
    for (const each of notes) note(context, each, loudness);
  }

  /** Sound `name`, `call` or `test`, from now on; ask again each second. With null, be silent. */
  function keep(name) {
    if (name === null) {
      playing = null;
      if (root.dataset.sounding !== "soon") delete root.dataset.sounding;
      return;
    }
    const now = Date.now();
    if (playing === null || playing.name !== name) playing = { name, since: now, last: -Infinity };
    root.dataset.sounding = name;
    tellAudible();
    if (Math.abs(now - playing.last) < EVERY_MS[name] - SLACK_MS) return;
    playing.last = now;
    const minutes = Math.max(0, Math.floor((now - playing.since) / 60_000));
    play(name === "call" ? CALL : TEST, Math.min(0.9, 0.3 + 0.15 * minutes));
  }

  /** Sound one soft note, unless something louder sounds. */
  function soon() {
    if (playing !== null) return;
    root.dataset.sounding = "soon";
    play(SOON, 0.12);
    setTimeout(() => {
      if (root.dataset.sounding === "soon") delete root.dataset.sounding;
    }, 1_500);
  }

  /** Sound the tones of a call once, as a trial: whoever takes the watch says whether they were heard. */
  function trial() {
    play(CALL, 0.5);
  }

  // A browser lets a page sound once somebody has touched it.
  for (const gesture of ["pointerdown", "keydown"]) {
    document.addEventListener(gesture, () => "beat" in document.body.dataset && player(), { capture: true });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-trial-sound]");
    if (button) trial();
  });

  window.Parley.sounds = { keep, soon, trial, prepare: player };
})();
