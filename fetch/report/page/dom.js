// Makes elements. All of the page's scripts are one function, in the order that Go names.

const data = JSON.parse(document.getElementById('data').textContent);
const SVG = 'http://www.w3.org/2000/svg';
const byId = (id) => document.getElementById(id);

// make makes an element. Texts are set as texts, never as markup, and styles by properties, as the page's policy wants.
function make(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') e.className = value;
    else if (name in e && typeof value !== 'string') e[name] = value;
    else e.setAttribute(name, value);
  }
  e.append(...children);
  return e;
}

function draw(tag, attributes = {}, ...children) {
  const e = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...children);
  return e;
}

const button = (text, act, attributes = {}) => {
  const e = make('button', { type: 'button', class: 'tool', ...attributes }, text);
  e.addEventListener('click', act);
  return e;
};

// A long text may break in front of what follows a character of the first kind, and in a piece that is still too long
// after one of the second. Go has the same rule for what is in the page without its script.
const [early, late, longPiece] = [/(?<=[/?&;=])(?![/?&;=])/u, /(?<=[._\-:,%@|+~])(?![._\-:,%@|+~])/u, 24];

const piecesOf = (word) =>
  word.split(early).flatMap((piece) => {
    if ([...piece].length <= longPiece) return [piece];
    return piece.split(late).flatMap((part) => part.match(/.{1,24}/gsu) ?? []);
  });

// breakable is a text with marks of where it may break, so that a URL fits a narrow column and no word is torn apart.
function breakable(text) {
  const words = text.split(/(?<= )(?! )/u);
  return words.flatMap((word) => piecesOf(word).flatMap((piece, i) => (i === 0 ? [piece] : [make('wbr'), piece])));
}
