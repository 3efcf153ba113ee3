// Lengths of time as the page writes them (reports/words.cpp), and back.

const kUnits = { ns: 1e-6, 'µs': 1e-3, ms: 1, s: 1e3, min: 60e3, h: 3600e3, d: 86400e3 };

/// "0 s", "400 ms", "1.9 s", "31 s", "12 min 24 s", "12 min", "1 h 04 min", "2 d 03 h".
function clock_words(ms) {
  const short = (value, unit) => `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)}\u00A0${unit}`;
  const long = (count, base, great, small) => {
    const rest = count % base ? `\u00A0${String(count % base).padStart(2, '0')}\u00A0${small}` : '';
    return `${Math.floor(count / base)}\u00A0${great}${rest}`;
  };
  if (ms === 0) return '0\u00A0s';
  if (ms < 999.5) return short(ms, 'ms');
  if (ms < 59.5e3) return short(ms / 1e3, 's');
  if (ms < kUnits.h - 500) return long(Math.round(ms / 1e3), 60, 'min', 's');
  if (ms < 2 * kUnits.d - 30e3) return long(Math.round(ms / kUnits.min), 60, 'h', 'min');
  return long(Math.round(ms / kUnits.h), 24, 'd', 'h');
}

/// The figure that a cell begins with, lengths in milliseconds: "≥ 13 min 41 s", "9 170", "0.4 %". Not a number: none.
function figure_in(text) {
  const figures = [...text.replace(/[\u202F\u2009](?=\d)/g, '').replace('\u2212', '-').matchAll(/(-?\d+(?:\.\d+)?)\s*(ns|µs|ms|s|min|h|d)?(?![a-z])/g)];
  if (figures.length === 0) return NaN;
  if (!figures[0][2]) return Number(figures[0][1]);
  let sum = 0;
  let end = figures[0].index;
  for (const figure of figures) {
    if (!figure[2] || figure.index > end + 1) break;  // of another length
    sum += Number(figure[1]) * kUnits[figure[2]];
    end = figure.index + figure[0].length;
  }
  return sum;
}
