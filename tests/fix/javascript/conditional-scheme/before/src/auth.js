module.exports = function (options, path) {
  const scheme = options.oauth ? 'Zoho-oauthtoken' : 'Zoho-authtoken';
  return fetch('https://desk.zoho.com/api/v1/' + path, {
    headers: { orgId: options.orgId, Authorization: `${scheme} ${options.token}` },
  });
};
