const proxy = require('express-http-proxy');
module.exports = proxy('https://desk.zoho.com', {
  proxyReqOptDecorator: function (options) {
    options.headers['Authorization'] = 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN;
    return options;
  }
});
