// The services of Apps Script that the helper uses, as strict as the documentation has them. Executions share what
// they share there: the properties (here the environment), the cache and the lock (here a folder).
'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');

function check(holds, what) {
  if (!holds) {
    throw new Error(`The parameters do not match the method signature: ${what}`);
  }
}

function pauseFor(time) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);
}

function cache(folder) {
  const file = key => path.join(folder, `cache-${key}`);
  return {
    get(key) {
      check(typeof key === 'string' && key.length <= 250, 'get(key)');
      try {
        const entry = JSON.parse(fs.readFileSync(file(key), 'utf8'));
        return Date.now() < entry.ends ? entry.value : null;
      } catch (problem) {
        if (problem.code === 'ENOENT') {
          return null;
        }
        throw problem;
      }
    },
    put(key, value, seconds) {
      check(typeof key === 'string' && key.length <= 250, 'put(key)');
      check(typeof value === 'string' && value.length <= 100000, 'put(value)');
      check(Number.isInteger(seconds) && seconds >= 1 && seconds <= 21600, 'put(expirationInSeconds)');
      // Renamed, so that no execution reads half of it.
      const temporary = `${file(key)}-${process.pid}`;
      fs.writeFileSync(temporary, JSON.stringify({ value, ends: Date.now() + seconds * 1000 }));
      fs.renameSync(temporary, file(key));
    },
    remove(key) {
      fs.rmSync(file(key), { force: true });
    },
  };
}

function lock(folder) {
  const held = path.join(folder, 'lock');
  let has = false;
  return {
    tryLock(time) {
      check(Number.isInteger(time), 'tryLock(timeoutInMillis)');
      for (const end = Date.now() + time; !has && Date.now() < end; ) {
        try {
          fs.mkdirSync(held);
          has = true;
        } catch (problem) {
          if (problem.code !== 'EEXIST') {
            throw problem;
          }
          pauseFor(5);
        }
      }
      return has;
    },
    hasLock: () => has,
    releaseLock() {
      if (has) {
        has = false;
        fs.rmdirSync(held);
      }
    },
  };
}

// A program of its own makes the request, as nothing in Node waits for an answer.
const REQUEST = `
  const { url, options } = JSON.parse(process.argv[1]);
  fetch(url, options).then(async response => {
    console.log(JSON.stringify({ status: response.status, text: await response.text() }));
  }, () => process.exit(1));
`;

function fetchUrl(url, parameters) {
  const known = ['method', 'payload', 'followRedirects', 'muteHttpExceptions', 'headers', 'contentType'];
  check(Object.keys(parameters).every(name => known.includes(name)), 'fetch(url, params)');
  check(typeof parameters.payload === 'object', 'a form');
  const form = new URLSearchParams(parameters.payload).toString();
  const options = {
    method: parameters.method.toUpperCase(),
    body: form,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    redirect: parameters.followRedirects === false ? 'manual' : 'follow',
  };
  let answer;
  try {
    const stdio = ['ignore', 'pipe', 'ignore'];
    const request = JSON.stringify({ url, options });
    answer = JSON.parse(execFileSync(process.execPath, ['-e', REQUEST, request], { stdio }));
  } catch (problem) {
    throw new Error(`Address unavailable: ${url}`);
  }
  if (answer.status >= 400 && !parameters.muteHttpExceptions) {
    throw new Error(`Request failed for ${url} returned code ${answer.status}. Truncated server response: ${answer.text}`);
  }
  return { getResponseCode: () => answer.status, getContentText: () => answer.text };
}

exports.services = folder => ({
  PropertiesService: {
    getScriptProperties: () => ({ getProperty: name => process.env[name] ?? null }),
  },
  CacheService: { getScriptCache: () => cache(folder) },
  LockService: { getScriptLock: () => lock(folder) },
  UrlFetchApp: { fetch: fetchUrl },
});
