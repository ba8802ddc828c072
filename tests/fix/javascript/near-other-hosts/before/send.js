const request = require('request-promise');
function send(url, query) {
  return request({ uri: url, qs: query, json: true });
}
exports.items = (token) => send('https://books.zoho.com/api/v3/items', { authtoken: token });
exports.weather = () => send('https://api.weather.example.com/v1/now', { city: 'Wien' });
