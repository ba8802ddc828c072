package com.example;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;

class Tickets {
    InputStream all(String user, String password) throws IOException {
        String token = Login.authtoken(user, password);
        HttpURLConnection connection = (HttpURLConnection) new URL("https://desk.zoho.eu/api/v1/tickets").openConnection();
        connection.setRequestProperty("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.getOrFail());
        return connection.getInputStream();
    }
}
