// The theme: light, dark, or as the system has it; kept in the browser. It is no module, so that
// nothing is drawn before it is known.
(() => {
  const root = document.documentElement, key = 'prep theme';
  const read = () => { try { return localStorage[key] || ''; } catch { return ''; } };
  const apply = (name) => { if (name) root.dataset.theme = name; else delete root.dataset.theme; };
  apply(read());
  addEventListener('DOMContentLoaded', () => {
    const select = document.getElementById('theme');
    select.value = read();
    select.onchange = () => {
      apply(select.value);
      try { localStorage[key] = select.value; } catch { /* it lasts as long as the page */ }
    };
  });
})();
