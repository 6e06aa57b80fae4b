// Sound: stretches of recordings, fetched ahead and played to the sample.
import { S, floats, rec } from './core.js';

let ctx, playing = [], head = null;
const AROUND = 0.5; // seconds kept on both sides of an onset
const kept = new Map();

// stretch returns {from, samples} of a recording; recent ones are kept.
function stretch(r, from, to) {
  const path = `audio?rec=${r.id}&from=${from}&to=${to}`;
  if (!kept.has(path)) {
    const p = floats(path).then((samples) => ({ from, samples }));
    p.catch(() => kept.delete(path));
    kept.set(path, p);
    if (kept.size > 120) kept.delete(kept.keys().next().value);
  }
  return kept.get(path);
}
// around returns the stretch around a hit. Its edges do not follow nudges.
export function around(it) {
  const r = rec(it), half = Math.round(AROUND * r.rate), grid = Math.round(it.onset / half) * half;
  return stretch(r, grid - 2 * half, grid + 2 * half);
}

// How things are heard, kept in the browser: how fast (slower is deeper, too), over and over or
// not, and how much louder (dB).
export const SPEEDS = [1, 0.5, 0.25];
export const H = { speed: 1, loop: false, gain: 0, ...remembered() };
function remembered() { try { return JSON.parse(localStorage['prep hearing']); } catch { return {}; } }
export function hearing(what) {
  Object.assign(H, what);
  try { localStorage['prep hearing'] = JSON.stringify(H); } catch { /* as long as the page lasts */ }
  for (const s of playing) s.loop &&= H.loop;
  hearers.forEach((f) => f());
}
const hearers = [];
export const onHearing = (f) => hearers.push(f);

// onHead calls f with what sounds, {rec, at} in samples, in each frame, and with null at the end.
const watchers = [];
export const onHead = (f) => watchers.push(f);
function follow(mine) {
  if (head !== mine) return;
  const t = ctx.currentTime - (ctx.outputLatency || 0), k = Math.max(Math.floor((t - mine.begin) / mine.every), 0), into = (t - mine.begin - k * mine.every) * mine.speed * mine.rate;
  mine.at = Math.round(Math.min(mine.from + Math.max(into, 0), mine.to));
  watchers.forEach((f) => f(mine));
  requestAnimationFrame(() => follow(mine));
}
function lift() { head = null; watchers.forEach((f) => f(null)); }
export const isLong = () => !!head?.long;

export function stop() {
  for (const p of playing) { p.onended = null; try { p.stop(); } catch { /* has not begun */ } }
  playing = [];
  document.body.dataset.playing = '';
  lift();
}

// warm opens the audio output, which takes its time: better before the first key than after it.
export const warm = () => { ctx ||= new AudioContext(); };

// play sounds [from, to) of a recording, at a speed, some times over.
export async function play(r, sound, from, to, { speed = H.speed, times = 1, then, long = false } = {}) {
  const asked = performance.now();
  stop();
  warm();
  if (ctx.state === 'suspended') ctx.resume();
  const token = playing;
  const { from: first, samples } = await sound;
  if (token !== playing) return; // something else was asked for meanwhile
  const part = samples.slice(Math.max(from - first, 0), Math.max(to - first, 1));
  const buffer = ctx.createBuffer(1, part.length, r.rate);
  buffer.copyToChannel(part, 0);
  const lasts = part.length / r.rate / speed, loop = H.loop && !then, every = loop ? lasts : lasts + 0.22;
  if (loop) times = 1;
  const loud = level(part);
  for (let i = 0; i < times; i++) {
    const source = ctx.createBufferSource(), gain = ctx.createGain();
    source.buffer = buffer;
    source.playbackRate.value = speed;
    source.loop = loop;
    const at = ctx.currentTime + i * every;
    gain.gain.setValueAtTime(loud, at);
    if (!loop && !then) {
      gain.gain.setValueAtTime(loud, at + Math.max(lasts - 0.002, 0));
      gain.gain.linearRampToValueAtTime(0, at + lasts); // an end without a click
    }
    source.connect(gain).connect(ctx.destination);
    source.start(at);
    playing.push(source);
    if (i === times - 1) source.onended = () => { document.body.dataset.playing = ''; lift(); then?.(); };
  }
  head = { rec: r, from, to, at: from, begin: ctx.currentTime, every, speed, rate: r.rate, long };
  follow(head);
  const d = document.body.dataset;
  Object.assign(d, { played: `${from} ${to}`, playing: 'yes', latency: (performance.now() - asked).toFixed(1) });
}
// level is how much louder a stretch is played: no more than goes without clipping.
function level(part) {
  let peak = 1e-6;
  for (const v of part) peak = Math.max(peak, Math.abs(v));
  const wanted = 10 ** (H.gain / 20);
  return wanted > 1 ? Math.max(1, Math.min(wanted, 1 / peak)) : wanted;
}
export const began = () => ctx?.currentTime ?? 0;

// hear plays a hit, from 3 ms before its onset.
export const hear = (it, o = { times: 2 }) => play(rec(it), around(it), Math.max(it.start, 0), it.end, o);
export const hearSlow = (it) => hear(it, { speed: 0.25 });
// hearEdge plays what a nudge changed: 30 ms before the onset to 60 ms after.
export const hearEdge = (it) => play(rec(it), around(it), it.onset - Math.round(0.03 * rec(it).rate), it.onset + Math.round(0.06 * rec(it).rate));
export const hearContext = (it) => play(rec(it), around(it), it.onset - Math.round(0.4 * rec(it).rate), it.onset + Math.round(0.4 * rec(it).rate));
// hearOn plays from a sample on, to the end or to another; what comes next is fetched meanwhile.
const LENGTH = 20; // seconds at a time
export function hearOn(r, from, end = r.samples) {
  const to = Math.min(end, from + LENGTH * r.rate), more = to < end;
  if (more) stretch(r, to, Math.min(end, to + LENGTH * r.rate)).catch(() => {});
  return play(r, stretch(r, from, to), from, to, { long: true, then: more ? () => hearOn(r, to, end) : null });
}
export const preload = (ids) => ids.forEach((id) => S.items.has(id) && around(S.items.get(id)).catch(() => {}));
