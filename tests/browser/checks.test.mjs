// A check that cannot fail checks nothing: a good page is broken in one way at a time, and the one check has to say so.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { launch, open } from './browser.mjs';
import { run } from './reports.mjs';
import * as checks from './checks.mjs';
import * as handling from './handling.mjs';

const scratch = `${process.env.SCRATCH}_checks`;
const here = dirname(fileURLToPath(import.meta.url));

let browser;
let good;
let worked;  // with more than one data center, so that there is more to do

before(async () => {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  good = report_of('../cli/explained.txtpb', 'good');
  worked = report_of('hostile.txtpb', 'worked');
  browser = await launch();
});

after(() => browser?.close());

function report_of(scenario, name) {
  run([join(here, scenario)], join(scratch, name));
  return readFileSync(join(scratch, name, 'report.html'), 'utf8');
}

/// What `look` and the watch over the page find, once each `[from, to]` has been replaced in it.
async function findings(page, view, look, ...changes) {
  let broken = page;
  for (const [from, to] of changes) {
    assert.ok(broken.includes(from), `the page has "${from}"`);
    broken = broken.replace(from, () => to);
  }
  const file = join(scratch, 'broken.html');
  writeFileSync(file, broken);
  const opened = await open(browser, file, view);
  try {
    return [...(await look(opened.page)), ...opened.misdeeds];
  } finally {
    await opened.close();
  }
}

const kNothing = async () => [];
const kNoPolicy = ['http-equiv="Content-Security-Policy"', 'name="no-policy"'];
/// Styles in the page's own sheet change its hash: those of a test come with the policy off.
const styled = (css) => [['</style>', `${css}</style>`], kNoPolicy];
/// Opens the page at another address before it looks.
const at_address = (hash, look) => async (page) => {
  await page.goto(`${page.url().split('#')[0]}#${hash}`);
  await page.reload();
  return look(page);
};
const inserted = (html) => ['</main>', `${html}</main>`];

function broken(name, view, look, expected, ...changes) {
  it(`${name} is found`, () => expect_found(good, view, look, expected, changes));
}

/// The same of what a reader may do. The script's hash is not that of a changed script: these come with the policy off.
function badly_made(name, look, expected, ...changes) {
  it(`${name} is found`, () => expect_found(worked, 'light', look, expected, [...changes, kNoPolicy]));
}

async function expect_found(page, view, look, expected, changes) {
  assert.deepEqual(await findings(page, view, look), [], 'the page as it is written is good');
  const found = await findings(page, view, look, ...changes);
  assert.ok(found.some((finding) => expected.test(finding)), `expected ${expected} among ${JSON.stringify(found)}`);
}

broken('an image from elsewhere', 'light', kNothing, /^asks for https:/, kNoPolicy, inserted('<img alt="" src="https://example.org/x.png">'));
broken('a file beside the report', 'light', kNothing, /^asks for file:/, kNoPolicy, inserted('<img alt="" src="x.png">'));
broken('what the policy stops', 'light', kNothing, /console error: .*Content Security Policy/, inserted('<p style="color:red">x</p>'));
broken('a warning', 'without-policy', kNothing, /console warning: hm/, inserted('<script>console.warn("hm")</script>'));
broken('a script that throws', 'without-policy', kNothing, /^throws/, inserted('<script>nothing()</script>'));
broken('a pale colour', 'light', checks.accessibility, /^color-contrast/, ...styled('.how{color:#aaa!important}'));
broken('a dark colour on dark paper', 'dark', checks.accessibility, /^color-contrast/, ...styled('.how{color:#444!important}'));
broken('a picture without a name', 'light', checks.accessibility, /^svg-img-alt/, inserted('<svg role="img"></svg>'));
broken('a heading out of order', 'light', checks.accessibility, /^heading-order/, inserted('<h6>x</h6>'));
broken('a page without a language', 'light', checks.accessibility, /^html-has-lang/, ['<html lang="en">', '<html>']);
broken('pale letters in a picture', 'light', checks.contrast_in_pictures, /on rgb/, inserted('<svg><text y="20" fill="#aaa" style="fill:#aaa">x</text></svg>'), kNoPolicy);
broken('a page too wide for a phone', 'phone', checks.sideways, /px of page in 390 px/, inserted('<pre>' + 'x'.repeat(200) + '</pre>'));
broken('small print', 'light', checks.small_print, /smaller than 12 px/, ...styled('.how{font-size:9px!important}'));
broken('a focus that nobody sees', 'light', checks.keyboard, /^shows no focus/, ...styled('summary:focus-visible{outline:none!important}'));
broken('what keys do not reach', 'light', checks.keyboard, /^is never reached/, inserted('<div inert><a href="#x">x</a></div>'));
broken('what does not fold', 'light', checks.keyboard, /^does not fold/, inserted('<summary tabindex="0">x</summary>'));
broken('a table that only a script shows', 'without-script', (page) => checks.complete(page, { unfold: true }), /^hidden: <table/, inserted('<table hidden><tr><td>x</td></tr></table>'));
broken('a page without a verdict', 'without-script', (page) => checks.complete(page, { unfold: true }), /^no verdict/, ...styled('h1{display:none}'));
broken('a page one of two sheets', 'print', checks.first_sheet, /^page one is/, ...styled('.lede{margin-top:1200px}'));
broken('a name that was not escaped', 'light', (page) => checks.only_text(page, []), /^became markup/, inserted('<script>window.ran=1</script>'));
broken('a script that runs', 'without-policy', (page) => checks.only_text(page, []), /^a script has run/, inserted('<script>window.ran=1</script>'));
broken('an event in an attribute', 'light', (page) => checks.only_text(page, []), /^could run/, inserted('<b onclick="x()">x</b>'));
broken('letters that turn their neighbours', 'light', (page) => checks.only_text(page, []), /^is not isolated/, inserted('<p><b>a</b> \u05D0 1</p>'));
broken('an override of direction', 'light', (page) => checks.only_text(page, []), /^turns text/, inserted('<bdi>\u202Ea</bdi>'));

