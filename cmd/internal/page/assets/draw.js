// Drawing: waveforms, spectrograms, axes.
export const LOW = 50, HIGH = 16000; // Hz, as the program draws them
const SCALES = { mel: (hz) => 2595 * Math.log10(1 + hz / 700), linear: (hz) => hz, log: (hz) => Math.log2(hz) };

// look is how spectrograms are drawn, kept in the browser: range in dB, window in samples or
// '' for one that fits the zoom, and scale.
export const look = { range: '70', window: '', scale: 'mel', ...remembered() };
function remembered() { try { return JSON.parse(localStorage['prep look']); } catch { return {}; } }
export function looking(what) {
  Object.assign(look, what);
  try { localStorage['prep look'] = JSON.stringify(look); } catch { /* as long as the page lasts */ }
}
export const lookQuery = () => `&range=${look.range}&scale=${look.scale}${look.window && `&window=${look.window}`}`;
// rowOf returns where a frequency lies, 0 at the lowest edge, 1 at the top.
export function rowOf(hz, rate) {
  const f = SCALES[look.scale] || SCALES.mel;
  return (f(hz) - f(LOW)) / (f(Math.min(HIGH, rate / 2)) - f(LOW));
}

// Stops of the colour map magma (van der Walt and Smith, matplotlib).
const STOPS = [[0, 0, 4], [24, 15, 61], [68, 15, 118], [114, 31, 129], [158, 47, 127], [205, 64, 113], [241, 96, 93], [253, 150, 104], [254, 202, 141], [252, 253, 191]];
const MAGMA = new Uint32Array(256).map((_, v) => {
  const x = v / 255 * (STOPS.length - 1), i = Math.min(Math.floor(x), STOPS.length - 2), f = x - i;
  const [r, g, b] = STOPS[i].map((c, k) => Math.round(c + f * (STOPS[i + 1][k] - c)));
  return 0xff000000 | b << 16 | g << 8 | r;
});

// image turns w x h bytes, row 0 lowest, into a canvas.
export function image(grid, w, h) {
  const c = document.createElement('canvas');
  c.width = w; c.height = h;
  const g = c.getContext('2d'), d = g.createImageData(w, h), px = new Uint32Array(d.data.buffer);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) px[(h - 1 - y) * w + x] = MAGMA[grid[y * w + x]];
  g.putImageData(d, 0, 0);
  return c;
}

// fit gives a canvas the pixels of its place and returns its context, in CSS
// pixels, cleared.
export function fit(canvas) {
  const s = Math.min(window.devicePixelRatio || 1, 2), w = canvas.clientWidth, h = canvas.clientHeight;
  if (canvas.width !== Math.round(w * s) || canvas.height !== Math.round(h * s)) {
    canvas.width = Math.round(w * s);
    canvas.height = Math.round(h * s);
  }
  const g = canvas.getContext('2d');
  g.setTransform(s, 0, 0, s, 0, 0);
  g.clearRect(0, 0, w, h);
  g.font = '12px system-ui, sans-serif';
  return { g, w, h };
}

// envelope draws pairs of least and greatest sample, each over its pixels.
export function envelope(g, pairs, x0, x1, h, scale, style) {
  const n = pairs.length / 2, y = (v) => h / 2 - v * scale * (h / 2 - 4);
  g.fillStyle = style;
  const step = (x1 - x0) / n;
  for (let i = 0; i < n; i++) {
    const top = y(pairs[2 * i + 1]), bottom = y(pairs[2 * i]);
    g.fillRect(x0 + i * step, top, Math.max(step, 1), Math.max(bottom - top, 1));
  }
}

// line draws single samples; dots where there is room for them.
export function line(g, samples, x, h, scale, style) {
  const y = (v) => h / 2 - v * scale * (h / 2 - 4);
  g.strokeStyle = g.fillStyle = style;
  g.lineWidth = 1.3;
  g.beginPath();
  samples.forEach((v, i) => (i ? g.lineTo(x(i), y(v)) : g.moveTo(x(i), y(v))));
  g.stroke();
  if (x(1) - x(0) > 5) samples.forEach((v, i) => g.fillRect(x(i) - 2, y(v) - 2, 4, 4));
}

// words writes text with a dark edge, to be read on any colour.
export function words(g, text, x, y) {
  g.strokeStyle = '#0a0c10d0';
  g.lineWidth = 3.5;
  g.lineJoin = 'round';
  g.strokeText(text, x, y);
  g.fillText(text, x, y);
}

// tickStep returns a step of 1, 2 or 5 times a power of ten for about n of them.
export function tickStep(range, n) {
  const raw = range / n, p = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((k) => k * p).find((s) => s >= raw);
}

// timeAxis writes times from from to to, in seconds, along the lower edge.
export function timeAxis(g, w, h, from, to, unit) {
  const k = unit === 'ms' ? 1000 : 1, step = tickStep((to - from) * k, w / 90), digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  g.fillStyle = '#e9edf2';
  g.textBaseline = 'bottom';
  g.textAlign = 'center';
  for (let t = Math.ceil(from * k / step) * step; t <= to * k; t += step) {
    const x = (t / k - from) / (to - from) * w;
    if (x < 26 || x > w - 26) continue;
    g.fillRect(x, h - 5, 1, 5);
    words(g, `${(Math.abs(t) < step / 2 ? 0 : t).toFixed(digits)} ${unit}`, x, h - 5);
  }
}
export function frequencyAxis(g, h, rate) {
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  for (const hz of [200, 500, 1000, 2000, 5000, 10000]) {
    const y = h * (1 - rowOf(hz, rate));
    if (hz > rate / 2 || y > h - 26) continue; // the time axis is there
    g.fillStyle = '#ffffff38';
    g.fillRect(0, y, 5, 1);
    g.fillStyle = '#dfe5ec';
    words(g, hz < 1000 ? `${hz} Hz` : `${hz / 1000} kHz`, 8, y);
  }
}
export function vertical(g, x, h, style, dash = []) {
  g.strokeStyle = style;
  g.lineWidth = 1.5;
  g.setLineDash(dash);
  g.beginPath(); g.moveTo(x, 0); g.lineTo(x, h); g.stroke();
  g.setLineDash([]);
}
