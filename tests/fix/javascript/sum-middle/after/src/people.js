const rp = require('request-promise');
const { accessToken: zohoAccessToken } = require('./zoho-access-token.cjs');

const peopleToken = process.env.ZOHO_PEOPLE_AUTHTOKEN;

async function attendance(date) {
  const uri = 'https://people.zoho.com/people/api/attendance/getUserReport?dateFormat=yyyy-MM-dd' +
    '&sdate=' + date + '&edate=' + date;
  return rp({ headers: { Authorization: 'Zoho-oauthtoken ' + await zohoAccessToken() }, uri, json: true });
}

module.exports = { attendance };
