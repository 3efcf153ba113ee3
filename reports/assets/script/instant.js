// The instant that a reader looks at: pinned by a slide or a click, and in passing while the mouse is over a chart.
// All that has a clock shows the same one.

const watchers = [];
const ends = [];
let passing;

/// `show` is called with the instant in milliseconds, undefined where there is none.
function watch_instant(show, end) {
  watchers.push(show);
  ends.push(end);
}

function show_instant() {
  const ms = passing ?? chosen('at');
  for (const show of watchers) show(ms);
}

function pass(ms) {
  if (passing === ms) return;
  passing = ms;
  show_instant();
}

function pin(ms) {
  passing = undefined;
  if (chosen('at') === ms) show_instant();
  choose('at', ms);
}

function offer_instant() {
  if (ends.length === 0) return;
  const end = Math.max(...ends);
  choice('at', (words) => (/^\d{1,12}$/.test(words) && Number(words) <= end ? Number(words) : undefined), show_instant);
}

/// A slide over a run. Its steps are seconds, of short runs a thousandth.
function instant_slide(end, name) {
  const slide = element('input', { type: 'range', min: 0, max: end, step: end < 60e3 ? Math.max(end / 1000, 1e-3) : 1e3, value: 0, className: 'slide' });
  slide.setAttribute('aria-label', name);
  slide.addEventListener('input', () => pin(Math.min(Math.round(Number(slide.value)), end)));
  slide.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') pin(undefined);
  });
  return slide;
}

function show_on_slide(slide, ms, said) {
  slide.value = ms ?? 0;
  slide.classList.toggle('set', ms !== undefined);
  slide.setAttribute('aria-valuetext', ms === undefined ? 'the whole run' : said);
}

/// "0 up|480000 no power|1080000 up": what is said at an instant.
function track_of(said) {
  const steps = said.split('|').map((step) => {
    const gap = step.indexOf(' ');
    return { from: Number(step.slice(0, gap)), words: step.slice(gap + 1) };
  });
  return (ms) => {
    let [low, high] = [0, steps.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (steps[middle].from <= ms) low = middle; else high = middle;
    }
    return steps[low].words;
  };
}
