const http = require('http');
const request = require('request');

http.createServer((incoming, response) => {
  request.get('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN } })
    .on('error', () => { response.statusCode = 502; response.end('bad gateway'); })
    .pipe(response);
}).listen(process.env.PORT);
