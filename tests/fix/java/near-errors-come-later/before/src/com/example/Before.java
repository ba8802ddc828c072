package com.example;

import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

class Before {
    private final OkHttpClient client = new OkHttpClient();

    String fetch(String token) {
        Request request = new Request.Builder()
                .url("https://desk.zoho.com/api/v1/tickets")
                .header("Authorization", "Zoho-authtoken " + token)
                .build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        } catch (IOException e) {
            return null;
        }
    }
}
