// Long tables are sorted by a column, up, down, and as they were. Groups of rows stay together under their line.

const kLong = 8;

function offer_sorting() {
  if (matchMedia('(max-width:940px)').matches) return;  // there rows are cards, and columns have no heads
  for (const table of document.querySelectorAll('table.data')) {
    const rows = table.querySelectorAll('tbody tr:not(.group)').length;
    if (rows <= kLong || table.querySelector('.ticks, [data-track]')) continue;
    const bodies = [...table.tBodies].map((body) => ({ body, rows: [...body.rows] }));
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (!head.matches('.chart')) offer_column(table, bodies, head, column);
    });
  }
}

function offer_column(table, bodies, head, column) {
  const button = element('button', { type: 'button', className: 'sort' }, [...head.childNodes]);
  head.append(button);
  button.addEventListener('click', () => {
    const now = head.getAttribute('aria-sort');
    const next = now === 'ascending' ? 'descending' : now === 'descending' ? 'none' : 'ascending';
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    if (next !== 'none') head.setAttribute('aria-sort', next);
    for (const { body, rows } of bodies) {
      const groups = rows.filter((row) => row.matches('.group'));
      const others = rows.filter((row) => !row.matches('.group'));
      body.append(...groups, ...(next === 'none' ? others : sorted(others, column, next === 'descending')));
    }
  });
}

/// By their figures where a column has them, else by their words; what is missing stays last.
function sorted(rows, column, falls) {
  const keyed = rows.map((row) => ({ row, words: row.cells[column].textContent.trim() }));
  for (const one of keyed) one.figure = figure_in(one.words);
  const is_number = rows.some((row) => row.cells[column].matches('.n'));
  const is_missing = (one) => (is_number ? Number.isNaN(one.figure) : one.words === '' || one.words.startsWith('—'));
  const order = (a, b) => (is_number ? a.figure - b.figure : a.words.localeCompare(b.words, 'en', { numeric: true }));
  keyed.sort((a, b) => is_missing(a) - is_missing(b) || (is_missing(a) ? 0 : falls ? order(b, a) : order(a, b)));
  return keyed.map(({ row }) => row);
}
