// Opens pages of the report in a headless Chromium and checks what only a browser can tell.
//
//   node check.mjs <folder of node_modules> <chromium> <folder with the pages>
//
// Prints a line for each promise: `ok <name>` or `failed <name>: <why>`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, chromium, folder] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'here.js'));
const puppeteer = require('puppeteer-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 360, height: 740 };

const browser = await puppeteer.launch({
  executablePath: chromium,
  headless: true,
  // Tests run as root in containers, where there is no sandbox; no name is resolved.
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND'],
});

/** Opens a page, gives it to a check, and fails for whatever the page must never do. */
async function open(name, check, { view = WIDE, scheme = 'light', script = true } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const address = pathToFileURL(path.join(folder, name)).href;
  const wrong = [];
  page.on('console', (message) => wrong.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('dialog', async (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address) wrong.push(`request: ${request.url()}`);
  });
  page.on('popup', () => wrong.push('another window'));
  try {
    await page.setViewport(view);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.setJavaScriptEnabled(script);
    await page.goto(address, { waitUntil: 'load', timeout: 120000 });
    await check(page);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

const visible = (page) =>
  page.$$eval('#table tbody tr', (rows) =>
    rows.filter((row) => row.checkVisibility()).map((row) => ({
      id: row.id,
      text: row.innerText,
      product: row.cells[1].textContent,
      level: row.dataset.l,
      effort: row.dataset.e,
      place: row.querySelector('.at').textContent,
    })),
  );

const shown = (page) => page.$eval('#shown', (shown) => shown.textContent);

const choose = async (page, filter, value) => {
  await page.select(filter, value);
  return visible(page);
};

const typed = async (page, text) => {
  await page.$eval('#search', (search) => (search.value = ''));
  await page.type('#search', text);
  // The page waits for the end of the word, and says then how many there are.
  await new Promise((resolve) => setTimeout(resolve, 400));
  return visible(page);
};

/** All violations of axe, with everything folded open. */
async function axed(page) {
  await page.$$eval('details', (all) => all.slice(0, 60).forEach((one) => (one.open = true)));
  // The policy of the page forbids scripts of others: this one comes by way of the debugger.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } }),
  );
  assert.ok(passes.length > 20, 'axe has looked at something');
  const told = violations.flatMap((violation) =>
    violation.nodes.slice(0, 3).map((node) => `${violation.id}: ${node.html.slice(0, 160)}: ${node.failureSummary}`),
  );
  assert.deepEqual(told, []);
}

const fits = async (page) => {
  const [wide, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(wide <= window, `${wide} of ${window} points`);
};

const color = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const CHECKS = {
  async the_page_opens_without_an_error_or_a_request() {
    for (const name of ['plan.html', 'empty.html']) {
      for (const scheme of ['light', 'dark']) {
        await open(name, async (page) => {
          assert.ok(await page.$('h1'));
          await new Promise((resolve) => setTimeout(resolve, 200));
        }, { scheme });
      }
    }
  },

  async filters_leave_what_they_name() {
    await open('plan.html', async (page) => {
      const all = await visible(page);
      assert.ok(all.length === 9 && all.every((row) => row.level !== 'n'), 'notes come on request');
      assert.equal((await choose(page, '#by-level', '')).length, 10);
      assert.ok((await choose(page, '#by-level', 'n')).every((row) => row.level === 'n'));
      assert.equal((await choose(page, '#by-level', 'w')).length, 2);
      await choose(page, '#by-level', 'ew');
      const automatic = await choose(page, '#by-effort', 'a');
      assert.ok(automatic.length === 2 && automatic.every((row) => row.effort === 'a'));
      await choose(page, '#by-effort', '');
      const desk = await choose(page, '#by-product', '1');
      assert.ok(desk.length === 4 && desk.every((row) => row.product === 'Zoho Desk'));
      const shop = await choose(page, '#by-repository', '0');
      assert.ok(shop.length === 2 && shop.every((row) => row.place.startsWith('shop')));
      assert.equal(await shown(page), '2 of 10 findings');
      await page.click('#filters button[type=reset]');
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal((await visible(page)).length, 9);
    });
  },

  async the_search_reads_names_code_and_changes() {
    await open('plan.html', async (page) => {
      assert.equal((await typed(page, 'CLOSE-ticket')).length, 2);
      // In a patch that is folded.
      assert.equal((await typed(page, 'zohoaccesstoken setstatus')).length, 1);
      assert.equal((await typed(page, 'no such words')).length, 0);
      assert.match(await shown(page), /No finding/);
      assert.equal((await typed(page, ' ')).length, 9);
    });
  },

  async headers_sort_and_say_how() {
    await open('plan.html', async (page) => {
      const first = (await visible(page)).map((row) => row.id);
      const state = () => page.$$eval('#table th', (heads) => heads.map((head) => head.getAttribute('aria-sort')));
      assert.deepEqual(await state(), ['none', 'none', 'none', 'none', 'ascending']);
      await page.click('#table th[data-sort=file] button');
      const places = (await visible(page)).map((row) => row.place);
      const language = new Intl.Collator('en', { numeric: true });
      assert.deepEqual(places, [...places].sort(language.compare));
      assert.deepEqual(await state(), ['ascending', 'none', 'none', 'none', 'none']);
      await page.click('#table th[data-sort=file] button');
      assert.deepEqual((await visible(page)).map((row) => row.place), places.toReversed());
      assert.equal((await state())[0], 'descending');
      await page.click('#table th[data-sort=effort] button');
      const efforts = (await visible(page)).map((row) => 'arh'.indexOf(row.effort));
      assert.deepEqual(efforts, [...efforts].sort());
      await page.click('#table th[data-sort=level] button');
      const levels = (await visible(page)).map((row) => 'ewn'.indexOf(row.level));
      assert.deepEqual(levels, [...levels].sort());
      await page.click('#table th[data-sort=due] button');
      assert.deepEqual((await visible(page)).map((row) => row.id), first);
    });
  },

  async a_narrow_page_sorts_with_a_list() {
    await open('plan.html', async (page) => {
      assert.ok(await page.$eval('#sort', (select) => select.checkVisibility()));
      const efforts = (await choose(page, '#sort', 'effort')).map((row) => 'arh'.indexOf(row.effort));
      assert.deepEqual(efforts, [...efforts].sort());
    }, { view: NARROW });
  },

  async copy_buttons_copy_and_say_so() {
    await open('plan.html', async (page) => {
      await page.evaluate(() => {
        navigator.clipboard.writeText = async (text) => {
          window.copied = text;
        };
      });
      const press = async (selector) => {
        await page.$eval(selector, (button) => button.click());
        await page.waitForFunction((selector) => document.querySelector(selector).textContent === 'Copied', {}, selector);
        return page.evaluate(() => window.copied);
      };
      const scopes = '#c1 > .paste .copy';
      assert.equal(await press(scopes), 'Desk.tickets.READ,Desk.tickets.UPDATE,ZohoBooks.invoices.READ');
      assert.equal(await page.$eval('#said', (said) => said.textContent), 'Copied the scopes of shop (web application)');
      assert.equal(await page.$eval(scopes, (button) => button.getAttribute('aria-label')), 'Copy the scopes of shop (web application)');
      assert.equal(await press('.first .copy'), 'authshift fix');
      assert.match(await press('#c1 .rows pre + .copy'), /^# Zoho OAuth 2\.0, Europe\nZOHO_CLIENT_ID=\n/);
      // In a finding they come when it is opened.
      assert.equal(await page.$('#f6 .copy'), null);
      const finding = await page.$$eval('#table tr', (rows) => rows.find((row) => row.textContent.includes('Desk.tickets.READ')).id);
      await page.$eval(`#${finding} details`, (details) => (details.open = true));
      await page.waitForSelector(`#${finding} .copy`);
      assert.equal(await press(`#${finding} .copy`), 'Desk.tickets.READ');
    });
  },

  async without_the_clipboard_a_selection_is_copied() {
    await open('plan.html', async (page) => {
      await page.evaluate(() => {
        navigator.clipboard.writeText = async () => {
          throw new Error('not allowed');
        };
        document.execCommand = (command) => {
          window.copied = `${command}: ${document.activeElement.value}`;
          return true;
        };
      });
      await page.click('.first .copy');
      await page.waitForFunction(() => window.copied);
      assert.equal(await page.evaluate(() => window.copied), 'copy: authshift fix');
      assert.equal(await page.$('textarea'), null);
    });
  },

  async the_colours_follow_the_system_and_the_button() {
    for (const scheme of ['light', 'dark']) {
      await open('plan.html', async (page) => {
        const before = await color(page);
        assert.equal(before, scheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(14, 17, 22)');
        await page.click('#theme');
        const after = await color(page);
        assert.notEqual(after, before);
        await page.reload();
        assert.equal(await color(page), after, 'it is kept');
        await page.click('#theme');
        assert.equal(await color(page), before);
      }, { scheme });
    }
  },

  async the_keyboard_reaches_everything() {
    await open('plan.html', async (page) => {
      const focused = () =>
        page.evaluate(() => {
          const one = document.activeElement;
          const style = getComputedStyle(one);
          return {
            name: one.id || one.getAttribute('href') || one.textContent.trim().slice(0, 30),
            tag: one.tagName,
            ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
          };
        });
      await page.keyboard.press('Tab');
      assert.equal((await focused()).name, '#main');
      assert.ok(await page.$eval('.skip', (skip) => skip.getBoundingClientRect().top >= 0), 'the skip link shows itself');
      const seen = [];
      for (let press = 0; press < 60; press += 1) {
        await page.keyboard.press('Tab');
        const now = await focused();
        assert.ok(now.ring, `no ring: ${now.tag} ${now.name}`);
        seen.push(now.name);
        if (now.tag === 'SUMMARY') break;
      }
      for (const name of ['#findings', 'theme', 'search', 'by-product', 'by-level', 'by-effort', 'Product']) {
        assert.ok(seen.includes(name), `${name} of ${seen}`);
      }
      assert.equal((await focused()).tag, 'SUMMARY');
      await page.keyboard.press('Enter');
      assert.ok(await page.evaluate(() => document.activeElement.parentNode.open));
    });
  },

  async an_open_finding_says_what_to_do() {
    await open('plan.html', async (page) => {
      await page.click('#f1 summary');
      await page.waitForFunction(() => document.querySelector('#f1 .help').textContent.startsWith('Rewrite the call'));
      const text = await page.$eval('#f1 .more', (more) => more.innerText);
      for (const part of ['The way of the token', 'written here', 'Suggested change', 'crm/private/json']) {
        assert.ok(text.includes(part), part);
      }
    });
  },

  async a_link_to_a_finding_opens_it() {
    await open('plan.html', async (page) => {
      await page.evaluate(() => (location.hash = '#f9'));
      await page.waitForFunction(() => document.querySelector('#f9 details').open);
      assert.ok(await page.$eval('#f9 .more', (more) => more.checkVisibility()));
    });
  },

  async a_product_leads_to_its_findings() {
    await open('plan.html', async (page) => {
      await page.$eval('#p3 [data-product]', (link) => link.click());
      const rows = await visible(page);
      assert.ok(rows.length === 2 && rows.every((row) => row.product === 'Zoho Books'));
    });
  },

  async without_scripts_everything_can_be_read() {
    await open('plan.html', async (page) => {
      // The debugger still may evaluate.
      const state = await page.evaluate(() => ({
        rows: [...document.querySelectorAll('#table tbody tr')].filter((row) => row.checkVisibility()).length,
        form: document.getElementById('filters').checkVisibility(),
        buttons: [...document.querySelectorAll('button')].filter((button) => button.checkVisibility()).length,
      }));
      assert.deepEqual(state, { rows: 10, form: false, buttons: 0 });
      await page.click('#f1 summary');
      assert.ok(await page.$eval('#f1 .more', (more) => more.checkVisibility()));
    }, { script: false });
  },

  async nothing_is_wider_than_the_screen() {
    for (const name of ['plan.html', 'hostile.html']) {
      for (const width of [320, 360, 600, 900, 1280, 1920]) {
        await open(name, async (page) => {
          await page.$$eval('details', (all) => all.forEach((one) => (one.open = true)));
          await fits(page);
        }, { view: { width, height: 800 } });
      }
    }
  },

  async hostile_texts_stay_texts() {
    for (const name of ['hostile.html', 'hostile-dates.html']) {
      await open(name, async (page) => {
        await page.$$eval('details', (all) => all.forEach((one) => (one.open = true)));
        await page.$$eval('.copy', (all) => all.forEach((one) => one.click()));
        await typed(page, '<script>');
        for (const filter of ['#by-level', '#by-product', '#by-repository']) await choose(page, filter, '');
        await page.click('#table th[data-sort=file] button');
        await new Promise((resolve) => setTimeout(resolve, 300));
        const state = await page.evaluate(() => ({
          attacked: window.attacked ?? null,
          scripts: document.scripts.length,
          images: document.images.length,
          handlers: [...document.querySelectorAll('*')].filter((one) => one.getAttributeNames().some((name) => name.startsWith('on'))).length,
          links: [...document.links].filter((link) => !['https:', 'file:'].includes(link.protocol)).length,
        }));
        assert.deepEqual(state, { attacked: null, scripts: 1, images: 0, handlers: 0, links: 0 });
      });
    }
  },

  async another_script_is_refused() {
    const errors = [];
    await open('plan.html', async (page) => {
      page.removeAllListeners('console');
      page.on('console', (message) => errors.push(message.text()));
      await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'window.attacked = 1';
        document.body.append(script);
        document.body.setAttribute('onclick', 'window.attacked = 2');
        document.body.click();
      });
      assert.equal(await page.evaluate(() => window.attacked), undefined);
    });
    assert.ok(errors.some((error) => error.includes('Content Security Policy')), String(errors));
  },

  async thousands_of_findings_are_shown_in_steps() {
    await open('large.html', async (page) => {
      // A second at most on a machine with nothing else to do; a minute if styles are worked out for every row.
      const took = await page.evaluate(() => {
        const [times] = performance.getEntriesByType('navigation');
        return times.domContentLoadedEventEnd - times.domContentLoadedEventStart;
      });
      assert.ok(took < 15000, `${took} ms`);
      assert.equal((await visible(page)).length, 200);
      assert.match(await shown(page), /^The first 200 of 10,0\d\d of 10,0\d\d findings$/);
      await page.click('#further');
      assert.equal((await visible(page)).length, 400);
      const found = await typed(page, 'module-77/src');
      assert.ok(found.length > 0 && found.every((row) => row.place.includes('module-77/src')));
    });
  },

  async axe_finds_no_violation() {
    for (const name of ['plan.html', 'empty.html', 'hostile.html']) {
      for (const view of [WIDE, NARROW]) {
        for (const scheme of ['light', 'dark']) await open(name, axed, { view, scheme });
      }
    }
  },

  async on_paper_what_is_folded_is_shown_and_controls_are_not() {
    await open('plan.html', async (page) => {
      await page.emulateMediaType('print');
      const state = await page.evaluate(() => ({
        bar: document.querySelector('.bar').checkVisibility(),
        filters: document.getElementById('filters').checkVisibility(),
        copy: [...document.querySelectorAll('.copy')].some((button) => button.checkVisibility()),
        requests: document.querySelector('#c1 .plain td').getBoundingClientRect().height > 0,
        paper: getComputedStyle(document.body).backgroundColor,
      }));
      assert.deepEqual(state, { bar: false, filters: false, copy: false, requests: true, paper: 'rgb(255, 255, 255)' });
      const pdf = await page.pdf({ format: 'A4' });
      assert.ok(pdf.length > 10000);
    }, { scheme: 'dark' });
  },
};

let failed = 0;
try {
  for (const [name, check] of Object.entries(CHECKS)) {
    try {
      await check();
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`failed ${name}: ${String(error.message).replaceAll('\n', '\n    ')}`);
    }
  }
} finally {
  await browser.close();
}
process.exitCode = failed ? 1 : 0;
