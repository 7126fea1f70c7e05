// Sees to the page as a whole: its theme, its size and how it is printed.

const dark = matchMedia('(prefers-color-scheme: dark)');
const theme = byId('theme');
const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? 'dark' : 'light')) === 'dark';
const label = () => {
  theme.textContent = isDark() ? 'Light' : 'Dark';
};
theme.addEventListener('click', () => {
  document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
  label();
});
theme.hidden = false;
dark.addEventListener('change', label);
label();

let resized = 0;
let before = innerWidth;
addEventListener('resize', () => {
  if (innerWidth === before) return;
  before = innerWidth;
  cancelAnimationFrame(resized);
  resized = requestAnimationFrame(() => {
    drawn.forEach((pane) => pane.show());
    drawTime?.();
  });
});

// Paper does not scroll, and nothing opens on it.
let restore;
addEventListener('beforeprint', () => {
  restore = printNames && printNames();
});
addEventListener('afterprint', () => {
  if (restore) restore();
});

followLink();
