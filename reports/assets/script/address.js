// What a reader has chosen stands in the address, so that a link to it restores it: #theme=dark&at=744000&pair=0-1-2.
// An address may say anything: a choice takes the words that it knows, and nothing else comes of them. Nothing is kept
// anywhere else.

const choices = new Map();
let writing;

/// `read` makes a value of words, or undefined of those that are none; `show` is called with each new value, undefined
/// where nothing is chosen.
function choice(key, read, show) {
  choices.set(key, { read, show, value: undefined });
}

function chosen(key) {
  return choices.get(key)?.value;
}

function choose(key, value) {
  if (!set(choices.get(key), value)) return;
  clearTimeout(writing);
  writing = setTimeout(write_address, 200);  // browsers take a hundred changes in half a minute, and a slide makes more
}

function set(one, value) {
  if (one.value === value) return false;
  one.value = value;
  one.show(value);
  return true;
}

function write_address() {
  const said = new URLSearchParams();
  for (const [key, { value }] of choices) if (value !== undefined) said.set(key, value);
  const hash = said.toString();
  history.replaceState(null, '', location.href.split('#')[0] + (hash && '#' + hash));
}

/// An address that names no choice leads to a place in the page, and changes none.
function read_address() {
  const said = new URLSearchParams(location.hash.slice(1));
  if (location.hash.length > 1 && ![...said.keys()].some((key) => choices.has(key))) return;
  for (const [key, one] of choices) {
    const words = said.get(key);
    set(one, words === null ? undefined : one.read(words));
  }
}
