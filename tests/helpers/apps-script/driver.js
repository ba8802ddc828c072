// Does what the lines of its input say, and prints a line for each: see tests/support/helper_program.rs. The helper is
// the file of the first argument. Each command is an execution of its own, as in Apps Script: it loads the script anew.
'use strict';

const { execFile } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const readline = require('readline');
const vm = require('vm');
const { services } = require('./fakes.js');

const [, , helper, givenFolder] = process.argv;
const folder = givenFolder || fs.mkdtempSync(path.join(os.tmpdir(), 'apps-script-'));

function execution() {
  const script = vm.createContext(services(folder));
  vm.runInContext(fs.readFileSync(helper, 'utf8'), script);
  return script;
}

function show(call) {
  try {
    return `ok ${call()}`;
  } catch (error) {
    return `error ${error.retryAfter || 0} ${error.message}`;
  }
}

function alongside() {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [__filename, helper, folder], (problem, out) => {
      if (problem) {
        reject(problem);
      } else {
        resolve(out.trimEnd());
      }
    });
    child.stdin.end('get\n');
  });
}

const commands = {
  get: () => show(() => execution().zohoAccessToken()),
  authorization: () => show(() => execution().zohoAuthorization()),
  drop: token => {
    execution().zohoDropAccessToken(token);
    return 'dropped';
  },
  sleep: time => new Promise(resolve => setTimeout(() => resolve('slept'), Number(time))),
  parallel: async count =>
    (await Promise.all(Array.from({ length: Number(count) }, alongside))).join('\n'),
};

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [, word, rest] = /^(\w+) ?(.*)$/.exec(line);
    console.log(await commands[word](rest));
  }
  if (!givenFolder) {
    fs.rmSync(folder, { recursive: true });
  }
}

main();
