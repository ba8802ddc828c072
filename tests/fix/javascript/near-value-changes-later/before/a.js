const request = require('request');

function pages(callback) {
  let page = 1;
  function next() {
    request({ url: 'https://desk.zoho.com/api/v1/tickets?from=' + page, headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN } }, function (error, response, body) {
      if (error) return callback(error);
      callback(null, body);
    });
    page = page + 100;
  }
  next();
}

module.exports = pages;
