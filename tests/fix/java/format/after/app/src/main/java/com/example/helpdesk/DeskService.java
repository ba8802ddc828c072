package com.example.helpdesk;

import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

public class DeskService {
    private static String authToken;
    private final OkHttpClient client = new OkHttpClient();

    public static void setAuthToken(String value) {
        authToken = value;
    }

    public String ticket(long id) throws IOException {
        Request request = new Request.Builder()
                .url("https://desk.zoho.com/api/v1/tickets/" + id)
                .addHeader("orgId", "4000123")
                .addHeader("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.getOrFail())
                .build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }
}
