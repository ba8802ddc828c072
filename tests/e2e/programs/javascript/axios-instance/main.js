// Shape `instance-default-header`: `axios.create` with the scheme header frozen in the instance when the program
// starts, two files, token from the environment, data centre EU.
'use strict';

const run = require('../driver.cjs');
const desk = require('./desk');

async function openTickets() {
  const res = await desk.get('/tickets', { params: { status: 'open' } });
  return { status: res.status, body: res.data };
}

run(openTickets);
