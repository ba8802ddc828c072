const request = require('request');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

class Books {
  constructor(token, organization) {
    this.token = token;
    this.organization = organization;
  }

  items(page) {
    return this.send('https://books.zoho.com/api/v3/items', 'GET', {
      organization_id: this.organization,
      page: page
    });
  }

  async send(url, method, query) {
    const options = {
      headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() },
      method: method,
      uri: url,
      json: true
    };
    if (query) {
      options.qs = query;
    }
    return new Promise((resolve, reject) => {
      request(options, (error, response, body) => {
        if (error) {
          return reject(error);
        }
        resolve(body);
      });
    });
  }
}

module.exports = Books;
