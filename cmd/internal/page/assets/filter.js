// The filter: which hits the queue shows, in words that all have to hold.
import { S, rec, byHand, guess, suggestion } from './core.js';

// The words, beside plain text, which is looked for in names, files, people and notes.
const FIELDS = {
  class: (it) => it.class || suggestion(it) || '',
  person: (it) => rec(it).group,
  file: (it) => rec(it).name,
  who: (it) => (it.by === 'human' ? it.who : it.by) || '',
  note: (it) => it.note || '',
};
const NUMBERS = {
  conf: (it) => (guess(it) ? 100 * guess(it).p : NaN), // % of the model's favourite
  ms: (it) => (it.end - it.onset) / rec(it).rate * 1000,
};
const STATES = {
  left: (it) => !byHand(it), named: (it) => byHand(it) && !it.reject, rejected: (it) => !!it.reject, unsure: (it) => !!it.unsure,
  noted: (it) => !!it.note, moved: (it) => it.onset !== it.found,
};
export const HINTS = [...Object.keys(FIELDS).map((f) => f + ':'), 'conf<60', 'ms>30', ...Object.keys(STATES).map((s) => 'is:' + s)];

// test returns the test that a word stands for, or null where it stands for none.
function test(word) {
  const number = /^(conf|ms)([<>])(\d+(?:\.\d+)?)$/.exec(word), field = /^(\w+):(.+)$/.exec(word);
  if (number) { const [, f, op, n] = number; return (it) => (op === '<' ? NUMBERS[f](it) < n : NUMBERS[f](it) > n); }
  if (field && FIELDS[field[1]]) return (it) => FIELDS[field[1]](it).toLowerCase().includes(field[2]);
  if (field && field[1] === 'is') return STATES[field[2]] || null;
  if (/^(conf|ms)[<>]|:/.test(word)) return null;
  return (it) => Object.values(FIELDS).some((f) => f(it).toLowerCase().includes(word));
}

// parse returns {keep, unknown}: whether a hit is shown, and the words that mean nothing. A dash
// before a word turns it round; quotes hold words together.
export function parse(text) {
  const words = (text.toLowerCase().match(/(?:[^\s"]|"[^"]*"?)+/g) || []).map((w) => w.replaceAll('"', ''));
  const tests = words.map((w) => { const t = test(w.replace(/^-/, '')); return t && w.startsWith('-') ? (it) => !t(it) : t; });
  return { keep: (it) => tests.every((t) => !t || t(it)), unknown: words.filter((w, i) => !tests[i] && !/[:<>]$/.test(w)) };
}
export const count = (keep) => [...S.items.values()].filter(keep).length;
