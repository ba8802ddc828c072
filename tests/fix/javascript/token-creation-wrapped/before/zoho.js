const request = require('request');

const DETAILS = ['AUTHTOKEN', 'RESULT', 'CAUSE'];

class Zoho {
  login(email, password, callback) {
    const options = { baseUrl: 'https://accounts.zoho.com', uri: '/apiauthtoken/nb/create' };
    options.qs = { SCOPE: 'ZohoBooks/booksapi', EMAIL_ID: email, PASSWORD: password };
    request.post(options, (err, res, body) => {
      if (err) {
        return callback(err);
      }
      const details = DETAILS.reduce((found, name) => {
        const parts = body.match(`${name}=(.*)`);
        found[name] = parts ? parts[1] : null;
        return found;
      }, {});
      if (details.RESULT === 'TRUE') {
        return callback(null, details.AUTHTOKEN);
      }
      callback(new Error(details.CAUSE || 'unknown'));
    });
  }

  contacts(email, password, callback) {
    this.login(email, password, (err, token) => {
      if (err) {
        return callback(err);
      }
      request.get({
        url: 'https://books.zoho.com/api/v3/contacts',
        headers: { Authorization: 'Zoho-authtoken ' + token },
      }, callback);
    });
  }
}

module.exports = Zoho;
