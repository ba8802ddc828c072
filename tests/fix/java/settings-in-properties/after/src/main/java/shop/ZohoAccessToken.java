authshift helper: java
package shop;
private static final String SETTINGS_FILE = "zoho.properties";
private static final String CLIENT_ID_KEY = "zoho.clientId";
private static final String REFRESH_TOKEN_KEY = "zoho.refreshToken";
