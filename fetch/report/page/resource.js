// Reads what a result is to the page that needed it.

// resourceOf is null for what belongs to no page.
function resourceOf(row) {
  const found = data.resources[row[RESOURCE] - 1];
  if (!found) return null;
  const [kind, priority, element, by] = found.slice(0, 4).map((place) => data.texts[place]);
  return { kind, priority, element, by, initiator: found[4], blocking: found[5] > 0, cached: found[6] > 0 };
}

// initiatorOf is the result that refers to a resource, if it is known.
const initiatorOf = (row) =>
  row[LINE] >= 0 && row.resource?.initiator >= 0 ? data.lines[row[LINE]].rows[row.resource.initiator] : undefined;

// validated reports whether a server said that what a cache has is still good.
const validated = (row) => row.resource && row[STATUS] === 304;

// fileOf is what a URL is called for short: the end of its path, or its host.
const fileOf = (url) => /([^/?#]+)\/?(?:[?#].*)?$/u.exec(url)?.[1] ?? url;

// foundIn says what refers to a resource.
const foundIn = ({ element, by }) =>
  element.startsWith('css:') ? `${element.slice(4)} in ${fileOf(by)}` : `<${element}> in ${fileOf(by)}`;

// aboutResource is what a resource is besides its type, in words.
function aboutResource(row) {
  const { priority, blocking, initiator } = row.resource;
  const facts = [`${priority} priority`];
  if (blocking) facts.push('blocks the page');
  if (initiator >= 0) facts.push(foundIn(row.resource));
  return facts.join(', ');
}

// depth is how many stylesheets and frames a resource was found in, one in the other, besides the page.
const depth = (row) => {
  const by = initiatorOf(row);
  return by && by.place > 0 ? 1 + depth(by) : 0;
};

// shortURL is a URL without its scheme that fits. What is left out is segments of its path, because its host and the name
// of a file say most. Go has the same rule for texts.
function shortURL(url, fits) {
  const [path] = url.split('?');
  const ends = [...path].flatMap((letter, i) => (letter === '/' ? [i + 1] : []));
  const cut = (first, last) => `${url.slice(0, ends[first])}…${url.slice(ends[last] - 1)}`;
  let [first, last] = [0, ends.length - 1];
  if (fits(url) || ends.length < 2) return url;
  for (let grown = true; grown; ) {
    grown = false;
    if (last - 1 > first && fits(cut(first, last - 1))) {
      last -= 1;
      grown = true;
    }
    if (first + 1 < last && fits(cut(first + 1, last))) {
      first += 1;
      grown = true;
    }
  }
  return cut(first, last);
}

// badge is the type of a resource. That of one that blocks its page stands out.
const badge = ({ kind, blocking }) => make('span', { class: `kind kind-${kind}${blocking ? ' must' : ''}` }, kind);
