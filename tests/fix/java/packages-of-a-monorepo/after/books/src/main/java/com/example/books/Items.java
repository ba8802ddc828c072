package com.example.books;

import java.net.HttpURLConnection;
import java.net.URL;

public class Items {
    public int count(String token) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL("https://books.zoho.com/api/v3/items").openConnection();
        connection.setRequestProperty("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        return connection.getResponseCode();
    }
}
