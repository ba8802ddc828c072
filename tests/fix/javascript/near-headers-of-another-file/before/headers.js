// Others take these headers at once.
exports.headers = () => ({ Authorization: 'Zoho-authtoken ' + process.env.ZOHO_AUTHTOKEN });
