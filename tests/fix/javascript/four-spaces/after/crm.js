var request = require('request');
var zohoAccessToken = require('./zoho-access-token.cjs').accessToken;

module.exports = {
    leave: function (employee, done) {
        zohoAccessToken().then(function (zohoToken) {
            request.get({
                headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken },
                url: 'https://people.zoho.com/people/api/leave/getLeaveTypeDetails',
                qs: {
                    userId: employee
                }
            }, function (error, response, body) {
                if (error) {
                    return done(error);
                }
                done(null, body);
            });
        }, done);
    }
};
