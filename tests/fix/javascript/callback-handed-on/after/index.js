var request = require('request');
var zohoAccessToken = require('./zoho-access-token.cjs').accessToken;

module.exports = function (authtoken) {
  var api = 'https://inventory.zoho.com/api/v1/';

  function call(method, path, query, cb) {
    zohoAccessToken().then(function (zohoToken) {
      request({ headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken }, method: method, url: api + path, qs: query, json: true }, cb);
    }, cb);
  }

  return {
    items: function (org, cb) { call('GET', 'items', { organization_id: org }, cb); },
    salesOrders: function (org, cb) { call('GET', 'salesorders', { organization_id: org }, cb); }
  };
};
