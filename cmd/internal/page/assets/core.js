// The state of the page, and how it talks to the program. Everything that is
// shown comes from S; everything that changes it comes from the program.
export const S = { recs: [], items: new Map(), ids: [], names: [], classes: [], stats: {}, version: 0, who: '', at: null, last: '', knowledge: null };

export const named = (c) => S.names.find((n) => n.class === c);
export const colour = (c) => named(c)?.colour || '#a9b3c0';
function takeNames(names) { S.names = names || []; S.classes = S.names.map((n) => n.class); }
export const $ = (id) => document.getElementById(id);
export const item = (id = S.at) => S.items.get(id);
export const rec = (it) => S.recs[it.rec];
export const byHand = (it) => it.by === 'human';
export const seconds = (it) => it.onset / rec(it).rate;

// el makes an element: el('button', {class: 'x', onclick: f}, child, 'text').
export function el(tag, attrs = {}, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs)) {
    if (k.startsWith('on')) e.addEventListener(k.slice(2), v);
    else if (k === 'colour') e.style.setProperty('--c', v);
    else if (k === 'left' || k === 'top' || k === 'width') e.style[k] = v;
    else if (v !== false && v != null) e.setAttribute(k, v);
  }
  e.append(...children.filter((c) => c != null));
  return e;
}

// fill replaces what is in an element. Who is there by keyboard stays there.
export function fill(parent, ...children) {
  const stops = () => [...parent.querySelectorAll('button, input')], at = stops().indexOf(document.activeElement);
  parent.replaceChildren(...children.filter((c) => c != null));
  stops()[at]?.focus();
}

const listeners = [];
export const onChange = (f) => listeners.push(f);
export const changed = (what = {}) => listeners.forEach((f) => f(what));

// guess returns the model's favourite: {class, p, second}, or null.
export function guess(it) {
  if (!it?.guess) return null;
  let a = -1, b = -1;
  it.guess.forEach((p, i) => {
    if (a < 0 || p > it.guess[a]) [a, b] = [i, a];
    else if (b < 0 || p > it.guess[b]) b = i;
  });
  return { class: S.classes[a], p: it.guess[a] / 1000, second: b < 0 ? 0 : it.guess[b] / 1000 };
}
// suggestion is the pre-label that enter accepts: an import's, else the model's.
export const suggestion = (it) => it.class || guess(it)?.class;

// worth says what a person's model is worth, as an interval: from few hits a single number flatters.
export function worth(k) {
  const [low, high] = k.ci.map((x) => Math.round(100 * x));
  return `Your model knows ${S.classes.filter((c) => k.sounds.includes(c)).join(', ')}, from ${k.hits} hits. Of 100 hits like these it should name ${low} to ${high} rightly.${
    k.by_take ? '' : ' Hits of one take are alike: another day may do worse. Record each sound once more, later, to know.'} `;
}

// announce says what is at hand to who does not see it.
export function announce(text) { if ($('current').textContent !== text) $('current').textContent = text; }
export const called = (it) => (it.reject ? 'rejected' : it.class || (suggestion(it) ? `${suggestion(it)}?` : 'no name yet'));

const SURE = 50; // hits that are called otherwise without a question
export const isSure = (n, what) => n <= SURE || window.confirm(`${n} hits ${what} Undo (u) takes it back. Go on?`);

let timer;
export function note(text, hint) {
  const n = $('note');
  n.textContent = text;
  n.className = hint ? 'hint' : '';
  n.hidden = !text;
  clearTimeout(timer);
  timer = setTimeout(() => { n.hidden = true; }, hint ? 3500 : 9000);
}

export async function ask(path) {
  const r = await fetch(path, { priority: 'low' }); // what is said goes first
  if (!r.ok) throw new Error((await r.json().catch(() => ({}))).error || r.statusText);
  return r;
}
export const json = async (path) => (await ask(path)).json();
// latest returns what asks as json does, and answers null where it was asked again since: what comes late
// answers a question that nobody has any more.
export function latest() {
  let turn = 0;
  return async (path) => {
    const mine = ++turn, answer = await json(path);
    return mine === turn ? answer : null;
  };
}
export const bytes = async (path) => new Uint8Array(await (await ask(path)).arrayBuffer());
export const floats = async (path) => new Float32Array(await (await ask(path)).arrayBuffer());

export async function load() {
  const known = S.version, s = await json('state');
  if (S.version > known && s.version < S.version) return load(); // what has changed meanwhile is not in it
  takeNames(s.names);
  Object.assign(S, { recs: s.recordings || [], stats: s.stats, version: s.version, who: s.who, seat: s.seat, second: s.second, set: s.set, first: s.first, embeds: s.embeds, knowledge: s.knowledge || null });
  S.items = new Map((s.items || []).map((it) => [it.id, it]));
  document.title = `${s.set} - prep label`;
  changed({ all: true });
}

