fetch('https://desk.zoho.com/api/v1/tickets?authtoken=' + token).then(show);
