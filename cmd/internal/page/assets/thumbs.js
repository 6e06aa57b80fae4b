// Thumbnails of hits: fetched many at a time, kept, drawn into canvases.
import { S, bytes } from './core.js';
import { image } from './draw.js';

const SIDE = 40, MOST = 100;
const kept = new Map();
let wanted = [];

// thumb draws a hit's thumbnail into a canvas, now or when it has come.
export function thumb(canvas, it) {
  const key = `${it.id}@${it.onset}`;
  canvas.dataset.key = key;
  canvas.width = canvas.height = SIDE;
  const draw = (img) => canvas.dataset.key === key && canvas.getContext('2d').drawImage(img, 0, 0);
  if (kept.has(key)) { kept.get(key).then(draw, () => {}); return; }
  if (kept.size > 4000) kept.delete(kept.keys().next().value);
  const p = new Promise((resolve, fail) => {
    if (!wanted.length) requestAnimationFrame(fetchAll);
    wanted.push({ id: it.id, resolve, fail });
  });
  p.catch(() => kept.delete(key));
  kept.set(key, p);
  p.then(draw, () => {});
}

async function fetchAll() {
  const all = wanted.filter((x) => S.items.has(x.id));
  wanted = [];
  for (let i = 0; i < all.length; i += MOST) {
    const some = all.slice(i, i + MOST);
    try {
      const b = await bytes('thumbs?ids=' + some.map((x) => x.id).join(','));
      some.forEach((x, k) => x.resolve(image(b.subarray(k * SIDE * SIDE, (k + 1) * SIDE * SIDE), SIDE, SIDE)));
    } catch (e) { some.forEach((x) => x.fail(e)); }
  }
}
