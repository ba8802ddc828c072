package com.example.desk;

import java.net.HttpURLConnection;
import java.net.URL;

public class Tickets {
    public int count(String token) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL("https://desk.zoho.com/api/v1/tickets").openConnection();
        connection.setRequestProperty("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        return connection.getResponseCode();
    }
}
