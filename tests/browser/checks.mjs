// What has to be true of every page. Each check returns what it found wrong, in words; nothing is good news.
// checks.test.mjs breaks a page in each of these ways and sees its check speak.
import axe from 'axe-core';

/// axe-core by WCAG 2.1 A and AA and its own best practices, with everything unfolded that a reader could unfold.
/// Colours are compared where `colours` says so: a narrow page has those of a wide one.
export async function accessibility(page, { colours = true } = {}) {
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (enabled) => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
    const results = await axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], rules: { 'color-contrast': { enabled } } });
    return results.violations.map(({ id, help, nodes }) => ({
      id, help, count: nodes.length,
      examples: nodes.slice(0, 5).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ''}`),
    }));
  }, colours);
  return violations.map((v) => `${v.id} (${v.count}): ${v.help}\n    ${v.examples.join('\n    ')}`);
}

/// axe-core leaves text in pictures out. A halo is its ground; else the first thing below it that is painted.
export async function contrast_in_pictures(page) {
  return page.evaluate(() => {
    document.querySelectorAll('details').forEach((details) => (details.open = true));
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const blends = new Map();
    const over = (color, ground) => {
      const key = `${color} ${ground}`;
      if (!blends.has(key)) blends.set(key, blended(color, ground));
      return blends.get(key);
    };
    const blended = (color, ground) => {
      canvas.fillStyle = ground;
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
      return `rgb(${r}, ${g}, ${b})`;
    };
    const luminance = (color) => {
      const [r, g, b] = color.match(/[\d.]+/g).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const transparent = (color) => color === 'none' || color.startsWith('url') || /, 0\)$/.test(color);
    const paint = (element, style) =>
      element instanceof SVGGeometryElement && element.tagName !== 'line' ? style.fill : style.backgroundColor;
    const paper = getComputedStyle(document.body).backgroundColor;
    const ground_of = (text, style) => {
      if (style.stroke !== 'none') return over(style.stroke, paper);
      text.scrollIntoView({ block: 'center', behavior: 'instant' });  // what is below a point is found in view only
      const { left, right, top, bottom } = text.getBoundingClientRect();
      for (const below of document.elementsFromPoint((left + right) / 2, (top + bottom) / 2)) {
        if (below === text || below.closest('text')) continue;
        const color = paint(below, getComputedStyle(below));
        if (color && !transparent(color)) return over(color, paper);
      }
      return paper;
    };
    const wrong = new Map();
    for (const text of document.querySelectorAll('svg text')) {
      const style = getComputedStyle(text);
      if (!text.checkVisibility({ visibilityProperty: true }) || !text.textContent.trim()) continue;
      const ground = ground_of(text, style);
      const [dark, light] = [luminance(over(style.fill, ground)), luminance(ground)].sort((a, b) => a - b);
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < 4.5) wrong.set(`${style.fill} on ${ground}: ${ratio.toFixed(2)}`, text.textContent);
    }
    return [...wrong].map(([what, text]) => `${what}, as in "${text}"`);
  });
}

/// A reader scrolls down, never sideways. What is too wide by nature scrolls in a frame of its own.
export async function sideways(page) {
  return page.evaluate(() => {
    document.querySelectorAll('details').forEach((details) => (details.open = true));
    const root = document.documentElement;
    const width = root.clientWidth;
    if (Math.max(root.scrollWidth, document.body.scrollWidth) <= width) return [];
    const scrolls = (element) => element.closest('svg') || [...ancestors(element)].some((a) => getComputedStyle(a).overflowX !== 'visible');
    function* ancestors(element) { for (let a = element.parentElement; a && a !== document.body; a = a.parentElement) yield a; }
    const wide = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width + 1 && !scrolls(e));
    const words = wide.slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
    return [`${root.scrollWidth} px of page in ${width} px of screen: ${words.join(' | ')}`];
  });
}

/// Letters that are cut off, or run into the next cell, are not read.
export async function small_print(page) {
  return page.evaluate(() => {
    const wrong = new Set();
    for (const element of document.body.querySelectorAll('main *')) {
      if (!element.checkVisibility() || ![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
      if (parseFloat(getComputedStyle(element).fontSize) < 12) wrong.add(`${element.className || element.tagName}: ${element.textContent.slice(0, 60)}`);
    }
    return [...wrong].slice(0, 10).map((what) => `smaller than 12 px: ${what}`);
  });
}

const kFocusable = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex^="-"])';

/// Everything that can be worked is reached with the tabulator, shows that it has the focus, and folds open with Enter.
export async function keyboard(page) {
  const expected = await page.evaluate((focusable) => {
    document.querySelectorAll('details').forEach((details) => (details.open = true));
    window.reached = new Set();
    window.expected = [...document.querySelectorAll(focusable)].filter((element) => element.checkVisibility());
    return window.expected.length;
  }, kFocusable);
  const wrong = [];
  // Frames that scroll take the focus too. The round ends where it began.
  for (let step = 0; step < expected + 200; ++step) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body || window.reached.has(element)) return { end: true };
      window.reached.add(element);
      const style = getComputedStyle(element);
      const shown = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
      return { shown, what: element.outerHTML.slice(0, 120) };
    });
    if (found.end) break;
    if (!found.shown) wrong.push(`shows no focus: ${found.what}`);
  }
  const missed = await page.evaluate(() => window.expected.filter((e) => !window.reached.has(e)).map((e) => e.outerHTML.slice(0, 120)));
  wrong.push(...missed.map((what) => `is never reached: ${what}`));

  for (const summary of await page.locator('summary').all()) {
    const is_open = () => summary.evaluate((element) => element.parentElement.open);
    await summary.focus();
    const before = await is_open();
    await page.keyboard.press('Enter');
    if ((await is_open()) === before) wrong.push(`does not fold: ${await summary.textContent()}`);
    if (!(await is_open())) await page.keyboard.press('Enter');
  }
  return wrong;
}

/// With scripts off, or on paper, nothing that is said may be missing: verdict, rows of targets, every table.
export async function complete(page, { unfold = false } = {}) {
  const wrong = [];
  if (!(await page.locator('h1').first().isVisible())) wrong.push('no verdict is to be seen');
  if (unfold) {
    for (const summary of await page.locator('summary').all()) await summary.click();
  }
  for (const selector of ['.verdict', 'table', 'main section h2', '.targets tbody tr', '.points li']) {
    for (const element of await page.locator(selector).all()) {
      if (!(await element.isVisible())) wrong.push(`hidden: ${(await element.evaluate((e) => e.outerHTML)).slice(0, 160)}`);
    }
  }
  return wrong;
}

/// Page one is one sheet of A4. The print view's window is such a sheet without its margins.
export async function first_sheet(page) {
  const sheet = page.viewportSize().height;
  const end = await page.evaluate(() => {
    const before = document.querySelector('.appendix')?.previousElementSibling ?? document.querySelector('main').lastElementChild;
    return before.getBoundingClientRect().bottom + window.scrollY;
  });
  await page.evaluate(() => document.querySelector('.appendix')?.remove());
  const sheets = count_sheets(await page.pdf({ format: 'A4' }));
  return sheets === 1 && end <= sheet ? [] : [`page one is ${Math.ceil(end)} px high, a sheet ${sheet} px; it takes ${sheets} sheets`];
}

export function count_sheets(pdf) {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
}

/// Nothing that a scenario says may become markup, and letters that run from right to left turn only themselves.
export async function only_text(page, texts) {
  return page.evaluate((expected) => {
    const wrong = [];
    if (window.ran) wrong.push('a script has run');
    for (const element of document.querySelectorAll('*')) {
      if (element.matches('iframe, object, embed, base, img, audio, video, form, link, script:not(head > script:first-of-type)')) {
        wrong.push(`became markup: ${element.outerHTML.slice(0, 120)}`);
      }
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on') || /^\s*javascript:/i.test(value)) wrong.push(`could run: ${name}="${value}"`);
      }
    }
    const said = document.body.textContent;
    for (const text of expected) {
      if (!said.includes(text)) wrong.push(`is not said as it was written: ${text}`);
    }
    const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const parent = node.parentElement;
      const { display, unicodeBidi } = getComputedStyle(parent);
      const alone = display.startsWith('inline') || parent.childNodes.length === 1;  // a block with nothing beside it
      const isolated = parent.closest('bdi, svg title, svg text') || (alone && unicodeBidi.startsWith('isolate'));
      if (/[\u202A-\u202E\u2066-\u2069]/.test(node.data) && !parent.closest('svg')) wrong.push(`turns text: ${node.data}`);
      if (/[\u0590-\u08FF]/.test(node.data) && !isolated) wrong.push(`is not isolated: ${parent.outerHTML.slice(0, 200)}`);
    }
    return wrong;
  }, texts);
}
