// A check that cannot fail checks nothing: a good page is broken in one way at a time, and the one check has to say so.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { launch, open } from './browser.mjs';
import * as checks from './checks.mjs';

const scratch = `${process.env.SCRATCH}_checks`;
const scenario = join(dirname(fileURLToPath(import.meta.url)), '../cli/explained.txtpb');

let browser;
let good;

before(async () => {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  execFileSync(process.env.PARALLAX, ['run', scenario, '--out', scratch], { stdio: 'ignore' });
  good = readFileSync(join(scratch, 'report.html'), 'utf8');
  browser = await launch();
});

after(() => browser?.close());

/// What `look` and the watch over the page find, once each `[from, to]` has been replaced in it.
async function findings(view, look, ...changes) {
  let broken = good;
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
const inserted = (html) => ['</main>', `${html}</main>`];

function broken(name, view, look, expected, ...changes) {
  it(`${name} is found`, async () => {
    assert.deepEqual(await findings(view, look), [], 'the page as it is written is good');
    const found = await findings(view, look, ...changes);
    assert.ok(found.some((finding) => expected.test(finding)), `expected ${expected} among ${JSON.stringify(found)}`);
  });
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

it('a text that is not said is found', async () => {
  const found = await findings('light', (page) => checks.only_text(page, ['<b>not there']));
  assert.deepEqual(found, ['is not said as it was written: <b>not there']);
});
