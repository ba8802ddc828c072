console.log('nothing of Zoho here');
