const axios = require('axios');

module.exports = () =>
  axios.get('https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoBooks/booksapi&EMAIL_ID=robot@example.com&PASSWORD=sword-fish-77');
