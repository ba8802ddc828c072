const request = require('request');

class Books {
  constructor(token, organization) {
    this.token = token;
    this.organization = organization;
  }

  items(page) {
    return this.send('https://books.zoho.com/api/v3/items', 'GET', {
      authtoken: this.token,
      organization_id: this.organization,
      page: page
    });
  }

  send(url, method, query) {
    const options = {
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
