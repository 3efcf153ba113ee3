// The page says all it has to say without this script; what it adds is made here, and reads words of the page and of
// the address as text only.

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

offer_theme();
offer_cursors();
offer_topology();
offer_instant();
offer_pairs();
offer_sorting();
read_address();
show_instant();
addEventListener('hashchange', read_address);
