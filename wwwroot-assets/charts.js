// Charts over time: Tab comes to a chart once, arrows move from bucket to bucket.
(() => {
  document.addEventListener('keydown', event => {
    const slot = event.target.closest?.('[data-slots] > a');
    if (!slot) return;
    const all = [...slot.parentElement.children];
    const at = all.indexOf(slot);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))].focus();
  });
})();
