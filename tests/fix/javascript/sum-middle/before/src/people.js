const rp = require('request-promise');

const peopleToken = process.env.ZOHO_PEOPLE_AUTHTOKEN;

async function attendance(date) {
  const uri = 'https://people.zoho.com/people/api/attendance/getUserReport?dateFormat=yyyy-MM-dd' +
    '&authtoken=' + peopleToken +
    '&sdate=' + date + '&edate=' + date;
  return rp({ uri, json: true });
}

module.exports = { attendance };
