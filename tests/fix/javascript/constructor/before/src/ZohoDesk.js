const axios = require('axios');

class ZohoDesk {
  constructor({ token, orgId }) {
    this.baseUrl = 'https://desk.zoho.com/api/v1';
    this.HEADERS = {
      orgId,
      Authorization: `Zoho-authtoken ${token}`,
    };
  }

  get(path) {
    return axios.get(this.baseUrl + path, { headers: this.HEADERS });
  }

  post(path, data) {
    return axios.post(this.baseUrl + path, data, { headers: this.HEADERS });
  }
}

module.exports = ZohoDesk;
