var request = require('request');
var zoho = require('./config').zoho;
var zohoAccessToken = require('./zoho-access-token.cjs').accessToken;

module.exports = function (cb) {
  zohoAccessToken().then(function (zohoToken) {
    request({ url: zoho.host + '/api/v1/tickets', headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken } }, cb);
  }, cb);
};
