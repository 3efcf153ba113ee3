// Charts on one clock: a line stands at the same instant in all of them, and each says what it shows there.

function offer_cursors() {
  for (const frame of document.querySelectorAll('[data-end]')) {
    const cells = [...frame.querySelectorAll('td.chart')].filter((cell) => !cell.querySelector('.ticks'));
    if (cells.length > 0) offer_cursor(frame, Number(frame.dataset.end), cells);
  }
}

function offer_cursor(frame, end, cells) {
  const readers = cells.map((cell) => reader_of(cell)).filter((reader) => reader);
  const axis = frame.querySelector('.ticks').parentElement;
  const lines = [...cells, axis].map((cell) => cell.appendChild(element('i', { className: 'cursor', hidden: true })));
  const slide = instant_slide(end, 'Instant in the charts above');
  const flag = element('b', { className: 'flag', hidden: true });
  const none = element('button', { type: 'button', className: 'none', hidden: true }, ['no instant']);
  axis.parentElement.removeAttribute('aria-hidden');
  axis.append(slide, flag);
  axis.parentElement.querySelector('td:first-child:empty')?.append(element('span', { className: 'hint' }, ['Point at a chart, or slide']));
  (axis.parentElement.querySelector('td:last-child:not(.chart)') ?? axis).append(none);
  none.addEventListener('click', () => {
    slide.focus();  // the button goes away
    pin(undefined);
  });
  for (const cell of cells) follow_pointer(cell, end);

  watch_instant((ms) => {
    const shown = ms === undefined ? undefined : Math.min(ms, end);
    const left = `${(shown ?? 0) / end * 100}%`;
    frame.classList.toggle('reading', ms !== undefined);
    for (const mark of [...lines, flag]) {
      mark.hidden = ms === undefined;
      mark.style.left = left;
    }
    none.hidden = chosen('at') === undefined;
    flag.textContent = ms === undefined ? '' : clock_words(shown);
    const said = readers.map((reader) => reader.read(shown));
    show_on_slide(slide, shown, [clock_words(shown ?? 0), ...said].join('; '));
  }, end);
}

/// Writes what a chart says at an instant where its figures stand: beside it, or in it.
function reader_of(cell) {
  const drawn = cell.matches('[data-track]') ? cell : cell.querySelector('[data-track]');
  if (!drawn) return undefined;
  const words_at = track_of(drawn.dataset.track);
  const place = cell.parentElement.querySelector('.where') ?? cell;
  const words = place.appendChild(element('span', { className: 'at' }));
  const name = name_of(cell);
  return {
    read(ms) {
      words.textContent = ms === undefined ? '' : words_at(ms);
      return `${name}: ${words.textContent}`;
    },
  };
}

/// Of a row, and of its column where there are several.
function name_of(cell) {
  const head = cell.parentElement.querySelector('th');
  const words = [...head.childNodes].filter((node) => node.nodeName !== 'SMALL').map((node) => node.textContent).join('');
  return cell.dataset.label ? `${words}, ${cell.dataset.label}` : words;
}

function follow_pointer(cell, end) {
  const instant_at = (event) => {
    const { left, width } = cell.getBoundingClientRect();
    return Math.round(Math.min(Math.max((event.clientX - left) / width, 0), 1) * end);
  };
  cell.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'mouse') pass(instant_at(event));
  });
  cell.addEventListener('pointerleave', () => pass(undefined));
  cell.addEventListener('click', (event) => pin(instant_at(event)));
}
