// Start: who, which sounds, record or drop, look over, play: the next step is marked.
import { $, S, el, fill, colour, json, note, named, saveNames, worth } from './core.js';
import { listen } from './mic.js';
import { edit } from './names.js';

const WANTED = 12; // hits of each sound that are asked for
const SETS = [['kick', 'hat', 'snare'], ['kick', 'hat closed', 'hat open', 'snare'], ['kick', 'hat', 'snare', 'rimshot', 'click']];
let person = '', mic, take, found = 0, peakHeld = 0, working = '', going = () => {};

export const onGo = (f) => { going = f; };
const counts = () => S.stats.classes || {};
const isEnough = () => S.classes.filter((c) => (counts()[c] || 0) >= 3).length >= 2;

export function show() { paint(); }
export const update = paint;
export const resized = () => {};
export const key = () => false;

function paint() {
  if ($('start').hidden) return;
  sounds();
  records();
  const s = S.stats, next = !S.classes.length ? 'sounds' : !isEnough() ? 'record' : s.left ? 'look' : 'play';
  for (const step of document.querySelectorAll('#start .step')) step.classList.toggle('next', step.id === `step-${next}`);
  $('look-facts').textContent = working || (s.hits ? `${s.hits} hits in ${S.recs.length} recording${S.recs.length === 1 ? '' : 's'}: ${s.labelled - s.rejected} named, ${s.left} not yet, ${s.rejected} rejected.` : 'Nothing is recorded yet.');
  const k = S.knowledge;
  $('model-facts').textContent = k ? worth(k)
    : isEnough() ? 'Your model is being made.' : 'A model of your own sounds is made as soon as there are three hits each of two sounds; five and more are much better.';
  document.body.dataset.next = next;
}

function sounds() {
  fill($('sounds'), ...S.names.map((n) => el('span', { class: 'chip', colour: n.colour }, el('kbd', {}, n.key || ' '), ' ' + n.class)));
  fill($('sound-sets'), ...(S.classes.length ? [el('button', { onclick: edit }, 'Change names, keys and colours')]
    : SETS.map((set) => el('button', { onclick: () => add(set) }, set.join(', ')))));
}

// add adds sounds; the program gives them their keys and colours.
async function add(list) {
  const all = [...S.names], keys = '1234567890'.split('').filter((k) => !all.some((n) => n.key === k));
  for (const c of list) if (!named(c)) all.push({ class: c, key: keys.shift() || '', colour: '' });
  await saveNames(all);
}

function records() {
  fill($('record-sounds'), ...[...S.classes, ''].map((c) => {
    const on = take && take.sound === c, have = counts()[c] || 0;
    return el('button', { class: `record ${on ? 'on' : ''} ${c && have >= WANTED ? 'done' : ''}`, colour: colour(c), disabled: !!working || mic && !on || null,
      'aria-pressed': String(!!on), onclick: () => record(c) },
    el('i', {}), el('b', {}, on ? 'Stop' : c || 'anything'), el('small', {}, on ? `${found} heard` : c ? `${have} of ${WANTED}` : 'a free take'));
  }));
  $('record-facts').textContent = take ? (take.sound ? `${WANTED} times ${take.sound}, please: short, apart, some soft and some loud. ${found} heard.` : `${found} hits heard.`)
    : working || 'Press a sound and make it twelve times, a breath apart. Or record anything, and name the hits afterwards.';
}

async function record(sound) {
  if (mic) { finish(); return; }
  person = $('person').value.trim();
  if (!person) { note('Who makes the sounds? Write a name first.'); $('person').focus(); return; }
  take = { id: Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join(''), person, sound };
  found = peakHeld = 0;
  paint();
  try {
    mic = await listen(take, { level, hit: () => { found++; records(); document.body.dataset.found = found; },
      end: (e) => { if (e) note(`The recording ended: ${e.message}`); finish(); } });
    document.body.dataset.recording = sound || 'anything';
  } catch (e) { note(e.message); take = null; paint(); }
}

// finish ends a take and brings it into the set.
async function finish() {
  const m = mic;
  if (!m) return;
  mic = null;
  working = 'Finding the hits…';
  paint();
  await m.stop();
  take = null;
  document.body.dataset.recording = '';
  await takeIn();
}

async function takeIn() {
  working = 'Finding the hits…';
  paint();
  try {
    const r = await fetch('takein', { method: 'POST' }), t = await r.json();
    if (!r.ok) throw new Error(t.error);
    const words = [`${t.found} hits found${t.named ? `, ${t.named} named` : ''}.`, ...t.notes];
    note(words.join(' '), !t.notes.length);
    document.body.dataset.taken = `${t.recordings} ${t.found} ${t.named}`;
  } catch (e) { note(e.message); }
  working = '';
  paint();
}

function level(peak) {
  peakHeld = Math.max(peak, peakHeld * 0.97);
  const bar = $('record-level');
  bar.firstChild.style.width = `${Math.max(0, 100 + 32 * Math.log10(Math.max(peakHeld, 1e-4)))}%`;
  if (peak >= 0.999) {
    bar.classList.add('clip');
    bar.title = 'The microphone is overdriven: further away, or lower its level.';
    clearTimeout(level.off);
    level.off = setTimeout(() => bar.classList.remove('clip'), 2000);
  }
}

// drop keeps files and takes them in.
async function drop(files) {
  let kept = 0;
  for (const f of files) {
    working = `Copying ${f.name}…`;
    paint();
    const q = new URLSearchParams({ name: f.name, person: $('person').value.trim(), changed: f.lastModified });
    const r = await fetch(`file?${q}`, { method: 'POST', body: f }).catch(() => null);
    if (r?.ok) kept++;
    else note(r ? (await r.json().catch(() => ({ error: `${f.name} was refused` }))).error : 'The program cannot be reached.');
  }
  working = '';
  if (kept) await takeIn(); else paint();
}

export function begin() {
  $('person').value = localStorage['person ' + location.pathname] || S.recs.at(-1)?.group || S.who;
  $('person').onchange = (e) => { try { localStorage['person ' + location.pathname] = e.target.value; } catch { /* it is asked for again */ } };
  $('sound-form').onsubmit = (e) => { e.preventDefault(); const c = $('sound-new').value.trim(); $('sound-new').value = ''; if (c) add([c]); };
  $('files').onchange = (e) => { drop([...e.target.files]); e.target.value = ''; };
  const zone = $('drop');
  zone.ondragover = (e) => { e.preventDefault(); zone.classList.add('over'); };
  zone.ondragleave = () => zone.classList.remove('over');
  zone.ondrop = (e) => { e.preventDefault(); zone.classList.remove('over'); drop([...e.dataTransfer.files]); };
  $('go-name').onclick = () => going('queue');
  $('go-look').onclick = () => going('sheet');
  $('go-play').onclick = () => going('play');
  $('again').onclick = takeIn;
}
export function leave() { if (mic) finish(); }
