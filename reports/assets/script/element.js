// The page says all it has to say without its script. What the script adds is made here, and takes words of the page and
// of the address as text only.

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
