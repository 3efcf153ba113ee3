// The deployment at an instant: the table of what was not as usual, shown in the picture and said in a sentence.

function offer_topology() {
  const pictures = document.querySelectorAll('svg.topology');
  const states = document.querySelector('.states');
  if (pictures.length === 0 || !states) return;
  const end = Number(states.dataset.end);
  const disturbances = [...states.querySelectorAll('[data-from]')].map((row) => ({
    ...row.dataset, from: Number(row.dataset.from), until: Number(row.dataset.until),
    where: row.cells[2], what: row.cells[3],
  }));
  const served = [...document.querySelectorAll('td[data-place]')].map((cell) => ({
    place: cell.dataset.place, who: cell.parentElement.querySelector('bdi'), at: track_of(cell.dataset.track),
  }));
  const parts = [...document.querySelectorAll('.topology [data-place]')].map(part_of);

  const slide = instant_slide(end, 'Instant');
  const time = element('span', { className: 'time' });
  const whole = element('button', { type: 'button' }, ['Whole run']);
  whole.addEventListener('click', () => {
    slide.focus();  // the button goes away
    pin(undefined);
  });
  const changes = [...new Set(disturbances.flatMap((d) => [d.from, d.until]))].filter((ms) => ms < end).sort((a, b) => a - b);
  const next = element('button', { type: 'button' }, ['Next change']);
  next.addEventListener('click', () => pin(changes.find((ms) => ms > (chosen('at') ?? -1)) ?? changes[0]));
  const sentence = element('p', { className: 'sentence' });
  sentence.setAttribute('aria-live', 'polite');
  states.prepend(
    element('div', { className: 'instant' }, [
      element('span', { className: 'name' }, ['Instant']),
      element('div', { className: 'rail' }, [rail_of(disturbances, end), slide]),
      time, next, whole,
    ]),
    sentence);

  watch_instant((ms) => {
    const shown = ms === undefined ? undefined : Math.min(ms, end);
    const now = shown === undefined ? [] : disturbances.filter((d) => d.from <= shown && shown < d.until);
    const shares = shown === undefined ? [] : served.map((one) => ({ ...one, share: one.at(shown) }));
    for (const part of parts) shown === undefined ? part.as_written() : part.show(now, shares);
    time.textContent = shown === undefined ? 'whole run' : clock_words(shown);
    whole.hidden = chosen('at') === undefined;
    if (shown === undefined) sentence.replaceChildren('The picture shows the worst of the whole run.');
    else sentence.replaceChildren(...sentence_of(shown, now, shares));
    show_on_slide(slide, shown, clock_words(shown ?? 0));
  }, end);
}

const is_all = (share) => share === '100\u00A0%' || share === 'no call';

/// A part of the picture, in the state that it has in print or in that of an instant.
function part_of(group) {
  const text = group.querySelector('.now');
  const written = { state: group.dataset.state, words: text?.textContent ?? '' };
  const usual = written.words.replace(/^✕ /, '');  // of a link its delay
  const is_access = group.dataset.place.startsWith('r') && group.dataset.place.includes('-');
  const put = (state, words) => {
    group.dataset.state = state;
    if (text && text.textContent !== words) fit(text, words, group.querySelector('rect'));
  };
  const show = (now, shares) => {
    const mine = now.filter((d) => d.place === group.dataset.place);
    const state = mine.some((d) => d.state === 'down') ? 'down' : mine.length > 0 ? 'impaired' : '';
    const words = mine.map((d) => d.what.textContent).join(', ');
    const users = shares.find((one) => one.place === group.dataset.place);
    if (users) put(is_all(users.share) ? state : 'impaired', words || `${users.share} served`);
    else if (is_access) put(state, state === 'down' ? `✕ ${usual}` : usual);  // too short for more
    else if (group.querySelector('.behind')) put(state, state === 'down' ? `✕ ${words}` : words || usual);
    else put(state, words || (group.querySelector('.center') ? 'up' : usual));
  };
  return { show, as_written: () => put(written.state, written.words) };
}

/// Words keep inside their box, and what lies behind a label grows with it.
function fit(text, words, box) {
  text.textContent = words;
  if (box.matches('.behind')) {
    const width = Math.max(text.getComputedTextLength(), 1) + 8;
    box.setAttribute('x', Number(text.getAttribute('x')) - width / 2);
    box.setAttribute('width', width);
    return;
  }
  const room = Number(box.getAttribute('width')) - 24;
  const letters = [...words];
  while (letters.length > 1 && text.getComputedTextLength() > room) {
    letters.pop();
    text.textContent = `${letters.join('')}…`;
  }
}

/// "At 12 min 24 s: us-east: no power; europe: 42 % served." Names are copied with what keeps them apart from the words
/// around them.
function sentence_of(ms, now, shares) {
  const short = shares.filter((one) => !is_all(one.share));
  const copies = (cell) => [...cell.childNodes].map((node) => node.cloneNode(true));
  const parts = now.map((d) => [...copies(d.where), ': ', ...copies(d.what)]);
  parts.push(...short.map((one) => [one.who.cloneNode(true), `: ${one.share} served`]));
  const rest = [];
  if (now.length === 0) rest.push('nothing is broken');
  if (shares.length > 0 && short.length === 0) rest.push('everyone is served');
  if (rest.length > 0) parts.push([rest.join(' and ')]);
  return [`At ${clock_words(ms)}: `, ...parts.flatMap((part, i) => (i === 0 ? part : ['; ', ...part])), '.'];
}

/// What was broken, behind the slide.
function rail_of(disturbances, end) {
  const { namespaceURI } = document.querySelector('svg');
  const rail = document.createElementNS(namespaceURI, 'svg');
  rail.setAttribute('aria-hidden', 'true');
  for (const { from, until } of disturbances) {
    const band = rail.appendChild(document.createElementNS(namespaceURI, 'rect'));
    band.setAttribute('class', 'fault-band');
    band.setAttribute('x', `${from / end * 100}%`);
    band.setAttribute('width', `${Math.max((until - from) / end * 100, 0.3)}%`);
    band.setAttribute('height', '100%');
  }
  return rail;
}
