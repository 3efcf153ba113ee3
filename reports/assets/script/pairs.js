// A cell of writer against observer opens how its windows are spread, below its table.

function offer_pairs() {
  const cells = new Map();
  for (const block of document.querySelectorAll('.heat-block')) {
    const place = element('div', { className: 'opened' });
    block.querySelector('details').before(place);
    for (const figure of block.querySelectorAll('[data-pair]')) {
      const cell = [...block.querySelectorAll('td')].find((td) => td.dataset.opens === figure.dataset.pair);
      if (cell) cells.set(figure.dataset.pair, { button: button_in(cell, figure.dataset.pair), figure, place });
    }
  }
  if (cells.size === 0) return;
  choice('pair', (words) => (cells.has(words) ? words : undefined), (open) => {
    for (const [pair, { button, place }] of cells) {
      button.setAttribute('aria-expanded', String(pair === open));
      if (pair !== open) place.replaceChildren();
    }
    const { figure, place } = cells.get(open) ?? {};
    place?.replaceChildren(figure.cloneNode(true));
  });
}

function button_in(cell, pair) {
  const button = element('button', { type: 'button' }, [...cell.childNodes]);
  button.setAttribute('aria-expanded', 'false');
  button.addEventListener('click', () => choose('pair', chosen('pair') === pair ? undefined : pair));
  button.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') choose('pair', undefined);
  });
  cell.append(button);
  return button;
}