// Actions go out one after the other, and are kept, over a reload too, until the program has
// said that they are on disk. Each has a name of its own: one that is sent again because its
// answer was lost is done once. An item with actions under way is shown as the person left
// it; when the program cannot be reached, as it is on disk.
const flying = new Map();
const kept = 'unsaved ' + location.pathname + ' ', tab = tabName(), mine = kept + tab;
let wake = () => {}; // ends a wait for the program
let unsaved = [], acts = 0, sending = false, lost = false, offline = false;

// tabName returns this tab's own name, which lasts over a reload. A copy of a tab has another.
function tabName() {
  const key = 'tab ' + location.pathname, is = performance.getEntriesByType('navigation')[0]?.type;
  const fresh = crypto.getRandomValues(new Uint32Array(3)).join('-');
  try {
    if (is !== 'reload' || !sessionStorage[key]) sessionStorage[key] = fresh;
    return sessionStorage[key];
  } catch { return fresh; }
}
const actName = () => `${tab}/${Date.now().toString(36)}${++acts}`;

// recall takes over what a page before, which was closed or reloaded, could not send.
export function recall() {
  const waiting = new Map(); // of who labels here else: how many
  for (const key of Object.keys(localStorage).filter((k) => k.startsWith(kept))) {
    let others = [];
    try {
      const all = [JSON.parse(localStorage[key])].flat(), isMine = (a) => !a.body.seat || a.body.seat === S.seat;
      unsaved = unsaved.concat(all.filter(isMine));
      others = all.filter((a) => !isMine(a));
    } catch { /* nothing that could be sent */ }
    if (!others.length) { localStorage.removeItem(key); continue; }
    localStorage[key] = JSON.stringify(others);
    waiting.set(others[0].body.seat, (waiting.get(others[0].body.seat) || 0) + others.length);
  }
  waiting.forEach((n, who) => note(`${n} acts of ${who} are not saved yet: they are sent when ${who} labels here again.`));
  unsaved.sort((a, b) => a.at - b.at);
  unsaved.forEach(keep);
  status();
  if (unsaved.length) { lost = true; send(); }
}
// keep keeps an act, each under a name of its own: however many wait, one more costs no more.
function keep(a) {
  try { localStorage[mine + a.body.id] = JSON.stringify({ at: a.at, body: a.body }); } catch { note('The browser keeps nothing: what is not saved is lost with this page.'); }
}
function forget(a) { try { localStorage.removeItem(mine + a.body.id); } catch { /* nothing was kept */ } }

// What was undone can be done again, until something else is done.
const did = new Map(), undone = [];

export function act(body, before = [], again = false) {
  body.id = actName();
  body.seat = S.seat; // what one labeller said is not written as another's
  if (body.do !== 'undo') { did.set(body.id, body); if (!again) undone.length = 0; }
  if (did.size > 1000) did.delete(did.keys().next().value);
  return new Promise((resolve, reject) => {
    (body.ids || []).forEach((id) => flying.set(id, (flying.get(id) || 0) + 1));
    const a = { at: Date.now() + acts / 1e6, body, before, resolve, reject };
    unsaved.push(a);
    keep(a);
    status();
    if (lost) back([a]);
    send();
  });
}
const land = (ids = []) => ids.forEach((id) => flying.set(id, flying.get(id) - 1));

// back shows the items of acts that are not saved as they were before.
function back(acts) {
  for (const a of [...acts].reverse()) for (const it of a.before || []) S.items.set(it.id, it);
  changed({});
}

async function send() {
  if (sending) return;
  sending = true;
  for (let wait = 250; unsaved.length;) {
    const a = unsaved[0];
    try {
      const u = await post(a.body);
      done(a);
      apply(u);
      a.resolve?.(u);
      wait = 250;
    } catch (e) {
      if (e.refused) {
        done(a);
        note(e.message);
        await load().catch(() => {});
        a.reject?.(e);
        continue;
      }
      if (!lost) { lost = true; back(unsaved); note(`Not saved: ${e.message} It is kept here and sent again.`); }
      status();
      await new Promise((r) => { wake = r; setTimeout(r, wait = Math.min(2 * wait, 1000)); });
    }
  }
  sending = false;
  if (lost) { lost = false; await load().catch(() => {}); }
  status();
}
function done(a) {
  unsaved.shift();
  if (a.resolve) land(a.body.ids);
  forget(a);
  status();
}

// post sends an act. A refusal is final; whatever else goes wrong may go well later.
async function post(body, to = 'act') {
  const r = await fetch(to, { method: 'POST', body: JSON.stringify(body), priority: 'high' }).catch(() => { throw new Error('prep label cannot be reached.'); });
  const u = await r.json().catch(() => { throw new Error('prep label does not let this page in.'); });
  if (!r.ok) throw Object.assign(new Error(u.error), { refused: r.status < 500 });
  return u;
}

