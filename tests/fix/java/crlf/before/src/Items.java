package com.example;

import java.net.HttpURLConnection;
import java.net.URL;

class Items {
    int get(String token) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL("https://inventory.zoho.com/api/v1/items?authtoken=" + token).openConnection();
        return connection.getResponseCode();
    }
}
