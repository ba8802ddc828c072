package com.example;

import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;

class Later {
    private final OkHttpClient client = new OkHttpClient();

    void fetch(String token, Callback callback) {
        Request request = new Request.Builder()
                .url("https://desk.zoho.com/api/v1/tickets")
                .header("Authorization", "Zoho-authtoken " + token)
                .build();
        client.newCall(request).enqueue(callback);
    }
}
