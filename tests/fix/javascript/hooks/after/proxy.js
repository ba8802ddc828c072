const proxy = require('express-http-proxy');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');
module.exports = proxy('https://desk.zoho.com', {
  proxyReqOptDecorator: async function (options) {
    options.headers['Authorization'] = 'Zoho-oauthtoken ' + await zohoAccessToken();
    return options;
  }
});
