const request = require('request');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');
async function f(cb) {
  const o = { url: 'https://desk.zoho.com/api/v1/tickets', headers: {} };
  o.headers.Authorization = 'Zoho-oauthtoken ' + await zohoAccessToken();
  o.headers['orgId'] = '1';
  request(o, cb);
}
async function g(cb) {
  const headers = {};
  headers.Authorization = 'Zoho-oauthtoken ' + await zohoAccessToken();
  request({ url: 'https://desk.zoho.com/api/v1/tickets', headers }, cb);
}
