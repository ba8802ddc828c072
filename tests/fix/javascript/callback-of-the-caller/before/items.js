const agent = require('superagent');
const needle = require('needle');

const ITEMS = 'https://books.zoho.com/api/v3/items';

exports.byEnd = function (token, callback) {
  agent.get(ITEMS).query({ authtoken: token, organization_id: '10234695' }).end(callback);
};

exports.byName = function (token, callback) {
  needle.get(ITEMS + '?authtoken=' + token, callback);
};
