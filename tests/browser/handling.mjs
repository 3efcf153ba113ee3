// What a reader may do with a page, done with keys alone unless it says otherwise. Each returns what went wrong, in
// words; nothing is good news. checks.test.mjs breaks the page's script in each of these ways.

/// Presses the tabulator until `selector` has the focus.
async function reach(page, selector) {
  await page.evaluate(() => document.activeElement?.blur());
  for (let step = 0; step < 400; ++step) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return true;
  }
  return false;
}

const hash_of = async (page) => {
  await page.waitForTimeout(300);  // an address is written once the hand rests
  return page.evaluate(() => location.hash);
};

/// Light, dark and back.
export async function theme(page) {
  const wrong = [];
  if (!(await reach(page, '.theme select'))) return ['the theme is not reached'];
  if (!(await page.evaluate(() => document.activeElement.labels[0]?.checkVisibility()))) wrong.push('the theme has no label');
  const brightness = () => page.evaluate(() => Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]));
  const as_it_was = await brightness();
  for (const [key, expected] of [['ArrowDown', 'light'], ['ArrowDown', 'dark'], ['Home', 'system']]) {
    await page.keyboard.press(key);
    const found = await brightness();
    const good = expected === 'system' ? found === as_it_was : expected === 'dark' ? found < 60 : found > 200;
    if (!good) wrong.push(`${expected}: the paper's red is ${found} of 255`);
    const hash = await hash_of(page);
    if (hash !== (expected === 'system' ? '' : `#theme=${expected}`)) wrong.push(`${expected}: the address says "${hash}"`);
  }
  return wrong;
}

