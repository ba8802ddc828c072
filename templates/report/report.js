'use strict';
(() => {
  const root = document.documentElement;
  root.classList.add('js');

  // Colours: those of the system, until somebody says otherwise.
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  let theme = null;
  try {
    theme = localStorage.getItem('authshift-theme');
  } catch {
    // Some browsers keep nothing for files.
  }
  const isDark = () => (theme ? theme === 'dark' : system.matches);
  const paint = () => {
    root.dataset.theme = isDark() ? 'dark' : 'light';
    const button = document.getElementById('theme');
    if (button) {
      button.textContent = isDark() ? 'Light' : 'Dark';
      button.setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours');
    }
  };
  paint();
  system.addEventListener('change', paint);

  // As many rows are shown at first: a browser is slow with tables of thousands.
  const STEP = 200;
  const LEVELS = { e: 0, w: 1, n: 2 };
  const EFFORTS = { a: 0, r: 1, h: 2 };

  const say = (text) => {
    document.getElementById('said').textContent = text;
  };

  const number = (count) => count.toLocaleString('en');

  function tools() {
    const toggle = document.getElementById('theme');
    toggle.hidden = false;
    toggle.addEventListener('click', () => {
      theme = isDark() ? 'light' : 'dark';
      try {
        localStorage.setItem('authshift-theme', theme);
      } catch {
        // It holds until the page is closed.
      }
      paint();
    });
    paint();
    const print = document.getElementById('print');
    print.hidden = false;
    print.addEventListener('click', () => window.print());
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Without the permission, or in an old browser, by way of a selection.
      const area = document.createElement('textarea');
      area.value = text;
      area.className = 'heard';
      document.body.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      return done;
    }
  }

  function copyButton(box) {
    if (box.querySelector('.copy')) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy ${box.dataset.copy}`);
    button.addEventListener('click', async () => {
      const done = await copy(box.querySelector('code').textContent);
      button.textContent = done ? 'Copied' : 'Not copied';
      say(done ? `Copied ${box.dataset.copy}` : 'The browser does not let this page copy');
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    });
    box.append(button);
  }

  // What to do is written once for all findings; an open one has it at hand.
  function complete(finding) {
    finding.querySelectorAll('[data-copy]').forEach(copyButton);
    const pointer = finding.querySelector('.help > a');
    const help = pointer && document.querySelector(pointer.getAttribute('href'));
    if (help) pointer.parentNode.replaceChildren(...help.cloneNode(true).childNodes);
  }

  function findings() {
    const table = document.getElementById('table');
    if (!table) return;
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const form = document.getElementById('filters');
    const shown = document.getElementById('shown');
    const rest = document.getElementById('rest');
    const field = (id) => document.getElementById(id);
    const filters = ['product', 'level', 'effort', 'repository'].map((name) => field(`by-${name}`)).filter(Boolean);
    const search = field('search');
    const select = field('sort');
    const texts = new Map();
    const place = (row) => row.querySelector('.at').textContent;
    const keys = {
      file: place,
      product: (row) => row.cells[1].textContent,
      level: (row) => LEVELS[row.dataset.l],
      effort: (row) => EFFORTS[row.dataset.e] + (row.dataset.l === 'n' ? 3 : 0),
    };
    let order = '';
    let isDown = false;
    let sorted = rows;
    let most = STEP;

    const text = (row) => {
      if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
      return texts.get(row);
    };

    function matching() {
      const words = search.value.toLowerCase().split(' ').filter(Boolean);
      const wanted = Object.fromEntries(filters.map((filter) => [filter.id, filter.value]));
      return sorted.filter((row) => {
        const { p, l, e, r } = row.dataset;
        return (
          (!wanted['by-product'] || wanted['by-product'] === p) &&
          (!wanted['by-level'] || wanted['by-level'].includes(l)) &&
          (!wanted['by-effort'] || (wanted['by-effort'] === e && l !== 'n')) &&
          (!wanted['by-repository'] || wanted['by-repository'] === r) &&
          words.every((word) => text(row).includes(word))
        );
      });
    }

    function show() {
      const found = matching();
      const visible = new Set(found.slice(0, most));
      rows.forEach((row) => {
        row.hidden = !visible.has(row);
      });
      const part = visible.size < found.length ? `The first ${number(visible.size)} of ` : '';
      shown.textContent = found.length
        ? `${part}${number(found.length)} of ${number(rows.length)} findings`
        : 'No finding is like this. Reset the filters to see all.';
      rest.hidden = visible.size === found.length;
    }

    function sort(key, down) {
      order = key === 'due' ? '' : key;
      isDown = down;
      const by = keys[order];
      const value = new Map(by ? rows.map((row) => [row, by(row)]) : []);
      const language = new Intl.Collator('en', { numeric: true });
      const compare = (a, b) => (typeof a === 'number' ? a - b : language.compare(a, b));
      // Rows that are equal stay in the order of their deadlines.
      sorted = by ? [...rows].sort((a, b) => (down ? -1 : 1) * compare(value.get(a), value.get(b))) : [...rows];
      if (!by && down) sorted.reverse();
      body.append(...sorted);
      select.value = order;
      heads.forEach(([head, name]) => {
        const isSorted = name === (order || 'due');
        head.setAttribute('aria-sort', isSorted ? (down ? 'descending' : 'ascending') : 'none');
      });
      show();
    }

    const heads = [...table.querySelectorAll('th[data-sort]')].map((head) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = head.textContent;
      head.replaceChildren(button);
      const name = head.dataset.sort;
      button.addEventListener('click', () => sort(name, name === (order || 'due') && !isDown));
      return [head, name];
    });

    const anew = () => {
      most = STEP;
      show();
    };
    let waiting = 0;
    search.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(anew, 120);
    });
    filters.forEach((filter) => filter.addEventListener('change', anew));
    select.addEventListener('change', () => sort(select.value, false));
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('reset', () => setTimeout(() => sort('', false)));
    field('further').addEventListener('click', () => {
      most += STEP;
      show();
    });
    document.querySelectorAll('a[data-product]').forEach((link) => {
      link.addEventListener('click', () => {
        form.reset();
        field('by-product').value = link.dataset.product;
        field('by-level').value = '';
        anew();
      });
    });
    body.addEventListener(
      'toggle',
      (event) => {
        if (event.target.open) complete(event.target);
      },
      true,
    );

    // A narrow screen shows rows as cards; they remain rows of a table for those who listen.
    table.setAttribute('role', 'table');
    table.querySelectorAll('thead, tbody').forEach((group) => group.setAttribute('role', 'rowgroup'));
    table.querySelectorAll('tr').forEach((row) => row.setAttribute('role', 'row'));
    table.querySelectorAll('td').forEach((cell) => cell.setAttribute('role', 'cell'));
    table.querySelectorAll('th').forEach((cell) => cell.setAttribute('role', 'columnheader'));

    form.hidden = false;
    shown.hidden = false;
    sort('', false);
    table.classList.add('ready');
  }

  // A link to a finding opens it, whatever is filtered.
  function target() {
    const row = location.hash.startsWith('#f') && document.getElementById(location.hash.slice(1));
    if (!row || row.tagName !== 'TR') return;
    row.hidden = false;
    row.querySelector('details').open = true;
    row.scrollIntoView();
  }

  document.addEventListener('DOMContentLoaded', () => {
    tools();
    findings();
    document.querySelectorAll('main > :not(#findings) [data-copy]').forEach(copyButton);
    target();
    window.addEventListener('hashchange', target);
  });
})();
