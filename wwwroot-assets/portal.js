// Everything the portal does in the browser by itself: starting the circuit and what must not wait for a round trip.
(() => {
  const root = document.documentElement;
  let asked; // where a menu was asked for by a right click
  const cookie = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`; };

  window.portal = {
    // Called by the frame after its first interactive render; browser tests wait for the attribute.
    live() { root.dataset.interactive = 'true'; },
    // Shows the menu of a row at its button, or where the right click was, and gives it the focus.
    placeMenu(menu, button) {
      menu.showPopover();
      const at = asked ?? button.getBoundingClientRect();
      const box = menu.getBoundingClientRect();
      menu.style.left = `${Math.max(8, Math.min(asked ? at.right : at.right - box.width, innerWidth - box.width - 8))}px`;
      menu.style.top = `${at.bottom + box.height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - box.height - 4)}px`;
      const line = asked?.cell && menu.querySelector(`[data-cell=${asked.cell}]`);
      (line ?? menu).querySelector('button').focus();
      asked = undefined;
      menu.addEventListener('toggle', event => { if (event.newState === 'closed') menu.querySelector('.cell-close')?.click(); });
    },
    // Answers once what is in the page now is painted; a window that is not looked at paints nothing.
    painted: () => new Promise(done => {
      setTimeout(done, 250);
      requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => done();
        after.port2.postMessage(0);
      });
    }),
    // A choice of this browser, which the server reads when it renders the next page.
    remember: cookie,
    // What only this browser knows, and the server asks for.
    recall(key) { try { return localStorage.getItem(key); } catch { return null; } },
    keep(key, value) { try { localStorage.setItem(key, value); } catch { /* this time only */ } },
    announce(text) {
      const box = document.getElementById('announcer');
      if (!box) return;
      box.textContent = '';
      setTimeout(() => { box.textContent = text; }, 50);
    },
  };

  // Blazor scrolls to the top at every navigation, also where only the query changed: opening a row must not move the list.
  let path = location.pathname;
  const scroll = window.scrollTo.bind(window);
  addEventListener('popstate', () => { path = location.pathname; });
  window.scrollTo = (...to) => {
    const same = location.pathname === path;
    path = location.pathname;
    if (!(same && to[0] === 0 && to[1] === 0)) scroll(...to);
  };

  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone) cookie('tz', zone);
  } catch { /* times stay in UTC */ }

  // Times told as how long ago go on by themselves, in the words the server uses.
  setInterval(() => {
    for (const time of document.querySelectorAll('time[data-ago]')) {
      const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000);
      const text = minutes < 1 ? 'just now' : minutes < 60 ? `${minutes} min ago` : minutes < 1440 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / 1440)} d ago`;
      const node = time.firstChild; // the circuit knows this node: its text may change, it may not be replaced
      if (node && node.nodeValue !== text) node.nodeValue = text;
    }
  }, 15000);

  const dark = () => root.dataset.theme === 'dark' || (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const switchTheme = () => {
    const next = dark() ? 'light' : 'dark';
    // Where the choice is what the system says anyway, follow the system again.
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    root.dataset.theme = next === system ? 'system' : next;
    cookie('theme', root.dataset.theme);
    portal.announce(next === 'dark' ? 'Dark' : 'Light');
  };

  const copyText = async text => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = document.createElement('textarea'); // plain http: the old way
    area.value = text;
    area.className = 'sr-only';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    if (!done) throw new Error('copy was refused');
  };
  const copy = async button => {
    try {
      await copyText(button.dataset.copy);
      button.dataset.copied = '';
      portal.announce('Copied');
      setTimeout(() => { delete button.dataset.copied; }, 1600);
    } catch {
      portal.announce('Copying was refused by the browser');
    }
    button.focus();
  };

  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-copy]');
    if (button) { event.preventDefault(); event.stopPropagation(); copy(button); return; }
    if (event.target.closest?.('[data-theme-switch]')) { switchTheme(); return; }
    if (event.target.closest?.('[data-reconnect]')) { reconnect(); return; }
    if (event.target.closest?.('[data-reload]')) { event.preventDefault(); location.reload(); return; }
    if (event.target.closest?.('[data-print]')) { window.print(); return; }
    // On a phone the control that a chip opens stands in the sheet, which has to be there first.
    if (event.target.closest?.('.chip .edit')) [...document.querySelectorAll('.bar[role=search] [aria-controls=filters][aria-expanded=false]')].find(sheet => sheet.getClientRects().length)?.click();
    const inside = event.target.closest?.('details.menu');
    const chosen = event.target.closest?.('a.menu-item');
    document.querySelectorAll('details.menu[open]').forEach(menu => { if (menu !== inside || chosen) menu.open = false; });
  }, true);

  const reconnect = async () => {
    try {
      if (!await Blazor.reconnect()) location.reload();
    } catch {
      location.reload();
    }
  };

  // A panel that would reach beyond the window moves to the left, before it is painted.
  const fit = panel => {
    panel.style.left = '';
    const over = panel.getBoundingClientRect().right - root.clientWidth + 8;
    if (over > 0 && getComputedStyle(panel).position === 'absolute') panel.style.left = `${panel.offsetLeft - over}px`;
  };
  new MutationObserver(changes => {
    for (const node of changes.flatMap(change => [...change.addedNodes])) {
      if (node.nodeType === Node.ELEMENT_NODE) (node.matches('.picker-panel') ? [node] : node.querySelectorAll('.picker-panel')).forEach(fit);
    }
  }).observe(document.body, { childList: true, subtree: true });
  addEventListener('resize', () => document.querySelectorAll('.picker-panel').forEach(fit));

  // The list box of a picker: arrows, Enter and Escape without a round trip for each key.
  const pickerKey = (event, input) => {
    const picker = input.closest('.picker');
    if (event.key === 'Escape') {
      event.preventDefault();
      picker.querySelector('.picker-close')?.click();
      picker.querySelector('.picker-open')?.focus();
      return;
    }
    const options = [...picker.querySelectorAll('[role=option]')];
    let at = options.findIndex(option => option.id === input.getAttribute('aria-activedescendant'));
    if (event.key === 'ArrowDown') at = Math.min(at + 1, options.length - 1);
    else if (event.key === 'ArrowUp') at = Math.max(at - 1, 0);
    else if (event.key === 'Enter') {
      event.preventDefault();
      (event.shiftKey ? options[at]?.querySelector('.not') : options[at])?.click();
      return;
    }
    else return;
    event.preventDefault();
    if (!options[at]) return;
    options.forEach((option, index) => option.classList.toggle('active', index === at));
    input.setAttribute('aria-activedescendant', options[at].id);
    options[at].scrollIntoView({ block: 'nearest' });
  };

  // A click on an option leaves the focus in the search box, where the arrows and Escape are heard.
  document.addEventListener('mousedown', event => {
    if (event.target.closest?.('.picker [role=listbox]')) event.preventDefault();
  });

  document.addEventListener('keydown', event => {
    const input = event.target.closest?.('.picker [role=combobox]');
    if (input) { pickerKey(event, input); return; }
    if (event.key !== 'Escape') return;
    const menu = event.target.closest?.('details.menu[open]');
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); return; }
    clearFilters(event);
  });

  // Escape where nothing is open that it closes: in the filters the sheet of a phone first, then a text, then all filters; in the list, or where nothing
  // has the focus, all filters once the opened pull is closed.
  const clearFilters = event => {
    const bar = document.querySelector('.bar[role=search]');
    const within = event.target.closest?.('.bar[role=search], .chips') || ((event.target === document.body || event.target.closest?.('.log')) && !document.querySelector('aside.panel'));
    if (!bar || !within || event.target.value || document.querySelector('.picker-panel, .cell-menu, dialog[open], .rz-dialog, details.menu[open]')) return;
    (bar.querySelector('.sheet .sheet-close') ?? bar.querySelector('[data-reset]'))?.click();
  };

  document.addEventListener('contextmenu', event => {
    const cell = event.target.closest?.('tr.pull > td');
    if (!cell || !getSelection().isCollapsed) return; // selected text keeps the browser's own menu
    event.preventDefault();
    asked = { top: event.clientY, bottom: event.clientY, right: event.clientX, cell: cell.className.match(/\bc-([a-z-]+)/)?.[1] };
    const open = cell.parentElement.querySelector('.cell-open');
    if (open.getAttribute('aria-expanded') === 'false') open.click();
  });

  // The histogram: a range is chosen by dragging over bars or by keys, and told to the circuit once it is chosen.
  let brush; // { plot, from, to, bars, drags }
  const drawBrush = () => {
    const { plot, from, to, bars } = brush;
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const rect = plot.querySelector('.brush');
    rect.setAttribute('x', `${100 * low / bars.length}%`);
    rect.setAttribute('width', `${100 * (high - low + 1) / bars.length}%`);
    const title = at => bars[at].querySelector('title').textContent;
    const span = at => title(at).slice(0, title(at).lastIndexOf(': ')).split(' – ');
    const total = bars.slice(low, high + 1).reduce((sum, bar) => sum + Number(bar.dataset.total), 0);
    const text = low === high ? title(low) : `${span(low)[0]} – ${span(high).at(-1)}: ${total.toLocaleString('en-US')} pulls`;
    plot.setAttribute('aria-valuenow', to + 1);
    plot.setAttribute('aria-valuetext', text);
    const tip = plot.querySelector('.tip');
    tip.hidden = false;
    tip.textContent = text;
    tip.style.left = `${Math.max(0, Math.min(plot.clientWidth - tip.offsetWidth, plot.clientWidth * (low + high + 1) / 2 / bars.length - tip.offsetWidth / 2))}px`;
  };
  const endBrush = apply => {
    const { plot, from, to } = brush;
    brush = undefined;
    plot.querySelector('.brush').setAttribute('width', '0');
    plot.querySelector('.tip').hidden = true;
    if (!apply) return;
    const value = plot.querySelector('.brush-value');
    value.value = `${Math.min(from, to)}-${Math.max(from, to)}`;
    value.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const barAt = event => {
    const box = brush.plot.getBoundingClientRect();
    return Math.max(0, Math.min(brush.bars.length - 1, Math.floor((event.clientX - box.left) / box.width * brush.bars.length)));
  };
  const startBrush = (plot, drags) => {
    const bars = [...plot.querySelectorAll('g.bar')];
    brush = { plot, bars, drags, from: bars.length - 1, to: bars.length - 1 };
  };
  document.addEventListener('pointerdown', event => {
    const plot = event.target.closest?.('[data-brush]');
    if (!plot || event.button !== 0) return;
    startBrush(plot, true);
    brush.from = brush.to = barAt(event);
    plot.setPointerCapture(event.pointerId);
    drawBrush();
  });
  document.addEventListener('pointermove', event => {
    if (!brush?.drags) return;
    brush.to = barAt(event);
    drawBrush();
  });
  document.addEventListener('pointerup', () => { if (brush?.drags) endBrush(true); });
  addEventListener('resize', () => { if (brush) endBrush(false); });
  document.addEventListener('pointercancel', () => { if (brush?.drags) endBrush(false); });
  document.addEventListener('focusout', event => { if (brush && !brush.drags && event.target === brush.plot) endBrush(false); });
  document.addEventListener('keydown', event => {
    if (brush && event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); endBrush(false); return; }
    const plot = event.target.closest?.('[data-brush]');
    if (!plot || event.ctrlKey || event.altKey || event.metaKey) return;
    const isNew = brush?.plot !== plot || brush.drags;
    const moves = { ArrowLeft: at => at - 1, ArrowDown: at => at - 1, ArrowRight: at => at + 1, ArrowUp: at => at + 1, Home: () => 0, End: () => Infinity };
    if (moves[event.key]) {
      if (isNew) startBrush(plot, false);
      const last = brush.bars.length - 1;
      // The first key shows where the choice begins: at the newest bar.
      const to = isNew && event.key !== 'Home' ? last : Math.max(0, Math.min(last, moves[event.key](brush.to)));
      brush.to = to;
      if (!event.shiftKey) brush.from = to;
      drawBrush();
    }
    else if ((event.key === 'Enter' || event.key === ' ') && !isNew) endBrush(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  Blazor.start({
    circuit: {
      reconnectionOptions: { maxRetries: 30, retryIntervalMilliseconds: tries => Math.min(500 * 2 ** Math.min(tries, 4), 5000) },
    },
  });
})();
