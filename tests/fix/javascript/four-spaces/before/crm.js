var request = require('request');

module.exports = {
    leave: function (employee, done) {
        request.get({
            url: 'https://people.zoho.com/people/api/leave/getLeaveTypeDetails',
            qs: {
                userId: employee,
                authtoken: process.env.ZOHO_AUTHTOKEN
            }
        }, function (error, response, body) {
            if (error) {
                return done(error);
            }
            done(null, body);
        });
    }
};
