// Shape `query-object-callback`: request with a callback, the authtoken as a key of `qs`, token from .env.
'use strict';

require('dotenv').config();

const { promisify } = require('util');
const request = require('request');
const run = require('../driver.cjs');

function listItems(done) {
  request(
    {
      url: 'https://books.zoho.com/api/v3/items',
      qs: {
        authtoken: process.env.ZOHO_AUTHTOKEN,
        organization_id: process.env.ZOHO_ORGANIZATION_ID,
      },
    },
    function (error, response, body) {
      if (error) {
        return done(error);
      }
      done(null, { status: response.statusCode, body: body });
    },
  );
}

run(promisify(listItems));
