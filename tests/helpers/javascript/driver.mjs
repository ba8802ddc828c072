// Does what the lines of its input say, and prints a line for each: see tests/support/helper_program.rs. The helper is
// the file of the first argument.
import { createInterface } from 'readline';
import { pathToFileURL } from 'url';

// This finds the names that a CommonJS module exports only if they can be read off its text.
const { accessToken, authorization, dropAccessToken, ZohoAccessTokenError } =
  await import(pathToFileURL(process.argv[2]));

async function show(promise) {
  try {
    return `ok ${await promise}`;
  } catch (error) {
    if (!(error instanceof ZohoAccessTokenError) || error.name !== 'ZohoAccessTokenError') {
      throw error;
    }
    return `error ${error.retryAfter} ${error.message}`;
  }
}

const commands = {
  get: () => show(accessToken()),
  authorization: () => show(authorization()),
  drop: token => {
    dropAccessToken(token);
    return 'dropped';
  },
  sleep: time => new Promise(resolve => setTimeout(() => resolve('slept'), Number(time))),
  parallel: async count =>
    (await Promise.all(Array.from({ length: Number(count) }, () => show(accessToken())))).join('\n'),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [, word, rest] = /^(\w+) ?(.*)$/.exec(line);
  console.log(await commands[word](rest));
}
