var request = require('request');

module.exports = function (authtoken) {
  var api = 'https://inventory.zoho.com/api/v1/';

  function call(method, path, query, cb) {
    query.authtoken = authtoken;
    request({ method: method, url: api + path, qs: query, json: true }, cb);
  }

  return {
    items: function (org, cb) { call('GET', 'items', { organization_id: org }, cb); },
    salesOrders: function (org, cb) { call('GET', 'salesorders', { organization_id: org }, cb); }
  };
};
