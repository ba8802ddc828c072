var axios = require('axios');

exports.items = function (req, res) {
    var headers = {
        Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN
    };
    axios.get('https://inventory.zoho.com/api/v1/items', { headers: headers })
        .then(function (answer) {
            res.json(answer.data.items);
        })
        .catch(function (error) {
            res.status(502).send(error.message);
        });
};
