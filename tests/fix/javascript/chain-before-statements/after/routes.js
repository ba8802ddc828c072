var axios = require('axios');
var zohoAccessToken = require('./zoho-access-token.cjs').accessToken;

exports.items = function (req, res) {
    zohoAccessToken().then(function (zohoToken) {
        var headers = {
            Authorization: 'Zoho-oauthtoken ' + zohoToken
        };
        return axios.get('https://inventory.zoho.com/api/v1/items', { headers: headers });
    })
        .then(function (answer) {
            res.json(answer.data.items);
        })
        .catch(function (error) {
            res.status(502).send(error.message);
        });
};
