export const PAGE_SIZE = 50;
export const DESK_AUTH = 'Zoho-authtoken b0a710adfee1dead5ca1ab1e0ddba115';
