const request = require('request');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

const DETAILS = ['AUTHTOKEN', 'RESULT', 'CAUSE'];

class Zoho {
  login(email, password, callback) {
    zohoAccessToken().then((zohoToken) => callback(null, zohoToken), callback);
  }

  contacts(email, password, callback) {
    this.login(email, password, (err, token) => {
      if (err) {
        return callback(err);
      }
      zohoAccessToken().then((zohoToken) => {
        request.get({
          url: 'https://books.zoho.com/api/v3/contacts',
          headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken },
        }, callback);
      }, callback);
    });
  }
}

module.exports = Zoho;
