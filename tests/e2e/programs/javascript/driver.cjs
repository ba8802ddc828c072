// Calls the one request of a program once, twice with a pause, or by many callers at the same time, and prints what
// came back: 0 when all answers are 200, 3 when one is 401, 1 for anything else. It knows nothing of Zoho.
'use strict';

const USAGE = 'usage: [--twice-with-pause SECONDS | --parallel CALLERS]';

async function settled(call) {
  try {
    return await call();
  } catch (error) {
    return { error };
  }
}

async function answersOf(call, [mode, value, ...rest]) {
  if (rest.length > 0) {
    throw new Error(USAGE);
  }
  if (mode === undefined) {
    return [await settled(call)];
  }
  if (mode === '--twice-with-pause') {
    const first = await settled(call);
    await new Promise((resolve) => setTimeout(resolve, Number(value) * 1000));
    return [first, await settled(call)];
  }
  if (mode === '--parallel') {
    return Promise.all(Array.from({ length: Number(value) }, () => settled(call)));
  }
  throw new Error(USAGE);
}

function report(answers) {
  let code = 0;
  for (const { status, body, error } of answers) {
    if (error) {
      console.error(`error: ${error.message}`);
      code = Math.max(code, 1);
      continue;
    }
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    console.log(`${status} ${text.replace(/\s+/g, ' ').slice(0, 100)}`);
    if (status === 401) {
      code = 3;
    } else if (status !== 200) {
      code = Math.max(code, 1);
    }
  }
  return code;
}

// `call` gives a promise of { status, body }.
module.exports = async function run(call) {
  const answers = await answersOf(call, process.argv.slice(2));
  // Not process.exit(): what was printed has to arrive, and a program that does not end by itself is broken.
  process.exitCode = report(answers);
};
