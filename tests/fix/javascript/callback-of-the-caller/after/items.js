const agent = require('superagent');
const needle = require('needle');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

const ITEMS = 'https://books.zoho.com/api/v3/items';

exports.byEnd = function (token, callback) {
  zohoAccessToken().then(function (zohoToken) {
    agent.get(ITEMS).set('Authorization', 'Zoho-oauthtoken ' + zohoToken).query({ organization_id: '10234695' }).end(callback);
  }, callback);
};

exports.byName = function (token, callback) {
  zohoAccessToken().then(function (zohoToken) {
    needle.get(ITEMS, { headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken } }, callback);
  }, callback);
};
