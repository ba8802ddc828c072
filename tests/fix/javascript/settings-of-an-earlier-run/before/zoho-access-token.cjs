'use strict';

// What a run before left here, shortened. authshift helper: commonjs 1
exports.accessToken = async () => process.env.ZOHO_REFRESH_TOKEN;
