var request = require('request');
var zoho = require('./config').zoho;

module.exports = function (cb) {
  request({ url: zoho.host + '/api/v1/tickets', headers: { Authorization: zoho.auth } }, cb);
};
