// Sound: stretches of recordings, fetched ahead and played to the sample.
import { S, floats, rec } from './core.js';

let ctx, playing = [];
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

export function stop() {
  for (const p of playing) { p.onended = null; try { p.stop(); } catch { /* has not begun */ } }
  playing = [];
  document.body.dataset.playing = '';
}

// play sounds [from, to) of a recording, at a speed, some times over.
export async function play(r, sound, from, to, { speed = 1, times = 1, then } = {}) {
  const asked = performance.now();
  stop();
  ctx ||= new AudioContext();
  if (ctx.state === 'suspended') ctx.resume();
  const token = playing;
  const { from: first, samples } = await sound;
  if (token !== playing) return; // something else was asked for meanwhile
  const part = samples.slice(Math.max(from - first, 0), Math.max(to - first, 1));
  const buffer = ctx.createBuffer(1, part.length, r.rate);
  buffer.copyToChannel(part, 0);
  const long = part.length / r.rate / speed;
  for (let i = 0; i < times; i++) {
    const source = ctx.createBufferSource(), gain = ctx.createGain();
    source.buffer = buffer;
    source.playbackRate.value = speed;
    const at = ctx.currentTime + i * (long + 0.22);
    gain.gain.setValueAtTime(1, at + Math.max(long - 0.002, 0));
    gain.gain.linearRampToValueAtTime(0, at + long); // an end without a click
    source.connect(gain).connect(ctx.destination);
    source.start(at);
    playing.push(source);
    if (i === times - 1) source.onended = () => { document.body.dataset.playing = ''; then?.(); };
  }
  const d = document.body.dataset;
  Object.assign(d, { played: `${from} ${to}`, playing: 'yes', latency: (performance.now() - asked).toFixed(1) });
}
export const began = () => ctx?.currentTime ?? 0;

// hear plays a hit, from 3 ms before its onset.
export const hear = (it, o = { times: 2 }) => play(rec(it), around(it), Math.max(it.start, 0), it.end, o);
export const hearSlow = (it) => hear(it, { speed: 0.25 });
// hearEdge plays what a nudge changed: 30 ms before the onset to 60 ms after.
export const hearEdge = (it) => play(rec(it), around(it), it.onset - Math.round(0.03 * rec(it).rate), it.onset + Math.round(0.06 * rec(it).rate));
export const hearContext = (it) => play(rec(it), around(it), it.onset - Math.round(0.4 * rec(it).rate), it.onset + Math.round(0.4 * rec(it).rate));
export const hearFrom = (r, from, secs, then) => {
  const to = Math.min(r.samples, from + Math.round(secs * r.rate));
  return play(r, stretch(r, from, to), from, to, { then });
};
export const preload = (ids) => ids.forEach((id) => S.items.has(id) && around(S.items.get(id)).catch(() => {}));
