// Keeps in the page's address what is looked at, so that it can be sent to others: #filter=…&name=…&time=…&run=….

const linked = new Map();
const followers = [];

function readLink() {
  linked.clear();
  for (const part of location.hash.slice(1).split('&')) {
    const at = part.indexOf('=');
    if (at < 0) continue;
    try {
      linked.set(part.slice(0, at), decodeURIComponent(part.slice(at + 1)));
    } catch {
      // It is not one of ours.
    }
  }
}

// encoded leaves readable what an address may hold.
const encoded = (value) => encodeURIComponent(value).replace(/%(3A|2F|2C|40|3B)/gi, decodeURIComponent);

const address = (entries) => `#${[...entries].map(([key, value]) => `${key}=${encoded(value)}`).join('&')}`;

// link keeps a value in the address, or takes it out if it is empty.
function link(key, value) {
  if ((linked.get(key) ?? '') === value) return;
  if (value) linked.set(key, value);
  else linked.delete(key);
  history.replaceState(null, '', linked.size ? address(linked) : location.pathname + location.search);
}

// follow calls back when the address changes, and when the page has been opened.
const follow = (act) => followers.push(act);

function followLink() {
  readLink();
  for (const act of followers) act();
}
addEventListener('hashchange', followLink);
readLink();
