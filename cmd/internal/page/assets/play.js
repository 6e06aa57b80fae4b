// Play: hits are named as they happen, and a drum of the browser answers.
import { $, S, el, fill, colour, note, worth } from './core.js';
import { listen } from './mic.js';
import * as drums from './drums.js';

let mic, beginning = false;
const shown = [], late = { name: [], sound: [] };
const NONE = '(none)';

const quantile = (x, q) => [...x].sort((a, b) => a - b)[Math.min(x.length - 1, Math.floor(q * x.length))];

export function show() { knowledge(); paint(); }
export const update = show;
export const resized = () => {};

// knowledge says what the model is worth, and what it takes for what.
function knowledge() {
  const k = S.knowledge, box = $('play-model');
  if (!k) {
    fill(box, 'No model of your own sounds yet: the general one names kick, hat and snare. Record five or more of each of your sounds.');
    return;
  }
  const parts = [worth(k)];
  for (const a of k.alike.slice(0, 3)) parts.push(`Your ${a.a} and ${a.b} are alike: ${a.mistaken} of ${a.hits} are taken for each other.`);
  fill(box, ...parts.map((p) => el('span', {}, p + ' ')));
}

function paint() {
  const last = shown[0], list = S.classes.filter((c) => !S.knowledge || S.knowledge.sounds.includes(c));
  $('play-name').textContent = last ? (last.class === NONE ? 'none of them' : last.class + (last.unsure ? '?' : '')) : mic ? '…' : '–';
  $('play-name').style.setProperty('--c', last ? colour(last.class) : 'currentColor');
  fill($('play-lamps'), ...list.map((c) => el('div', { class: `lamp ${last?.class === c ? 'on' : ''}`, colour: colour(c) }, c,
    el('small', {}, String(shown.filter((h) => h.class === c).length)))));
  fill($('play-list'), ...shown.slice(0, 100).map((h) => el('li', { colour: colour(h.class), 'data-onset': h.onset, 'data-class': h.class }, el('b', {}, h.class + (h.unsure ? '?' : '')), ` ${Math.round(100 * h.probability)} %, ${h.level.toFixed(0)} dB`)));
  const n = late.name.length, ms = (x, q) => quantile(x, q).toFixed(0);
  $('play-late').textContent = n ? `name: ${ms(late.name, 0.5)} ms after the hit's window (99 %: ${ms(late.name, 0.99)}); drum: ${ms(late.sound, 0.5)} ms, and ${drums.open().toFixed(0)} ms of the sound card` : '';
  $('play-go').textContent = mic ? 'Stop' : 'Listen';
}

function heard(h, ms) {
  shown.unshift(h);
  shown.length = Math.min(shown.length, 200);
  const began = performance.now();
  if ($('play-drum').checked && h.class !== NONE) drums.hit(h.class, S.classes.indexOf(h.class), h.level);
  late.sound.push(ms + performance.now() - began);
  paint();
  late.name.push(ms + performance.now() - began);
  Object.assign(document.body.dataset, { heard: shown.length, lateName: quantile(late.name, 0.5).toFixed(1), lateSound: quantile(late.sound, 0.5).toFixed(1),
    late99: quantile(late.name, 0.99).toFixed(1) });
}

function level(peak) {
  const db = 20 * Math.log10(Math.max(peak, 1e-4));
  $('play-level').firstChild.style.width = `${Math.max(0, 100 + 1.6 * db)}%`;
}

export async function toggle() {
  if (beginning) return;
  if (mic) { const m = mic; mic = null; paint(); await m.stop(); return; }
  beginning = true;
  drums.open();
  late.name.length = late.sound.length = 0;
  try {
    mic = await listen(null, { level, hit: heard, end: (e) => { mic = null; if (e) note(e.message); paint(); } });
  } catch (e) { note(e.message); }
  beginning = false;
  paint();
}

export function begin() {
  $('play-go').onclick = toggle;
  $('play-clear').onclick = () => { shown.length = 0; paint(); };
}
// leave stops listening: nothing listens that is not seen.
export function leave() { if (mic) toggle(); }
export function key(e) {
  if (e.key === ' ' || e.key === 'Enter') { toggle(); return true; }
  return false;
}