function status() {
  const n = unsaved.length, s = $('saved');
  s.textContent = n && lost ? `NOT SAVED: ${n}` : n ? 'saving…' : offline ? 'offline' : 'saved';
  s.className = n && lost || !n && offline ? 'lost' : n ? 'busy' : '';
}
addEventListener('beforeunload', (e) => { if (unsaved.length) e.preventDefault(); });

// apply takes in what changed, here or in another tab.
function apply(u) {
  if (u.version > S.version) {
    S.version = u.version;
    S.stats = u.stats;
    if (u.names) takeNames(u.names);
    if (u.knowledge) S.knowledge = u.knowledge;
  }
  if (u.note) note(u.note, true);
  if (u.reload) { load(); return; }
  for (const it of u.items || []) if (!(flying.get(it.id) > 0)) S.items.set(it.id, it);
  for (const id of u.gone || []) S.items.delete(id);
  changed({ items: u.items || [], gone: u.gone || [] });
}

export function listen() {
  const es = new EventSource(`events?tab=${tab}`);
  es.onmessage = (m) => {
    const u = JSON.parse(m.data);
    if (!u.stats) { if (u.version !== S.version) load(); } else if (u.version > S.version) apply(u);
    document.body.dataset.live = u.version;
  };
  es.onerror = () => { offline = true; status(); };
  es.onopen = () => { offline = false; status(); wake(); };
}

// say names hits at once here and on disk a moment later. pend is an onset
// moved before the hit had a name.
export function say(ids, cls) {
  S.last = cls;
  const before = copies(ids);
  for (const id of ids) Object.assign(item(id), { class: cls, by: 'human', who: S.who, reject: false });
  const it = ids.length === 1 && item(ids[0]);
  const body = { do: 'label', ids, class: cls };
  if (it && it.pend != null) { body.onset = it.pend; delete it.pend; }
  changed({});
  return act(body, before).catch(() => {});
}
const copies = (ids) => ids.map((id) => ({ ...item(id) }));
export function reject(ids) {
  const before = copies(ids);
  for (const id of ids) Object.assign(item(id), { class: '', by: 'human', who: S.who, reject: true });
  changed({});
  return act({ do: 'reject', ids }, before).catch(() => {});
}
// remark keeps whether a person is unsure of a hit, and a note on it.
export function remark(it, what) {
  const before = copies([it.id]);
  Object.assign(it, what);
  changed({});
  return act({ do: 'remark', ids: [it.id], unsure: !!it.unsure, note: it.note || '' }, before).catch(() => {});
}
// endAt says where a hit that bears a name ends.
export function endAt(it, end) {
  const before = copies([it.id]);
  it.end = Math.round(end);
  changed({});
  return act({ do: 'end', ids: [it.id], onset: it.end }, before).catch(() => {});
}

export const isUnsaved = () => unsaved.length > 0;
export async function undo() {
  const u = await act({ do: 'undo' }).catch(() => ({}));
  if (did.has(u.undid)) undone.push(did.get(u.undid));
  return u;
}
export async function redo() {
  const body = undone.pop();
  if (!body) { note('nothing to do again', true); return {}; }
  return act({ ...body }, [], true).catch(() => ({}));
}

// moveTo puts an onset at a sample. One without a name keeps the place until
// it gets one.
export function moveTo(it, onset) {
  onset = Math.max(0, Math.min(rec(it).samples - 1, Math.round(onset)));
  const by = onset - it.onset, before = copies([it.id]);
  Object.assign(it, { onset, start: it.start + by, end: it.end + by });
  if (!it.class) {
    it.pend = onset;
    note('Moved. Name it to save its place.', true);
    changed({});
    return Promise.resolve();
  }
  changed({});
  return act({ do: 'move', ids: [it.id], onset }, before).catch(() => {});
}
// nudge moves an onset by ms, rounded to samples: 44 and 4 at 44.1 kHz.
export const nudge = (it, ms) => moveTo(it, it.onset + Math.round(rec(it).rate * ms / 1000));

// isPlain reports whether a key press is a character: AltGr, which some keyboards need for
// brackets and digits, may come as ctrl with alt.
export const isPlain = (e) => !!e.getModifierState?.('AltGraph') || !(e.ctrlKey || e.metaKey || e.altKey);

// classOfKey returns the class that a key press gives, or undefined.
export function classOfKey(e) {
  if (!isPlain(e) || e.shiftKey) return undefined;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(e.code), key = digit ? digit[1] : e.key;
  return S.names.find((n) => n.key && n.key === key)?.class;
}
export const keyOf = (c) => named(c)?.key || '';

// saveNames makes names those of the set, and calls the hits of classes in renamed otherwise.
export async function saveNames(names, renamed = {}) {
  const u = await post({ id: actName(), names, renamed }, 'names').catch((e) => { note(e.message); return null; });
  if (u) apply(u);
  return !!u;
}