/// The slide of the picture: what was broken at an instant is shown and said, and nothing else.
export async function plane(page) {
  const wrong = [];
  if (!(await reach(page, '.instant .slide'))) return ['the slide of the picture is not reached'];
  const expected_at = (ms) =>
    page.evaluate((ms) => [...document.querySelectorAll('.states [data-from]')]
      .filter((row) => Number(row.dataset.from) <= ms && ms < Number(row.dataset.until))
      .map((row) => ({ place: row.dataset.place, state: row.dataset.state, where: row.cells[2].textContent, what: row.cells[3].textContent })), ms);
  const found_at = () =>
    page.evaluate(() => ({
      ms: Number(document.activeElement.value),
      sentence: document.querySelector('.sentence').textContent,
      spoken: document.activeElement.getAttribute('aria-valuetext'),
      parts: [...document.querySelectorAll('.topology [data-place]')].map((part) => ({
        place: part.dataset.place, state: part.dataset.state, words: part.querySelector('.now')?.textContent ?? '',
      })),
    }));
  const broken = new Set();
  await page.keyboard.press('ArrowRight');  // where it begins there is no instant yet
  for (let step = 0, key = 'Home'; step < 12; ++step, key = 'PageUp') {
    await page.keyboard.press(key);
    const found = await found_at();
    const expected = await expected_at(found.ms);
    for (const { place, state, where, what } of expected) {
      broken.add(place);
      if (!found.sentence.includes(`${where}: ${what}`)) wrong.push(`${found.spoken}: it is not said that ${where}: ${what}`);
      if (place && found.parts.some((p) => p.place === place) && !found.parts.some((p) => p.place === place && (p.state === state || p.state === 'down'))) {
        wrong.push(`${found.spoken}: ${where} does not look ${state}`);
      }
    }
    for (const part of found.parts) {
      if (part.state === 'down' && !expected.some((e) => e.place === part.place)) wrong.push(`${found.spoken}: ${part.place} looks broken`);
    }
    if (!found.sentence.startsWith(`At ${found.spoken}: `)) wrong.push(`${found.spoken}: the sentence is "${found.sentence}"`);
  }
  if (broken.size === 0) wrong.push('nothing was ever broken: this looks at nothing');
  if (!/^#at=\d+$/.test(await hash_of(page))) wrong.push(`the address says "${await hash_of(page)}"`);
  const live = await page.evaluate(() => document.querySelector('.sentence').getAttribute('aria-live'));
  if (live !== 'polite') wrong.push('the sentence is not read out');
  const begin = await page.evaluate(() => Math.min(...[...document.querySelectorAll('.states [data-from]')].map((row) => Number(row.dataset.from))));
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const here = await page.evaluate(() => document.querySelector('.instant .slide').value);
  if (Math.abs(here - begin) > 1000) wrong.push(`the first change is at ${begin} ms, and not at ${here}`);
  await reach(page, '.instant .slide');
  await page.keyboard.press('Escape');
  if ((await page.evaluate(() => document.querySelector('.instant .time').textContent)) !== 'whole run') wrong.push('there is no way back to the whole run');
  return [...new Set(wrong)];
}

/// What all charts show: where their lines stand in milliseconds, and what is read there against what they hold.
const readings = (page) =>
  page.evaluate(() => [...document.querySelectorAll('[data-end]')].filter((frame) => frame.querySelector('td.chart')).map((frame) => {
    const end = Number(frame.dataset.end);
    const lines = [...frame.querySelectorAll('.cursor')].filter((line) => line.parentElement.checkVisibility());
    const tracks = [...frame.querySelectorAll('[data-track]')].map((drawn) => {
      const words = (drawn.closest('tr').querySelector('.where') ?? drawn.closest('td')).querySelector('.at');
      return { track: drawn.dataset.track, words: words?.textContent ?? '', seen: words?.checkVisibility({ visibilityProperty: true }) ?? false };
    });
    return {
      name: frame.querySelector('caption').textContent, end, tracks,
      at: lines.map((line) => {
        const { left, width } = line.parentElement.getBoundingClientRect();
        return line.hidden ? undefined : Math.round(((line.getBoundingClientRect().left - left) / width) * end);
      }),
    };
  }));

function wrong_readings(frames, ms) {
  const wrong = [];
  for (const { name, end, at, tracks } of frames) {
    const expected = Math.min(ms, end);
    if (at.length === 0 || at.some((found) => found === undefined || Math.abs(found - expected) > end / 100)) wrong.push(`${name}: not all lines stand at ${expected} ms: ${at}`);
    for (const { track, words, seen } of tracks) {
      const steps = track.split('|').map((step) => [parseInt(step), step.replace(/^\d+ /, '')]);
      const holds = steps.filter(([from], i) => i === 0 || from <= expected).pop()[1];
      if (words !== holds) wrong.push(`${name}: reads "${words}" where it holds "${holds}"`);
      if (!seen) wrong.push(`${name}: nobody sees what is read`);
    }
  }
  return [...new Set(wrong)];
}

/// One instant in all charts: by keys, and by the mouse in passing.
export async function cursor(page) {
  if (!(await reach(page, '.axis-row .slide'))) return ['the slide of the charts is not reached'];
  await page.keyboard.press('Home');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('ArrowRight');
  const { ms, end, said } = await page.evaluate(() => ({ ms: Number(document.activeElement.value), end: Number(document.activeElement.max), said: document.activeElement.getAttribute('aria-valuetext') }));
  const frames = await readings(page);
  const wrong = wrong_readings(frames, ms);
  if (ms <= 0) wrong.push('keys do not move the slide');
  if (!frames[0].tracks.every(({ words }) => said.includes(words))) wrong.push(`it is not said what is read: ${said}`);

  const panel = page.locator('.clock td.chart').nth(1);
  await panel.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await panel.boundingBox();
  await page.mouse.move(x + width * 0.75, y + height / 2);
  wrong.push(...wrong_readings(await readings(page), end * 0.75).map((what) => `under the mouse: ${what}`).filter((what) => !what.includes('reads')));
  await page.mouse.move(1, 1);
  wrong.push(...wrong_readings(await readings(page), ms).map((what) => `after the mouse: ${what}`));
  await reach(page, '.axis-row .slide');
  await page.keyboard.press('Escape');
  if ((await readings(page)).some(({ at }) => at.some((found) => found !== undefined))) wrong.push('the lines stay');
  return [...new Set(wrong)];
}

/// A cell of writer against observer opens what it tells of, and closes.
export async function pairs(page) {
  const wrong = [];
  if (!(await reach(page, '.heat button'))) return ['no cell is reached'];
  const opened = () =>
    page.evaluate(() => {
      const button = document.activeElement;
      const figure = button.closest('.heat-block')?.querySelector('.opened .distribution');
      const cell = button.closest('td');
      return {
        writer: cell.parentElement.cells[0].textContent,
        observer: cell.closest('table').tHead.rows[0].cells[cell.cellIndex].textContent.replace(/ decides$/, ''),
        says: button.getAttribute('aria-expanded'), longest: button.querySelector('b').textContent.replace(/^.*:\s*/, ''),
        words: figure?.textContent ?? '', curve: figure?.querySelector('.spread .line')?.getBoundingClientRect().width ?? 0,
      };
    });
  await page.keyboard.press('Enter');
  const open = await opened();
  const is_none = open.longest === '0\u00A0s';  // then there is nothing to draw
  if (open.says !== 'true' || !open.words || (open.curve < 50 && !is_none)) wrong.push('the cell opens nothing');
  if (!open.words.includes(is_none ? 'in step at once' : open.longest)) wrong.push(`what opens does not speak of ${open.longest}`);
  if (!open.words.includes(`written in ${open.writer}, decided at ${open.observer}/`)) wrong.push(`what opens does not speak of ${open.writer} and ${open.observer}`);
  const hash = await hash_of(page);
  if (!/^#pair=\d+-\d+-\d+$/.test(hash)) wrong.push(`the address says "${hash}"`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  if ((await page.locator('.opened .distribution').count()) !== 1) wrong.push('not one cell alone is open');
  await page.keyboard.press('Escape');
  const closed = await opened();
  if (closed.says !== 'false' || closed.words) wrong.push('the cell does not close');
  return wrong;
}

/// A long table, by each of its columns: up, down and as it was.
export async function sorting(page) {
  const wrong = [];
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  if (!(await reach(page, '.sort'))) return ['no column is reached'];
  const look = () =>
    page.evaluate(() => {
      const head = document.activeElement.closest('th');
      const bodies = [...head.closest('table').tBodies];
      return { says: head.getAttribute('aria-sort'), words: bodies.map((body) => [...body.rows].filter((row) => !row.matches('.group')).map((row) => row.cells[head.cellIndex].textContent)) };
    });
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const before = await look();
  const order = new Intl.Collator('en', { numeric: true });
  await page.keyboard.press('Enter');
  const up = await look();
  await page.keyboard.press('Enter');
  const down = await look();
  await page.keyboard.press('Enter');
  const after = await look();
  if (up.says !== 'ascending' || down.says !== 'descending' || after.says !== null) wrong.push(`the column says ${up.says}, ${down.says}, ${after.says}`);
  if (!same(before.words, after.words)) wrong.push('the rows do not come back');
  const rises = (words) => words.every((word, i) => i === 0 || order.compare(words[i - 1], word) <= 0);
  if (!up.words.every(rises)) wrong.push(`does not rise: ${up.words[0].slice(0, 5)}`);
  if (!down.words.every((words) => rises([...words].reverse()))) wrong.push(`does not fall: ${down.words[0].slice(0, 5)}`);
  return wrong;
}

/// What a reader had chosen is there again when the address is opened.
export async function restored(page, { theme, at, pair }) {
  const found = await page.evaluate(() => ({
    theme: document.querySelector('.theme select').value,
    at: document.querySelector('.instant .slide.set')?.value,
    pair: document.querySelector('.opened .distribution')?.dataset.pair,
  }));
  return Object.entries({ theme, at, pair }).filter(([key, value]) => found[key] !== value).map(([key, value]) => `${key} is ${found[key]}, not ${value}`);
}

/// Addresses that say what no reader chose.
export const hostile = [
  '#theme=%3Cscript%3Ewindow.ran%3D1%3C%2Fscript%3E', '#theme=__proto__', '#theme=DARK', '#theme=', '#at=-1', '#at=1e9', '#at=NaN',
  '#at=999999999999', '#at=9999999999999999999999', '#at=%3Cimg%20src%3Dx%20onerror%3Dwindow.ran%3D1%3E', '#at=-1&at=2',
  '#pair=constructor', '#pair=0-0-0%22%5D', '#pair=99-99-99', '#%', '#%E0%A4%A', '#=&&&=', '#javascript:window.ran=1', `#theme=${'x'.repeat(100_000)}`,
];

/// A page that was given such an address is as it is without one.
export async function untouched(page) {
  return page.evaluate(() => {
    const wrong = [];
    if (window.ran) wrong.push('a script has run');
    if (document.querySelector('.theme select').value !== 'system') wrong.push('the theme is another');
    if (document.getElementById('dark').media !== 'screen and (prefers-color-scheme:dark)') wrong.push(`the dark sheet is for "${document.getElementById('dark').media}"`);
    if (document.querySelector('.reading, .slide.set')) wrong.push('an instant is shown');
    if (document.querySelector('.opened .distribution, [aria-expanded=true]')) wrong.push('a cell is open');
    return wrong;
  });
}

/// Everything at once that may be opened, for those who look at how it looks.
export async function open_all(page) {
  const target = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('.states [data-from]')];
    const pairs = [...document.querySelectorAll('[data-pair]')].map((figure) => figure.dataset.pair);
    return { at: rows.length > 0 ? Math.round((Number(rows[0].dataset.from) + Number(rows[0].dataset.until)) / 2) : undefined, pair: pairs[1] ?? pairs[0] };
  });
  const said = Object.entries(target).filter(([, value]) => value !== undefined);
  await page.evaluate((hash) => { location.hash = hash; }, new URLSearchParams(said).toString());
  await page.waitForTimeout(100);
  return target;
}
