var request = require('request');
var zohoAccessToken = require('./zoho-access-token.cjs').accessToken;

var ZOHO_TOKEN = process.env.ZOHO_TOKEN || 'ace0fba5ec0de4b1dc0ffee5de1ec7ed';

exports.getProjects = function (portal, done) {
  zohoAccessToken().then(function (zohoToken) {
    request({
      headers: { Authorization: 'Zoho-oauthtoken ' + zohoToken },
      url: 'https://projectsapi.zoho.com/restapi/portal/' + portal + '/projects/',
      qs: {
        status: 'active'
      },
      json: true
    }, function (err, res, body) {
      if (err) return done(err);
      done(null, body.projects);
    });
  }, done);
};