broken('a script whose hash is not named', 'light', kNothing, /policy: script-src/, ['offer_theme();', 'offer_theme(); ']);
broken('markup made of text by a script', 'light', kNothing, /TrustedHTML/, ["default-src 'none';", "default-src 'none'; script-src 'unsafe-inline';"], ['offer_theme();', "document.querySelector('h1').innerHTML = '<i>x</i>'; offer_theme();"]);

badly_made('a theme that stays', handling.theme, /^dark: the paper/, ["document.getElementById('dark').media =", "document.getElementById('dark').lang ="]);
badly_made('a theme without words', handling.theme, /no label/, ["element('label', {}, ['Theme ', select])", "element('span', {}, ['Theme ', select])"]);
badly_made('a choice that is not in the address', handling.theme, /^dark: the address/, ['history.replaceState', 'history.scrollRestoration === ']);
badly_made('a slide that keys do not reach', handling.plane, /is not reached/, ["type: 'range',", "type: 'range', tabIndex: -1,"]);
badly_made('a picture that stands still', handling.plane, /does not look/, ['group.dataset.state = state;', '']);
badly_made('a picture that stays broken', handling.plane, /looks broken/, ["now.filter((d) => d.place === group.dataset.place)", "disturbances_seen(now, group)"], ['/// A part of the picture', 'const seen = [];\nfunction disturbances_seen(now, group) { seen.push(...now); return seen.filter((d) => d.place === group.dataset.place); }\n/// A part of the picture']);
badly_made('a sentence that leaves something out', handling.plane, /it is not said/, ['const parts = now.map', 'const parts = now.slice(1).map']);
badly_made('a sentence that is not read out', handling.plane, /not read out/, ["'aria-live', 'polite'", "'aria-live', 'off'"]);
badly_made('charts that do not share their instant', handling.cursor, /not all lines/, ['for (const show of watchers) show(ms);', 'for (const show of watchers) show(ms && ms * Math.random());']);
badly_made('a chart without a line', handling.cursor, /not all lines/, ['for (const mark of [...lines, flag])', 'for (const mark of [...lines.slice(1), flag])']);
badly_made('a wrong reading', handling.cursor, /where it holds/, ['steps[middle].from <= ms', 'steps[middle].from <= ms / 2']);
badly_made('a reading that nobody sees', handling.cursor, /nobody sees/, ["frame.classList.toggle('reading', ms !== undefined);", '']);
badly_made('a mouse that nobody follows', handling.cursor, /^under the mouse/, ["event.pointerType === 'mouse'", 'false']);
badly_made('a cell that opens nothing', handling.pairs, /opens nothing/, ['place?.replaceChildren(figure.cloneNode(true));', '']);
badly_made('a cell that opens another', handling.pairs, /does not speak of/, ['place?.replaceChildren(figure.cloneNode(true));', "place?.replaceChildren(figure.nextElementSibling?.cloneNode(true) ?? '');"]);
badly_made('a cell that does not close', handling.pairs, /does not close/, ["choose('pair', undefined);", ';']);
badly_made('an order that is none', handling.sorting, /does not rise/, ['return keyed.map', 'return keyed.reverse().map']);
badly_made('an order that is not told', handling.sorting, /the column says/, ["head.setAttribute('aria-sort', next)", 'head.title = next']);
badly_made('an address that is not read', at_address(`theme=dark`, (page) => handling.restored(page, { theme: 'dark' })), /^theme is system/, ['read_address();', '']);
badly_made('an address that is believed', at_address('at=-1', handling.untouched), /an instant is shown/, ['/^\\d{1,12}$/.test(words)', 'true']);
badly_made('an address that makes trouble', at_address('%E0%A4%A', handling.untouched), /^throws URIError/, ['new URLSearchParams(location.hash.slice(1))', 'new URLSearchParams(decodeURIComponent(location.hash.slice(1)))']);

it('a text that is not said is found', async () => {
  const found = await findings(good, 'light', (page) => checks.only_text(page, ['<b>not there']));
  assert.deepEqual(found, ['is not said as it was written: <b>not there']);
});
