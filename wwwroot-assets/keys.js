// Single keys of the log: search, filters, rows, help. Never while typing, never with a modifier; the switch is remembered in this browser.
(() => {
  const stored = 'keys';
  const isOff = () => { try { return localStorage.getItem(stored) === 'off'; } catch { return false; } };
  const remember = on => { try { if (on) localStorage.removeItem(stored); else localStorage.setItem(stored, 'off'); } catch { /* this time only */ } };
  const isTyping = element => element?.closest?.('input, textarea, select, [contenteditable=true], [role=combobox], [role=listbox]');
  // What lies above the page has the keys to itself.
  const isCovered = () => document.querySelector('dialog[open], .rz-dialog, .picker-panel, .cell-menu');
  const isShown = element => element?.getClientRects().length > 0;

  const showHelp = () => {
    const sheet = document.querySelector('.keys-sheet');
    if (!sheet || sheet.open) return;
    sheet.querySelector('[data-keys-switch]').checked = !isOff();
    sheet.showModal();
  };

  // On a phone the filters stand in a sheet behind one button.
  const withFilters = then => {
    const sheet = document.querySelector('.bar[role=search] [aria-controls=filters]');
    if (!isShown(sheet)) { then(); return; }
    if (sheet.getAttribute('aria-expanded') === 'false') sheet.click();
  };
  const search = () => withFilters(() => document.querySelector('.bar[role=search] input[type=search]')?.focus());
  const filters = () => withFilters(() => {
    const first = [...document.querySelectorAll('.bar[role=search] .filters .picker-open')].find(button => button.getAttribute('aria-haspopup') === 'listbox');
    first?.focus();
    first?.click();
  });

  const rows = () => [...document.querySelectorAll('tr.pull')];
  const current = all => {
    const at = all.findIndex(row => row.contains(document.activeElement));
    return at >= 0 ? at : all.findIndex(row => row.classList.contains('open'));
  };
  const step = by => {
    const all = rows();
    const at = current(all);
    const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
    if (!next) return;
    const button = next.querySelector('.row-open');
    const follow = all.some(row => row.classList.contains('open')) && !next.classList.contains('open');
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: 'nearest' });
    if (follow) button.click();
  };
  const open = () => {
    const all = rows();
    all[current(all)]?.querySelector('.row-open').click();
  };

  const keys = { '/': search, f: filters, j: () => step(1), k: () => step(-1), o: open, '?': showHelp };

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented || !Object.hasOwn(keys, event.key)) return;
    if (!document.querySelector('.keys-sheet') || isOff() || isTyping(event.target) || isCovered()) return;
    event.preventDefault();
    keys[event.key]();
  });

  document.addEventListener('click', event => {
    if (event.target.closest?.('[data-keys-help]')) showHelp();
    else if (event.target.matches?.('dialog.keys-sheet')) event.target.close(); // beside the sheet
  });
  document.addEventListener('change', event => { if (event.target.matches?.('[data-keys-switch]')) remember(event.target.checked); });
})();
