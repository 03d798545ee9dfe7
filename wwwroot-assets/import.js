// Sends a chosen or dropped file to the portal as it is: the body of one request, which goes on while other pages are looked at.
(() => {
  const zone = event => event.target.closest?.('[data-import]');
  const size = bytes => bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  let sending;

  // The page is drawn anew while a file is sent, so the place to say something is looked up each time.
  const say = (text, failed) => {
    const place = document.querySelector('[data-import] [data-import-status]');
    if (!place) return;
    place.textContent = text;
    place.classList.toggle('field-error', !!failed);
  };

  const reason = request => {
    try {
      return JSON.parse(request.responseText).detail;
    } catch {
      return null;
    }
  };

  const send = (form, file) => {
    const request = sending = new XMLHttpRequest();
    request.open('POST', `${form.getAttribute('action')}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('RequestVerificationToken', form.querySelector('[name=__RequestVerificationToken]')?.value ?? '');
    request.upload.onprogress = event => say(`Sending ${file.name}: ${size(event.loaded)} of ${size(event.total)}`);
    request.upload.onload = () => say(`${file.name} is sent.`);
    request.onload = () => say(request.status < 300 ? '' : reason(request) ?? `The portal answered ${request.status}. Reload the page and try again.`, request.status >= 300);
    request.onerror = () => say('The upload broke off.', true);
    request.onloadend = () => { sending = undefined; form.reset(); };
    request.send(file);
  };

  document.addEventListener('submit', event => {
    const form = zone(event);
    if (!form) return;
    event.preventDefault();
    const file = form.querySelector('input[type=file]').files[0];
    if (sending) say('A file is being sent already.', true);
    else if (file) send(form, file);
  });

  document.addEventListener('change', event => {
    const file = zone(event) && event.target.files?.[0];
    if (file) say(`${file.name}, ${size(file.size)}`);
  });

  for (const type of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    document.addEventListener(type, event => {
      const form = zone(event);
      if (!form || !event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      form.classList.toggle('over', type === 'dragenter' || type === 'dragover');
      if (type !== 'drop' || event.dataTransfer.files.length === 0) return;
      const input = form.querySelector('input[type=file]');
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }

  // Leaving the portal ends the upload.
  addEventListener('beforeunload', event => { if (sending) event.preventDefault(); });
})();
