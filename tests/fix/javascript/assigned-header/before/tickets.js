const request = require('request');
async function f(cb) {
  const o = { url: 'https://desk.zoho.com/api/v1/tickets', headers: {} };
  o.headers.Authorization = 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN;
  o.headers['orgId'] = '1';
  request(o, cb);
}
async function g(cb) {
  const headers = {};
  headers.Authorization = 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN;
  request({ url: 'https://desk.zoho.com/api/v1/tickets', headers }, cb);
}
