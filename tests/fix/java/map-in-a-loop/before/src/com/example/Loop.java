package com.example;

import java.net.HttpURLConnection;
import java.net.URL;
import java.util.HashMap;
import java.util.Map;

class Loop {
    int get(String token) throws Exception {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Zoho-authtoken " + token);
        headers.put("orgId", "1");
        HttpURLConnection connection = (HttpURLConnection) new URL("https://desk.zoho.com/api/v1/tickets").openConnection();
        for (Map.Entry<String, String> header : headers.entrySet()) {
            connection.setRequestProperty(header.getKey(), header.getValue());
        }
        return connection.getResponseCode();
    }
}
