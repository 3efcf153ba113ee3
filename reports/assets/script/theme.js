// Light or dark, as the system has it or as the reader chooses. The dark colours are a style sheet of their own.

const kThemes = new Map([
  ['system', 'screen and (prefers-color-scheme:dark)'],
  ['light', 'not all'],
  ['dark', 'screen'],
]);

function offer_theme() {
  const select = element('select', {}, [...kThemes.keys()].map((name) => element('option', { value: name }, [name])));
  const header = document.querySelector('header') ?? document.querySelector('main').insertAdjacentElement('afterbegin', element('header'));
  header.append(element('p', { className: 'theme' }, [element('label', {}, ['Theme ', select])]));
  select.addEventListener('change', () => choose('theme', select.value === 'system' ? undefined : select.value));
  choice('theme', (words) => (kThemes.has(words) && words !== 'system' ? words : undefined), (theme = 'system') => {
    document.getElementById('dark').media = kThemes.get(theme);
    select.value = theme;
  });
}
